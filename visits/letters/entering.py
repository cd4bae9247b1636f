"""Letters to somebody for whom one of us has written a request down, to an address that nobody has confirmed."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from visits.letters import links
from visits.letters.frames import request_of, to_stranger
from visits.letters.letter import Block, Button, Letter, Whose, say, title
from visits.letters.worded import worded
from visits.models import Message, VisitRequest


def entered(message: Message) -> Letter:
    visit_request = request_of(message)
    return _to_take_over(
        visit_request,
        title(_("Your request %(reference)s to Qulturum: is this right?"), reference=visit_request.reference or ""),
        [
            say(_("%(name)s at Qulturum has written down your request for a visit, as you told us."),
                name=visit_request.entry.by),
            say(_("Read it, correct what is not right, and say that it is yours. One press confirms this address.")),
            say(_("We have your request already, and begin with it. "
                  "From then on you follow it on a page of your own.")),
        ],
    )  # fmt: skip


def entered_reminder(message: Message) -> Letter:
    visit_request = request_of(message)
    told = {"colleague": visit_request.entry.by, "reference": visit_request.reference or ""}
    subject, blocks = worded(message, told)
    return _to_take_over(visit_request, subject, blocks)


def _to_take_over(visit_request: VisitRequest, subject: str, blocks: Sequence[Block]) -> Letter:
    return to_stranger(
        Whose.YOURS,
        subject,
        *blocks,
        button=Button(_("Read your request"), links.take_over(visit_request)),
        why=_(
            "You get this because somebody asked us for a visit, by phone, by mail or when we met, "
            "and gave us this address. If it was not you, tell us by answering, and we take it out."
        ),
    )
