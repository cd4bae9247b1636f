"""The pages on which the contact person changes a sent request: part by part, and nothing typed is lost."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programmes import basket
from tests.conftest import visitor_of
from tests.factories import AreaFactory, OfferingFactory, VisitFactory
from tests.visits.changing.people import (
    asked_long_ago,
    days_of,
    fresh,
    hidden,
    lines,
    save,
    told_the_host,
    wednesday,
    who,
)
from tests.visits.group.people import member
from tests.visits.request.story import problems
from tests.visits.visitor import cases
from visits import changing, drafts, workflow
from visits.drafts import Answers, Wish
from visits.models import Participant, VisitRequest

pytestmark = pytest.mark.django_db

STEPS = ("who", "learn", "bring", "when", "needs")
CHANGEABLE = [cases.submitted, cases.in_review, cases.asked, cases.waitlisted]


def needs(**numbers: str) -> dict[str, str]:
    return {"meeting_language": "swedish", "needs_invitation_letter": "no", **numbers}


def pages(visit_request: VisitRequest) -> list[str]:
    there = f"/my/{visit_request.reference}/request/"
    return [there, *(f"{there}{step}/" for step in STEPS)]


@pytest.mark.parametrize("make", CHANGEABLE)
def test_the_page_of_the_visit_leads_to_the_change_and_to_the_paper(make):
    visit_request = make()

    page = visitor_of(visit_request).get(visit_request.get_absolute_url()).text

    assert f'href="/my/{visit_request.reference}/request/"' in page
    assert "You can change your request until we have" in page
    assert f'href="/my/{visit_request.reference}/request.pdf"' in page


@pytest.mark.parametrize("make", [cases.proposed, cases.changing, cases.agreed, cases.declined, cases.withdrawn])
def test_once_planning_has_begun_the_page_offers_no_change_and_the_way_leads_back_with_the_reason(make):
    visit_request = make()
    client = visitor_of(visit_request)

    answers = [client.get(address) for address in pages(visit_request)]

    assert f"/my/{visit_request.reference}/request/" not in client.get(visit_request.get_absolute_url()).text
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, visit_request.get_absolute_url())}


def test_the_reason_stands_on_the_page_that_one_is_led_back_to():
    visit_request = cases.proposed()

    page = visitor_of(visit_request).get(pages(visit_request)[0], follow=True).text

    assert "We have begun to plan, or your request has ended: it is no longer changed here." in page


def test_a_stranger_finds_none_of_the_pages():
    visit_request = cases.submitted()
    mine = visitor_of(cases.submitted())

    for client in (Client(), mine):
        assert [client.get(address).status_code for address in pages(visit_request)] == [404] * 6
        assert [client.post(address, {}).status_code for address in pages(visit_request)[1:]] == [404] * 5
    assert lines(visit_request) == 0


def test_one_of_the_group_reads_why_they_may_not():
    visit_request = cases.in_review()
    person = Participant.objects.create(visit=VisitFactory(request=visit_request), name="Dev Sharma")
    client = member(person)

    answers = [client.get(address) for address in pages(visit_request)]
    answers += [client.post(address, {"group_size": "8"}) for address in pages(visit_request)[1:]]

    assert [answer.status_code for answer in answers] == [403] * 11
    assert all("Aileen Munro decides for your group" in answer.text for answer in answers)
    assert (fresh(visit_request).group_size, lines(visit_request)) == (6, 0)


def test_all_answers_stand_on_one_page_each_with_its_way_to_change():
    visit_request = cases.submitted()

    page = visitor_of(visit_request).get(pages(visit_request)[0]).text

    assert [f'href="{address}"' in page for address in pages(visit_request)[1:]] == [True] * 5
    assert "/visit/new/" not in page.split("<main")[1].split("</main>")[0]
    assert visit_request.aim in page
    assert visit_request.contact_email in page


@pytest.mark.parametrize("step", STEPS)
def test_a_part_is_the_same_form_without_the_way_of_a_new_request(step):
    visit_request = cases.submitted()

    page = visitor_of(visit_request).get(f"/my/{visit_request.reference}/request/{step}/").text
    main = page.split("<main")[1].split("</main>")[0]

    assert "Save the change" in main
    assert "Leave it as it was" in main
    assert [words for words in ("/visit/new/", "Save and finish later", "of 5", "data-autosave") if words in main] == []


def test_an_unknown_part_is_not_found():
    visit_request = cases.submitted()

    assert visitor_of(visit_request).get(f"/my/{visit_request.reference}/request/price/").status_code == 404


def test_who_they_are_is_changed_and_the_host_is_told():
    visit_request = cases.in_review()
    client = visitor_of(visit_request)

    answer = save(client, visit_request, "who", who(visit_request, group_size="8", town="Dundee"))

    after = fresh(visit_request)
    assert answer["Location"] == pages(visit_request)[0]
    assert "Your request is changed." in client.get(answer["Location"]).text
    assert (after.group_size, after.town, after.contact_email) == (8, "Dundee", visit_request.contact_email)
    assert (lines(visit_request), told_the_host()) == (1, 1)


def test_the_confirmed_address_stands_on_the_page_and_is_not_changed():
    visit_request = cases.submitted()
    client = visitor_of(visit_request)

    page = client.get(pages(visit_request)[1]).text
    save(client, visit_request, "who", who(visit_request, contact_email="eve@evil.example", town="Dundee"))

    assert "You have confirmed this address. Write to us if we should use another." in page
    assert (fresh(visit_request).contact_email, fresh(visit_request).town) == (visit_request.contact_email, "Dundee")


def test_what_they_want_and_what_they_bring_are_changed_by_themselves():
    visit_request, area = cases.submitted(), AreaFactory()
    client = visitor_of(visit_request)

    save(client, visit_request, "learn", {"areas": [area.pk], "aim": "How it began.", "question_1": "Who said yes?"})
    save(client, visit_request, "bring", {"gifts": ["question"], "brings": "A question for you."})

    after = fresh(visit_request)
    assert (after.aim, after.big_questions, list(after.areas.all())) == ("How it began.", ["Who said yes?"], [area])
    assert (after.gifts, after.brings) == (["question"], "A question for you.")
    assert lines(visit_request) == 2


def test_what_was_put_aside_while_reading_goes_into_the_request_and_out_of_the_basket():
    visit_request, offering = cases.submitted(), OfferingFactory()
    client = visitor_of(visit_request)
    session = client.session
    session[basket.SESSION_KEY] = [offering.basket_key]
    session.save()

    shown = client.get(f"/my/{visit_request.reference}/request/learn/").text
    save(client, visit_request, "learn", {"aim": "How it began.", "question_1": "Who said yes?"})

    assert offering.name in shown
    assert list(visit_request.offerings.all()) == [offering]
    assert client.session.get(basket.SESSION_KEY) == []


def test_other_days_are_chosen_in_the_calendar():
    visit_request = cases.submitted()
    day = wednesday(9)

    save(
        visitor_of(visit_request), visit_request, "when", {"length": "one", "first": day.isoformat(), "group_size": "6"}
    )

    after = fresh(visit_request)
    assert days_of(visit_request)[0] == day
    assert (after.length, after.first_wished_day) == ("one", min(days_of(visit_request)))


def test_a_day_within_three_months_is_refused_and_what_was_typed_stays():
    visit_request = cases.submitted()
    before, day = days_of(visit_request), wednesday(-4)
    typed = {"typed_0": str(day.day), "typed_1": str(day.month), "typed_2": str(day.year)}

    answer = save(visitor_of(visit_request), visit_request, "when", {"length": "one", "group_size": "9", **typed})

    assert answer.status_code == 422
    assert "We need three months to prepare" in " ".join(problems(answer))
    assert f'value="{day.year}"' in answer.text
    assert 'value="9"' in answer.text
    assert (days_of(visit_request), fresh(visit_request).group_size, lines(visit_request)) == (before, 6, 0)


def test_days_that_were_asked_for_in_time_can_be_chosen_still_and_a_later_one_beside_them():
    visit_request = asked_long_ago()
    client, later, [stood] = visitor_of(visit_request), wednesday(-3), days_of(visit_request)

    page = client.get(f"/my/{visit_request.reference}/request/when/")
    answer = save(client, visit_request, "when", {"length": "one", "first": later.isoformat(), "group_size": "6"})

    assert f'value="{stood.isoformat()}"' in page.text
    assert answer.status_code == 302
    assert days_of(visit_request) == [later]


def test_looking_at_other_months_keeps_nothing_and_loses_nothing():
    visit_request = cases.submitted()
    data = {"length": "three", "group_size": "9", "go": f"{wednesday(9):%Y-%m}"}

    answer = save(visitor_of(visit_request), visit_request, "when", data)

    assert answer.status_code == 302
    assert "length=three" in answer["Location"]
    assert "group_size=9" in answer["Location"]
    assert (fresh(visit_request).group_size, lines(visit_request)) == (6, 0)


def test_a_second_choice_is_added():
    visit_request = cases.submitted()
    client = visitor_of(visit_request)
    [*before], day = days_of(visit_request), wednesday(9)

    data = {"length": "two", "group_size": "6", "first": day.isoformat(), "choice": str(len(before) + 1)}
    save(client, visit_request, "when", data)

    assert days_of(visit_request) == [*before, day]


def test_the_only_day_cannot_be_taken_away():
    visit_request = cases.submitted()
    VisitRequest.objects.get(pk=visit_request.pk).wishes.filter(rank__gt=1).delete()
    before = days_of(visit_request)

    answer = save(visitor_of(visit_request), visit_request, "when", {"length": "two", "group_size": "6", "remove": "1"})

    assert answer.status_code == 409
    assert "Choose the first day of your visit." in answer.text
    assert (days_of(visit_request), lines(visit_request)) == (before, 0)


def test_the_numbers_are_changed_and_more_than_the_group_are_refused():
    visit_request = cases.submitted()
    client = visitor_of(visit_request)

    good = save(client, visit_request, "needs", needs(vegan="2"))
    bad = save(client, visit_request, "needs", needs(vegan="7"))

    assert (good.status_code, bad.status_code) == (302, 422)
    assert 'value="7"' in bad.text
    assert drafts.needs(visit_request) == {"vegan": 2}
    assert fresh(visit_request).meeting_language == "swedish"


@pytest.mark.parametrize("step", ["who", "when"])
def test_a_group_smaller_than_those_who_need_something_is_refused_where_the_size_is_written(step):
    visit_request = cases.submitted()
    changing.change_request(visit_request, Answers(needs={"vegetarian": 4}), seen=visit_request.version)
    data = who(visit_request, group_size="3") if step == "who" else {"length": "two", "group_size": "3"}

    answer = save(visitor_of(visit_request), visit_request, step, data)

    assert answer.status_code == 422
    assert "4 of you have the same need" in answer.text
    assert (fresh(visit_request).group_size, lines(visit_request)) == (6, 1)


@pytest.mark.parametrize(
    ("step", "data"),
    [
        ("who", {"organisation_name": "", "town": "Dundee"}),
        ("learn", {"aim": "", "question_1": "Who said yes in Dundee?"}),
        ("bring", {"brings": "", "teller": "Moira of Dundee"}),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost_or_kept(step, data):
    visit_request = cases.submitted()
    before = VisitRequest.objects.filter(pk=visit_request.pk).values().get()

    answer = save(visitor_of(visit_request), visit_request, step, data)

    assert answer.status_code == 422
    assert problems(answer) != []
    assert "Dundee" in answer.text
    assert VisitRequest.objects.filter(pk=visit_request.pk).values().get() == before


def test_saving_what_stands_there_writes_no_history_and_no_mail():
    visit_request = cases.in_review()
    client = visitor_of(visit_request)

    answer = save(client, visit_request, "who", who(visit_request))

    assert answer.status_code == 302
    assert "Your request is changed." not in client.get(answer["Location"]).text
    assert (lines(visit_request), told_the_host(), fresh(visit_request).version) == (0, 0, visit_request.version)


def test_another_window_that_was_faster_is_shown_beside_what_was_typed_and_a_second_press_counts():
    visit_request = cases.submitted()
    client, address = visitor_of(visit_request), f"/my/{visit_request.reference}/request/bring/"
    first, second = hidden(client.get(address)), hidden(client.get(address))
    client.post(address, {**first, "gifts": ["challenge"], "brings": "Words of the first window."})

    late = client.post(address, {**second, "gifts": ["challenge"], "brings": "Words of the second window."})

    assert late.status_code == 409
    assert "This page was changed somewhere else" in late.text
    assert "Words of the first window." in late.text
    assert "Words of the second window.</textarea>" in late.text
    assert fresh(visit_request).brings == "Words of the first window."
    client.post(address, {**hidden(late), "gifts": ["challenge"], "brings": "Words of the second window."})
    assert fresh(visit_request).brings == "Words of the second window."


def test_a_colleague_who_was_faster_is_said_and_a_second_press_counts():
    visit_request = cases.submitted()
    client, address = visitor_of(visit_request), f"/my/{visit_request.reference}/request/bring/"
    unseen = hidden(client.get(address))
    workflow.claim(fresh(visit_request), by=cases.host(), seen=visit_request.version)
    data = {"gifts": ["challenge"], "brings": "Other words."}

    late = client.post(address, {**unseen, **data})

    assert late.status_code == 409
    assert "Your request has changed since you opened this page" in late.text
    assert "Other words.</textarea>" in late.text
    assert (fresh(visit_request).brings, lines(visit_request)) == (visit_request.brings, 0)
    assert client.post(address, {**hidden(late), **data}).status_code == 302
    assert fresh(visit_request).brings == "Other words."


def test_when_planning_has_begun_meanwhile_nothing_is_changed_and_the_words_can_be_copied():
    visit_request = cases.in_review()
    client, address = visitor_of(visit_request), f"/my/{visit_request.reference}/request/bring/"
    unseen = hidden(client.get(address))
    VisitFactory(request=visit_request)

    late = client.post(address, {**unseen, "gifts": ["challenge"], "brings": "Other words."})

    assert late.status_code == 409
    assert "We have begun to plan, or your request has ended, since you opened this page." in late.text
    assert "Other words.</textarea>" in late.text
    assert 'class="btn btn-primary">Save the change' not in late.text
    assert (fresh(visit_request).brings, lines(visit_request)) == (visit_request.brings, 0)


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40, "٣"])
def test_a_version_that_is_none_changes_nothing(version):
    visit_request = cases.submitted()

    data = {"gifts": ["challenge"], "brings": "Other words."}
    answer = save(visitor_of(visit_request), visit_request, "bring", data, version=version)

    assert answer.status_code == 409
    assert "Other words.</textarea>" in answer.text
    assert (fresh(visit_request).brings, lines(visit_request)) == (visit_request.brings, 0)


def test_the_desk_reads_in_history_what_changed(coordinator_client):
    visit_request = cases.in_review()
    client, phone = visitor_of(visit_request), "+46 36 32 40 00"
    save(client, visit_request, "who", who(visit_request, group_size="8", contact_phone=phone))
    save(client, visit_request, "needs", needs(vegan="1"))

    page = coordinator_client.get(reverse("admin:visits_visitrequest_history", args=[visit_request.pk])).text

    assert page.count("Aileen Munro changed the request") == 2
    assert "Group size: 6 → 8." in page
    assert "Numbers for food and access." in page
    assert "Phone." in page
    assert [words for words in ("Vegan", phone) if words in page] == []


def test_the_pages_ask_the_same_number_of_questions_whatever_is_stored():
    visit_request = cases.in_review()
    client = visitor_of(visit_request)
    for address in pages(visit_request):
        client.get(address)
    wishes = [Wish(wednesday(weeks)) for weeks in (3, 5, 7, 9)]
    changing.change_request(fresh(visit_request), Answers(wishes=wishes), seen=visit_request.version)

    counts = {address: _queries(client, address) for address in pages(visit_request)}
    for _more in range(3):
        cases.in_review()

    assert {address: _queries(client, address) for address in pages(visit_request)} == counts
    assert max(counts.values()) <= 16


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)
