"""One press on the agenda: every time that was typed is kept, the open row too, and then the press is done.

All of it or nothing, under one version, so a press on one row never loses what is typed in another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programmes.models import Offering
from visits import rules, scheduling, words
from visits.choices import SessionKind
from visits.models import AgendaTemplate, Session, User, Visit, VisitRequest
from visits.planning import copies, groups, guard, sessions, telling, templates, timing
from visits.planning.guard import PlanRefused
from visits.planning.timing import Times

NINE: Final = 9
TEXTS: Final = (*sessions.WORDS, "room_id", "site_id", "offering_id")


class Press(StrEnum):
    """The buttons of the agenda."""

    SAVE = "save"
    USE = "use"
    CLOSE = "close"
    EDIT = "edit"
    EARLIER = "earlier"
    LATER = "later"
    SPLIT = "split"
    COPY = "copy"
    GROUPS = "groups"
    TOGETHER = "together"
    REMOVE = "remove"
    ADD = "add"
    COPY_DAY = "copyday"
    TEMPLATE = "template"


@dataclass(frozen=True)
class Wanted:
    """What somebody wants of the agenda with one press.

    `times` are those that were changed in their boxes, `row` the open row as it shall be. The
    button is about `session`, `offering`, `template` or `from_day`, and where that is said, `day`.
    """

    press: Press = Press.SAVE
    times: Times = field(default_factory=dict)
    row: Session | None = None
    rest_follows: bool = True
    session: int | None = None
    day: date | None = None
    from_day: date | None = None
    offering: Offering | None = None
    template: AgendaTemplate | None = None


class _Hand:
    """Somebody at work on one agenda: the first deed is under the version they saw, the others follow it."""

    def __init__(self, visit_request: VisitRequest, wanted: Wanted, by: User, seen: int) -> None:
        self.request, self.wanted, self.by, self.seen = visit_request, wanted, by, seen
        self.visit = sessions.visit_of(visit_request)

    def do(self, deed: Callable[..., object], *of: object, **more: object) -> list[str]:
        told = deed(*of, by=self.by, seen=self.seen, **more)
        self.seen = self.request.version
        return told if isinstance(told, list) else []

    def session(self, pk: int | None) -> Session:
        row = self.visit.sessions.select_related("room", "offering").filter(pk=pk or 0).first()
        if row is None:
            raise PlanRefused(_("This session is not in the agenda any more."))
        return row


@scheduling.retry_deadlocks
@transaction.atomic
def rewrite(visit_request: VisitRequest, wanted: Wanted, *, by: User, seen: int) -> list[str]:
    """Do what was wanted; returns what happened, in sentences: «“Meet Esther”, now 10.15.»

    Raises PlanRefused, Clash or MoveRefused when any part of it cannot be done; then nothing is.
    """
    hand = _Hand(visit_request, wanted, by, seen)
    told: list[str] = []
    if wanted.times:
        told += _keep_times(hand)
    if wanted.row is not None:
        told += _keep_row(hand, wanted.row)
    deed = DEEDS.get(wanted.press)
    return told + (deed(hand) if deed else [])


def _keep_times(hand: _Hand) -> list[str]:
    rows = {row.pk: row for row in hand.visit.sessions.all()}
    gone = hand.wanted.times.keys() - rows.keys()
    if gone:
        raise PlanRefused(_("A session whose time you changed is not in the agenda any more."))
    times = timing.rippled(rows.values(), hand.wanted.times) if hand.wanted.rest_follows else hand.wanted.times
    told = hand.do(_retime, hand.visit, times, hand.wanted.times)
    if len(hand.wanted.times) == 1:
        return [now(hand.session(next(iter(hand.wanted.times)))), *told]
    count = len(hand.wanted.times)
    said = ngettext("%(count)d session has another time.", "%(count)d sessions have other times.", count)
    return [said % {"count": count}, *told]


def _retime(visit: Visit, times: Times, wanted: Times, *, by: User, seen: int) -> list[str]:
    rows = {row.pk: row for row in visit.sessions.all()}
    names = ", ".join(f"{rows[pk].title} {words.clock(wanted[pk][0])}" for pk in wanted)
    telling.changed(visit.request, "retimed", by=by, seen=seen, sessions=names)
    return timing.retime(visit, times, by=by) + guard.asked_again(visit.request, by=by)


def _keep_row(hand: _Hand, row: Session) -> list[str]:
    stored = hand.session(row.pk)
    moved = (stored.starts_at, stored.ends_at) != (row.starts_at, row.ends_at)
    if not moved and all(getattr(stored, name) == getattr(row, name) for name in TEXTS):
        return []
    row.visit = hand.visit
    told = hand.do(sessions.change_session, row, rest_follows=hand.wanted.rest_follows)
    said = now(row) if moved else _("“%(title)s” is saved.") % {"title": row.title}
    return [said, *told]


def now(session: Session) -> str:
    """«“Meet Esther”, now 10.15.», for whoever hears the page."""
    return _("“%(title)s”, now %(time)s.") % {"title": session.title, "time": words.clock(session.starts_at)}


def _move(hand: _Hand) -> list[str]:
    session = hand.session(hand.wanted.session)
    told = hand.do(sessions.move_session, session, earlier=hand.wanted.press == Press.EARLIER)
    return [now(hand.session(session.pk)), *told]


def _split(hand: _Hand) -> list[str]:
    session = hand.session(hand.wanted.session)
    told = hand.do(copies.split_session, session)
    return [_("“%(title)s” is two sessions now.") % {"title": session.title}, *told]


def _copy(hand: _Hand) -> list[str]:
    session = hand.session(hand.wanted.session)
    return hand.do(copies.copy_session, session, hand.wanted.day or words.local_date(session.starts_at))


def _remove(hand: _Hand) -> list[str]:
    session = hand.session(hand.wanted.session)
    told = hand.do(sessions.remove_session, session)
    return [_("“%(title)s” is taken out of the agenda.") % {"title": session.title}, *told]


def _two_groups(hand: _Hand) -> list[str]:
    return hand.do(groups.two_groups, hand.session(hand.wanted.session))


def _one_group(hand: _Hand) -> list[str]:
    session = hand.session(hand.wanted.session)
    told = hand.do(groups.one_group, session)
    return [_("Everybody does “%(title)s” together.") % {"title": session.title}, *told]


def _add(hand: _Hand) -> list[str]:
    offering = hand.wanted.offering
    if offering is None:
        raise PlanRefused(_("This offering is not in the catalogue any more."))
    starts_at = next_start(hand.visit, hand.wanted.day or hand.visit.first_day)
    with translation.override(hand.request.language):  # as the guests read it
        title = str(offering.name)[:160]
    session = Session(
        kind=SessionKind.HOST, title=title, offering=offering,
        starts_at=starts_at, ends_at=starts_at + timedelta(minutes=offering.minutes),
    )  # fmt: skip
    hand.do(sessions.add_session, hand.request, session)
    return [_("“%(title)s” is in the agenda: %(day)s %(time)s.") % {
        "title": session.title, "day": words.weekday(starts_at), "time": words.clock(starts_at)}]  # fmt: skip


def next_start(visit: Visit, day: date) -> datetime:
    """When the last session of a day ends; nine o'clock on an empty day."""
    there = [row for row in visit.sessions.all() if words.local_date(row.starts_at) == day]
    nine = datetime(day.year, day.month, day.day, NINE, tzinfo=rules.STOCKHOLM)
    return timing.end_of(there) if there else nine


