"""A request that came by phone or mail, written down by one of us on one page."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from programmes.models import Area
from visits import access, entering, questions
from visits.admin import deeds, pages
from visits.admin.organisations import CONFLICT, UNPROCESSABLE
from visits.admin.request import me, refuse_without
from visits.admin.site import DeskSite, View, desk_context
from visits.forms.entering import EnterForm
from visits.workflow import MoveRefused


def urls(guarded: Callable[[View], View]) -> list[URLPattern]:
    page = require_http_methods(["GET", "HEAD", "POST"])(add)
    return [path("requests/add/", guarded(page), name="request_add")]


DeskSite.more.append(urls)


def add(request: HttpRequest) -> HttpResponse:
    """The five steps on one page. However often it is pressed, one page makes one request."""
    refuse_without(request, deeds.CHANGE)
    form = EnterForm(
        request.POST if request.method == "POST" else None,
        today=timezone.localdate(),
        areas=Area.objects.filter(is_published=True),
        may_waive=request.user.has_perm(deeds.WAIVE),
        asked=questions.in_both(),
        initial={"mark": access.new_nonce()},
        auto_id="enter_%s",
    )
    if form.is_bound and form.is_valid():
        return _enter(request, form)
    return _show(request, form, status=UNPROCESSABLE if form.is_bound else 200)


def _enter(request: HttpRequest, form: EnterForm) -> HttpResponse:
    mark = form.cleaned_data["mark"] or access.new_nonce()
    written = form.written(fingerprint=f"{me(request).pk}-{mark}"[:64])
    try:
        made = entering.enter(written, by=me(request), today=form.today)
    except MoveRefused as refusal:
        return _show(request, form, refusal=str(refusal), status=CONFLICT)
    messages.success(
        request, _("It is in, as %(number)s. They get a link to take it over.") % {"number": made.reference}
    )
    return redirect(pages.tab_url(made, "request"))


def _show(request: HttpRequest, form: EnterForm, *, refusal: str = "", status: int = 200) -> HttpResponse:
    context = desk_context() | {"form": form, "refusal": refusal}
    return render(request, "desk/enter.html", context, status=status)
