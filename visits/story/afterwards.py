"""What a visit that is over waits for, in the visitor's story: the look-back, then a word on what was tried."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from visits import ledger
from visits.choices import Turn
from visits.ledger import Afterwards
from visits.models import Visit
from visits.story.case import Case


def banner_of(case: Case) -> tuple[Turn, str, str, str]:
    """Whose turn it is, what is to do, and the way there; thanks alone where nothing has been read."""
    if case.after is None or case.visit is None:
        text = _("Thank you for coming. What did you take home, and what will you try?")
        return Turn.TOGETHER, text, "", ""
    if not case.after.guests_shared:
        return _look_back(case.after, case.visit, case)
    call = ledger.ledger_call(case.after.waiting, case.after.today)
    there = reverse("visits:ledger", args=[case.visit_request.reference])
    return call.turn, call.text, f"{there}#point-{call.point}" if call.point else there, call.go or _("Open the ledger")


def _look_back(found: Afterwards, visit: Visit, case: Case) -> tuple[Turn, str, str, str]:
    call = ledger.look_back_call(found, visit)
    return call.turn, call.text, reverse("visits:look_back", args=[case.visit_request.reference]), call.go
