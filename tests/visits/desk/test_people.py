"""The page of the desk that says who could lead the sessions of a whole visit."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from programmes.models import Area
from tests.conftest import signed_in
from tests.factories import (
    AreaFactory,
    AskFactory,
    CoordinatorFactory,
    LogisticsFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
    person,
)
from visits.choices import AskState, BookingKind, CompetenceLevel, RequestState, SessionKind
from visits.letters.envelope import enveloped
from visits.letters.writing import letter_of
from visits.models import Ask, Booking, Competence, Decision, Facilitator, Message, Session, Visit

pytestmark = pytest.mark.django_db
TUESDAY = date(2027, 3, 16)


@pytest.fixture
def visit(area: Area) -> Visit:
    request = VisitRequestFactory(state=RequestState.IN_REVIEW, areas=[area])
    return VisitFactory(request=request, first_day=TUESDAY)


def away(who: Facilitator, during: Session) -> None:
    times = {"starts_at": during.starts_at, "ends_at": during.ends_at}
    Booking.objects.create(facilitator=who, kind=BookingKind.AWAY, **times)


def address(visit: Visit) -> str:
    return reverse("admin:people", args=[visit.request_id])


def shown(client: Client, visit: Visit) -> str:
    answer = client.get(address(visit))
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_session_of_ours_comes_with_who_could_lead_it_and_the_guests_own_do_not(coordinator_client, visit, area):
    person("Anna", area, hours_a_year=20)
    SessionFactory(visit=visit, title="Walk the process", hour=9)
    SessionFactory(visit=visit, title="Meet the ward", hour=11)
    SessionFactory(visit=visit, title="Their own story", hour=13, kind=SessionKind.GUEST)

    page = shown(coordinator_client, visit)

    assert page.count("Leads Care") == 2
    assert page.count('value="0"') == 2  # the bar of hours
    assert "Walk the process" in page
    assert "Their own story" not in page


def test_whoever_leads_it_stands_there_and_nobody_else_is_offered(coordinator_client, visit, area):
    anna, _bodil = person("Anna", area), person("Bodil", area)
    AskFactory(session=SessionFactory(visit=visit), facilitator=anna, state=AskState.ACCEPTED)

    page = shown(coordinator_client, visit)

    assert "Anna Ek" in page
    assert "Bodil Ek" not in page


def test_no_more_than_three_are_shown_and_the_others_are_counted(coordinator_client, visit, area):
    for n in range(8):
        person(f"Anna{n}", area)
    session = SessionFactory(visit=visit)

    page = shown(coordinator_client, visit)

    assert [f"Anna{n} Ek" in page for n in range(8)] == [True] * 3 + [False] * 5
    assert "See the 5 others who could, and who cannot" in page
    assert f"?session={session.pk}#people" in page


def test_who_can_lead_none_of_it_comes_with_the_first_fact(coordinator_client, visit, area):
    person("Anna", area)
    person("Bodil", AreaFactory())
    person("Cecilia", area, languages=["sv"])
    SessionFactory(visit=visit, hour=9)
    SessionFactory(visit=visit, hour=11)

    page = shown(coordinator_client, visit)

    assert "2 people can lead none of it" in page
    assert "Does not lead this area" in page
    assert "Speaks Swedish only" in page
    assert page.index("Bodil Ek") < page.index("Cecilia Ek")


def press(client: Client, visit: Visit, *ticks: str, **typed: str) -> Any:
    values = {"seen": visit.request.version, "when": "now", "who": list(ticks), **typed}
    return client.post(address(visit), values)


def tick(session: Session, person: Facilitator, role: str = "leader") -> str:
    return f"{session.pk}-{person.pk}-{role}"


def asked() -> list[tuple[str, str, str]]:
    return sorted((ask.facilitator.name, ask.state, ask.role) for ask in Ask.objects.all())


def test_a_press_asks_and_comes_back_to_the_whole_visit(coordinator_client, visit, area):
    anna, session = person("Anna", area), SessionFactory(visit=visit)

    answer = press(coordinator_client, visit, tick(session, anna))

    assert answer.url == f"{address(visit)}#s{session.pk}"
    assert asked() == [("Anna Ek", "asked", "leader")]
    assert "Asked" in shown(coordinator_client, visit)


def test_enter_in_a_box_asks_nobody_and_what_is_ticked_stays_so(coordinator_client, visit, area):
    anna, session = person("Anna", area), SessionFactory(visit=visit)
    chosen = tick(session, anna)

    page = shown(coordinator_client, visit)
    answer = press(coordinator_client, visit, chosen, when="look", words="As last time?")

    first = re.findall(r'<button[^>]*name="when" value="([a-z]+)"', page)[0]
    assert first == "look"
    assert answer.status_code == 200
    assert re.search(f'value="{chosen}"[^>]* checked', answer.text)
    assert "As last time?" in answer.text
    assert asked() == []


def test_two_for_one_session_and_whoever_learns_beside_them_are_asked_in_one_press(coordinator_client, visit, area):
    anna, bodil, dan, session = person("Anna", area), person("Bodil", area), person("Dan"), SessionFactory(visit=visit)
    Competence.objects.create(facilitator=dan, area=area, level=CompetenceLevel.ASSISTS)

    page = shown(coordinator_client, visit)
    ticks = [tick(session, dan, "second"), tick(session, anna), tick(session, bodil)]
    press(coordinator_client, visit, *ticks)

    assert [f'value="{one}"' in page for one in ticks] == [True] * 3
    assert asked() == [("Anna Ek", "asked", "leader"), ("Bodil Ek", "asked", "leader"), ("Dan Ek", "asked", "second")]
    assert Message.objects.filter(kind="ask").count() == 3


def test_people_of_two_sessions_are_put_down_in_one_press_and_asked_later(coordinator_client, visit, area):
    anna, bodil = person("Anna", area), person("Bodil", area)
    first, second = SessionFactory(visit=visit, hour=9), SessionFactory(visit=visit, hour=11)

    press(coordinator_client, visit, tick(first, anna), tick(second, bodil), when="later", on="on")

    assert asked() == [("Anna Ek", "planned", "leader"), ("Bodil Ek", "planned", "leader")]
    assert not Message.objects.exists()
    assert set(visit.sessions.values_list("asks_on", flat=True)) == {True}


def test_when_one_of_them_cannot_nobody_is_asked_and_who_is_named_with_the_ticks_kept(coordinator_client, visit, area):
    anna, bodil, session = person("Anna", area), person("Bodil", area), SessionFactory(visit=visit, title="The ward")
    ticks = [tick(session, anna), tick(session, bodil)]
    away(bodil, session)

    answer = press(coordinator_client, visit, *ticks, on="on")

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Nobody was asked. Bodil Ek, “The ward”:" in page
    assert f'value="{ticks[0]}" form="ask-people" checked' in page
    assert not Ask.objects.exists()
    assert not Message.objects.exists()
    assert set(visit.sessions.values_list("asks_on", flat=True)) == {False}


def test_both_asks_are_taken_back_with_one_press(coordinator_client, visit, area, settings):
    settings.QULTURUM_UNDO_MINUTES = 10
    anna, bodil, session = person("Anna", area), person("Bodil", area), SessionFactory(visit=visit)
    press(coordinator_client, visit, tick(session, anna), tick(session, bodil))
    decision = Decision.objects.get()

    assert "asked Anna Ek, Bodil Ek" in shown(coordinator_client, visit)
    coordinator_client.post(reverse("admin:visits_visitrequest_undo", args=[visit.request_id, decision.pk]))

    assert not Ask.objects.exists()


@pytest.mark.parametrize(
    ("who", "told"),
    [
        ([], "Tick at least one name first."),
        (["nonsense"], "This page is old."),
        (["9999999-1-leader"], "This session is not in the agenda any more."),
        (["{session}-9999999-leader"], "This person cannot be asked at the moment."),
        ([f"{{session}}-{n}-leader" for n in range(1, 30)], "Ask at most 20 people at once."),
    ],
)
def test_what_cannot_be_read_is_told_and_asks_nobody(coordinator_client, visit, area, who, told):
    person("Anna", area)
    session = SessionFactory(visit=visit)

    answer = press(coordinator_client, visit, *[one.format(session=session.pk) for one in who])

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Ask.objects.exists()


def test_who_is_asked_reads_our_own_words_and_the_day_to_answer_by(client, coordinator_client, visit, area):
    anna, session = person("Anna", area), SessionFactory(visit=visit)
    by = timezone.localdate() + timedelta(days=3)

    press(coordinator_client, visit, tick(session, anna), last_day=by.isoformat(), words="They <b>map</b> a way home.")

    ask = Ask.objects.get()
    assert (ask.answer_by, ask.words) == (by, "They <b>map</b> a way home.")
    mail = enveloped(letter_of(Message.objects.get(kind="ask")), Message.objects.get(kind="ask"))
    assert "> They <b>map</b> a way home." in mail.body
    assert "They &lt;b&gt;map&lt;/b&gt; a way home." in str(mail.alternatives[0].content)
    page = signed_in(anna.user).get(reverse("visits:asked_one", args=[ask.pk])).content.decode()
    assert "They &lt;b&gt;map&lt;/b&gt; a way home." in page


@pytest.mark.parametrize(("last_day", "when", "status", "told"), [
    ("2020-01-01", "now", 409, "Choose a last day to answer from"),
    ("2027-03-16", "now", 409, "“Meet Esther” is after that."),
    ("soon", "now", 422, "Write the day"),
    ("2027-03-01", "later", 422, "has a week from then. Leave this empty."),
])  # fmt: skip
def test_a_day_that_nobody_can_answer_by_is_told_and_nothing_typed_is_lost(
    coordinator_client, visit, area, last_day, when, status, told
):
    anna, session = person("Anna", area), SessionFactory(visit=visit, title="Meet Esther")

    answer = press(coordinator_client, visit, tick(session, anna), last_day=last_day, when=when, words="Our own words")

    page = answer.content.decode()
    assert answer.status_code == status
    assert told.casefold() in page.casefold()
    assert "Our own words" in page
    assert f'value="{last_day}"' in page
    assert not Ask.objects.exists()


def test_a_link_ticks_somebody_also_beyond_the_first_three(coordinator_client, visit, area):
    people = [person(f"Anna{n}", area) for n in range(5)]
    session = SessionFactory(visit=visit)

    page = coordinator_client.get(address(visit), {"tick": tick(session, people[4])}).content.decode()

    assert f'value="{tick(session, people[4])}" form="ask-people" checked' in page
    assert "Anna3 Ek" not in page


def test_what_nobody_can_lead_comes_with_the_hour_that_opens_it_as_a_link_that_fills_it_in(
    coordinator_client, visit, area
):
    anna, session = person("Anna", area), SessionFactory(visit=visit, title="The ward", hour=13)
    away(anna, session)

    page = shown(coordinator_client, visit)
    plan = reverse("admin:visits_visitrequest_change", args=[visit.request_id])
    there = f"{plan}?open={session.pk}&on=2027-03-16&starts=12.00"
    filled = coordinator_client.get(there).content.decode()

    assert f'href="{escape(there)}#s{session.pk}"' in page
    assert "Begin “The ward” at 12.00" in page
    assert "Anna Ek could lead it then" in page
    assert 'name="row-starts" value="12.00"' in filled
    assert 'id="rest" name="rest_follows" form="agenda">' in filled  # nothing else moves with it


def test_the_plan_says_beside_each_who_cannot_what_would_open_it(coordinator_client, visit, area):
    session = SessionFactory(visit=visit, title="The ward", hour=13)
    away(person("Anna", area), session)
    person("Bodil", AreaFactory())
    plan = reverse("admin:visits_visitrequest_change", args=[visit.request_id])

    page = coordinator_client.get(plan, {"session": session.pk}).content.decode()

    there = escape(f"{plan}?open={session.pk}&on=2027-03-16&starts=12.00")
    assert f'<small>Away. <a href="{there}#s{session.pk}">Begin “The ward” at 12.00</a></small>' in page
    assert "<small>Does not lead this area</small>" in page


def test_while_somebody_is_asked_nothing_has_to_be_opened(coordinator_client, visit, area):
    session = SessionFactory(visit=visit)
    away(person("Anna", area), session)
    ask = AskFactory(session=session, facilitator=person("Bodil", area), state=AskState.ASKED)

    assert ">What would open it</h4>" not in shown(coordinator_client, visit)
    Ask.objects.filter(pk=ask.pk).update(state=AskState.DECLINED)
    assert ">What would open it</h4>" in shown(coordinator_client, visit)


def test_what_is_proposed_and_cannot_be_read_leaves_the_row_as_it_stands(coordinator_client, visit):
    session = SessionFactory(visit=visit, hour=13)
    plan = reverse("admin:visits_visitrequest_change", args=[visit.request_id])

    answer = coordinator_client.get(plan, {"open": session.pk, "on": "2031-01-01", "starts": "noon", "level": "9"})

    assert 'name="row-starts" value="13.00"' in answer.content.decode()


def test_the_question_about_an_interpreter_is_filled_in_in_the_guests_own_language(coordinator_client, visit, area):
    person("Cecilia", area, languages=["sv"])
    SessionFactory(visit=visit)
    messages = reverse("admin:visits_visitrequest_messages", args=[visit.request_id])

    page = shown(coordinator_client, visit)
    filled = coordinator_client.get(f"{messages}?kind=question&about=interpreter").content.decode()

    assert page.count(f"{messages}?kind=question&amp;about=interpreter#write") == 2  # at the session, and at her name
    assert "Could you bring an interpreter with you?" in filled


def test_without_an_agenda_the_page_says_so(coordinator_client, visit):
    assert "Nothing to lead yet" in shown(coordinator_client, visit)
    bare = VisitRequestFactory(state=RequestState.IN_REVIEW)
    assert coordinator_client.get(reverse("admin:people", args=[bare.pk])).status_code == 200


def test_the_plan_leads_to_it(coordinator_client, visit):
    SessionFactory(visit=visit)

    plan = coordinator_client.get(reverse("admin:visits_visitrequest_change", args=[visit.request_id]))

    assert f'href="{address(visit)}"' in plan.content.decode()


def test_one_person_of_the_plan_can_be_asked_with_a_day_and_words(coordinator_client, visit, area):
    anna = person("Anna", area)
    session = SessionFactory(visit=visit, title="Walk the process")
    plan = reverse("admin:visits_visitrequest_change", args=[visit.request_id])

    page = coordinator_client.get(plan, {"session": session.pk}).content.decode()
    there = f"{address(visit)}?tick={session.pk}-{anna.pk}-leader"
    ticked = coordinator_client.get(there).content.decode()

    assert f'href="{there}#ask"' in page
    assert re.search(rf'value="{session.pk}-{anna.pk}-leader"[^>]* checked', ticked)
    assert 'id="ask"' in ticked


def test_who_plans_food_reads_it_and_asks_nobody_and_others_do_not_come_here(client, facilitator_client, visit, area):
    person("Anna", area)
    SessionFactory(visit=visit)

    page = shown(signed_in(LogisticsFactory()), visit)

    assert "Anna Ek" in page
    assert 'name="who"' not in page
    assert press(signed_in(LogisticsFactory()), visit).status_code == 403
    assert client.get(address(visit)).status_code == 302
    assert facilitator_client.get(address(visit)).status_code in (302, 403)


def test_three_sessions_and_thirty_people_cost_as_many_queries_as_one(visit, area):
    def cost() -> int:
        client = signed_in(CoordinatorFactory())
        client.get(address(visit))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(visit)).status_code == 200
        return len(captured)

    person("Anna", area, hours_a_year=20)
    SessionFactory(visit=visit, hour=9)
    one = cost()
    for n in range(30):
        person(f"Bodil{n}", area)
    for hour in (11, 13):
        AskFactory(session=SessionFactory(visit=visit, hour=hour), facilitator=person("Karin", area))

    assert cost() == one <= 20
