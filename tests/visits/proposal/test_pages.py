"""The pages of a proposal: reading it beside another version, suggesting changes and days, and who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.conftest import visitor_of
from tests.factories import SessionFactory
from tests.visits.proposal import cases
from visits import access, rules, story, words, workflow
from visits.choices import LinkPurpose, ProposalAnswer, RequestState, SessionKind
from visits.http import OPENED
from visits.models import Closure, Proposal, VisitRequest
from visits.views.visit_page import case_of

pytestmark = pytest.mark.django_db
TYPED = "Something long that I would not like to write again"


def page(case: VisitRequest, name: str, query: str = "") -> str:
    answer = visitor_of(case).get(reverse(f"visits:{name}", args=[case.reference]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def post(case: VisitRequest, name: str, **typed: object):
    return visitor_of(case).post(reverse(f"visits:{name}", args=[case.reference]), typed)


def state(case: VisitRequest) -> str:
    return VisitRequest.objects.get(pk=case.pk).state


# -- The difference


def test_what_is_different_is_listed_with_its_reason_and_marked_in_its_place():
    case = cases.two_versions()
    theirs = case.visit.sessions.get(kind=SessionKind.GUEST)

    found = page(case, "proposal_change")

    today = words.month_day(timezone.localdate())
    assert "One thing is different from version 1" in found
    assert f'<a href="#c{theirs.pk}">Your story</a> starts at 10.45 instead of 11.00, is 30\xa0min longer' in found
    assert f"You asked, {today}: Moira needs the time." in found
    assert '<del><span class="visually-hidden">was </span>11.00</del>' in found
    assert '<ins><span class="visually-hidden">now </span>10.45</ins>' in found
    assert '<del><span class="visually-hidden">was </span>45\xa0min</del>' in found  # the guests' own time


def test_the_version_can_be_taken_along_on_paper_before_it_is_answered():
    case = cases.two_versions()

    assert reverse("visits:programme_pdf", args=[case.reference]) in page(case, "proposal_change")


@pytest.mark.parametrize(
    ("query", "current", "marks"),
    [("", "version 1", True), ("?against=1", "version 1", True), ("?against=none", "no changes", False),
     ("?against=2", "version 1", True), ("?against=x", "version 1", True)],
)  # fmt: skip
def test_one_chooses_what_to_compare_with(query: str, current: str, marks: bool):
    case = cases.two_versions()

    found = page(case, "proposal_change", query)

    assert f'aria-current="true">{current}</a>' in found
    assert ("<del>" in found) == marks


def test_the_first_version_has_nothing_to_compare_with():
    case = cases.planned()
    cases.propose(case)

    found = page(case, "proposal_change")

    assert "Show changes from" not in found
    assert "<del>" not in found


# -- A page to read


def test_an_old_version_can_be_read_and_says_that_it_is_old():
    case = cases.two_versions()

    found = page(case, "programme", "?version=1")

    assert "This is an old version." in found
    assert "Version 2 has taken its place." in found
    assert "You suggested changes to this version on" in found
    assert reverse("visits:proposal_yes", args=[case.reference]) not in found


def test_the_newest_version_leads_to_the_answer():
    case = cases.two_versions()

    found = page(case, "programme")

    assert "<h1" in found
    assert "Version 2 of your programme" in found
    assert reverse("visits:proposal_yes", args=[case.reference]) in found


@pytest.mark.parametrize("asked", ["3", "0", "x", "999999999999"])
def test_a_version_that_was_never_sent_is_not_found(asked: str):
    case = cases.two_versions()

    answer = visitor_of(case).get(reverse("visits:programme", args=[case.reference]), {"version": asked})

    assert answer.status_code == 404


def test_before_anything_is_sent_the_page_leads_to_the_visit():
    case = cases.planned()

    answer = visitor_of(case).get(reverse("visits:programme", args=[case.reference]))

    assert answer.url == case.get_absolute_url()


def test_a_version_that_was_not_answered_in_time_says_so():
    case = cases.planned()
    cases.propose(case)
    workflow.lapse_proposal(case)

    answer = visitor_of(case).get(reverse("visits:proposal_change", args=[case.reference]), follow=True)

    assert answer.redirect_chain == [(reverse("visits:programme", args=[case.reference]), 302)]
    assert "has passed." in answer.content.decode()
    assert "Send the suggestions" not in answer.content.decode()


def test_once_it_is_confirmed_the_page_is_the_programme_as_it_stands():
    case = cases.planned(people=[])
    cases.propose(case)
    workflow.accept_proposal(case, number=1)
    VisitRequest.objects.filter(pk=case.pk).update(state=RequestState.CONFIRMED)
    SessionFactory(visit=case.visit, hour=14, title="Added since then")

    now, sent = page(case, "programme"), page(case, "programme", "?version=1")

    assert "Added since then" in now
    assert "Your programme" in now
    assert "Added since then" not in sent


# -- Who may


def member_of(case: VisitRequest) -> Client:
    visit = case.visit
    person = visit.participants.create(name="Moira Reid", email="moira@tayford.example.org")
    client = Client()
    session = client.session
    session[OPENED] = [access.standing_link(LinkPurpose.MEMBER, participant=person).pk]
    session.save()
    return client


def test_one_of_the_group_reads_the_programme_and_answers_nothing():
    case = cases.two_versions()
    client = member_of(case)

    found = client.get(reverse("visits:programme", args=[case.reference]))

    assert found.status_code == 200
    assert "Your story" in found.content.decode()
    assert reverse("visits:proposal_yes", args=[case.reference]) not in found.content.decode()
    for name in ("proposal_yes", "proposal_change", "invoice"):
        assert client.get(reverse(f"visits:{name}", args=[case.reference])).status_code in (403, 404)
    client.post(reverse("visits:proposal_yes", args=[case.reference]), {"number": 2})
    assert state(case) == RequestState.PROPOSED


@pytest.mark.parametrize("name", ["programme", "proposal_yes", "proposal_change"])
def test_strangers_and_other_guests_find_nothing(name: str):
    case, other = cases.two_versions(), cases.planned()
    address = reverse(f"visits:{name}", args=[case.reference])

    assert Client().get(address).status_code == 404
    assert visitor_of(other).get(address).status_code == 404


# -- Suggestions


def test_suggestions_name_the_sessions_that_they_are_about():
    case = cases.planned()
    cases.propose(case)
    ours = case.visit.sessions.get(kind=SessionKind.HOST)

    post(case, "proposal_change", number=1, **{f"kinds_{ours.pk}": ["time"], f"words_{ours.pk}": "After the fika"})

    assert case.history.get(what="change_wanted").detail["sessions"] == [ours.pk]
    assert Proposal.objects.get().change_wish == "Meet Esther: another time. After the fika"


def test_what_is_written_so_far_is_counted_when_something_is_to_be_mended():
    case = cases.planned()
    cases.propose(case)
    ours = case.visit.sessions.get(kind=SessionKind.HOST)

    answer = post(case, "proposal_change", number=1, text=TYPED, day_1="soon", **{f"kinds_{ours.pk}": ["time"]})

    found = answer.content.decode()
    assert answer.status_code == 422
    assert "3 suggestions written" in found
    assert TYPED in found
    assert state(case) == RequestState.PROPOSED


def in_time(days: int = 30) -> date:
    return rules.earliest_first_day(timezone.localdate()) + timedelta(days=days)


def test_other_days_become_wishes_and_the_turn_is_ours():
    case = cases.planned()
    cases.propose(case)
    days = [in_time(40), in_time(30)]

    answer = post(case, "proposal_change", number=1, day_1=days[0].isoformat(), day_2=days[1].isoformat())

    case = VisitRequest.objects.get(pk=case.pk)
    assert answer.status_code == 302
    assert (case.state, case.first_wished_day) == (RequestState.IN_REVIEW, days[1])
    assert [(wish.rank, wish.first_day) for wish in case.wishes.all()] == [(1, days[0]), (2, days[1])]
    assert case.history.get(what="change_wanted").detail["days"] == [day.isoformat() for day in days]
    assert words.day(days[0]) in case.comments.get().text


def test_while_other_days_are_wished_for_the_page_speaks_of_those_and_not_of_the_proposed():
    case = cases.planned()
    proposal = cases.propose(case)
    later, sooner = in_time(40), in_time(33)

    post(case, "proposal_change", number=1, day_1=later.isoformat(), day_2=sooner.isoformat())

    told = case_of(VisitRequest.objects.get(pk=case.pk))
    assert told.first_day == later
    assert story.facts(told)[0].words.startswith("You wish for ")
    meet = next(step for step in story.steps(told) if step.title == "We meet")
    assert words.short_day(proposal.first_day) not in meet.when
    page = visitor_of(case).get(case.get_absolute_url()).content.decode()
    assert "The programme as we last sent it" in page


def bad_days() -> dict[str, Callable[[], dict[str, str]]]:
    soon = rules.earliest_first_day(timezone.localdate()) - timedelta(days=1)
    late = rules.latest_first_day(timezone.localdate()) + timedelta(days=1)
    return {
        "We need three months to prepare": lambda: {"day_1": soon.isoformat()},
        "We do not plan further ahead": lambda: {"day_2": late.isoformat()},
        "You have chosen this day already": lambda: {"day_1": in_time().isoformat(), "day_3": in_time().isoformat()},
        "Write the day as 16 3 2027": lambda: {"day_1": "31 February"},
        "We are closed on": lambda: {"day_1": in_time(35).isoformat()},
    }


@pytest.mark.parametrize("told", list(bad_days()))
def test_days_outside_the_rules_get_a_sentence_and_change_nothing(told: str):
    case = cases.planned()
    cases.propose(case)
    Closure.objects.create(
        first_day=in_time(35), last_day=in_time(35), kind="closed", words_en="Moving", words_sv="Flytt"
    )
    wished = list(case.wishes.values_list("first_day", flat=True))

    answer = post(case, "proposal_change", number=1, text=TYPED, **bad_days()[told]())

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert TYPED in answer.content.decode()
    assert state(case) == RequestState.PROPOSED
    assert list(case.wishes.values_list("first_day", flat=True)) == wished


def test_the_deed_itself_refuses_days_that_are_too_soon():
    case = cases.planned()
    cases.propose(case)

    with pytest.raises(workflow.MoveRefused):
        workflow.want_change(case, number=1, text="Sooner", days=[timezone.localdate() + timedelta(days=30)])

    assert state(case) == RequestState.PROPOSED
    assert Proposal.objects.get().answer == ProposalAnswer.OPEN


# -- A newer version


@pytest.mark.parametrize("name", ["proposal_yes", "proposal_change"])
def test_an_answer_to_an_older_version_shows_what_is_different_and_counts_for_nothing(name: str):
    case = cases.two_versions()
    theirs = case.visit.sessions.get(kind=SessionKind.GUEST)

    answer = post(case, name, number=1, text=TYPED, **{f"words_{theirs.pk}": "Even longer", "words_99999": "Gone"})

    found = answer.content.decode()
    assert answer.status_code == 409
    assert "We have sent version 2 since you opened that page." in found
    assert "One thing is different from version 1" in found
    assert TYPED in found
    assert name == "proposal_yes" or ("Even longer" in found and "Gone" in found)
    assert 'name="number" value="2"' in found
    assert state(case) == RequestState.PROPOSED
    assert not case.history.filter(what="agreed").exists()


def test_more_rows_and_versions_cost_no_more_queries(django_assert_max_num_queries):
    counts: dict[str, list[int]] = {"programme": [], "proposal_change": [], "proposal_yes": []}
    for rows in (1, 3):
        case = cases.planned()
        for hour in range(13, 13 + rows):
            SessionFactory(visit=case.visit, hour=hour, title=f"Hour {hour}")
        for _version in range(rows):
            case.refresh_from_db()
            cases.propose(case, *[cases.weeks_later(case, 2 * n + 2) for n in range(min(rows, 2))])
            workflow.resume(case, by=case.coordinator, seen=case.version)
        cases.propose(case, cases.weeks_later(case, 2))
        client = visitor_of(case)
        for name, found in counts.items():
            with django_assert_max_num_queries(14) as queries:
                client.get(reverse(f"visits:{name}", args=[case.reference]))
            found.append(len(queries))

    assert all(few == many for few, many in counts.values())
