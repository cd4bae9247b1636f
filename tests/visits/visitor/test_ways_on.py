"""The ways on from a no: each is true when it is read, and one press away."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests.conftest import visitor_of
from tests.factories import AreaFactory, FacilitatorFactory, RoomFactory, VisitFactory, VisitRequestFactory, at
from tests.visits.visitor import cases
from visits import rules, workflow
from visits.choices import AlternativeKind, BookingKind, ClosureKind, DeclineReason, Length, RequestState
from visits.models import Alternative, Booking, Closure, Facilitator, VisitRequest

pytestmark = pytest.mark.django_db
WISHED = date(2027, 3, 2)
TUESDAY = date(2027, 3, 16)
A = AlternativeKind


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel("2026-11-09T11:00:00+00:00", tick=False):
        yield


@pytest.fixture
def leader() -> Facilitator:
    """The only one who leads what is asked for; there is a room for twenty."""
    RoomFactory(capacity=20)
    area = AreaFactory(name_en="Esther", name_sv="Esther")
    return FacilitatorFactory(areas=[area])


def no(*offered: Alternative, **asked: object) -> VisitRequest:
    """A request for two days in the first week of March, declined, with this offered instead."""
    areas = [area for leader in Facilitator.objects.all() for area in leader.areas.all()]
    visit_request = cases.in_review(**{"areas": areas, "wishes": [WISHED], "length": Length.TWO, **asked})
    workflow.decline(
        visit_request, reason=DeclineReason.NO_ROOM, explanation="All of us work with the festival.",
        alternatives=offered, by=visit_request.coordinator, seen=visit_request.version,
    )  # fmt: skip
    return visit_request


def week(day: date = TUESDAY) -> Alternative:
    return Alternative(kind=A.OTHER_WEEK, first_day=day)


def away(leader: Facilitator, day: date, days: int = 1) -> None:
    Booking.objects.create(
        facilitator=leader, kind=BookingKind.AWAY, starts_at=at(day, 0), ends_at=at(day + timedelta(days), 0)
    )


def address(visit_request: VisitRequest, language: str) -> str:
    with translation.override(language):
        return visit_request.get_absolute_url()


def read(visit_request: VisitRequest, *, language: str = "en", client: Client | None = None) -> str:
    """The list of ways on, as it stands on the page."""
    page = (client or visitor_of(visit_request)).get(address(visit_request, language)).content.decode()
    found = re.search(r'aria-labelledby="ways-on">(.*?)</section>', page, flags=re.DOTALL)
    assert found
    return found[1]


def text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def keys(html: str) -> list[str]:
    return re.findall(r'name="wish" value="([^"]+)"', html)


def press(visit_request: VisitRequest, key: str, *, language: str = "en"):
    return visitor_of(visit_request).post(f"{address(visit_request, language)}again/", {"wish": key})


def others_than(visit_request: VisitRequest) -> list[VisitRequest]:
    return list(VisitRequest.objects.exclude(pk=visit_request.pk))


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            "1 Come in week 11 16–17 March 2027, open for 6 people in English. Everything on your list fits. Ask for",
        ),
        (
            "sv",
            "1 Kom vecka 11 16–17 mars 2027, öppet för 6 personer på engelska. Allt på er lista får plats. Be om",
        ),
    ],
)
@pytest.mark.usefixtures("leader")
def test_days_that_are_open_still_say_so_as_step_when_does(language, told):
    assert f"{told} 16–17 " in text(read(no(week()), language=language))


@pytest.mark.usefixtures("leader")
def test_days_that_are_open_are_asked_for_with_one_press():
    visit_request = no(week())

    answer = press(visit_request, *keys(read(visit_request)))

    [again] = others_than(visit_request)
    assert answer["Location"].endswith(again.get_absolute_url())
    assert (again.request_state, again.first_wished_day) == (RequestState.SUBMITTED, TUESDAY)
    assert again.brings == visit_request.brings


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "16–17 March 2027 is not open any more. 17–18 March 2027, open for 6 people in English."),
        ("sv", "16–17 mars 2027 är inte öppet längre. 17–18 mars 2027, öppet för 6 personer på engelska."),
    ],
)
def test_days_that_somebody_has_taken_since_give_way_to_the_nearest_that_are_open(leader, language, told):
    visit_request = no(week())
    away(leader, TUESDAY, 2)

    shown = read(visit_request, language=language)
    press(visit_request, *keys(shown))

    assert told in text(shown)
    assert [again.first_wished_day for again in others_than(visit_request)] == [TUESDAY + timedelta(1)]


def test_two_weeks_that_are_gone_give_way_to_two_different_ones(leader):
    visit_request = no(week(), week(TUESDAY - timedelta(1)), length=Length.ONE)
    away(leader, TUESDAY - timedelta(1), 5)

    shown = read(visit_request)

    assert re.findall(r"Ask for ([^<]+)<", shown) == ["12 March", "22 March"]
    assert len(set(keys(shown))) == 2


def test_who_presses_an_older_page_is_shown_how_it_stands_now(leader):
    visit_request = no(week())
    [old] = keys(read(visit_request))
    away(leader, TUESDAY, 2)

    answer = press(visit_request, old)

    assert answer.status_code == 422
    assert "Choose one of the ways that stand on the page now." in answer.content.decode()
    assert "Ask for 17–18 March" in answer.content.decode()
    assert others_than(visit_request) == []
    assert not visit_request.comments.exists()


def test_a_tight_day_tells_its_condition():
    RoomFactory(capacity=20)
    offered = FacilitatorFactory(areas=[AreaFactory()])
    visit_request = no(week(), length=Length.HALF)
    Booking.objects.create(
        facilitator=offered, kind=BookingKind.AWAY, starts_at=at(TUESDAY, 9), ends_at=at(TUESDAY, 12)
    )

    assert "16 March 2027, tight. It works in the afternoon only. Ask for 16 March" in text(read(visit_request))


def test_a_full_week_with_nothing_open_near_it_can_be_asked_for(settings, leader):
    visit_request = no(week())
    away(leader, date(2027, 1, 1), 400)

    shown = read(visit_request)
    press(visit_request, *keys(shown))

    told = "16–17 March 2027, busy. There is no time left for Esther. You can ask, and we may suggest another date."
    assert told in text(shown)
    assert [again.first_wished_day for again in others_than(visit_request)] == [TUESDAY]


@pytest.mark.parametrize(
    ("language", "told", "written"),
    [
        (
            "en",
            "16–17 March 2027 is not open any more. Ask for other days",
            "The days that you offered are not open any more. On which days could we come?",
        ),
        (
            "sv",
            "16–17 mars 2027 är inte öppet längre. Be om andra dagar",
            "Dagarna som ni erbjöd är inte öppna längre. Vilka dagar kan vi komma?",
        ),
    ],
)
@pytest.mark.usefixtures("leader")
def test_without_any_day_to_offer_one_press_asks_us_for_some(language, told, written):
    visit_request = no(week())
    Facilitator.objects.update(languages=["sv"])

    shown = read(visit_request, language=language)
    press(visit_request, *keys(shown), language=language)

    assert told in text(shown)
    assert [comment.text for comment in visit_request.comments.all()] == [written]
    assert others_than(visit_request) == []


@pytest.mark.usefixtures("leader")
def test_days_that_have_come_too_close_give_way_to_days_that_have_not():
    visit_request = no(week())
    late = datetime.combine(TUESDAY - timedelta(days=60), time(12), rules.STOCKHOLM)

    with time_machine.travel(late, tick=False):
        shown = read(visit_request)
        press(visit_request, *keys(shown))

        assert "16–17 March 2027 is not open any more. 15–16 April 2027, open for" in text(shown)
        [again] = others_than(visit_request)
        assert rules.in_time([again.first_wished_day], asked_on=again.submitted_on)


@pytest.mark.parametrize(("language", "go"), [("en", "Open"), ("sv", "Öppna")])
@pytest.mark.usefixtures("leader")
def test_days_that_were_asked_for_lead_to_that_request_even_when_it_has_filled_the_week(settings, language, go):
    settings.QULTURUM_WEEK_CAPACITY = 1
    visit_request = no(week())
    first = press(visit_request, *keys(read(visit_request)))
    [again] = others_than(visit_request)
    VisitFactory(request=again)
    VisitRequest.objects.filter(pk=again.pk).update(state=RequestState.PROPOSED)

    shown = read(visit_request, language=language)
    second = press(visit_request, *keys(shown))

    assert text(shown).endswith(f"{again.reference}. {go} {again.reference}")
    assert "16–17 " in text(shown)
    assert first["Location"] == second["Location"]
    assert len(others_than(visit_request)) == 1


@pytest.mark.parametrize(
    ("language", "told"), [("en", "15–19 March 2027. Another way"), ("sv", "15–19 mars 2027. Ett annat sätt")]
)
@pytest.mark.usefixtures("leader")
def test_the_festival_tells_its_days(language, told):
    Closure.objects.create(
        kind=ClosureKind.FESTIVAL, first_day=TUESDAY - timedelta(1), last_day=TUESDAY + timedelta(3),
        words_en="The festival", words_sv="Festivalen",
    )  # fmt: skip

    assert told in text(read(no(Alternative(kind=A.FESTIVAL)), language=language))


@pytest.mark.usefixtures("leader")
def test_a_festival_that_is_over_tells_no_days():
    Closure.objects.create(
        kind=ClosureKind.FESTIVAL, first_day=date(2026, 11, 2), last_day=date(2026, 11, 6),
        words_en="The festival", words_sv="Festivalen",
    )  # fmt: skip

    assert "Come to the Microsystem Festival Another way" in text(read(no(Alternative(kind=A.FESTIVAL))))


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (A.DIGITAL, "We would like to meet you on screen for an hour instead."),
        (A.FESTIVAL, "We would like to know more about the Microsystem Festival."),
        (A.COLLEAGUE, "Please put us in touch with those you named: Anna at Ryhov, anna@ryhov.example"),
    ],
)
def test_what_needs_no_week_is_written_to_us_with_one_press(kind, written):
    words = "Anna at Ryhov, anna@ryhov.example" if kind == A.COLLEAGUE else ""
    visit_request = no(Alternative(kind=kind, words=words))

    answer = press(visit_request, *keys(read(visit_request)))

    assert answer.status_code == 302
    assert [comment.text for comment in visit_request.comments.all()] == [written]


def test_an_address_that_we_name_can_be_pressed_and_cannot_be_more_than_an_address():
    named = "Anna, anna@ryhov.example, <script>alert(1)</script>"

    shown = read(no(Alternative(kind=A.COLLEAGUE, words=named)))

    assert '<a href="mailto:anna@ryhov.example">anna@ryhov.example</a>' in shown
    assert "<script>" not in shown


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.usefixtures("leader")
def test_every_way_on_is_something_to_press_and_the_first_is_the_one_that_stands_out(language):
    kinds = [Alternative(kind=kind) for kind in (A.DIGITAL, A.FESTIVAL, A.FELLOWSHIP)]
    visit_request = no(week(), *kinds, Alternative(kind=A.COLLEAGUE, words="The ward at Ryhov"))

    shown = read(visit_request, language=language)

    ways = re.findall(r"<li>(.*?)</li>", shown, flags=re.DOTALL)
    pressed = [re.findall(r'<(?:button|a) class="btn (btn-\w+)"', way) for way in ways]
    assert pressed == [["btn-primary"], *[["btn-line"]] * 4]
    assert text(shown).startswith({"en": "Five ways on", "sv": "Fem vägar vidare"}[language])


@pytest.mark.parametrize("kinds", [[A.DIGITAL], [A.FELLOWSHIP]])
def test_a_no_without_another_week_looks_nothing_up(kinds):
    visit_request = no(*(Alternative(kind=kind) for kind in kinds))
    client = visitor_of(visit_request)

    with CaptureQueriesContext(connection) as asked:
        read(visit_request, client=client)

    assert not [query for query in asked.captured_queries if 'FROM "visits_booking"' in query["sql"]]


def test_the_page_of_a_no_asks_the_same_whatever_is_offered_and_stored(leader):
    few, many = no(week()), no(*(week(TUESDAY + timedelta(weeks=n)) for n in range(4)))
    clients = {case: visitor_of(case) for case in (few, many)}

    def count(case: VisitRequest) -> int:
        with CaptureQueriesContext(connection) as asked:
            read(case, client=clients[case])
        return len(asked)

    one = count(few)
    VisitRequestFactory.create_batch(3)
    away(leader, TUESDAY, 2)

    assert count(many) == one
