"""A visit's room for its guests and for those who lead its sessions: one page, by two of its doors."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from visits import meeting, scheduling
from visits.forms import room as forms
from visits.http import facilitator_of, follower, handed_out
from visits.meeting import Speaker

GUESTS, HOSTS = "visits/visit/room.html", "facilitators/room.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def room(request: HttpRequest, reference: str) -> HttpResponse:
    """The guests' door: the contact person and the group."""
    return _room(request, _guest(request, reference), reverse("visits:room", args=[reference]), GUESTS)


@never_cache
@require_safe
def room_file(request: HttpRequest, reference: str, file_id: int) -> FileResponse:
    return _handed(_guest(request, reference), file_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def schedule_room(request: HttpRequest, reference: str) -> HttpResponse:
    """The door of those who are asked to lead a session of that visit; 404 for everybody else."""
    return _room(request, _host(request, reference), reverse("visits:schedule_room", args=[reference]), HOSTS)


@never_cache
@require_safe
def schedule_room_file(request: HttpRequest, reference: str, file_id: int) -> FileResponse:
    return _handed(_host(request, reference), file_id)


def _guest(request: HttpRequest, reference: str) -> Speaker:
    who = follower(request, reference)
    return meeting.as_guest(who.visit_request, who.member)


def _host(request: HttpRequest, reference: str) -> Speaker:
    speaker = meeting.as_facilitator(facilitator_of(request), reference)
    if speaker is None:
        raise Http404
    return speaker


def _room(request: HttpRequest, speaker: Speaker, here: str, template: str) -> HttpResponse:
    outcome = forms.press(speaker, request.POST, request.FILES) if request.method == "POST" else None
    if outcome is not None and outcome.status == forms.DONE:
        messages.success(request, outcome.told)
        return redirect(f"{here}#{outcome.where}")
    now = timezone.now()
    shown = meeting.read(speaker, now)
    if outcome is None and shown.is_open:
        meeting.look_in(speaker, now)
    context = {"room": shown, "sheets": forms.Sheets(shown, outcome), "here": here}
    context |= {"visit_request": speaker.visit_request, "asked_count": _asked_count(request, speaker)}
    return render(request, template, context, status=outcome.status if outcome else 200)


def _asked_count(request: HttpRequest, speaker: Speaker) -> int:
    return scheduling.waiting_count(facilitator_of(request)) if speaker.is_host else 0


def _handed(speaker: Speaker, file_id: int) -> FileResponse:
    found = meeting.file_of(speaker, file_id)
    if found is None:
        raise Http404
    return handed_out(found)
