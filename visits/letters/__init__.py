"""What mails say. A letter is written when it leaves, from the rows as they are then."""

from visits.letters.truth import BY_DAY, TO_FACILITATORS, TO_HOSTS, TO_STAFF, address_now
from visits.letters.writing import LETTERS, write

__all__ = ["BY_DAY", "LETTERS", "TO_FACILITATORS", "TO_HOSTS", "TO_STAFF", "address_now", "write"]
