"""An agenda as it was kept with a proposal, told whole: every session with all that was written about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from visits import words
from visits.choices import SessionKind
from visits.documents.readable import Told, filled, line, plain
from visits.models import Session


def agenda(days: Sequence[Mapping[str, Any]]) -> tuple[Told, ...]:
    """Day by day and session by session."""
    return tuple(Told(capfirst(plain(day["day"])), "", tuple(map(_session, day["sessions"]))) for day in days)


def titles_of(days: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What each session is called, by its number as a text."""
    return {str(one["id"]): one.get("title", "") for day in days for one in day["sessions"] if "id" in one}


def _session(kept: Mapping[str, Any]) -> Told:
    hours = "–".join(words.clock(datetime.fromisoformat(kept[end])) for end in ("starts_at", "ends_at"))
    kind = kept.get("kind", SessionKind.HOST)
    talk = kept.get("dialogue")
    inner = (
        line(_name("kind"), SessionKind(kind).label),
        Told("", kept.get("description", "")),
        line(_name("place"), kept.get("place", "")),
        line(_("People"), _listed(kept.get("people"))),
        line(_("Their own stories"), _listed(kept.get("voices"))),
        line(_name("dialogue_minutes"), talk or ""),
    )
    return Told(hours, kept.get("title", ""), filled(inner))


def _name(column: str) -> Any:
    return next(field.verbose_name for field in Session._meta.fields if field.name == column)


def _listed(people: Sequence[str] | str | None) -> str:
    return people if isinstance(people, str) else ", ".join(people or ())
