"""The public pages of the catalogue, and the basket that is filled on them."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from programmes import basket, eligibility, snapshot
from programmes.choices import Method, Where
from programmes.forms import SuitForm
from programmes.models import Programme
from programmes.timeline import Timeline

NETWORKS: Final = "learning-networks"


@require_safe
def areas(request: HttpRequest) -> HttpResponse:
    """All areas of interest."""
    return render(request, "programmes/areas.html", {"areas": snapshot.current().areas})


@require_safe
def area(request: HttpRequest, slug: str) -> HttpResponse:
    """One area: what to see and try, what we would like to learn in return."""
    shown = snapshot.current()
    found = shown.area(slug)
    if found is None:
        raise Http404
    context = {"area": found, "basket": basket.contents(request.session, shown)}
    return render(request, "programmes/area.html", context)


@require_safe
def initiatives(request: HttpRequest) -> HttpResponse:
    """All initiatives on a line from 1997, or those of one method (`?method=`)."""
    shown = snapshot.current()
    every = shown.initiatives
    method = request.GET.get("method", "")
    chosen = Method(method) if method in Method.values else None
    timeline = Timeline(timezone.localdate().year)
    context = {
        "rows": [
            (initiative, timeline.bars(initiative.periods))
            for initiative in every
            if chosen is None or chosen in initiative.methods
        ],
        "methods": [(word, sum(word in initiative.methods for initiative in every)) for word in Method],
        "chosen": chosen,
        "unknown_method": bool(method) and chosen is None,
        "total": len(every),
        "marks": timeline.marks,
        "grid": timeline.grid,
        "basket": basket.contents(request.session, shown),
    }
    return render(request, "programmes/initiatives.html", context)


@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """All programmes with the ladder and «Which programme suits me?» (`?role=&time=&where=`)."""
    shown = snapshot.current()
    every = shown.programmes
    form = SuitForm(request.GET if any(name in request.GET for name in SuitForm.base_fields) else None)
    context = {
        "ladder": _ladder(every),
        "leaders": [programme for programme in every if programme.where == Where.REGION],
        "elsewhere": [programme for programme in every if programme.where == Where.ELSEWHERE],
        "non_profit": [programme for programme in every if programme.where == Where.NON_PROFIT],
        "beside": _beside(every),
        "form": form,
        "asked": form.is_valid(),
        "suiting": _suiting(every, form) if form.is_valid() else None,
        "basket": basket.contents(request.session, shown),
    }
    return render(request, "programmes/programmes.html", context)


@require_safe
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    """One programme: whom it is for, what it is, its place among the others."""
    shown = snapshot.current()
    found = shown.programme(slug)
    if found is None:
        raise Http404
    ladder = _ladder(shown.programmes)
    place = ladder.index(found) if found in ladder else None
    context = {
        "programme": found,
        "ladder": ladder if place is not None else [],
        "before": ladder[place - 1] if place else None,
        "after": ladder[place + 1] if place is not None and place + 1 < len(ladder) else None,
        "beside": _beside(shown.programmes),
        "elsewhere": [other for other in shown.programmes if other.where == Where.ELSEWHERE],
        "basket": basket.contents(request.session, shown),
    }
    return render(request, "programmes/programme.html", context)


@require_POST
def basket_add(request: HttpRequest) -> HttpResponse:
    """Put one thing of the catalogue on the guest's list, and come back to it."""
    key = request.POST.get("item", "")
    if not basket.is_known(key):
        messages.warning(request, _("We cannot find that in the catalogue. Choose from the lists."))
        return redirect(_way_back(request))
    try:
        basket.add(request.session, key)
    except basket.BasketFullError:
        full = _("Your list holds %(most)s things, and more than that no visit has room for.")
        messages.warning(request, full % {"most": basket.MOST} + " " + _("Remove something first."))
        return redirect(_way_back(request))
    if not request.user.is_authenticated:
        request.session.set_expiry(timedelta(days=basket.DAYS))
    return redirect(_way_back(request, key))


@require_POST
def basket_remove(request: HttpRequest) -> HttpResponse:
    """Take one thing off the guest's list, and come back to where it was."""
    key = request.POST.get("item", "")
    was_there = key in basket.keys(request.session)
    basket.remove(request.session, key)
    return redirect(_way_back(request, key if was_there else ""))


def _way_back(request: HttpRequest, key: str = "") -> str:
    """The page of ours that the guest came from, at the button of what they chose."""
    there = request.POST.get("next", "").partition("#")[0]
    is_ours = url_has_allowed_host_and_scheme(
        there, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    page = there if is_ours else reverse("programmes:areas")
    return f"{page}#visit-{quote(key, safe=':')}" if key else page


def _ladder(every: tuple[Programme, ...]) -> list[Programme]:
    steps = [programme for programme in every if programme.ladder_step is not None]
    return sorted(steps, key=lambda programme: programme.ladder_step or 0)


def _beside(every: tuple[Programme, ...]) -> list[Programme]:
    """What runs beside every step of the ladder: the Learning Networks, while published."""
    return [programme for programme in every if programme.slug == NETWORKS]


def _suiting(every: tuple[Programme, ...], form: SuitForm) -> Programme | None:
    offered = [(programme.slug, programme.eligibility) for programme in every]
    slug = eligibility.suits(offered, form.answers)
    return next((programme for programme in every if programme.slug == slug), None)
