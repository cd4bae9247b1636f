"""The visiting group writes its names."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from visits import group, story
from visits.forms.visit import PersonForm
from visits.http import own_request
from visits.models import VisitRequest
from visits.views.visit_page import case_of, moved_on


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def names(request: HttpRequest, reference: str) -> HttpResponse:
    """The names, and a form for one more."""
    visit_request = own_request(request, reference)
    if not _is_open(visit_request):
        return _not_now(request, visit_request)
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = group.add_name(visit_request.visit, name=form.cleaned_data["name"], role=form.cleaned_data["role"])
        except group.GroupFull as full:
            form.add_error(None, str(full))
            return _page(request, visit_request, form, status=409)
        messages.success(request, _("%(name)s is on the list.") % {"name": added.name})
        return redirect("visits:group", reference)
    return _page(request, visit_request, form, status=422 if form.errors else 200)


@never_cache
@require_POST
def remove_name(request: HttpRequest, reference: str, participant_id: int) -> HttpResponse:
    visit_request = own_request(request, reference)
    if not _is_open(visit_request):
        return _not_now(request, visit_request)
    if group.remove_name(visit_request.visit, participant_id):
        messages.success(request, _("The name is taken off the list."))
    return redirect("visits:group", reference)


def _page(request: HttpRequest, visit_request: VisitRequest, form: PersonForm, status: int = 200) -> HttpResponse:
    people = list(visit_request.visit.participants.all())
    size = visit_request.group_size or 0
    case = case_of(visit_request)
    context = {
        "visit_request": visit_request,
        "case": case,
        "facts": story.facts(case),
        "form": form,
        "people": people,
        "size": size,
        "free": range(len(people) + 1, size + 1),
    }
    return render(request, "visits/visit/group.html", context, status=status)


def _is_open(visit_request: VisitRequest) -> bool:
    return visit_request.request_state in group.OPEN_STATES and hasattr(visit_request, "visit")


def _not_now(request: HttpRequest, visit_request: VisitRequest) -> HttpResponse:
    """Names are wanted between the yes and the day; otherwise the page says how it stands."""
    if request.method == "POST":
        typed = " ".join((request.POST.get("name", ""), request.POST.get("role", ""))).strip()
        return moved_on(request, visit_request, typed=typed)
    return redirect(visit_request)
