"""Letters to somebody for whom one of us has written a request down, to an address that nobody has confirmed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from visits.letters import links
from visits.letters.frames import request_of, to_stranger
from visits.letters.letter import Button, Letter, Whose, say, title
from visits.models import Message


def entered(message: Message) -> Letter:
    return _to_take_over(message, _("Your request %(reference)s to Qulturum: is this right?"))


def entered_reminder(message: Message) -> Letter:
    return _to_take_over(message, _("Once more: is your request %(reference)s right?"))


def _to_take_over(message: Message, subject: str) -> Letter:
    visit_request = request_of(message)
    by = str(visit_request.entry.by)
    return to_stranger(
        Whose.YOURS,
        title(subject, reference=visit_request.reference or ""),
        say(_("%(name)s at Qulturum has written down your request for a visit, as you told us."), name=by),
        say(_("Read it, correct what is not right, and say that it is yours. One press confirms this address.")),
        say(_("We have your request already, and begin with it. From then on you follow it on a page of your own.")),
        button=Button(_("Read your request"), links.take_over(visit_request)),
        why=_(
            "You get this because somebody asked us for a visit, by phone, by mail or when we met, "
            "and gave us this address. If it was not you, tell us by answering, and we take it out."
        ),
    )
