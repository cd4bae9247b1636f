"""What a request says, as rows of words: for the request page and the queue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import choices, rules, season, words
from visits.choices import Length, RequestState, Turn
from visits.models import HistoryEntry, SpecialNeeds, VisitRequest
from visits.planning.checks import spare_words

S = RequestState
Fact = tuple[str, str, str]
Span = tuple[datetime, datetime, Turn]
WEEKS_AROUND: Final = 3


def labels(kind: type[TextChoices], values: Iterable[Any]) -> list[str]:
    """What is stored as a list of words, as people read it."""
    return [str(kind(value).label) for value in values if value in kind.values]


def turn_words(case: VisitRequest) -> str:
    """«Our turn: propose a programme», «Their turn: answer by 11 December»."""
    told = {
        S.SUBMITTED: _("Our turn: take the request"),
        S.IN_REVIEW: _("Our turn: propose a programme"),
        S.WAITLISTED: _("Our turn: find a place"),
        S.AGREED: _("Our turn: confirm people and rooms"),
        S.CONFIRMED: _("Together: the visit is confirmed"),
        S.COMPLETED: _("Together: the visit has taken place"),
    }.get(case.request_state)
    if told:
        return told
    if case.turn == Turn.VISITOR and case.due_at:
        return _("Their turn: answer by %(day)s") % {"day": words.short_day(case.due_at)}
    return _("Done: %(state)s") % {"state": case.request_state.label}


def turn_kind(case: VisitRequest) -> str:
    return {Turn.OURS: "host", Turn.VISITOR: "guest", Turn.TOGETHER: "ok"}.get(case.turn, "")


def subjects(case: VisitRequest) -> list[str]:
    """Everything that they chose in the catalogue: four queries."""
    chosen = [*case.areas.all(), *case.offerings.all(), *case.initiatives.all(), *case.programmes.all()]
    return [str(entry) for entry in chosen] + ([_("Something else")] if case.other_area else [])


def gifts(case: VisitRequest) -> list[str]:
    own = [_("Own part: %(time)s") % {"time": case.get_own_time_display()}] if case.own_time else []
    return [*labels(choices.Gift, case.gifts), *labels(choices.Sharing, case.sharing), *own]


def who(case: VisitRequest) -> list[Fact]:
    place = ", ".join(part for part in (case.town, case.country.name) if part)
    since = words.plain_day(case.submitted_at) if case.submitted_at else ""
    confirmed = _("address confirmed %(day)s") % {"day": since} if since else ""
    contact = ", ".join(part for part in (case.contact_name, case.contact_role) if part)
    return [
        (_("Organisation"), f"{case.organisation_name}, {place}", case.get_organisation_kind_display()),
        (_("Contact"), contact, confirmed),
        (_("E-mail"), case.contact_email, ""),
        (_("Phone"), case.contact_phone, ""),
        (_("How many"), str(case.group_size or ""), ", ".join(labels(choices.Profession, case.professions))),
        (_("Language"), case.get_meeting_language_display(), _("Our mails: %(language)s") % {
            "language": case.get_language_display()}),
    ]  # fmt: skip


def when(case: VisitRequest) -> list[Fact]:
    names = {1: _("First wish"), 2: _("Second wish"), 3: _("Third wish")}
    facts = [
        (names.get(wish.rank, ""), _wish(wish.first_day, case), _spare(wish.first_day, case, flexible=wish.flexible))
        for wish in case.wishes.all()
    ]
    facts.append((_("Length"), case.get_length_display(), ""))
    if case.submitted_on:
        earliest = words.plain_day(rules.earliest_first_day(case.submitted_on))
        told = _("So the first possible day was %(day)s") % {"day": earliest}
        facts.append((_("Sent"), words.day(case.submitted_on), told))
    if case.is_waived:
        facts.append((_("Three months waived"), case.waiver_reason, str(case.waived_by or "")))
    return facts


def _wish(first: date, case: VisitRequest) -> str:
    last = rules.last_day(first, Length(case.length or Length.ONE))
    days = words.day(first) if first == last else f"{words.weekday(first)} – {words.day(last)}"
    return _("%(days)s, week %(week)d") % {"days": days, "week": words.week(first)}


def _spare(first: date, case: VisitRequest, *, flexible: bool) -> str:
    spare = spare_words(rules.days_to_spare(first, asked_on=case.submitted_on)) if case.submitted_on else ""
    too = _("Other days that week work too")
    return f"{spare}. {too}" if flexible else spare


def needs(case: VisitRequest, *, may_see: bool) -> list[Fact]:
    """What they need. The numbers of diet and access are for those with the permission."""
    facts = [
        (_("Travel"), ", ".join(labels(choices.Travel, case.travel)), ""),
        (_("Other"), case.other_needs, _("Needs a letter of invitation") if case.needs_invitation_letter else ""),
    ]
    if not may_see:
        return facts
    known = SpecialNeeds.objects.filter(request=case).first()
    note = _("Numbers only, deleted after the visit")
    return [
        (_("Access"), _counted(known, SpecialNeeds.ACCESS), note),
        (_("Food"), _counted(known, SpecialNeeds.FOOD), note),
        *facts,
    ]


def _counted(known: SpecialNeeds | None, names: Iterable[str]) -> str:
    if known is None:
        return ""
    numbers = [(getattr(known, name), known._meta.get_field(name).verbose_name) for name in names]  # type: ignore[union-attr]
    return ", ".join(f"{count} {name}" for count, name in numbers if count)


@dataclass(frozen=True)
class WeekBar:
    """One week in the small picture of visits each week."""

    number: int
    load: int
    x: int
    css: str

    HEIGHT = 44
    STEP = 15

    @property
    def height(self) -> int:
        return min(2 + self.load * self.STEP, self.HEIGHT + 2)

    @property
    def y(self) -> int:
        return self.HEIGHT + 4 - self.height

    @property
    def middle(self) -> int:
        return self.x + 21

    @property
    def told(self) -> str:
        return ngettext("Week %(week)d: %(load)d visit", "Week %(week)d: %(load)d visits", self.load) % {
            "week": self.number,
            "load": self.load,
        }


def weeks_around(day: date | None) -> list[WeekBar]:
    """Three weeks before and after a day, with how many visits each has: one query."""
    if day is None:
        return []
    days = [day + timedelta(weeks=n) for n in range(-WEEKS_AROUND, WEEKS_AROUND + 1)]
    loads = season.week_loads(days[0], days[-1])
    bars = []
    for n, there in enumerate(days):
        week = season.week_of(there)
        css = "hit" if there == day else ("full" if loads[week] >= season.capacity() else "")
        bars.append(WeekBar(week.number, loads[week], 4 + n * 47, css))
    return bars


@dataclass(frozen=True)
class TurnShare:
    """How many days each side has had the turn since the request came in."""

    ours: int
    theirs: int
    bars: list[tuple[int, int, str]]


def turn_share(case: VisitRequest, entries: Iterable[HistoryEntry]) -> TurnShare:
    """Walk through the history, the oldest first, and add up who was to move."""
    begin, end = case.submitted_at or case.created_at, timezone.now()
    whole = max((end - begin).total_seconds(), 1)
    spans: list[Span] = []
    turn, since = Turn.OURS, begin
    for entry in entries:
        new = entry.detail.get("new")
        if new not in RequestState.values or entry.at < begin:
            continue
        spans.append((since, entry.at, turn))
        turn, since = rules.turn(RequestState(new)), entry.at
    spans.append((since, end, turn))
    return TurnShare(_days_of(spans, Turn.OURS), _days_of(spans, Turn.VISITOR), _bars(spans, begin, whole))


def _days_of(spans: Iterable[Span], turn: Turn) -> int:
    return sum((to - since for since, to, whose in spans if whose == turn), timedelta()).days


def _bars(spans: Iterable[Span], begin: datetime, whole: float) -> list[tuple[int, int, str]]:
    kinds = {Turn.OURS: "us", Turn.VISITOR: "you"}
    drawn = []
    for since, to, turn in spans:
        x = round(300 * (since - begin).total_seconds() / whole)
        width = round(300 * (to - since).total_seconds() / whole)
        if width > 0 and turn in kinds:
            drawn.append((x, width, kinds[turn]))
    return drawn
