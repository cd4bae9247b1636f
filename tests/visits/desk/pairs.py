"""The forms in which two colleagues can write the same: what each sends, what stands afterwards, and whose it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import models
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.visits.agreement import cases as agreements
from tests.visits.ledger.scene import visit_over, we_share
from visits import season
from visits.admin.deeds import DEEDS
from visits.choices import RequestState
from visits.forms import drawn
from visits.forms.agreement import OursForm
from visits.forms.correcting import CorrectWhoForm
from visits.forms.desk import DaysForm, PracticalForm, SeenForm, SubjectsForm
from visits.forms.season import WeekForm
from visits.forms.session import RowForm
from visits.ledger import follow_ups
from visits.models import (
    ChecklistRow,
    ChecklistTemplate,
    Closure,
    LedgerPoint,
    Question,
    Session,
    User,
    VisitRequest,
    WeekPlan,
)

NAMES: Final = ("Karin", "Maja")
Post = tuple[str, dict[str, Any]]
Typed = dict[str, str]


@dataclass
class Way:
    """One form: `post` sends what stands there now with something typed over it, `stands` reads that again."""

    name: str
    fields: tuple[str, ...]
    post: Callable[[Typed], Post]
    stands: Callable[[], Typed]
    who: Callable[[], str]
    words: Callable[[str, int], Typed] | None = None  # what somebody types, when it is not a few words
    shows: Callable[[Typed], list[str]] = field(default=lambda typed: list(typed.values()))

    def typed(self, who: str, n: int) -> Typed:
        """What somebody types the nth time, each time something else."""
        if self.words:
            return self.words(who, n)
        return {name: f"{who} {n} {name.rsplit('-', 1)[-1]}" for name in self.fields}


def sent(posted: drawn.Posted) -> dict[str, Any]:
    """What a browser sends of a form that nobody has touched."""
    return {box: values[0] if len(values) == 1 else values for boxes in posted.values() for box, values in boxes.items()
            if values}  # fmt: skip


# -- Forms of a request ------------------------------------------------------------------


Made = tuple[SeenForm, Mapping[str, Any]]


def of_case(
    deed: str, case_pk: int, fields: tuple[str, ...], make: Callable[[VisitRequest], Made],
    stands: Callable[[VisitRequest], Typed], more: Mapping[str, Any] | None = None, **options: Any,
) -> Way:  # fmt: skip
    """A deed of the request page; `make` gives its form and what the form shows now."""
    assert deed in DEEDS

    def read() -> VisitRequest:
        return VisitRequest.objects.select_related("visit").get(pk=case_pk)

    def post(typed: Typed) -> Post:
        case = read()
        form, values = make(case)
        posted = drawn.as_posted(form, {name: values.get(name) for name in form.facts})
        address = reverse("admin:visits_visitrequest_deed", args=[case.pk, deed])
        carried = {"seen": case.version, "drawn": drawn.mark(posted), **(more or {})}
        if isinstance(form, OursForm):
            carried["digest"] = values["digest"]
        return address, sent(posted) | carried | typed

    def who() -> str:
        return read().history.latest("pk").by_name.split()[0]

    return Way(options.pop("called", deed), fields, post, lambda: stands(read()), who, **options)


def session_of_its_own() -> Session:
    visit = factories.VisitFactory(request=factories.VisitRequestFactory(state=RequestState.IN_REVIEW))
    return factories.SessionFactory(visit=visit)


def practical(session: Session) -> Way:
    def make(case: VisitRequest) -> Made:
        return PracticalForm(visit_request=case), {"practical": case.visit.practical}

    return of_case("write_practical", session.visit.request_id, ("practical",), make,
                   lambda case: {"practical": case.visit.practical})  # fmt: skip


def days(session: Session) -> Way:
    def make(case: VisitRequest) -> Made:
        form = DaysForm(visit_request=case)
        return form, form.stored() or {}

    return of_case("choose_days", session.visit.request_id, ("title",), make, lambda case: {"title": case.visit.title})


def who_comes(session: Session) -> Way:
    names = ("contact_name", "contact_role")

    def make(case: VisitRequest) -> Made:
        form = CorrectWhoForm(visit_request=case)
        return form, form.stored() or {}

    return of_case("correct_who", session.visit.request_id, names, make,
                   lambda case: {name: getattr(case, name) for name in names}, {"reason": "They said so."})  # fmt: skip


def subjects(session: Session) -> Way:
    areas = {f"{who}{n}": factories.AreaFactory(name_en=f"Area of {who} {n}") for who in NAMES for n in (0, 1)}
    names = {str(area.pk): str(area.name_en) for area in areas.values()}

    def make(case: VisitRequest) -> Made:
        form = SubjectsForm(visit_request=case)
        return form, form.stored() or {}

    return of_case(
        "change_subjects", session.visit.request_id, ("areas",), make,
        lambda case: {"areas": ",".join(str(area.pk) for area in case.areas.all())},
        words=lambda who, n: {"areas": str(areas[f"{who}{n % 2}"].pk)},
        shows=lambda typed: [names[typed["areas"]]],
    )  # fmt: skip


def row(session: Session) -> Way:
    """Both write the title and the place of one row of the agenda."""

    def make(case: VisitRequest) -> Made:
        now = Session.objects.get(pk=session.pk)
        return RowForm(visit_request=case, visit=case.visit, session=now, initial=RowForm.values(now)), RowForm.values(
            now
        )

    def stands(_case: VisitRequest) -> Typed:
        now = Session.objects.get(pk=session.pk)
        return {"row-title": now.title, "row-place": now.place}

    more = {"open": session.pk, "press": "save"}
    return of_case("agenda", session.visit.request_id, ("row-title", "row-place"), make, stands, more)


def times(session: Session) -> Way:
    """Both move a row of the agenda by the boxes of its time."""
    pk, hours = session.pk, {"Karin0": "10.00", "Karin1": "11.00", "Maja0": "13.00", "Maja1": "14.00"}

    def clock() -> str:
        return timezone.localtime(Session.objects.get(pk=pk).starts_at).strftime("%H.%M")

    def post(typed: Typed) -> Post:
        case = VisitRequest.objects.get(pk=session.visit.request_id)
        address = reverse("admin:visits_visitrequest_deed", args=[case.pk, "agenda"])
        was = {f"was-{pk}": f"{clock()} {session.minutes}", f"minutes-{pk}": str(session.minutes)}
        return address, {"seen": case.version, "press": "save"} | was | typed

    return Way(
        "times", (f"starts-{pk}",), post, lambda: {f"starts-{pk}": clock()},
        lambda: session.visit.request.history.order_by("-pk").first().by_name.split()[0],
        words=lambda who, n: {f"starts-{pk}": hours[f"{who}{n % 2}"]},
    )  # fmt: skip


def our_half() -> Way:
    case = agreements.drafted()

    def make(now: VisitRequest) -> Made:
        form = OursForm(visit_request=now)
        return form, form.stored() or {}

    def stands(now: VisitRequest) -> Typed:
        wants = agreements.text_of(now).content["wants"]
        return {name: wants[name]["ours"] for name in ("aim", "test")}

    return of_case("agreement_ours", case.pk, ("aim", "test"), make, stands)


# -- Other pages of the desk ---------------------------------------------------------------


def week() -> Way:
    there = season.week_of(timezone.localdate() + timedelta(weeks=60))
    monday = there.monday

    def plan() -> WeekPlan:
        return WeekPlan.objects.filter(monday=monday).first() or WeekPlan(monday=monday)

    def post(typed: Typed) -> Post:
        form = WeekForm(None, plan=plan(), usual=season.capacity(), most=season.capacity() + 2)
        posted = form.stands()
        carried = {"seen": plan().version, "read": "", "drawn": drawn.mark(posted)}
        return f"{reverse('admin:season')}?week={there.year}-{there.number}", sent(posted) | carried | typed

    return Way(
        "week", ("words_en", "words_sv"), post,
        lambda: {"words_en": plan().words_en, "words_sv": plan().words_sv},
        lambda: str(plan().changed_by).split()[0],
    )  # fmt: skip


def follow_up() -> Way:
    """Both say how an idea of ours stands."""
    today = timezone.localdate()
    visit = visit_over(today - timedelta(days=10))
    we_share(visit)
    LedgerPoint.objects.filter(entry__visit=visit, months=3).update(due_on=today)

    def point() -> LedgerPoint:
        return LedgerPoint.objects.get(entry__visit=visit, months=3)

    def post(typed: Typed) -> Post:
        address = reverse("admin:visits_visitrequest_follow_up", args=[visit.request_id, point().pk])
        return address, {"seen_at": follow_ups.seen(point()), "state": "going_on", **typed}

    return Way("follow_up", ("words",), post, lambda: {"words": point().words},
               lambda: point().answered_by.split()[0])  # fmt: skip


# -- Stock pages ---------------------------------------------------------------------------


def stock(name: str, thing: models.Model, *fields: str, below: models.Model | None = None) -> Way:
    """A stock page of the admin; with `below` what is typed stands in the only row under it."""
    page: Any = admin.site._registry[type(thing)]
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_staff=True, is_active=True)
    written = below or thing
    kind = type(written)._default_manager

    def post(typed: Typed) -> Post:
        now = type(thing)._default_manager.get(pk=thing.pk)
        formsets = list(page._fresh_formsets(request, now))
        shown: list[forms.BaseForm] = [page.get_form(request, now, change=True)(instance=now)]
        shown += [form for formset in formsets for form in formset.initial_forms]
        posted: drawn.Posted = {}
        for form in shown:
            posted |= drawn.as_posted(form, drawn.shown_by(form))
        counted = {
            f"{formset.prefix}-{which}_FORMS": len(formset.initial_forms)
            for formset in formsets for which in ("TOTAL", "INITIAL")
        }  # fmt: skip
        address = reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_change", args=[thing.pk])
        return address, sent(posted) | counted | {"drawn": drawn.mark(posted)} | typed

    def stands() -> Typed:
        now = kind.get(pk=written.pk)
        return {one: getattr(now, one.rsplit("-", 1)[-1]) for one in fields}

    return Way(name, fields, post, stands, lambda: str(LogEntry.objects.latest("pk").user).split()[0])


def stock_pages() -> list[Way]:
    area = factories.AreaFactory()
    offering = factories.OfferingFactory(area=area)
    checklist = ChecklistTemplate.objects.create(slug="usual", name_en="Usual", name_sv="Vanlig")
    line = ChecklistRow.objects.create(template=checklist, key="bus", days=1, words_en="Bus", words_sv="Buss")
    closed = {"first_day": date(2031, 6, 25), "last_day": date(2031, 6, 25)}
    closure = Closure.objects.create(kind="closed", words_en="x", words_sv="x", **closed)
    texts = ("name_en", "summary_sv")
    return [
        stock("room", factories.RoomFactory(), "name"),
        stock("site", factories.SiteFactory(), "name", "address", "way_sv"),
        stock("facilitator", factories.FacilitatorFactory(), "phone"),
        stock("person", factories.CoordinatorFactory(), "first_name", "last_name"),
        stock("closure", closure, "words_en", "words_sv"),
        stock("question", Question.objects.create(words_en="x", words_sv="x", step="needs"), "words_en"),
        stock("offering", factories.OfferingFactory(), *texts),
        stock("programme", factories.ProgrammeFactory(), *texts),
        stock("initiative", factories.InitiativeFactory(), *texts),
        stock("area", factories.AreaFactory(), *texts),
        stock("offering of an area", area, "offerings-0-name_en", "offerings-0-access_sv", below=offering),
        stock("line of a checklist", checklist, "rows-0-words_en", "rows-0-words_sv", below=line),
    ]


def desk_forms() -> list[Way]:
    factories.begin_at(5000)  # far from the numbers that the deeds give
    return [
        practical(session_of_its_own()), days(session_of_its_own()), who_comes(session_of_its_own()),
        subjects(session_of_its_own()), row(session_of_its_own()), times(session_of_its_own()),
        our_half(), week(), follow_up(),
    ]  # fmt: skip
