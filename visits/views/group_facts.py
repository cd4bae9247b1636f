"""What the contact person changes about the whole group: how many they are, and what they need, as numbers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from visits import group
from visits.forms.group import NumbersForm, SizeForm
from visits.http import own_request
from visits.models import VisitRequest
from visits.views.visit_page import case_of, moved_on


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def size(request: HttpRequest, reference: str) -> HttpResponse:
    """More or fewer. A change for which the agreement is read again is said before it is made."""
    visit_request = own_request(request, reference)
    if not group.is_open(visit_request):
        return _not_now(request, visit_request, typed=request.POST.get("size", ""))
    people = visit_request.group_size or 0
    form = SizeForm(request.POST or None, initial={"size": people, "seen": people})
    if request.method != "POST" or not form.is_valid():
        return _size_page(request, visit_request, form, status=422 if form.errors else 200)
    now = form.cleaned_data["size"]
    if now == people:
        return redirect("visits:group", reference)
    agreed = group.agreed_size(visit_request)
    asked = form.cleaned_data["sure"] or group.why_not(visit_request.visit, now)
    if group.is_much(agreed, now) and not asked:
        return _size_page(request, visit_request, form, now=now, agreed=agreed)
    try:
        again = group.change_size(visit_request.visit, now, seen=form.cleaned_data["seen"])
    except group.SizeRefused as refused:
        visit_request.refresh_from_db()
        form.add_error("size", str(refused))
        return _size_page(request, visit_request, form, status=409)
    messages.success(request, _("You are now %(count)d.") % {"count": now})
    if again:
        messages.info(request, _("Both of us read the agreement again: your page says when it is your turn."))
    return redirect("visits:group", reference)


def _size_page(
    request: HttpRequest,
    visit_request: VisitRequest,
    form: SizeForm,
    *,
    now: int = 0,
    agreed: int = 0,
    status: int = 200,
) -> HttpResponse:
    """The question; with `now`, what follows for an agreement about `agreed` people, and a second press."""
    context = _told(visit_request, form) | {"now": now, "people": visit_request.group_size, "agreed": agreed}
    return render(request, "visits/visit/group_size.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def needs(request: HttpRequest, reference: str) -> HttpResponse:
    """Food and access, until the day before the visit."""
    visit_request = own_request(request, reference)
    if not group.is_open(visit_request) or visit_request.visit.first_day <= timezone.localdate():
        return _not_now(request, visit_request)
    form = NumbersForm(
        request.POST or None, size=visit_request.group_size or 0, shown=group.figures(visit_request), auto_id="need_%s"
    )
    if request.method == "POST" and form.is_valid():
        group.change_numbers(visit_request, form.counts())
        messages.success(request, _("The numbers are changed. Those who plan food and rooms see them."))
        return redirect("visits:group", reference)
    context = _told(visit_request, form) | {
        "food": [form[kind] for kind in group.FOOD],
        "access": [form[kind] for kind in group.ACCESS],
    }
    return render(request, "visits/visit/group_needs.html", context, status=422 if form.errors else 200)


def _told(visit_request: VisitRequest, form: SizeForm | NumbersForm) -> dict[str, Any]:
    return {"visit_request": visit_request, "case": case_of(visit_request), "form": form}


def _not_now(request: HttpRequest, visit_request: VisitRequest, *, typed: str = "") -> HttpResponse:
    """The group is changed between the yes and the day; otherwise the page says how it stands."""
    return moved_on(request, visit_request, typed=typed) if request.method == "POST" else redirect(visit_request)
