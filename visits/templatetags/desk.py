"""Pieces of the desk that are drawn once for all who see the same: its menu, and the answers to «Can we?»."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from django import template
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from visits import words
from visits.planning import Check, Checks

register = template.Library()

BRANCH: Final = 3  # an address with more slashes than this also stands for the pages under it
BRANCHES: Final = ("admin:dashboard", "admin:organisations")  # so do these
QUEUE: Final = "admin:index"
REQUESTS: Final = "/visits/visitrequest/"


class Place(NamedTuple):
    """One entry of the menu: whoever lacks `permission` does not see it; `counted` a name among the counts.

    Where not everybody who sees it can do anything about them, `counting` is what whoever is shown them may do.
    """

    symbol: str
    view: str
    words: Callable[[], str]
    permission: str = ""
    counted: str = ""
    counting: str = ""


class Group(NamedTuple):
    heading: Callable[[], str]
    places: tuple[Place, ...]


MENU: Final = (
    Group(
        lambda: _("Visits"),
        (
            Place("inbox", QUEUE, lambda: _("Triage"), counted="ours"),
            Place("cal", "admin:season", lambda: _("Season calendar")),
            Place("check", "admin:to_do", lambda: _("To do"), counted="to_do"),
            Place("gift", "admin:kitchen", lambda: _("Kitchen and transport"), "visits.see_special_needs"),
            Place("hand", "admin:stepping_in", lambda: _("Stepping in"), "visits.view_booking", "without_leader"),
            Place(
                "people",
                "admin:visits_facilitator_changelist",
                lambda: _("Facilitators"),
                "visits.view_facilitator",
                counted="claims",
                counting="visits.change_competenceclaim",
            ),
            Place("pin", "admin:visits_room_changelist", lambda: _("Rooms"), "visits.view_room"),
            Place("home", "admin:organisations", lambda: _("Organisations"), "visits.view_organisation"),
            Place("gift", "admin:promises", lambda: _("Promises"), "visits.view_organisation"),
            Place("pen", "admin:visits_lookback_changelist", lambda: _("Look-backs and follow-ups")),
            Place(
                "chat", "admin:visits_enquiry_changelist", lambda: _("Enquiries"), "visits.view_enquiry", "enquiries"
            ),
            Place(
                "mail", "admin:visits_message_changelist", lambda: _("Mail going out"), "visits.view_message", "outbox"
            ),
            Place("chart", "admin:dashboard", lambda: _("Dashboard")),
        ),
    ),
    Group(
        lambda: _("Content"),
        (
            Place(
                "ladder", "admin:programmes_programme_changelist", lambda: _("Programmes"), "programmes.view_programme"
            ),
            Place("search", "admin:programmes_area_changelist", lambda: _("Areas of interest"), "programmes.view_area"),
            Place(
                "list", "admin:programmes_initiative_changelist", lambda: _("Initiatives"), "programmes.view_initiative"
            ),
            Place("pen", "admin:visits_reminderrung_changelist", lambda: _("Reminders"), "visits.view_reminderrung"),
        ),
    ),
    Group(
        lambda: _("Administration"),
        (
            Place("clock", "admin:looked", lambda: _("Who has looked"), "visits.view_viewing"),
            Place("list", "admin:changes", lambda: _("Who changed what"), "admin.view_logentry"),
            Place("cog", "admin:all_data", lambda: _("All data and settings")),
            Place("key", "mfa_index", lambda: _("Your account")),
            Place("right", "account_logout", lambda: _("Sign out")),
        ),
    ),
)
PLACES: Final = tuple(place for group in MENU for place in group.places)
GUARDED: Final = frozenset(name for place in PLACES for name in (place.permission, place.counting) if name)
COUNTED: Final = tuple(place for place in PLACES if place.counted)


@register.simple_tag(takes_context=True)
def desk_menu(context: template.Context) -> SafeString:
    """The entries of the side bar that the reader may open, with how many wait behind each; here is marked."""
    request: HttpRequest | None = context.get("request")
    counts: Any = context.get("counts")
    allowed = frozenset(name for name in GUARDED if request and request.user.has_perm(name))
    counted = [place for place in COUNTED if not place.counting or place.counting in allowed]
    waiting = tuple((place.view, getattr(counts, place.counted)) for place in counted) if counts else ()
    return _drawn(_here(request.path) if request else "", waiting, allowed)


@words.remembered
def _drawn(here: str, waiting: tuple[tuple[str, object], ...], allowed: frozenset[str]) -> SafeString:
    counts = dict(waiting)
    groups = [
        (
            group.heading(),
            [
                (place.symbol, reverse(place.view), place.words(), place.view == here, counts.get(place.view, 0))
                for place in group.places
                if not place.permission or place.permission in allowed
            ],
        )
        for group in MENU
    ]
    return render_to_string("desk/menu.html", {"groups": [group for group in groups if group[1]]})


def _here(path: str) -> str:
    """The entry that a page belongs to, or nothing."""
    if REQUESTS in path:
        return QUEUE
    return next((view for view, there, is_branch in _addresses() if _is_at(path, there, is_branch=is_branch)), "")


def _is_at(path: str, there: str, *, is_branch: bool) -> bool:
    return path == there or (is_branch and path.startswith(there))


@words.remembered
def _addresses() -> list[tuple[str, str, bool]]:
    """Each entry's view and address, and whether the address also stands for the pages under it."""
    there = [(place.view, reverse(place.view)) for place in PLACES]
    return [(view, address, view in BRANCHES or address.count("/") > BRANCH) for view, address in there]


@register.inclusion_tag("desk/alarm.html", takes_context=True)
def desk_alarm(context: template.Context) -> dict[str, object]:
    """A red box when nobody sweeps any more, so that no mail leaves; no query beside that of the counts."""
    counts: Any = context.get("counts")
    return {"stands_still": counts and counts.stands_still, "last_sweep": counts and counts.last_sweep}


@register.simple_tag
def four_checks(checks: Checks) -> SafeString:
    """The four answers to «Can we?», each a level and a sentence."""
    return _answers(checks.answers)


@words.remembered
def _answers(answers: tuple[Check, ...]) -> SafeString:
    return render_to_string("desk/checks.html", {"answers": answers})
