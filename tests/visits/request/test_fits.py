"""What the step «when» shows of what fits, as a browser without script gets it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client

from programmes import basket
from tests.factories import AreaFactory, FacilitatorFactory, OfferingFactory, RoomFactory, VisitFactory
from tests.visits.request.story import WHO, answer, hidden, problems
from visits.choices import ClosureKind
from visits.models import Booking, Closure, Pause, VisitRequest, WishedPeriod

pytestmark = pytest.mark.django_db
WHEN = "/visit/new/when/"
TUESDAY = "2027-03-16"


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel("2026-11-09T11:00:00+00:00", tick=False):
        yield


def ask_for(*offerings, **who) -> Client:
    """A guest who has picked some offerings and said who comes."""
    client = Client()
    session = client.session
    session[basket.SESSION_KEY] = [f"offering:{offering.slug}" for offering in offerings]
    session.save()
    answer(client, "who", {**WHO, **who})
    return client


def said(page) -> str:
    """The page as it is read, without tags."""
    text = re.sub(r"<script.*?</script>|<head>.*?</head>", "", page.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def links(page) -> dict[str, str]:
    """Where the ways on lead, by their words."""
    found = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', page.content.decode(), re.DOTALL)
    return {re.sub(r"<span.*?</span>", "", words).strip(): unescape(href) for href, words in found}


def mapping(**languages):
    offering = OfferingFactory(name_en="Process mapping", name_sv="Processkartläggning")
    RoomFactory(capacity=30)
    FacilitatorFactory(areas=[offering.area], **languages)
    return offering


def test_before_anything_is_said_the_page_asks_for_it_and_tells_the_first_day():
    FacilitatorFactory()

    text = said(Client().get(WHEN))

    assert "Say how many you are and for how long" in text
    assert "The first day you can choose is Tuesday 9 February 2027." in text
    assert "Shown below" not in text


def test_the_months_say_which_weeks_fit():
    client = ask_for(mapping())

    text = said(client.get(f"{WHEN}?length=two&meeting_language=english"))

    assert "All these months fit you" in text
    assert "February Open Weeks 6 to 8 have room for everything on your list. Shown below" in text
    assert "You want to see Process mapping" in text
    assert "This is what we can see today; we promise nothing until we have answered." in text


@pytest.mark.parametrize(
    ("today", "months"),
    [
        ("2026-11-26", ["February", "March", "April", "May", "June"]),
        ("2026-11-28", ["March", "April", "May", "June", "July"]),  # 28 February 2027 is a Sunday
        ("2027-10-30", ["January", "February", "March", "April", "May"]),  # 30 January 2028 is one, Monday is left
    ],
)
def test_a_month_of_which_only_a_weekend_is_left_is_no_month_to_choose_in(today, months):
    FacilitatorFactory()
    RoomFactory(capacity=30)

    with time_machine.travel(f"{today}T11:00:00+00:00", tick=False):
        page = Client().get(f"{WHEN}?group_size=6&length=one")

    assert [row.name for row in page.context["reckoned"].months] == months
    assert "All these months fit you" in said(page)


def test_the_last_month_ends_with_the_last_weekday_that_can_be_wished_for():
    FacilitatorFactory()

    with time_machine.travel("2026-07-01T10:00:00+00:00", tick=False):  # 1 January 2028 is a Saturday
        page = Client().get(f"{WHEN}?group_size=6&length=one&month=2028-01")

    assert [month.title for month in page.context["calendar"].months] == ["December 2027", "January 2028"]
    assert page.context["calendar"].after is None


def test_check_again_looks_with_all_that_is_typed_and_keeps_nothing():
    client = ask_for(mapping())
    form = {
        **hidden(client.get(WHEN)), "group_size": "9", "length": "three", "meeting_language": "swedish",
        "first": TUESDAY, "flexible_1": "on", "check": "1",
    }  # fmt: skip

    response = client.post(WHEN, form)

    assert response.status_code == 302
    page = client.get(response.url)
    html = page.content.decode()
    assert 'name="group_size" value="9"' in html
    assert '<option value="three" selected>' in html
    assert '<option value="swedish" selected>' in html
    assert re.search(rf'value="{TUESDAY}"[^>]* checked', html)
    assert re.search(r'name="flexible_1"[^>]* checked', html)
    assert "Week 11, open for 9 people in Swedish. Everything on your list fits." in said(page)
    draft = VisitRequest.objects.get()
    assert (draft.group_size, draft.length, draft.meeting_language) == (6, "", "")
    assert not WishedPeriod.objects.exists()


def test_continue_keeps_what_was_changed_here():
    client = ask_for(mapping())
    form = {"group_size": "nine", "length": "five", "meeting_language": "swedish", "first": TUESDAY}

    response = answer(client, "when", form)

    assert response.url == "/visit/new/needs/"
    draft = VisitRequest.objects.get()
    assert (draft.group_size, draft.length, draft.meeting_language) == (9, "five", "swedish")


def test_a_size_that_is_no_number_is_explained_and_stays_as_it_was_typed():
    client = ask_for(mapping())

    response = answer(client, "when", {"group_size": "a few", "length": "two", "first": TUESDAY, "check": "1"})

    assert response.status_code == 422
    assert problems(response) == ["Write how many you are, as a number from 1 to 60."]
    assert 'value="a few"' in response.content.decode()
    assert VisitRequest.objects.get().group_size == 6


def test_an_empty_size_leaves_the_answer_of_the_first_step():
    client = ask_for(mapping())

    response = answer(client, "when", {"group_size": "", "length": "two", "first": TUESDAY})

    assert response.status_code == 302
    assert VisitRequest.objects.get().group_size == 6


@pytest.mark.parametrize(
    "query",
    [
        "?group_size=x&length=long&meeting_language=klingon&first=soon&leave=nothing",
        "?leave=offering:0&first=9999-12-31",
    ],
)
def test_an_address_that_says_nonsense_shows_what_the_draft_says(query):
    client = ask_for(mapping())

    page = client.get(f"{WHEN}{query}")

    assert page.status_code == 200
    assert 'name="group_size" value="6"' in page.content.decode()


def test_a_language_in_which_nobody_leads_it_is_not_this_time_with_ways_on_first():
    client = ask_for(mapping(languages=["sv"]))

    page = client.get(f"{WHEN}?length=two&meeting_language=english")

    text, html = said(page), page.content.decode()
    assert "Not as it stands, but there are ways on" in text
    assert "Process mapping is held in Swedish only." in text
    assert html.index("Ways on") < html.index("q-months")
    assert 'type="radio" name="first"' not in html
    swedish = client.get(f"{WHEN}{links(page)['Meet in Swedish']}")
    assert '<option value="swedish" selected>' in swedish.content.decode()
    assert "All these months fit you" in said(swedish)


def test_what_cannot_be_is_left_out_by_a_link_and_kept_out_by_continue():
    process, other = mapping(languages=["sv"]), OfferingFactory(name_en="Esther", area=AreaFactory())
    FacilitatorFactory(areas=[other.area])
    client = ask_for(process, other)
    page = client.get(f"{WHEN}?length=two&meeting_language=english")

    without = client.get(f"{WHEN}{links(page)['Leave out Process mapping']}")

    assert "Some of your list is left out." in said(without)
    assert "All these months fit you" in said(without)
    assert links(client.get(f"{WHEN}{links(without)['Put it back']}"))["Leave out Process mapping"]
    form = {"length": "two", "meeting_language": "english", "first": TUESDAY, "leave": f"offering:{process.pk}"}
    answer(client, "when", form)
    assert list(VisitRequest.objects.get().offerings.all()) == [other]
    assert "Process mapping" not in said(client.get("/visit/new/learn/"))


def test_days_that_are_not_possible_are_text_and_say_where_the_reason_stands():
    offering = mapping()
    Pause.objects.create(
        offering=offering,
        first_day=date(2027, 3, 1),
        last_day=date(2027, 3, 5),
        words_en="Quiet week.",
        words_sv="Lugnt.",
    )
    client = ask_for(offering)

    page = client.get(f"{WHEN}?length=one&month=2027-03")

    html = page.content.decode()
    assert 'value="2027-03-03"' not in html
    assert re.search(r'<td class="off q-not"><span class="d">3<span[^>]*>, not this time, see below why', html)
    assert "Week 9 Quiet week. Choose 8 March" in said(page)
    way = links(page)["Choose 8 March"]
    assert parse_qs(urlsplit(way).query)["first"] == ["2027-03-08"]
    assert re.search(r'value="2027-03-08"[^>]* checked', client.get(f"{WHEN}{way}").content.decode())


def test_the_festival_is_a_way_on_that_leads_to_a_message_begun():
    offering = mapping()
    Closure.objects.create(
        kind=ClosureKind.FESTIVAL, first_day=date(2027, 3, 1), last_day=date(2027, 3, 5),
        words_en="The festival fills our rooms.", words_sv="Festivalen fyller våra rum.",
    )  # fmt: skip
    client = ask_for(offering)

    way = links(client.get(f"{WHEN}?length=one&month=2027-03"))["Come to the festival instead"]

    assert way == "/contact/?about=festival"
    assert "We would like to know more about the Microsystem Festival." in client.get(way).content.decode()
    assert client.get("/contact/?about=anything").status_code == 200


def test_a_typed_day_that_is_not_possible_is_kept_with_its_verdict_and_a_way_on():
    client = ask_for(mapping(languages=["sv"]))
    typed = {"typed_0": "16", "typed_1": "3", "typed_2": "2027"}

    response = answer(client, "when", {"length": "two", "meeting_language": "english", **typed})

    assert response.status_code == 302
    text = said(client.get(WHEN))
    assert "Week 11, not this time. Process mapping is held in Swedish only." in text
    assert "Meet in Swedish" in text


def test_a_busy_week_can_be_asked_for(settings):
    settings.QULTURUM_WEEK_CAPACITY = 1
    offering = mapping()
    VisitFactory(request__state="proposed", first_day=date(2027, 3, 16), last_day=date(2027, 3, 16))
    client = ask_for(offering)

    answer(client, "when", {"length": "one", "first": TUESDAY})

    text = said(client.get(WHEN))
    assert "Week 11, busy. The week is full. You can ask, and we may suggest another date." in text
    assert [wish.first_day.isoformat() for wish in WishedPeriod.objects.filter(request__state="draft")] == [TUESDAY]


def test_nobodys_absence_changes_anything_but_the_fit():
    offering = mapping()
    facilitator = offering.area.facilitators.get()
    client = ask_for(offering)
    Booking.objects.create(
        facilitator=facilitator, kind="away",
        starts_at="2027-03-15T00:00:00+01:00", ends_at="2027-03-20T00:00:00+01:00",
    )  # fmt: skip

    text = said(client.get(f"{WHEN}?length=one&month=2027-03"))

    assert "Week 11 There is no time left for Process mapping. Choose 22 March" in text
    for word in (facilitator.user.first_name, facilitator.user.last_name, "away", "absent"):
        assert word not in text


def test_the_first_day_on_which_everything_fits_follows_what_is_chosen():
    offering = mapping()
    Pause.objects.create(
        offering=offering, first_day=date(2027, 2, 1), last_day=date(2027, 2, 26), words_en="Quiet.", words_sv="Lugnt."
    )
    with_it, without = ask_for(offering), ask_for()

    first = "The first on which everything fits is Monday 1 March 2027."
    assert first in said(with_it.get(f"{WHEN}?length=one"))
    assert first not in said(without.get(f"{WHEN}?length=one"))


@pytest.mark.parametrize("days_ahead", [100, 540])
def test_a_wish_far_away_has_its_own_verdict(days_ahead):
    client = ask_for(mapping())
    day = date(2026, 11, 9) + timedelta(days=days_ahead)
    answer(client, "when", {"length": "one", "first": day.isoformat()})

    page = client.get(f"{WHEN}?month=2027-03")

    assert page.status_code == 200
    assert re.search(r"Week \d+, (open|tight|busy|not this time)", said(page))
