"""A visit's room by the desk's door: the same room as the guests', beside the plan of the visit."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from visits import meeting
from visits.admin import deeds, pages
from visits.admin.opened import Opened
from visits.admin.site import desk_context
from visits.forms import room as forms
from visits.http import handed_out
from visits.models import User, VisitRequest

TAB = "room"


def room(request: HttpRequest, opened: Opened) -> HttpResponse:
    """The tab «Room»; what is pressed there is done and the page comes back."""
    case = opened.case
    speaker = meeting.as_staff(cast("User", request.user), case)
    outcome = forms.press(speaker, request.POST, request.FILES) if request.method == "POST" else None
    here = pages.tab_url(case, TAB)
    if outcome is not None and outcome.status == forms.DONE:
        messages.success(request, outcome.told)
        return redirect(f"{here}#{outcome.where}")
    now = timezone.now()
    shown = meeting.read(speaker, now)
    if outcome is None and shown.is_open and request.user.has_perm(deeds.CHANGE):
        meeting.look_in(speaker, now)
    sheets = forms.Sheets(shown, outcome)
    context = desk_context() | pages.frame(request, opened, TAB)
    context |= {"room": shown, "sheets": sheets, "here": here, "visit_request": case, "refusal": sheets.refusal}
    context |= {"failed": [sheets.failed] if sheets.failed else []}
    return render(request, "desk/request/room.html", context, status=outcome.status if outcome else 200)


def room_file(request: HttpRequest, case: VisitRequest, file_id: int) -> FileResponse:
    found = meeting.file_of(meeting.as_staff(cast("User", request.user), case), file_id)
    if found is None:
        raise Http404
    return handed_out(found)
