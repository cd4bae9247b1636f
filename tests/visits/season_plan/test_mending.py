"""After an illness: what stands is planned again with as few changes as can be, and each way out leads to its form."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.conftest import signed_in
from tests.factories import (
    AskFactory,
    CoordinatorFactory,
    FacilitatorFactory,
    LogisticsFactory,
    OfferingFactory,
    RoomFactory,
    SessionFactory,
    SiteFactory,
    VisitFactory,
    at,
)
from tests.visits.season_plan.test_plan import a_request, asked, first_day, worked_out
from visits import scheduling, season_plan
from visits.choices import AskState, PlanState, RequestState
from visits.models import (
    Ask,
    Closure,
    Facilitator,
    Message,
    SeasonPlan,
    Travel,
    VisitRequest,
    WeekPlan,
    WishedPeriod,
)

pytestmark = pytest.mark.django_db
MEND = "/admin/season/plan/mend/"


def planned(offering: Any, leader: Facilitator, state: RequestState, after: int = 0) -> VisitRequest:
    """A request with days and one session that somebody is down for, or leads where it stands."""
    day = first_day() + timedelta(days=after)
    request = a_request(state=state, offering=offering, wishes=[day])
    session = SessionFactory(visit=VisitFactory(request=request, first_day=day, last_day=day), offering=offering)
    ask = AskFactory(session=session, facilitator=leader, state=AskState.PLANNED)
    if state == RequestState.CONFIRMED:
        Ask.objects.filter(pk=ask.pk).update(state=AskState.ASKED)
        scheduling.accept(Ask.objects.get(pk=ask.pk))
    return request


def fell_ill(person: Facilitator, day: Any) -> None:
    scheduling.stand_down(person, [(at(day, 8), at(day, 17))], by=CoordinatorFactory())


def test_only_what_the_illness_took_is_changed_and_nobody_new_is_placed():
    offering = OfferingFactory(minutes=60)
    anna, berit = (FacilitatorFactory(areas=[offering.area], user__first_name=name) for name in ("Anna", "Berit"))
    confirmed = planned(offering, anna, RequestState.CONFIRMED)
    stays, in_review = (planned(offering, anna, RequestState.IN_REVIEW, after) for after in (1, 2))
    waits = a_request(state=RequestState.WAITLISTED, offering=offering)
    RoomFactory(capacity=90)
    fell_ill(anna, first_day())
    client = signed_in(CoordinatorFactory())

    answer = client.post(MEND)

    plan = SeasonPlan.objects.get()
    assert answer["Location"] == reverse("admin:plan", args=[plan.pk])
    assert plan.mends
    worked_out(plan)
    drawn, found = season_plan.drawn_of(plan), season_plan.found_of(plan)
    assert {case.request for case in drawn.cases} == {confirmed.pk, stays.pk, in_review.pk}
    (change,) = season_plan.changes_of(drawn, found)
    assert (change.case.request, [step.after for step in change.leaders]) == (confirmed.pk, [berit.pk])
    assert waits.pk not in {case.request for case in drawn.cases}

    page = client.get(reverse("admin:plan", args=[plan.pk])).text

    assert "This plan mends what stands and changes as little as it can." in page
    assert "<dt>keep their days</dt><dd>3</dd>" in page
    assert f"{berit.name} leads “Meet Esther”" in page


def test_taking_it_asks_whoever_steps_in_and_leaves_the_others_alone():
    offering = OfferingFactory(minutes=60)
    anna, berit = (FacilitatorFactory(areas=[offering.area], user__first_name=name) for name in ("Anna", "Berit"))
    confirmed, stays = (planned(offering, anna, RequestState.CONFIRMED, after) for after in (0, 1))
    fell_ill(anna, first_day())
    plan = worked_out(season_plan.mend(by=CoordinatorFactory()))

    season_plan.take(plan, [0], by=CoordinatorFactory())

    assert Ask.objects.get(session__visit__request=confirmed, facilitator=berit).state == AskState.ASKED
    assert Ask.objects.get(session__visit__request=stays).state == AskState.ACCEPTED


def test_what_is_sent_is_told_before_and_after_it_is_taken():
    offering = OfferingFactory(minutes=60)
    anna, berit = (FacilitatorFactory(areas=[offering.area], user__first_name=name) for name in ("Anna", "Berit"))
    confirmed = planned(offering, anna, RequestState.CONFIRMED)
    fell_ill(anna, first_day())
    plan = worked_out(season_plan.mend(by=CoordinatorFactory()))
    client = signed_in(CoordinatorFactory())
    Message.objects.all().delete()

    before = result_of(plan)
    answer = client.post(reverse("admin:plan_press", args=[plan.pk]), {"deed": "take", "take": ["0"]}, follow=True)

    assert "Whoever steps in at a visit that stands is asked by e-mail when you take it" in before
    assert "The guests are told nothing. Whoever" not in before
    assert "1 change is taken. Whoever steps in has been asked by e-mail" in answer.text
    assert [(mail.kind, mail.to_email) for mail in Message.objects.all()] == [("ask", berit.user.email)]
    assert Ask.objects.waiting().get().session.visit.request == confirmed


def test_all_of_it_is_taken_or_nothing():
    offering = OfferingFactory(minutes=60)
    anna, *_others = (FacilitatorFactory(areas=[offering.area]) for _ in range(3))
    requests = [planned(offering, anna, RequestState.CONFIRMED, after) for after in (0, 1)]
    for after in (0, 1):
        fell_ill(anna, first_day() + timedelta(days=after))
    plan = worked_out(season_plan.mend(by=CoordinatorFactory()))
    VisitRequest.objects.filter(pk=requests[1].pk).update(version=99)
    Message.objects.all().delete()

    with pytest.raises(season_plan.PlanNotMade, match=requests[1].organisation_name):
        season_plan.take(plan, [0, 1], by=CoordinatorFactory())

    plan.refresh_from_db()
    assert plan.state == PlanState.READY
    assert not Ask.objects.waiting().exists()
    assert not Message.objects.exists()


def test_with_nothing_to_mend_it_says_so_and_makes_no_plan():
    client = signed_in(CoordinatorFactory())

    answer = client.post(MEND, follow=True)

    assert answer.redirect_chain == [("/admin/stepping-in/", 302)]
    assert "Nothing is to be mended" in answer.text
    assert not SeasonPlan.objects.exists()


def test_the_page_of_stepping_in_has_the_press_for_those_who_may():
    client = signed_in(CoordinatorFactory())
    assert f'action="{MEND}"' in client.get("/admin/stepping-in/").text
    assert signed_in(LogisticsFactory()).post(MEND).status_code == 403
    assert client.get(MEND).status_code == 405


def test_a_plan_and_one_that_mends_are_two():
    offering = OfferingFactory(minutes=60)
    planned(offering, FacilitatorFactory(areas=[offering.area]), RequestState.IN_REVIEW)
    by = CoordinatorFactory()
    mending = season_plan.mend(by=by)

    other = season_plan.ask(mending.first_day, mending.last_day, by=by)

    assert other != mending
    assert season_plan.mend(by=by) == mending


def test_a_plan_is_made_again_with_the_same_days_by_one_press():
    offering = OfferingFactory(minutes=60)
    planned(offering, FacilitatorFactory(areas=[offering.area]), RequestState.IN_REVIEW)
    plan = worked_out(asked(seconds=20))
    client = signed_in(CoordinatorFactory())

    answer = client.post(reverse("admin:plan_press", args=[plan.pk]), {"deed": "again"})

    anew = SeasonPlan.objects.exclude(pk=plan.pk).get()
    assert answer["Location"] == reverse("admin:plan", args=[anew.pk])
    assert (anew.first_day, anew.last_day, anew.seconds) == (plan.first_day, plan.last_day, 20)
    assert (anew.state, anew.mends) == (PlanState.WAITING, False)


def test_a_plan_of_days_that_have_been_is_not_made_again():
    offering = OfferingFactory(minutes=60)
    planned(offering, FacilitatorFactory(areas=[offering.area]), RequestState.IN_REVIEW)
    plan = worked_out(asked())
    yesterday = timezone.localdate() - timedelta(days=1)
    SeasonPlan.objects.update(first_day=yesterday, last_day=yesterday)

    answer = signed_in(CoordinatorFactory()).post(reverse("admin:plan_press", args=[plan.pk]), {"deed": "again"})

    assert answer.status_code == 409
    assert "These days have been. Choose days that lie ahead of us." in answer.text


# -- Days that have been closed since ---------------------------------------------------------


def closed(day: Any) -> None:
    Closure.objects.create(kind="festival", first_day=day, last_day=day, words_en="Festival", words_sv="Festival")


def test_whose_own_day_has_been_closed_since_is_counted_and_told_with_what_closes_it():
    offering = OfferingFactory(minutes=60)
    anna = FacilitatorFactory(areas=[offering.area])
    stuck = planned(offering, anna, RequestState.IN_REVIEW)
    a_request(state=RequestState.IN_REVIEW, offering=offering, wishes=[first_day()])  # has no days: is not mended
    closed(first_day())

    plan = worked_out(season_plan.mend(by=CoordinatorFactory()))
    page = result_of(plan)

    drawn, found = season_plan.drawn_of(plan), season_plan.found_of(plan)
    assert [case.request for case in drawn.cases] == [stuck.pk]
    assert season_plan.placeless(drawn, found) == [0]
    assert "<dt>requests have a place</dt><dd>0 of 1</dd>" in page
    assert "1 has no place" in page
    assert "We receive nobody on" in page


@pytest.mark.parametrize("mends", [True, False])
def test_whose_own_day_has_been_closed_since_moves_to_another_wish_with_its_people(mends):
    offering = OfferingFactory(minutes=60)
    anna, _berit = (FacilitatorFactory(areas=[offering.area]) for _ in range(2))
    request = planned(offering, anna, RequestState.IN_REVIEW)
    other = first_day() + timedelta(days=7)
    WishedPeriod.objects.create(request=request, rank=2, first_day=other)
    closed(first_day())
    plan = worked_out(season_plan.mend(by=CoordinatorFactory()) if mends else asked())

    season_plan.take(plan, [0], by=CoordinatorFactory())

    request.visit.refresh_from_db()
    assert request.visit.first_day == other
    assert [ask.facilitator for ask in Ask.objects.live()] == [anna]
    assert not Message.objects.exists()


def test_whose_own_day_lies_beyond_the_half_year_is_not_mended():
    offering = OfferingFactory(minutes=60)
    request = planned(offering, FacilitatorFactory(areas=[offering.area]), RequestState.IN_REVIEW, after=400)
    WishedPeriod.objects.create(request=request, rank=2, first_day=first_day())

    with pytest.raises(season_plan.PlanNotMade, match="Nothing is to be mended"):
        season_plan.mend(by=CoordinatorFactory())


# -- Ways out lead to their forms ------------------------------------------------------------


def result_of(plan: SeasonPlan) -> str:
    return signed_in(CoordinatorFactory()).get(reverse("admin:plan", args=[plan.pk])).text


def filled_in(page: str) -> list[str]:
    """Day, month and year in the form of the days."""
    boxes = re.findall(r'<input[^>]* name="first_day_\d"[^>]*>', page)
    return [re.search(r' value="([^"]*)"', box)[1] for box in boxes]


def test_another_day_leads_to_the_request_with_that_day_filled_in():
    offering = OfferingFactory(minutes=60)
    leader = FacilitatorFactory(areas=[offering.area])
    request = planned(offering, leader, RequestState.IN_REVIEW)
    scheduling.stand_down(leader, [(at(first_day(), 8), at(first_day(), 17))], by=CoordinatorFactory())
    plan = worked_out(asked())
    other = season_plan.found_of(plan).reasons[0].ways[0].day
    url = f"{reverse('admin:visits_visitrequest_change', args=[request.pk])}?day={other.isoformat()}"

    assert f'href="{url}"' in result_of(plan)
    page = signed_in(CoordinatorFactory()).get(url).text

    assert filled_in(page) == [str(part) for part in (other.day, other.month, other.year)]
    request.visit.refresh_from_db()
    assert request.visit.first_day == first_day()


def test_what_is_filled_in_is_kept_as_it_was_sent_and_no_colleague_is_blamed():
    offering = OfferingFactory(minutes=60)
    request = planned(offering, FacilitatorFactory(areas=[offering.area]), RequestState.IN_REVIEW)
    other = first_day() + timedelta(days=7)
    client = signed_in(CoordinatorFactory())
    page = reverse("admin:visits_visitrequest_change", args=[request.pk]) + f"?day={other.isoformat()}"
    mark = client.get(page).text.split('name="drawn" value="')
    days = next(part for part in mark[1:] if "first_day_0" in part).split('"', 1)[0]
    typed = {f"first_day_{n}": part for n, part in enumerate((other.day, other.month, other.year))}

    answer = client.post(
        reverse("admin:visits_visitrequest_deed", args=[request.pk, "choose_days"]),
        typed | {"seen": request.version, "days": 1, "title": "", "drawn": days},
    )

    assert answer.status_code == 302
    request.visit.refresh_from_db()
    assert request.visit.first_day == other


@pytest.mark.parametrize("typed", ["", "2027-02-31", "x", "99999-01-01"])
def test_a_day_that_is_none_is_left_out(typed):
    offering = OfferingFactory(minutes=60)
    request = planned(offering, FacilitatorFactory(areas=[offering.area]), RequestState.IN_REVIEW)
    page = reverse("admin:visits_visitrequest_change", args=[request.pk])

    answer = signed_in(CoordinatorFactory()).get(page, {"day": typed})

    assert answer.status_code == 200
    assert filled_in(answer.text)[0] == str(first_day().day)


def test_a_full_week_leads_to_its_form_with_one_more_filled_in():
    offering = OfferingFactory(minutes=60)
    leader = FacilitatorFactory(areas=[offering.area])
    planned(offering, leader, RequestState.IN_REVIEW)
    monday = first_day() - timedelta(days=first_day().weekday())
    weeks = [monday + timedelta(weeks=n) for n in range(-7, 10)]
    WeekPlan.objects.bulk_create(WeekPlan(monday=one, capacity=1) for one in weeks)
    for one in weeks:
        VisitFactory(request=a_request(state=RequestState.AGREED), first_day=one, last_day=one)
    plan = worked_out(asked())

    year, week, _day = monday.isocalendar()
    url = f"/admin/season/?week={year}-{week:02d}&amp;more=1"
    assert f'href="{url}"' in result_of(plan)
    page = signed_in(CoordinatorFactory()).get(url.replace("&amp;", "&")).text

    assert 'value="2" checked' in page
    assert WeekPlan.objects.get(monday=monday).capacity == 1


def test_a_full_house_leads_to_the_house():
    ward = SiteFactory(name="Ryhov", weekly_visits=0)
    offering = OfferingFactory(minutes=60)
    request = planned(offering, FacilitatorFactory(areas=[offering.area]), RequestState.IN_REVIEW)
    request.visit.sessions.update(room=RoomFactory(site=ward, capacity=90))
    plan = worked_out(asked())

    assert f'href="{reverse("admin:visits_site_change", args=[ward.pk])}"' in result_of(plan)


def test_a_visit_that_stands_leads_to_who_could_lead_it_and_learning_to_the_person():
    offering = OfferingFactory(minutes=60)
    anna = FacilitatorFactory(areas=[offering.area])
    confirmed = planned(offering, anna, RequestState.CONFIRMED)
    fell_ill(anna, first_day())
    session = confirmed.visit.sessions.get()

    page = result_of(worked_out(season_plan.mend(by=CoordinatorFactory())))

    here = reverse("admin:visits_visitrequest_change", args=[confirmed.pk])
    assert f'href="{here}?session={session.pk}&amp;person={anna.pk}#people"' in page

    other = FacilitatorFactory()
    page = result_of(worked_out(season_plan.mend(by=CoordinatorFactory())))
    assert f'href="{reverse("admin:visits_facilitator_change", args=[other.pk])}"' in page


def link(page: str, words: str) -> str:
    """The address behind the way out that says these words."""
    (found,) = re.findall(r'href="([^"]*)">' + words, page)
    return found.replace("&amp;", "&")


def chosen(page: str, name: str) -> str:
    """What is filled in: of a box, of a list, or of answers of which one is chosen."""
    found = re.search(rf'<input[^>]* name="{name}"[^>]* value="([^"]*)"[^>]* checked', page)
    found = found or re.search(rf'<input type="text"[^>]* value="([^"]*)"[^>]* name="{name}"', page)
    found = found or re.search(rf'<input[^>]* name="{name}"[^>]* value="([^"]*)"', page)
    found = found or re.search(rf'<select[^>]* name="{name}".*?<option value="([^"]*)" selected', page, re.DOTALL)
    assert found
    return found[1]


@pytest.mark.parametrize("state", [RequestState.IN_REVIEW, RequestState.CONFIRMED])
def test_a_session_that_fits_at_another_hour_leads_to_its_row_with_the_hour_filled_in(state):
    offering = OfferingFactory(minutes=60)
    anna = FacilitatorFactory(areas=[offering.area])
    request = planned(offering, anna, state)
    session = request.visit.sessions.get()
    SessionFactory(visit=request.visit, hour=12, kind="break", title="Lunch")
    scheduling.stand_down(anna, [(at(first_day(), 8), at(first_day(), 12))], by=CoordinatorFactory())
    plan = worked_out(season_plan.mend(by=CoordinatorFactory()))

    page = result_of(plan)
    there = link(page, "Move it to 13.00")
    answer = signed_in(CoordinatorFactory()).get(there)

    assert "“Meet Esther” begins at 09.00" in page
    assert "<b>Move “Meet Esther” to 13.00</b>" in page
    assert "Another hour" in page
    assert f"open={session.pk}" in there
    assert there.endswith(f"#s{session.pk}")
    assert chosen(answer.text, "row-starts") == "13.00"
    session.refresh_from_db()
    assert session.starts_at == at(first_day(), 9)  # nothing is kept by looking


def test_the_hour_that_it_is_moved_to_leaves_the_guests_time_for_the_way():
    offering = OfferingFactory(minutes=60)
    anna = FacilitatorFactory(areas=[offering.area])
    request = planned(offering, anna, RequestState.IN_REVIEW)
    here, ward = SiteFactory(name="Here"), SiteFactory(name="The ward")
    Travel.objects.create(one=here, other=ward, minutes=20)
    request.visit.sessions.update(room=RoomFactory(site=here, capacity=90))
    SessionFactory(visit=request.visit, hour=12, kind="break", title="Lunch", site=ward)
    scheduling.stand_down(anna, [(at(first_day(), 8), at(first_day(), 12))], by=CoordinatorFactory())

    page = result_of(worked_out(season_plan.mend(by=CoordinatorFactory())))

    assert "<b>Move “Meet Esther” to 13.30</b>" in page  # lunch ends at 13, and it is twenty minutes to walk
    assert "to 13.00" not in page


def test_an_hour_that_was_filled_in_is_kept_when_it_is_sent_and_no_colleague_is_blamed():
    offering = OfferingFactory(minutes=60)
    anna = FacilitatorFactory(areas=[offering.area])
    request = planned(offering, anna, RequestState.IN_REVIEW)
    session = request.visit.sessions.get()
    client = signed_in(CoordinatorFactory())
    here = reverse("admin:visits_visitrequest_change", args=[request.pk])
    page = client.get(here, {"open": session.pk, "starts": "13.00"}).text
    row = page[page.index(f'id="s{session.pk}"') :]
    boxes = dict(re.findall(r'<input[^>]* name="(drawn|row-[a-z]+)"[^>]* value="([^"]*)"', row))

    answer = client.post(
        reverse("admin:visits_visitrequest_deed", args=[request.pk, "agenda"]),
        boxes | {"seen": request.version, "open": session.pk, "press": "save", "row-kind": session.kind,
                 "row-day": first_day().isoformat(), "row-offering": offering.pk, "row-level": session.level},
    )  # fmt: skip

    assert answer.status_code == 302, re.findall(r'class="(?:dk-clash|invalid)[^>]*>(.*?)</', answer.text)
    session.refresh_from_db()
    assert session.starts_at == at(first_day(), 13)


@pytest.mark.parametrize("typed", [{"starts": "25.00"}, {"starts": "\x00"}, {"room": "x"}, {"room": "9" * 30}])
def test_what_is_no_hour_or_room_is_left_out(typed):
    offering = OfferingFactory(minutes=60)
    request = planned(offering, FacilitatorFactory(areas=[offering.area]), RequestState.IN_REVIEW)
    session = request.visit.sessions.get()
    here = reverse("admin:visits_visitrequest_change", args=[request.pk])

    answer = signed_in(CoordinatorFactory()).get(here, {"open": session.pk} | typed)

    # A NUL is refused before any page is asked.
    assert answer.status_code == (400 if "\x00" in typed.values() else 200)
    assert answer.status_code == 400 or chosen(answer.text, "row-starts") == "09.00"


def test_where_only_the_language_is_missing_it_leads_to_the_language_with_an_interpreter_filled_in():
    offering = OfferingFactory(minutes=60)
    swedish = FacilitatorFactory(areas=[offering.area], languages=["sv"], user__first_name="Berit")
    request = planned(offering, swedish, RequestState.IN_REVIEW)
    Ask.objects.all().delete()
    VisitRequest.objects.update(meeting_language="english")
    plan = worked_out(asked())

    page = result_of(plan)
    there = link(page, "Ask for an interpreter")
    answer = signed_in(CoordinatorFactory()).get(there)

    assert "“Meet Esther” is led without an interpreter" in page
    assert f"<b>Ask for an interpreter, and {swedish.name} leads “Meet Esther”</b>" in page
    assert chosen(answer.text, "meeting_language") == "interpreter"
    request.refresh_from_db()
    assert request.meeting_language == "english"


def test_who_would_lead_stands_first_and_is_marked():
    offering = OfferingFactory(minutes=60)
    anna, berit = (FacilitatorFactory(areas=[offering.area], user__first_name=name) for name in ("Anna", "Berit"))
    request = planned(offering, anna, RequestState.IN_REVIEW)
    Ask.objects.all().delete()
    session = request.visit.sessions.get()
    here = reverse("admin:visits_visitrequest_change", args=[request.pk])

    for person in (anna, berit):
        page = signed_in(CoordinatorFactory()).get(here, {"session": session.pk, "person": person.pk}).text
        first = re.search(r'<div class="sug">.*?<b>(.*?)</b> <span class="tag info">(.*?)</span>', page, re.DOTALL)
        assert first
        assert first.groups() == (person.name, "In the plan")
    assert not Ask.objects.exists()
