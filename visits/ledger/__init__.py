"""After a visit: both sides look back, what they try is followed up, and people have it in writing.

A look-back that is shared becomes rows of the learning ledger. Three, six and twelve months
after the visit each side is asked how its ideas stand, and one press answers.
"""

from visits.ledger.asking import KINDS, due_points, foreseen, is_wanted, queue_due
from visits.ledger.certificates import CertificateRefused
from visits.ledger.follow_ups import AnsweredMeanwhile, FollowUpRefused, lapse
from visits.ledger.looking import LookBackRefused, Overtaken, shared_hosts, write_by
from visits.ledger.people import Host, host, hosts_by_visit, hosts_of
from visits.ledger.reading import Ledger, begins_words, ledger_of, people_words
from visits.ledger.turns import Afterwards, afterwards, ledger_call, look_back_call

__all__ = [
    "KINDS",
    "Afterwards",
    "AnsweredMeanwhile",
    "CertificateRefused",
    "FollowUpRefused",
    "Host",
    "Ledger",
    "LookBackRefused",
    "Overtaken",
    "afterwards",
    "begins_words",
    "due_points",
    "foreseen",
    "host",
    "hosts_by_visit",
    "hosts_of",
    "is_wanted",
    "lapse",
    "ledger_call",
    "ledger_of",
    "look_back_call",
    "people_words",
    "queue_due",
    "shared_hosts",
    "write_by",
]
