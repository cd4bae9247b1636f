"""Who is written to when a plan is taken, in words: before it is taken, and after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits.season_plan import Change


def when_taken(changes: Iterable[Change]) -> str:
    """Who would be written to if all of these were taken."""
    at_visits, at_gatherings = _asked(changes)
    if at_visits and at_gatherings:
        return _(
            "Whoever steps in at a visit that stands, or is to help at a gathering, is asked by e-mail when you take "
            "it; the guests are told nothing."
        )
    if at_visits:
        return _(
            "Whoever steps in at a visit that stands is asked by e-mail when you take it; the guests are told nothing."
        )
    if at_gatherings:
        return _("Whoever is to help at a gathering is asked by e-mail when you take it.")
    return _("The guests are told nothing. Whoever has been asked for a session that changes is told.")


def now_taken(done: Sequence[Change]) -> str:
    """What was done, and who has been written to for it."""
    at_visits, at_gatherings = _asked(done)
    told = ngettext("%(count)d change is taken.", "%(count)d changes are taken.", len(done)) % {"count": len(done)}
    if at_visits and at_gatherings:
        sent = _(
            "Whoever steps in, or is to help at a gathering, has been asked by e-mail; the guests have not been told."
        )
    elif at_visits:
        sent = _("Whoever steps in has been asked by e-mail; the guests have not been told.")
    elif at_gatherings:
        sent = _("Whoever is to help at a gathering has been asked by e-mail; the guests have not been told.")
    else:
        sent = _("The guests have not been told. Whoever had been asked for a session that changed is told by e-mail.")
    return f"{told} {sent}"


def _asked(changes: Iterable[Change]) -> tuple[bool, bool]:
    """Whether anybody is asked at once at a visit that stands, and whether anybody is at a gathering."""
    at_gatherings = [one.case.gathering is not None for one in changes if one.asked_at_once]
    return not all(at_gatherings), any(at_gatherings)