def _copy_day(hand: _Hand) -> list[str]:
    if hand.wanted.from_day is None or hand.wanted.day is None:
        raise PlanRefused(_("Choose the day that it shall be copied to."))
    told = hand.do(copies.copy_day, hand.request, hand.wanted.from_day, hand.wanted.day)
    days = {"from": words.weekday(hand.wanted.from_day), "to": words.weekday(hand.wanted.day)}
    return [_("%(from)s is held again on %(to)s.") % days, *told]


def _template(hand: _Hand) -> list[str]:
    if hand.wanted.template is None:
        raise PlanRefused(_("This template is not offered any more. Choose another."))
    told = hand.do(templates.start_from, hand.request, hand.wanted.template, first=hand.wanted.day)
    return [_("“%(name)s” is in the agenda.") % {"name": hand.wanted.template.name}, *told]


DEEDS: Final[Mapping[Press, Callable[[_Hand], list[str]]]] = {
    Press.EARLIER: _move,
    Press.LATER: _move,
    Press.SPLIT: _split,
    Press.COPY: _copy,
    Press.GROUPS: _two_groups,
    Press.TOGETHER: _one_group,
    Press.REMOVE: _remove,
    Press.ADD: _add,
    Press.COPY_DAY: _copy_day,
    Press.TEMPLATE: _template,
}
