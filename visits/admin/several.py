"""The two pages of deciding several requests: choosing, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import undoing
from visits.admin import deeds, together, undoable
from visits.admin.site import desk_context
from visits.forms import several
from visits.forms.several import RowForm
from visits.models import DecidedTogether, Decision, User, VisitRequest

UNPROCESSABLE = 422


def choose(request: HttpRequest) -> HttpResponse:
    """One row for each request that was ticked in the queue; one press does what the rows say."""
    by, cases = _me(request), _cases(request)
    if request.method != "POST":
        return _page(request, together.rows_for(cases, None, by=by))
    if "set" in request.POST:
        deed = request.POST.get("all", "")
        typed = together.with_deed_set(request.POST, cases, deed)
        others = together.left_as_they_were(request.POST, cases, deed)
        return _page(request, together.rows_for(cases, typed, by=by), all_deed=deed, others=others)
    rows = together.rows_for(cases, request.POST, by=by)
    wanted = [row for row in rows if row.is_to_be_done]
    if "look" in request.POST:
        return _page(request, rows)
    if not wanted:
        return _page(request, rows, refusal=_("Tick at least one request, and choose what to do with it."))
    if not all(row.is_valid() for row in wanted):
        return _page(request, rows, checked=wanted)
    done = together.do_all(wanted, by=by)
    return redirect("admin:visits_visitrequest_several_done", done.pk)


def _page(
    request: HttpRequest,
    rows: Sequence[RowForm],
    *,
    all_deed: str = "",
    others: Sequence[str] = (),
    checked: Sequence[RowForm] = (),
    refusal: str = "",
) -> HttpResponse:
    wanted = [row for row in rows if row.is_to_be_done]
    context = desk_context() | {
        "rows": [(row, together.effect(row), row.errors if row in checked else {}) for row in rows],
        "problems": _problems(checked),
        "refusal": refusal,
        "deeds": [(name, label) for name, label in several.DEEDS.items()],
        "all_deed": all_deed,
        "all_label": several.DEEDS.get(all_deed, ""),
        "others": ", ".join(others),
        "ticked": sum(row.is_ticked for row in rows),
        "to_do": len(wanted),
        "mails": sum(row.chosen not in several.WITHOUT_MAIL for row in wanted),
        "leaves_at": undoable.would_leave(),
        "time_to_undo": undoable.time_to_undo(),
    }
    return render(request, "desk/several.html", context, status=UNPROCESSABLE if refusal or checked else 200)


def _problems(checked: Sequence[RowForm]) -> list[tuple[str, str]]:
    """What is to be mended, each with whose row it is and a way to its field."""
    return [
        (f"#{row[name].id_for_label}", f"{row.case.organisation_name}: {error}")
        for row in checked
        for name, errors in row.errors.items()
        for error in errors
    ]


def done(request: HttpRequest, key: UUID) -> HttpResponse:
    """What became of each: what was not done first, the rest with a way back while there is one."""
    _me(request)
    press = get_object_or_404(DecidedTogether, pk=key)
    decisions = list(press.decisions.select_related("request", "undone_by").order_by("pk"))
    waiting = set(Decision.objects.pending(timezone.now()).filter(together=press).values_list("pk", flat=True))
    context = desk_context() | {
        "press": press,
        "refused": [{**row, "deed": several.DEEDS.get(row["deed"], "")} for row in press.refused],
        "rows": [(decision, together.told(decision), decision.pk in waiting) for decision in decisions],
        "waiting": len(waiting),
        "time_to_undo": undoable.time_to_undo(),
        "mails": sum(decision.mails for decision in decisions if decision.pk in waiting),
        "until": decisions[0].until if decisions else None,
        "bar": undoable.Bar(decisions[0], "", timezone.now()) if decisions else None,
        "done_count": sum(decision.undone_at is None for decision in decisions),
    }
    return render(request, "desk/several_done.html", context)


def undo(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take back one of them, or all that still can be; what could not be is named with its reason."""
    by, press = _me(request), get_object_or_404(DecidedTogether, pk=key)
    decisions = press.decisions.pending(timezone.now()).select_related("request").order_by("-pk")
    picked = request.POST.get("decision", "")
    if picked:
        decisions = decisions.filter(pk=picked) if picked.isascii() and picked.isdigit() else decisions.none()
    found = list(decisions)
    refused = undoing.undo_all(found, by=by)
    for decision, why in refused.items():
        messages.warning(request, f"{decision.request.organisation_name}: {why}")
    for decision in found:
        if decision not in refused:
            told = {"who": decision.request.organisation_name}
            messages.success(request, _("%(who)s is as it was before. No mail has left.") % told)
    if not found:
        messages.warning(request, _("Nothing could be taken back: the mails have left, or it was done already."))
    return redirect("admin:visits_visitrequest_several_done", press.pk)


def _cases(request: HttpRequest) -> list[VisitRequest]:
    """The requests that were ticked, in their order and at most so many as a page of the queue; two queries."""
    sent = request.POST if request.method == "POST" else request.GET
    picked = [int(pk) for pk in sent.getlist("case") if pk.isascii() and pk.isdigit() and len(pk) < 10]
    rows = VisitRequest.objects.sent().filter(pk__in=picked[: together.MOST]).select_related("coordinator")
    by_pk: dict[int, Any] = {case.pk: case for case in rows.prefetch_related("wishes", "areas", "offerings")}
    return [by_pk[pk] for pk in dict.fromkeys(picked) if pk in by_pk]


def _me(request: HttpRequest) -> User:
    if not request.user.has_perm(deeds.CHANGE):
        raise PermissionDenied
    return cast("User", request.user)
