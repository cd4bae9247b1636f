"""Deciding several requests in one press: one transaction, and a savepoint for each row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import planning, rules, scheduling, undoing, words, workflow
from visits.admin import deeds
from visits.choices import DeclineReason, RequestState
from visits.deeds import decisions
from visits.forms import several
from visits.forms.several import RowForm
from visits.models import DecidedTogether, Decision, User, VisitRequest

MOST: Final = 50


def rows_for(cases: Sequence[VisitRequest], typed: QueryDict | None, *, by: User) -> list[RowForm]:
    """A row for each request, with what was typed; ticked and left alone at first.

    Offers are looked up for the rows that say no: a constant number of queries each.
    """
    hosts = [(str(user.pk), str(user)) for user in _hosts()]
    typed = typed.copy() if typed is not None else None
    found = []
    for case in cases:
        first = {"tick": True, "seen": case.version, "deed": several.LEAVE, "host": str(by.pk)}
        row = RowForm(typed, case=case, hosts=hosts, initial=first)
        if row.chosen == several.SAY_NO:
            row.offer(planning.offers_for(case))
        row.answer_first(by)
        found.append(row)
    return found


def _hosts() -> Iterable[User]:
    return User.objects.filter(is_active=True, is_staff=True).order_by("first_name", "last_name")


def with_deed_set(typed: QueryDict, cases: Sequence[VisitRequest], deed: str) -> QueryDict:
    """What was typed, with one deed set for every ticked row that can take it."""
    changed = typed.copy()
    for case in cases:
        if f"c{case.pk}-tick" in typed and deed in several.deeds_for(case.request_state):
            changed[f"c{case.pk}-deed"] = deed
    return changed


def left_as_they_were(typed: QueryDict, cases: Sequence[VisitRequest], deed: str) -> list[str]:
    """Whose ticked rows cannot take a deed that is set for all of them."""
    ticked = [case for case in cases if f"c{case.pk}-tick" in typed]
    is_known = deed in several.DEEDS
    return [case.organisation_name for case in ticked if is_known and deed not in several.deeds_for(case.request_state)]


@scheduling.retry_deadlocks
@transaction.atomic
def do_all(rows: Sequence[RowForm], *, by: User) -> DecidedTogether:
    """Do what the rows say, each by itself: what cannot be done is kept with its reason, the others are done."""
    together = DecidedTogether.objects.create(by=by, at=timezone.now())
    # In one order for everybody: two presses over the same requests wait for each other, and do not lock up.
    for row in sorted(rows, key=lambda row: row.case.pk):
        try:
            with transaction.atomic():
                _do(row, together, by)
        except deeds.REFUSALS as reason:
            told = {"request": row.case.pk, "who": row.case.organisation_name, "deed": row.chosen, "why": str(reason)}
            together.refused.append(told)
    together.save(update_fields=["refused"])
    return together


@dataclass(frozen=True)
class _Way:
    """How one deed of a row is done: its kind, what it does, and what the page after it tells."""

    what: str
    do: Callable[[RowForm, User], Any]
    about: Callable[[RowForm], dict[str, Any]]


def _do(row: RowForm, together: DecidedTogether, by: User) -> None:
    way = WAYS[row.chosen]
    undoing.decide(
        row.case, way.what, lambda: way.do(row, by), by=by, together=together, chosen=row.chosen, **way.about(row)
    )


def _take(row: RowForm, by: User) -> None:
    workflow.claim(row.case, by=by, seen=row.cleaned_data["seen"])
    if row.cleaned_data["host"] != str(by.pk):
        to = User.objects.get(pk=row.cleaned_data["host"])
        workflow.hand_over(row.case, to=to, by=by, seen=row.case.version)


def _ask(row: RowForm, by: User) -> None:
    workflow.ask_question(row.case, text=_question(row), by=by, seen=row.cleaned_data["seen"])


def _question(row: RowForm) -> str:
    """What is asked, in the language of the guests."""
    with translation.override(row.case.language):
        if row.chosen == several.WHAT_THEY_BRING:
            return _(
                "We would like to learn from you as well. What could you show us, or tell us about? A question counts."
            )
        return _("The days that you wished for are difficult for us. Could you come on %(day)s instead?") % {
            "day": words.day(row.cleaned_data["day"])
        }


def _say_no(row: RowForm, by: User) -> None:
    typed = row.cleaned_data
    workflow.decline(
        row.case,
        reason=DeclineReason(typed["reason"]),
        explanation=typed["own_words"],
        alternatives=row.alternatives(),
        by=by,
        seen=typed["seen"],
    )


def _put_aside(row: RowForm, by: User) -> None:
    workflow.put_aside(row.case, until=row.cleaned_data["until"], by=by, seen=row.cleaned_data["seen"])


def _host_of(row: RowForm) -> dict[str, Any]:
    return {"host": row.host_name}


def _weeks_of(row: RowForm) -> dict[str, Any]:
    return {"weeks": [one.first_day.isoformat() for one in row.alternatives() if one.first_day]}


WAYS: Final[Mapping[str, _Way]] = {
    several.TAKE: _Way("claimed", _take, _host_of),
    several.OTHER_DAY: _Way("asked_question", _ask, lambda row: {"day": row.cleaned_data["day"].isoformat()}),
    several.WHAT_THEY_BRING: _Way("asked_question", _ask, lambda _row: {}),
    several.PUT_ASIDE: _Way("put_aside", _put_aside, lambda row: {"day": row.cleaned_data["until"].isoformat()}),
    several.SAY_NO: _Way("declined", _say_no, _weeks_of),
}


def effect(row: RowForm) -> str:
    """What a row does as it stands, told before it is done."""
    name = {"name": row.case.first_name}
    match row.chosen:
        case several.TAKE:
            return _("%(host)s is the host. No mail") % {"host": row.host_name} if row.host_name else _("No mail")
        case several.OTHER_DAY | several.WHAT_THEY_BRING:
            days = rules.DAYS_TO_MOVE[RequestState.INFO_REQUESTED]
            return _("Mail to %(name)s. Their turn, %(days)d days") % {**name, "days": days}
        case several.PUT_ASIDE:
            return _("It leaves the list until its day. No mail")
        case several.SAY_NO:
            weeks = sum(":" in str(key) for key in row["instead"].value() or [])
            kept = ngettext("%(n)d week is kept for ten days", "%(n)d weeks are kept for ten days", weeks) % {
                "n": weeks
            }
            return _("Mail to %(name)s") % name + (f". {kept}" if weeks else "")
    return _("Nothing")


def told(decision: Decision) -> str:
    """What became of one row: «Asked for another day: 12 February»."""
    about = decision.detail
    days = [words.day(date.fromisoformat(day)) for day in [*about.get("weeks", []), about.get("day")] if day]
    return {
        several.TAKE: _("Taken. %(host)s is the host"),
        several.OTHER_DAY: _("Asked for another day: %(days)s"),
        several.WHAT_THEY_BRING: _("Asked what they bring"),
        several.PUT_ASIDE: _("Put aside until %(days)s"),
        several.SAY_NO: _("Said no, offered %(days)s") if days else _("Said no, offered something else"),
    }.get(about.get("chosen", ""), decisions.told(decision.what, about)) % {
        "host": about.get("host", ""), "days": ", ".join(days),
    }  # fmt: skip
