"""Behind the link of a follow-up's mail: opening it changes nothing, one press answers, nobody signs in."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from visits import access, ledger, limits
from visits.choices import LinkPurpose, PointState, Side
from visits.forms.look_back import FollowUpForm
from visits.ledger import follow_ups
from visits.models import LedgerPoint, LookBack

CONFLICT: Final = 409
UNPROCESSABLE: Final = 422


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: HttpRequest, token: str) -> HttpResponse:
    """The ideas of one side that are asked after today, each with its three buttons."""
    link = access.find(LinkPurpose.FOLLOW_UP, token)
    if link is None or link.look_back is None:
        often = limits.exceeded(request, "wrong_link")
        return render(request, "visits/visit/link_unknown.html", {"often": often}, status=429 if often else 404)
    if not access.is_usable(link, timezone.now()):
        return render(request, "visits/visit/link_closed.html", {"revoked": link.revoked_at}, status=410)
    if request.method != "POST":
        return _page(request, link.look_back)
    return _answered(request, link.look_back, token)


def _answered(request: HttpRequest, look_back: LookBack, token: str) -> HttpResponse:
    typed = request.POST.get("point", "")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
    point = get_object_or_404(LedgerPoint, pk=number, entry__look_back=look_back)
    form = FollowUpForm(request.POST, asks=_("In two lines"), auto_id=f"point-{point.pk}_%s")
    if not form.is_valid():
        return _page(request, look_back, {point.pk: form}, status=UNPROCESSABLE)
    by_name = look_back.author_name if look_back.user else look_back.visit.request.contact_name
    try:
        form.answer(point, by_name=by_name, by=look_back.user)
    except ledger.FollowUpRefused as refusal:
        return _page(request, look_back, {point.pk: form}, refusal=form.refused(refusal), status=CONFLICT)
    return redirect("visits:follow_up", token)


def _page(
    request: HttpRequest, look_back: LookBack, forms: dict[int, FollowUpForm] | None = None,
    *, refusal: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    today = timezone.localdate()
    points = follow_ups.due_of(look_back, today)
    context = {
        "visit_request": look_back.visit.request,
        "is_ours": look_back.side == Side.OURS,
        "asked": [_asked(point, forms or {}) for point in points],
        "waits": any(point.state == PointState.LATER for point in points),
        "next_day": follow_ups.next_day_of(look_back, today),
        "failed": list((forms or {}).values()),
        "refusal": refusal,
    }
    return render(request, "visits/visit/follow_up.html", context, status=status)


def _asked(point: LedgerPoint, forms: dict[int, FollowUpForm]) -> dict[str, Any]:
    """An idea with its form: what was typed, else what was said already."""
    said = {"words": point.words, "result": point.result}
    form = forms.get(point.pk) or FollowUpForm.about(point, asks=_("In two lines"), **said)
    return {"point": point, "form": form, "begins": ledger.begins_words(point.entry)}
