"""What the guests have changed in a request that was sent, told in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from visits import choices, words
from visits.models import VisitRequest
from visits.models.person import LANGUAGES

SHORT: Final = 60
SHOWN: Final = 200
NAMES: Final[Mapping[str, Any]] = {
    "wishes": gettext_lazy("Wished days"),
    "needs": gettext_lazy("Numbers for food and access"),
}
KINDS: Final[Mapping[str, Any]] = {
    "organisation_kind": choices.OrganisationKind.choices,
    "professions": choices.Profession.choices,
    "gifts": choices.Gift.choices,
    "sharing": choices.Sharing.choices,
    "own_time": choices.OwnTime.choices,
    "length": choices.Length.choices,
    "meeting_language": choices.MeetingLanguage.choices,
    "travel": choices.Travel.choices,
    "language": LANGUAGES,
}
PICKED: Final = frozenset({"areas", "offerings", "initiatives", "programmes"})


def rewritten(change: Mapping[str, Any]) -> tuple[str, str]:
    """The question, and what was and is answered: «Group size», «6 → 8».

    Of a longer text it tells how it was, since the request shows how it is; of what was only
    named, and of what was picked from the catalogue, nothing.
    """
    name = str(change.get("name", ""))
    if "was" not in change or name in PICKED:
        return _question(name), ""
    was, now = _words(name, change["was"]), _words(name, change.get("now"))
    if len(was) <= SHORT and len(now) <= SHORT and "\n" not in was + now:
        return _question(name), f"{was or '–'} → {now or '–'}"
    return _question(name), _("Before: “%(words)s”") % {"words": Truncator(was).chars(SHOWN)} if was else _("New")


def rewritten_line(change: Mapping[str, Any]) -> str:
    """The same as one sentence."""
    question, said = rewritten(change)
    return f"{question}: {said}." if said else f"{question}."


def rewritten_whole(change: Mapping[str, Any]) -> tuple[str, str, str]:
    """The question with what was and what is answered, in full; both are empty where only the question is known."""
    name = str(change.get("name", ""))
    return _question(name), _words(name, change.get("was")), _words(name, change.get("now"))


def _question(name: str) -> str:
    if name in NAMES:
        return str(NAMES[name])
    fields = {field.name: field for field in VisitRequest._meta.get_fields() if hasattr(field, "verbose_name")}
    return capfirst(str(fields[name].verbose_name)) if name in fields else name


def _words(name: str, value: Any) -> str:
    if name == "wishes":
        return "; ".join(_wish(*wish) for wish in value or [])
    if name == "further":
        return "; ".join(f"{one['asked']} {one['said']}" for one in value or [])
    if name == "country":
        return str(countries.name(value or ""))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if name in KINDS:
        labels = dict(KINDS[name])
        return ", ".join(str(labels.get(one, one)) for one in (value if isinstance(value, list) else [value]) if one)
    return " ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _wish(day: str, flexible: bool) -> str:
    told = words.day(date.fromisoformat(day))
    return _("%(day)s (other days that week too)") % {"day": told} if flexible else told
