"""Check the answers, and send: one request, however often the button is pressed."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from programmes import snapshot
from visits import drafts, limits, questions
from visits.choices import Gift, RequestState
from visits.drafts import Missing, NotReady
from visits.forms.check import CheckForm, opening
from visits.models import VisitRequest
from visits.views import drafting, summary, wishlist
from visits.views.drafting import Opened
from visits.views.later import finish_later
from visits.workflow import MoveRefused


@require_http_methods(["GET", "HEAD", "POST"])
@drafting.personal
def check(request: HttpRequest) -> HttpResponse:
    """What we are about to send, as we will read it."""
    opened = drafting.open_draft(request)
    draft = opened.draft
    if draft is None or draft.state != RequestState.DRAFT:
        return redirect("visits:request_sent")
    if request.method == "POST":
        return _take(request, opened, draft)
    return _show(request, opened, draft, CheckForm())


def _take(request: HttpRequest, opened: Opened, draft: VisitRequest) -> HttpResponse:
    form = CheckForm(request.POST)
    if "save" in request.POST and not opened.closed:
        return finish_later(request, opened)
    if opened.closed or (form.is_valid() and form.cleaned_data["seen"] != draft.version):
        return _show(request, opened, draft, form, problem=_changed(), status=409)
    if not form.is_valid():
        return _show(request, opened, draft, form, status=422)
    if limits.exceeded(request, "send", address=draft.contact_email):
        return _show(request, opened, draft, form, problem=limits.sentence(), status=429)
    return _send(request, opened, draft, form)


def _send(request: HttpRequest, opened: Opened, draft: VisitRequest, form: CheckForm) -> HttpResponse:
    try:
        drafts.send(draft, today=form.asked_on(timezone.now()))
    except NotReady as unready:
        return _show(request, opened, draft, form, lacks=unready.missing, status=422)
    except MoveRefused as refusal:
        draft.refresh_from_db()
        if draft.state != RequestState.DRAFT:  # a second press of the same button
            return redirect("visits:request_sent")
        return _show(request, opened, draft, form, problem=str(refusal), status=409)
    wishlist.forget(request)
    return redirect("visits:request_sent")


def _changed() -> str:
    return _("Your answers were changed in another window. This is how they are now: read them, then send.")


def _show(
    request: HttpRequest,
    opened: Opened,
    draft: VisitRequest,
    form: CheckForm,
    *,
    problem: str = "",
    lacks: list[Missing] | None = None,
    status: int = 200,
) -> HttpResponse:
    wished, needed, chosen = drafts.wishes(draft), drafts.needs(draft), drafts.chosen(draft)
    known = drafts.missing(draft, wished, needed, today=timezone.localdate()) if lacks is None else lacks
    context = {
        "form": form,
        "opened": opening(timezone.now()),
        "draft": draft,
        "mark": opened.mark,
        "sections": summary.sections(draft, wished, needed),
        "learn": wishlist.Wishlist(snapshot.current(), chosen).names,
        "brings": summary.labels(Gift, draft.gifts),
        "own_part": summary.own_part(draft),
        "first_wish": wished[0].first_day if wished else None,
        "lacks": [(_address(lack), lack.sentence) for lack in known],
        "lacking": {lack.step for lack in known},
        "problem": problem,
        "tried": status == 422,
    }
    return render(request, "visits/request/check.html", context, status=status)


# Where the first control of a question is not named as its answer is.
CONTROLS: Final = {
    "big_questions": "question_1",
    **{name: f"{name}_0" for name in ("organisation_kind", "professions", "meeting_language")},
}


def _address(lack: Missing) -> str:
    """The question that lacks an answer, on its own page."""
    step = reverse("visits:request_step", args=[lack.step])
    if lack.field.startswith(questions.PREFIX):
        return f"{step}?change=1#ask-{lack.field}"
    return f"{step}?change=1#id_{CONTROLS.get(lack.field, lack.field)}"
