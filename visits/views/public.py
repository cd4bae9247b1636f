"""The two pages that everybody meets first: home, and what a co-learning meeting is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from programmes import snapshot
from visits import almanac, feasibility, rules


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Why one comes, when one can, and what one can learn about."""
    today = timezone.localdate()
    context = {
        "areas": snapshot.current().areas,
        "first_to_choose": almanac.working_day_from(rules.earliest_first_day(today)),
        "open_day": feasibility.soon.first_open_day(asked_on=today),
    }
    return render(request, "home.html", context)


@require_safe
def co_learning(request: HttpRequest) -> HttpResponse:
    """What both sides do before, during and after a visit."""
    return render(request, "co_learning.html", {"steps": _steps()})


def _steps() -> list[tuple[str, str, str, str]]:
    """Lane, title, when: for the timeline, which here tells nothing about time passed."""
    return [
        ("you", _("You ask"), _("three months ahead"), ""),
        ("us", _("We read and answer"), _("within five working days"), ""),
        ("us", _("We propose a programme"), _("some weeks later"), ""),
        ("you", _("You say yes"), _("or what to change"), ""),
        ("us", _("We prepare"), _("people, rooms, units"), ""),
        ("both", _("We meet"), _("one day or more"), ""),
        ("both", _("We look back"), _("together, afterwards"), ""),
    ]
