"""How many were at a session: told on the day by whoever leads it, or by the desk."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from visits import held
from visits.choices import AskState
from visits.forms.held import HeldForm
from visits.models import Session, SessionHeld, User

CHANGE = "visits.change_visitrequest"
CONFLICT, UNPROCESSABLE = 409, 422


@require_http_methods(["GET", "POST"])
def session_held(request: HttpRequest, session_id: int) -> HttpResponse:
    """One press on a phone; the same for a script that had kept the press until there was a network."""
    session = _session_for(request, session_id)
    typed = request.POST if request.method == "POST" else None
    form = HeldForm(typed, expected=session.visit.request.group_size or 0, auto_id="held_%s")
    if request.method != "POST":
        return _page(request, session, form)
    if not form.is_valid():
        problem = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return _refused(request, session, form, problem, UNPROCESSABLE)
    press = {name: form.cleaned_data[name] for name in ("why_not", "pressed_at", "key")}
    try:
        told = held.tell(session, people=form.counted, by=cast("User", request.user), **press)
    except held.HeldRefused as refused:
        return _refused(request, session, form, str(refused), CONFLICT)
    if _is_script(request):
        return JsonResponse({"said": said(told)})
    messages.success(request, said(told))
    return redirect("visits:held", session_id=session.pk)


def said(told: SessionHeld) -> str:
    """What stands there now, in a sentence."""
    if told.people is None:
        return _("Not held: %(why)s") % {"why": told.why_not}
    return ngettext("%(count)d was there.", "%(count)d were there.", told.people) % {"count": told.people}


def _session_for(request: HttpRequest, session_id: int) -> Session:
    """The session, for the desk and for who said yes to leading it; Http404 for everybody else."""
    rows = Session.objects.select_related("visit__request", "room", "held__told_by")
    session = get_object_or_404(rows, pk=session_id)
    if request.user.has_perm(CHANGE):
        return session
    if not session.asks.filter(facilitator__user=cast("User", request.user), state=AskState.ACCEPTED).exists():
        raise Http404
    if not request.user.is_active:
        raise PermissionDenied
    return session


def _refused(request: HttpRequest, session: Session, form: HeldForm, problem: str, status: int) -> HttpResponse:
    if _is_script(request):
        return JsonResponse({"problem": problem}, status=status)
    return _page(request, session, form, refusal=problem if status == CONFLICT else "", status=status)


def _page(request: HttpRequest, session: Session, form: HeldForm, **more: Any) -> HttpResponse:
    status = more.pop("status", 200)
    told = getattr(session, "held", None)
    context = {
        "session": session, "visit_request": session.visit.request, "form": form, "told": told,
        "said": said(told) if told else "", "may_be_told": held.may_be_told(session, timezone.now()),
        "expected": session.visit.request.group_size or 0,
        "frame": "facilitators/base.html" if hasattr(request.user, "facilitator") else "desk/base.html",
    }  # fmt: skip
    return render(request, "facilitators/held.html", context | more, status=status)


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")
