"""A part of a sent request says something else: what differs, and how it is kept, whoever writes it."""

from __future__ import annotations

from typing import Any, Final

from django.utils import timezone

from visits import drafts
from visits.door import touch
from visits.models import User, VisitRequest
from visits.workflow.sending import organisation_of, visitor_of

type_of_values = dict[str, Any]
type_of_differences = dict[str, tuple[Any, Any]]

# What is named when it changes, and whose words go no further: health, and what nobody needs to read twice.
ONLY_NAMED: Final = frozenset({"needs", "other_needs", "contact_phone"})
ABOUT_ORGANISATION: Final = frozenset({"organisation_name", "country"})
ABOUT_VISITOR: Final = frozenset({"contact_name", "contact_role", "contact_email", "contact_phone", "language"})


def differences(visit_request: VisitRequest, answers: drafts.Answers) -> type_of_differences:
    """What the request says before, and what these answers say instead, by the name of each that differs."""
    before, after = _said(visit_request, answers), _new(answers)
    return {name: (before[name], value) for name, value in after.items() if value != before[name]}


def _said(visit_request: VisitRequest, answers: drafts.Answers) -> type_of_values:
    """What the request says to that part before."""
    said: type_of_values = {name: getattr(visit_request, name) for name in answers.fields}
    if answers.chosen is not None:
        chosen = drafts.chosen(visit_request)
        said |= {name: sorted(getattr(chosen, name)) for name in drafts.CATALOGUE}
    if answers.wishes is not None:
        said["wishes"] = _as_lists(drafts.wishes(visit_request))
    if answers.needs is not None:
        said["needs"] = drafts.needs(visit_request)
    return said


def _new(answers: drafts.Answers) -> type_of_values:
    """The same, as it is to be."""
    new: type_of_values = dict(answers.fields)
    if answers.chosen is not None:
        new |= {name: sorted(getattr(answers.chosen, name)) for name in drafts.CATALOGUE}
    if answers.wishes is not None:
        new["wishes"] = _as_lists(answers.wishes)
    if answers.needs is not None:
        new["needs"] = {name: count for name, count in answers.needs.items() if count}
    return new


def _as_lists(wishes: list[drafts.Wish]) -> list[list[Any]]:
    return [[wish.first_day.isoformat(), wish.flexible] for wish in wishes]


def keep(
    visit_request: VisitRequest,
    answers: drafts.Answers,
    found: type_of_differences,
    *,
    what: str,
    by: User | None,
    seen: int,
    **detail: Any,
) -> list[type_of_values]:
    """Write what differs, with one line of history; returns how that line tells it.

    The caller holds the request, and has seen that it can be so. Raises MoveRefused when it has
    changed since version `seen`.
    """
    changes = {name: value for name, value in answers.fields.items() if name in found}
    if answers.wishes:
        changes["first_wished_day"] = min(wish.first_day for wish in answers.wishes)
    for name, value in changes.items():
        setattr(visit_request, name, value)
    if ABOUT_ORGANISATION & found.keys():
        changes["organisation"] = organisation_of(visit_request)
    if ABOUT_VISITOR & found.keys() and visit_request.visitor_id is not None:
        changes["visitor"] = visitor_of(visit_request, changes.get("organisation", visit_request.organisation))
    if by is None:
        changes["saved_at"] = timezone.now()
    told = _told(found)
    touch(visit_request, what=what, by=by, seen=seen, detail={"changes": told, **detail}, **changes)
    drafts.write_rows(visit_request, answers)
    return told


def describe_visitor_again(visit_request: VisitRequest) -> None:
    """Let the person behind the address be described as the request says it now."""
    if visit_request.visitor_id is not None:
        visitor_of(visit_request, visit_request.organisation)


def _told(found: type_of_differences) -> list[type_of_values]:
    """What changed, as history keeps it: with what it was and is, but for what is only named."""
    said = {name: {"was": _plain(was), "now": _plain(now)} for name, (was, now) in found.items()}
    return [{"name": name} if name in ONLY_NAMED else {"name": name, **said[name]} for name in found]


def _plain(value: Any) -> Any:
    """A value as history can keep it: a country by its code."""
    return value if isinstance(value, (bool, int, str, list)) or value is None else str(getattr(value, "code", value))
