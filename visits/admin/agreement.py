"""The tab «Agreement» of the request page: the four parts, our half to write, who has agreed, and the file."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language

from visits import agreement, rules
from visits.admin import deeds
from visits.admin.opened import Opened
from visits.agreement import Stage
from visits.documents import press
from visits.forms import desk
from visits.forms.agreement import OursForm
from visits.models import Agreement, VisitRequest

MOST_EARLIER: Final = 5


def tab(request: HttpRequest, opened: Opened, forms: dict[str, desk.SeenForm]) -> dict[str, Any]:
    """What the tab shows; a sentence while the guests have not said yes to a programme."""
    case, found = opened.case, opened.agreement
    may_write = case.request_state in rules.STANDING and request.user.has_perm(deeds.CHANGE)
    if found is None:
        return {"reading": None, "may_write": may_write and opened.visit is not None}
    reading = agreement.read(case, found)
    return {
        "reading": reading,
        "told": reading.told,
        "stands": case.request_state in rules.STANDING,
        "ours_form": forms.get("agreement_ours") or _fresh(case, found),
        "may_write": may_write,
        "may_agree": may_write and found.ours_at is None,
        "is_settled": reading.stage == Stage.SETTLED,
        "earlier": _earlier(case),
    }


def _fresh(case: VisitRequest, found: Agreement) -> OursForm:
    return OursForm(visit_request=case, initial=OursForm.values(found), auto_id="agreement_ours_%s")


def _earlier(case: VisitRequest) -> list[Agreement]:
    """The versions that were replaced, the latest first."""
    rows = case.agreements.exclude(superseded_at=None).select_related("ours_by").order_by("-number")
    return list(rows[:MOST_EARLIER])


def printed(case: VisitRequest) -> HttpResponse:
    """The version that stands as a file. Raises NoPress where none can be made, Http404 without an agreement."""
    found = agreement.current(case)
    if found is None:
        raise Http404
    context = {"visit_request": case, "reading": agreement.read(case, found)}
    made = press.pdf("print/agreement.html", context, language=get_language() or "en")
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{case.reference}-agreement-{found.number}.pdf"'
    return response
