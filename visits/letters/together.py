"""Letters when the same visit was asked for twice and one request goes on."""

from __future__ import annotations

from django.utils.translation import gettext as _

from visits import agreement
from visits.letters.frames import request_of, to_visitor
from visits.letters.letter import Letter, Whose, say, title
from visits.models import Message


def put_together(message: Message) -> Letter:
    """To who wrote the request that goes on."""
    visit_request = request_of(message)
    return to_visitor(
        message,
        Whose.of(agreement.turn(visit_request)),
        title(_("Two requests for your visit are one now, %(reference)s"), reference=visit_request.reference or ""),
        say(_("The same visit has been asked for twice, also as %(other)s."), other=str(message.data.get("other", ""))),
        say(_("We go on with *%(reference)s*, and have read both."), reference=visit_request.reference or ""),
        say(_("Who wrote the other one is told, and their link opens this visit too.")),
        say(_("If they are two visits after all, answer this e-mail and we take them apart again.")),
    )


def put_into(message: Message) -> Letter:
    """To who wrote the request that was put into another: their link opens that one."""
    visit_request = request_of(message)
    kept = visit_request.absorbed_into
    reference = kept.reference if kept else ""
    return to_visitor(
        message,
        Whose.of(agreement.turn(kept)) if kept else Whose.NOBODY,
        title(_("Your request %(reference)s goes on in another"), reference=visit_request.reference or ""),
        say(_("The same visit has been asked for in *%(reference)s*. We go on there."), reference=reference or ""),
        say(_("Nothing that you wrote is lost, and your link opens the visit as it stands.")),
        say(_("If they are two visits after all, answer this e-mail and we take them apart again.")),
        button=_("Open the visit"),
    )
