"""From the words of a cell to the answer of a form: choices by their names in both languages, and days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_countries import countries

from programmes.models import Area
from visits import text
from visits.choices import Length, MeetingLanguage, OrganisationKind
from visits.folding import without_case
from visits.forms.fields import DayField
from visits.models.person import LANGUAGES
from visits.questions import Asked

CHOSEN: Final[dict[str, type[TextChoices]]] = {
    "organisation_kind": OrganisationKind,
    "length": Length,
    "meeting_language": MeetingLanguage,
}
DAYS: Final = ("first_day", "second_day")


def days(rows: Iterable[Mapping[str, str]]) -> set[date]:
    """Every day that stands in a list, where it can be read."""
    found = set()
    for row in rows:
        for name in DAYS:
            try:
                found.add(DayField(required=False).clean(row.get(name, "")))
            except ValidationError:
                continue
    return {day for day in found if day is not None}


class Readers(dict[str, Any]):
    """How the cell of each column is read that is not words as they stand; raises LookupError with a sentence."""


def readers(areas: Sequence[Area], asked: Mapping[str, Sequence[Asked]]) -> Readers:
    """`asked` are our own questions, in each language."""
    found = Readers({name: _one_of(_labels(kind.choices, kind)) for name, kind in CHOSEN.items()})
    found["language"] = _one_of({**{label.casefold(): value for value, label in LANGUAGES}, "en": "en", "sv": "sv",
                                   "engelska": "en", "swedish": "sv"})  # fmt: skip
    found["country"] = _one_of(_countries())
    found["areas"] = _some_of({name.casefold(): str(area.pk) for area in areas for name in _area_names(area)})
    for name, known in _own_options(asked).items():
        found[name] = _one_of(known)
    return Readers(found | dict.fromkeys(DAYS, _day))


def _own_options(asked: Mapping[str, Sequence[Asked]]) -> dict[str, dict[str, str]]:
    """The answers to choose from of each of our own questions that has such, in both languages."""
    found: dict[str, dict[str, str]] = {}
    for question in (one for every in asked.values() for one in every if one.options):
        known = {
            word: value for value, label in question.options for word in (without_case(value), without_case(label))
        }
        found[question.name] = found.get(question.name, {}) | known
    return found


def _labels(answers: Iterable[tuple[Any, Any]], kind: type[TextChoices]) -> dict[str, str]:
    """Each answer by its value and by its words in both languages."""
    known = {value: value for value in kind.values}
    for language in ("en", "sv"):
        with override(language):
            known |= {str(label).casefold(): value for value, label in answers}
    return known


def _countries() -> dict[str, str]:
    known = {code.casefold(): code for code, _name in countries}
    for language in ("en", "sv"):
        with override(language):
            known |= {str(name).casefold(): code for code, name in countries}
    return known


def _area_names(area: Area) -> list[str]:
    names = (getattr(area, name) for name in ("name_en", "name_sv", "slug"))
    return [str(name) for name in names if name]


def _one_of(known: Mapping[str, str]) -> Any:
    def read(cell: str) -> str:
        found = known.get(without_case(cell))
        if found is None:
            raise LookupError(_unknown(cell))
        return found

    return read


def _some_of(known: Mapping[str, str]) -> Any:
    one = _one_of(known)

    def read(cell: str) -> list[str]:
        return [one(part) for part in cell.split("|") if part.strip()]

    return read


def _day(cell: str) -> str:
    try:
        DayField(required=False).clean(cell)
    except ValidationError:
        told = _("“%(words)s” is no day that we can read. Write it as 2027-03-16.")
        raise LookupError(told % {"words": _in_short(cell)}) from None
    return cell


def _unknown(cell: str) -> str:
    told = _("We do not know “%(words)s”. Write it as the portal does, in English or Swedish.")
    return told % {"words": _in_short(cell)}


def _in_short(cell: str) -> str:
    return text.single_line(text.cleaned(cell))[:60]
