"""What a request says, as rows of words: for the request page and the queue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any, Final

from django.db.models import Q, QuerySet, TextChoices, Value
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from programmes.models import Area, Initiative, Offering, Programme
from visits import agreement, choices, rules, season, words
from visits.agreement import Stage
from visits.choices import Length, RequestState, Turn
from visits.models import Entry, HistoryEntry, User, VisitRequest
from visits.planning.told import spare_words

S = RequestState
Fact = tuple[str, str, str]
Span = tuple[datetime, datetime, Turn]
WEEKS_AROUND: Final = 3
READING: Final = {
    Stage.DRAFT: gettext_lazy("Our turn: write the agreement"),
    Stage.THEIRS: gettext_lazy("Their turn: read the agreement by %(day)s"),
    Stage.OURS: gettext_lazy("Our turn: read the agreement by %(day)s"),
    Stage.BOTH: gettext_lazy("Together: both read the agreement again by %(day)s"),
}


def labels(kind: type[TextChoices], values: Iterable[Any]) -> list[str]:
    """What is stored as a list of words, as people read it."""
    return [str(kind(value).label) for value in values if value in kind.values]


def turn_words(case: VisitRequest, stage: Stage, leaves: datetime | None = None) -> str:
    """«Our turn: propose a programme», «Their turn: answer by 11 December»; from when, while the mail waits."""
    if case.request_state in rules.STANDING and stage in READING:
        return str(READING[stage]) % {"day": words.short_day(case.due_at) if case.due_at else ""}
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
        day = words.short_day(case.due_at)
        if leaves:
            return _("Their turn from %(time)s: answer by %(day)s") % {"time": words.clock(leaves), "day": day}
        return _("Their turn: answer by %(day)s") % {"day": words.short_day(case.due_at)}
    if case.absorbed_into:
        return _("Done: goes on in %(reference)s") % {"reference": case.absorbed_into.reference}
    return _("Done: %(state)s") % {"state": case.request_state.label}


def turn_kind(case: VisitRequest, stage: Stage) -> str:
    whose = agreement.turn_at(case.request_state, stage)
    return {Turn.OURS: "host", Turn.VISITOR: "guest", Turn.TOGETHER: "ok"}.get(whose, "")


Choice = tuple[int, str]


@dataclass(frozen=True)
class ToChoose:
    """What the deeds of a request are chosen from, and what of the catalogue it names: numbers and names, in order."""

    areas: Sequence[Choice]
    offerings: Sequence[Choice]
    colleagues: Sequence[Choice]
    initiatives: Sequence[Choice]  # its own, and so its programmes
    programmes: Sequence[Choice]


def to_choose(case: VisitRequest) -> ToChoose:
    """What there is to choose, with what the request has chosen already; one query. Its subjects came with it."""
    areas, offerings = ([row.pk for row in chosen.all()] for chosen in (case.areas, case.offerings))
    staff = User.objects.filter(is_active=True, is_staff=True)
    parts = (
        _entries(Area, Q(is_published=True) | Q(pk__in=areas)),
        _entries(Offering, Q(is_published=True) | Q(pk__in=offerings)),
        staff.values_list(Value(0), "pk", Concat("first_name", Value(" "), "last_name"), "email"),
        _entries(Initiative, Q(pk__in=_through(case, "initiatives"))),
        _entries(Programme, Q(pk__in=_through(case, "programmes"))),
    )
    told = [rows.order_by().annotate(part=Value(part)) for part, rows in enumerate(parts)]
    found: list[list[Choice]] = [[] for _part in parts]
    for _order, pk, name, instead, part in sorted(told[0].union(*told[1:], all=True)):
        found[part].append((pk, name.strip() or instead))
    colleagues = sorted(found[2], key=itemgetter(1))
    return ToChoose(found[0], found[1], colleagues, found[3], found[4])


def _entries(model: type[Area | Offering | Initiative | Programme], which: Q) -> QuerySet[Any, Any]:
    """Rows of the catalogue: their place, number, name in the language that is on, and the name to fall back on."""
    # A plain query: the catalogue's own managers rewrite columns by language.
    named = "name_sv" if get_language() == "sv" else "name_en"
    rows: QuerySet[Any] = QuerySet(model)
    return rows.filter(which).values_list("order", "pk", named, "name_en")


def _through(case: VisitRequest, field: str) -> QuerySet[Any, Any]:
    chosen: Any = VisitRequest._meta.get_field(field)
    rows: QuerySet[Any] = QuerySet(chosen.remote_field.through)
    return rows.filter(visitrequest=case.pk).values(chosen.m2m_reverse_name())


def subjects(case: VisitRequest, shown: ToChoose) -> list[str]:
    """Everything that they chose in the catalogue."""
    chosen = [*map(str, case.areas.all()), *map(str, case.offerings.all())]
    chosen += [name for _pk, name in (*shown.initiatives, *shown.programmes)]
    return chosen + ([_("Something else")] if case.other_area else [])


def gifts(case: VisitRequest) -> list[str]:
    own = [_("Own part: %(time)s") % {"time": case.get_own_time_display()}] if case.own_time else []
    return [*labels(choices.Gift, case.gifts), *labels(choices.Sharing, case.sharing), *own]


def who(case: VisitRequest, *, address_by_us: HistoryEntry | None = None) -> list[Fact]:
    """Who asks, how we reach them and how many come; `address_by_us`: when we corrected the address."""
    place = ", ".join(part for part in (case.town, case.country.name) if part)
    confirmed_at = _confirmed_at(case)
    since = words.plain_day(confirmed_at) if confirmed_at else ""
    confirmed = _("address confirmed %(day)s") % {"day": since} if since and not address_by_us else ""
    contact = ", ".join(part for part in (case.contact_name, case.contact_role) if part)
    return [
        (_("Organisation"), f"{case.organisation_name}, {place}", case.get_organisation_kind_display()),
        (_("Contact"), contact, confirmed),
        (_("E-mail"), case.contact_email, _corrected(address_by_us)),
        (_("Phone"), case.contact_phone, ""),
        (_("How many"), str(case.group_size or ""), ", ".join(labels(choices.Profession, case.professions))),
        (_("Language"), case.get_meeting_language_display(), _("Our mails: %(language)s") % {
            "language": words.language(case.language)}),
    ]  # fmt: skip


def _corrected(entry: HistoryEntry | None) -> str:
    if entry is None:
        return ""
    return _("corrected by %(who)s, %(day)s") % {"who": entry.by_name, "day": words.plain_day(entry.at)}


def _confirmed_at(case: VisitRequest) -> datetime | None:
    """When the contact person has shown that the address is theirs; not yet, for what one of us has entered."""
    entry: Entry | None = getattr(case, "entry", None)
    return entry.taken_over_at if entry else case.submitted_at


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


def needs(case: VisitRequest) -> list[Fact]:
    """What they need, but for the numbers of diet and access: those are in `visits.admin.needs`."""
    return [
        (_("Travel"), ", ".join(labels(choices.Travel, case.travel)), ""),
        (_("Other"), case.other_needs, _("Needs a letter of invitation") if case.needs_invitation_letter else ""),
    ]


def further(case: VisitRequest) -> list[Fact]:
    """What else we asked, in the words that they read."""
    return [(one["asked"], one["said"], "") for one in case.further]


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
    """Three weeks before and after a day, with how many visits each has: two queries."""
    if day is None:
        return []
    days = [day + timedelta(weeks=n) for n in range(-WEEKS_AROUND, WEEKS_AROUND + 1)]
    loads, limits = season.week_loads(days[0], days[-1]), season.limits(days[0], days[-1])
    bars = []
    for n, there in enumerate(days):
        week = season.week_of(there)
        css = "hit" if there == day else ("full" if loads[week] >= limits.of(week) else "")
        bars.append(WeekBar(week.number, loads[week], 4 + n * 47, css))
    return bars


@dataclass(frozen=True)
class TurnShare:
    """How many days each side has had the turn since the request came in."""

    ours: int
    theirs: int
    whole: int
    bars: list[tuple[int, int, str]]


def turn_share(case: VisitRequest, entries: Iterable[HistoryEntry]) -> TurnShare:
    """Walk through the history, the oldest first, and add up who was to move."""
    begin, end = case.submitted_at or case.created_at, timezone.now()
    whole = max((end - begin).total_seconds(), 1)
    spans: list[Span] = []
    turn, since = Turn.OURS, begin
    for entry in entries:
        new = _turn_after(entry)
        if new is None or entry.at < begin:
            continue
        spans.append((since, entry.at, turn))
        turn, since = new, entry.at
    spans.append((since, end, turn))
    bars = _bars(spans, begin, whole)
    return TurnShare(_days_of(spans, Turn.OURS), _days_of(spans, Turn.VISITOR), (end - begin).days, bars)


def _turn_after(entry: HistoryEntry) -> Turn | None:
    """Whose turn it was from then on: what the deed said itself, else what the new state says."""
    told, new = entry.detail.get("turn"), entry.detail.get("new")
    if told in Turn.values:
        return Turn(told)
    return rules.turn(RequestState(new)) if new in RequestState.values else None


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
