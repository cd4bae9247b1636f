"""The guests look back together: each of the group may write, the contact person shares it."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from visits import ledger, rules, words
from visits.choices import RequestState
from visits.forms.look_back import GuestsLookBackForm
from visits.http import Follower, OnlyTheContact, follower
from visits.ledger import looking, written
from visits.models import LookBack, Visit, VisitRequest
from visits.views.visit_page import moved_on

CONFLICT: Final = 409
UNPROCESSABLE: Final = 422


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def look_back(request: HttpRequest, reference: str) -> HttpResponse:
    """What do we take home? Kept for later by any of the group, shared with us by the contact person."""
    who = follower(request, reference)
    if not is_over(who.visit_request):
        return moved_on(request, who.visit_request) if request.method == "POST" else redirect(who.visit_request)
    visit = who.visit_request.visit
    kept = looking.of_guests(visit)
    if request.method == "POST":
        return _written(request, who, kept)
    if kept is not None and kept.shared_at:
        return render(request, "visits/visit/look_back_shared.html", _beside(who, visit) | {"look_back": kept})
    return _page(request, who, _form(who, kept))


def is_over(visit_request: VisitRequest) -> bool:
    return visit_request.request_state == RequestState.COMPLETED and hasattr(visit_request, "visit")


def _written(request: HttpRequest, who: Follower, kept: LookBack | None) -> HttpResponse:
    form = _form(who, kept, request.POST)
    later = "save" in request.POST
    if not later and not who.decides:
        raise OnlyTheContact(who.visit_request)
    if later and form.may_be_kept:
        form.forgive_what_is_missing()
    elif not form.is_valid():
        return _page(request, who, form, status=UNPROCESSABLE)
    deed = looking.keep_for_guests if later else looking.share_for_guests
    try:
        deed(who.visit_request, form.answers(), by_name=name_of(who), seen=form.cleaned_data["seen_at"])
    except ledger.Overtaken as overtaken:
        return _page(request, who, form.seen_again(looking.seen(overtaken.theirs)), overtaken=overtaken)
    except ledger.LookBackRefused as refusal:
        return _page(request, who, form, refusal=str(refusal), status=CONFLICT)
    if later:
        messages.success(request, _("Saved. Go on when you like, here or in another browser."))
        return redirect("visits:look_back", who.visit_request.reference)
    messages.success(request, _("Shared. This is the ledger of what we learn from one another."))
    return redirect("visits:ledger", who.visit_request.reference)


def name_of(who: Follower) -> str:
    """Who writes, as the others read it."""
    return who.participant.name if who.participant and who.participant.name else who.visit_request.contact_name


def _form(who: Follower, kept: LookBack | None, data: Any = None) -> GuestsLookBackForm:
    visit = who.visit_request.visit
    return GuestsLookBackForm(
        data,
        kept={**(kept.answers if kept else {}), "seen_at": looking.seen(kept)},
        questions=written.questions_of(who.visit_request),
        helpers=looking.helpers(visit),
    )


def _page(
    request: HttpRequest,
    who: Follower,
    form: GuestsLookBackForm,
    *,
    refusal: str = "",
    overtaken: ledger.Overtaken | None = None,
    status: int = 200,
) -> HttpResponse:
    visit = who.visit_request.visit
    context = _beside(who, visit) | {
        "form": form,
        "refusal": str(overtaken) if overtaken else refusal,
        "theirs": form.other_words(overtaken.theirs.answers) if overtaken else [],
        "months": _months(visit),
        "write_by": ledger.write_by(visit, timezone.localdate()),
        "may_share": who.decides,
    }
    return render(request, "visits/visit/look_back.html", context, status=CONFLICT if overtaken else status)


def _beside(who: Follower, visit: Visit) -> dict[str, Any]:
    """What stands beside the guests' own: ours, as far as it is shared."""
    ours = looking.ours_shared(visit)
    tries = [entry for one in ours for entry in one.entries.all() if entry.tries]
    return {"visit_request": who.visit_request, "visit": visit, "ours": ours, "we_try": tries}


def _months(visit: Visit) -> dict[str, str]:
    """On which day each of the follow-ups would come."""
    days = {count: rules.follow_up_day(visit.last_day, count) for count in rules.FOLLOW_UP_MONTHS}
    return {str(count): words.plain_day(day) for count, day in days.items()}
