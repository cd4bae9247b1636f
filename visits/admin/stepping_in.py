"""Somebody cannot come: written down at the desk, and who steps in at the sessions that nobody leads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from visits import scheduling
from visits.admin import deeds
from visits.admin.request import CONFLICT, UNPROCESSABLE, me, refuse_without
from visits.admin.site import DeskSite, View, desk_context
from visits.forms.facilitator import StandDownForm
from visits.models import GatheringAsk
from visits.scheduling import helping

SEE: Final = "visits.view_booking"
WRITE: Final = "visits.add_booking"


@dataclass(frozen=True)
class Before:
    """What somebody's time away would touch, told before it is written down, or why it cannot be."""

    touched: Sequence[scheduling.Touched] = field(default_factory=list)
    helping: Sequence[GatheringAsk] = field(default_factory=list)
    refusal: str = ""

    @property
    def read(self) -> str:
        """What is read here, for the press to compare: nobody lets go of what they have not seen."""
        gatherings = [f"g{one.gathering_id}" for one in self.helping]
        return ",".join([*(str(one.session.pk) for one in self.touched), *gatherings])

    @property
    def number(self) -> int:
        """How much counts on them."""
        return len(self.touched) + len(self.helping)


def urls(guarded: Callable[[View], View]) -> list[URLPattern]:
    view = require_http_methods(["GET", "HEAD", "POST"])(stepping_in)
    return [path("stepping-in/", guarded(view), name="stepping_in")]


DeskSite.more.append(urls)


def stepping_in(request: HttpRequest) -> HttpResponse:
    """The sessions that nobody leads, with who could; and the form that writes somebody down as away."""
    refuse_without(request, SEE)
    if request.method != "POST":
        return _page(request, StandDownForm(initial={"first_day": timezone.localdate()}))
    refuse_without(request, WRITE)
    form = StandDownForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=UNPROCESSABLE)
    who, spans = form.cleaned_data["who"], form.cleaned_data["spans"]
    before = Before(scheduling.touched_by(who, spans), helping.asked_at(who, spans))
    if before.number and request.POST.get("read") != before.read:
        return _page(request, form, before, status=CONFLICT)
    try:
        let_go = scheduling.stand_down(who, spans, by=me(request))
    except scheduling.Clash as clash:
        return _page(request, form, Before(refusal=str(clash)), status=CONFLICT)
    messages.success(request, _("%(name)s is written down as away, and is told by e-mail.") % {"name": who.name})
    if let_go.sessions:
        told = ngettext("%(count)d session is let go.", "%(count)d sessions are let go.", len(let_go.sessions))
        messages.success(request, told % {"count": len(let_go.sessions)})
    for ask in let_go.gatherings:
        told = _("They need not help at “%(gathering)s”: ask somebody else there.")
        messages.success(request, told % {"gathering": ask.gathering.words})
    return redirect("admin:stepping_in")


def _page(
    request: HttpRequest, form: StandDownForm, before: Before | None = None, *, status: int = 200
) -> HttpResponse:
    context = desk_context() | {
        "form": form,
        "before": before,
        "gaps": scheduling.gaps(timezone.localdate()),
        "may_write": request.user.has_perm(WRITE),
        "may_ask": request.user.has_perm(deeds.CHANGE),
    }
    return render(request, "desk/stepping_in.html", context, status=status)
