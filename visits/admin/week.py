"""One week of the season in detail: what is in it, who is free, what changing it would touch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, NamedTuple, cast

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from visits import almanac, rules, season, weeks, words
from visits.forms.season import WeekForm
from visits.models import Booking, Facilitator, Gathering, Pause, User, WeekPlan
from visits.scheduling import gatherings
from visits.season import Week
from visits.weeks import Group, Touched
from visits.weeks.changing import OVERRULE
from visits.weeks.sites import SiteLoad

DAY_BEGINS, DAY_ENDS = time(8), time(17)
MORE_THAN_USUAL: Final = 2  # how many more visits a week can be opened for


class Meets(NamedTuple):
    """A gathering of ours, how many of those who are needed have said yes, and whether anybody is lacking."""

    gathering: Gathering
    helped: str
    lacks: bool


@dataclass(frozen=True)
class WeekPage:
    """A chosen week as its panel needs it."""

    week: Week
    plan: WeekPlan
    form: WeekForm
    touched: list[Touched]
    drafts: int
    gatherings: list[Meets]
    notable: list[str]
    free: list[tuple[date, int]]
    people: int
    sites: list[SiteLoad]
    may_overrule: bool

    @property
    def read(self) -> str:
        """What is read here about those who are touched, for the deed to compare."""
        return weeks.wanted(self.touched, self.drafts)

    @property
    def there(self) -> list[Touched]:
        """Who has a visit that week, or is offered one."""
        return [one for one in self.touched if one.group in (Group.SETTLED, Group.PROPOSED, Group.PLANNED, Group.KEPT)]

    @property
    def wishing(self) -> list[Touched]:
        return [one for one in self.touched if one.group in (Group.WAITING, Group.WISHED)]

    @property
    def effects(self) -> list[tuple[Touched, str]]:
        """Each request that a smaller week touches, with what is asked of us about it."""
        asked = {
            Group.SETTLED: _("The guests have said yes. It stays; nothing is changed without them."),
            Group.PROPOSED: _("The proposal stands until they answer. To take it back, open the request."),
            Group.PLANNED: _("It is being planned here. Choose other days, or keep a place in the week."),
            Group.KEPT: _("A place here is kept for them. It stays kept until they answer."),
            Group.WAITING: _("They go on waiting. No place in this week is offered to them."),
            Group.WISHED: _("They wish for this week. Offer them other days."),
        }
        return [(one, asked[one.group]) for one in self.touched]


def me(request: HttpRequest) -> User:
    return cast("User", request.user)


def week_page(
    week: Week, user: User | AnonymousUser, typed: QueryDict | None = None, *, one_more: bool = False
) -> WeekPage:
    """The week with its form; thirteen queries at most, whatever is in it.

    With `one_more`, room for one visit more than it takes is filled in.
    """
    first, last = week.monday, week.workdays[-1] + 2 * rules.DAY
    plan = WeekPlan.objects.filter(monday=week.monday).select_related("changed_by").first() or WeekPlan(monday=first)
    touched, drafts = weeks.touched_by(week)
    usual, people = season.capacity(), Facilitator.objects.active().count()
    takes = usual if plan.capacity is None else plan.capacity
    most = max(usual + MORE_THAN_USUAL, takes + one_more)
    return WeekPage(
        week=week,
        plan=plan,
        form=WeekForm(typed, plan=plan, usual=usual, most=most, proposed=takes + 1 if one_more else None),
        touched=touched,
        drafts=drafts,
        gatherings=_meeting(first, last),
        notable=_notable(first, last),
        free=_free(week, people),
        people=people,
        sites=weeks.sites.of_week(week),
        may_overrule=user.has_perm(OVERRULE),
    )


def _meeting(first: date, last: date) -> list[Meets]:
    """What of ours comes together in the week; one query."""
    rows = gatherings.counted(Gathering.objects.touching(first, last)).select_related("programme")
    return [Meets(row, gatherings.helped_words(row), getattr(row, "yes", 0) < row.facilitators_needed) for row in rows]


def _notable(first: date, last: date) -> list[str]:
    """Closures, public holidays and pauses of the week, in sentences."""
    told = [season.closure_words(closure) for closure in season.notable(first, last)]
    holidays = almanac.holidays_between(first, last, get_language() or "en")
    told += [f"{words.weekday(day)}: {name}" for day, name in holidays.items()]
    pauses = Pause.objects.touching(first, last).select_related("offering")
    return told + [f"{pause.offering.name}: {season.pause_words(pause)}" for pause in pauses]


def _free(week: Week, everybody: int) -> list[tuple[date, int]]:
    """How many of our people have nothing on each weekday. Why somebody is taken is not looked at."""
    days = week.workdays
    active = Facilitator.objects.active()
    rows = Booking.objects.overlapping(_at(days[0], DAY_BEGINS), _at(days[-1], DAY_ENDS)).filter(facilitator__in=active)
    taken = list(rows.order_by().values_list("facilitator_id", "starts_at", "ends_at"))
    return [(day, everybody - len({who for who, begins, ends in taken if _touches(day, begins, ends)})) for day in days]


def _touches(day: date, begins: datetime, ends: datetime) -> bool:
    return begins < _at(day, DAY_ENDS) and ends > _at(day, DAY_BEGINS)


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, rules.STOCKHOLM)
