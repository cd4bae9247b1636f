from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from tests.factories import FacilitatorFactory, SessionFactory, VisitFactory, VisitRequestFactory
from visits import rules, words
from visits.choices import AlternativeKind, Length, RequestState
from visits.letters import write
from visits.models import Alternative, Message, Proposal, VisitRequest

pytestmark = pytest.mark.django_db
S = RequestState


def decline(client: Client, case: VisitRequest, **changes: Any) -> Any:
    typed = {"seen": case.version, "reason": "no_room", "explanation": "Your question is a good one.",
             "alternatives": ["digital"]} | changes  # fmt: skip
    return client.post(reverse("admin:visits_visitrequest_decline", args=[case.pk]), typed)


def propose(client: Client, case: VisitRequest, **typed: Any) -> Any:
    return client.post(reverse("admin:visits_visitrequest_propose", args=[case.pk]), {"seen": case.version, **typed})


def test_a_no_has_a_reason_own_words_and_something_instead(coordinator_client: Client) -> None:
    case = VisitRequestFactory()

    response = decline(coordinator_client, case, colleague="Write to the ward at Ryhov.")

    case.refresh_from_db()
    assert (response.status_code, case.state, case.decline_reason) == (302, S.DECLINED, "no_room")
    assert [a.kind for a in case.alternatives.order_by("pk")] == [AlternativeKind.DIGITAL, AlternativeKind.COLLEAGUE]
    assert Message.objects.get().kind == "declined"


def test_another_week_is_offered_with_its_day(coordinator_client: Client) -> None:
    FacilitatorFactory()
    case = VisitRequestFactory()
    page = coordinator_client.get(reverse("admin:visits_visitrequest_decline", args=[case.pk]))
    offer = next(offer for offer in page.context["offers"] if offer.first_day)

    decline(coordinator_client, case, alternatives=[offer.key])

    assert [(a.kind, a.first_day) for a in case.alternatives.all()] == [("other_week", offer.first_day)]
    assert "A programme can be planned in each of these weeks now." in page.content.decode()
    assert page.content.decode().count("Fits all") == 2


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", ["Come in week", "Meet us on screen for an hour"]), ("sv", ["Kom vecka", "Möt oss på skärm i en timme"])],
)
def test_what_was_offered_is_read_in_the_language_of_the_reader(
    coordinator_client: Client, language: str, told: list[str]
) -> None:
    FacilitatorFactory()
    case = VisitRequestFactory(language=language)
    page = coordinator_client.get(reverse("admin:visits_visitrequest_decline", args=[case.pk]))
    week = next(offer for offer in page.context["offers"] if offer.first_day)

    decline(coordinator_client, case, alternatives=[week.key, "digital"])

    mail = write(Message.objects.get(kind="declined"), timezone.now())
    with translation.override(language):
        address = reverse("admin:visits_visitrequest_request", args=[case.pk])
        days = words.day_range(week.first_day, rules.last_day(week.first_day, Length(case.length)))
    desk = coordinator_client.get(address).content.decode()
    for page_of_it in (mail.body, desk):
        assert [line for line in (*told, days) if line not in page_of_it] == []
        assert "One hour on screen" not in page_of_it


def test_what_they_read_names_what_is_ticked(coordinator_client: Client) -> None:
    FacilitatorFactory()
    case = VisitRequestFactory()
    page = coordinator_client.get(reverse("admin:visits_visitrequest_decline", args=[case.pk]))
    week = next(offer for offer in page.context["offers"] if offer.first_day)

    response = decline(coordinator_client, case, preview="1", alternatives=[week.key])

    read = " ".join(str(block) for mail in response.context["foreseen"].mails for block in mail.blocks)
    assert f"Come in week {words.week(week.first_day)}" in read
    assert "Meet us on screen" not in read


@pytest.mark.parametrize(("changes", "told"), [
    ({"alternatives": []}, "Offer at least one thing instead."),
    ({"reason": ""}, "Say why we cannot."),
    ({"reason": "because"}, "Choose one of the answers."),
    ({"explanation": ""}, "Write a few words of your own."),
    ({"alternatives": ["other_week:2020-01-01"]}, "Choose among the answers."),
])  # fmt: skip
def test_a_no_that_is_not_whole_is_not_sent(coordinator_client: Client, changes: dict[str, Any], told: str) -> None:
    case = VisitRequestFactory()

    response = decline(coordinator_client, case, **changes)

    case.refresh_from_db()
    assert (response.status_code, case.state) == (422, S.SUBMITTED)
    assert told in response.content.decode()
    assert not Alternative.objects.exists()
    assert not Message.objects.exists()


def test_what_they_read_can_be_looked_at_first(coordinator_client: Client) -> None:
    case = VisitRequestFactory()

    response = decline(coordinator_client, case, preview="1")

    case.refresh_from_db()
    assert (response.status_code, case.state) == (200, S.SUBMITTED)
    assert "<p>Your question is a good one.</p>" in response.content.decode()


@pytest.mark.parametrize("state", [S.AGREED, S.CONFIRMED, S.COMPLETED, S.WITHDRAWN])
def test_what_is_agreed_or_over_is_not_declined(coordinator_client: Client, state: RequestState) -> None:
    case = VisitRequestFactory(state=state)

    response = decline(coordinator_client, case)

    case.refresh_from_db()
    assert (response.status_code, case.state) == (409, state)
    assert "Your question is a good one." in response.content.decode()


def test_an_old_page_declines_nothing(coordinator_client: Client) -> None:
    case = VisitRequestFactory()
    VisitRequest.objects.update(version=4)

    response = decline(coordinator_client, case)

    assert response.status_code == 409
    assert not Alternative.objects.exists()


@pytest.mark.parametrize("page", ["decline", "propose"])
def test_facilitators_decide_nothing(facilitator_client: Client, page: str) -> None:
    case = VisitRequestFactory(state=S.IN_REVIEW)
    address = reverse(f"admin:visits_visitrequest_{page}", args=[case.pk])

    assert facilitator_client.get(address).status_code == 403
    assert facilitator_client.post(address, {"seen": case.version}).status_code == 403


def test_the_page_before_a_proposal_says_what_it_does_and_does_nothing(coordinator_client: Client) -> None:
    session = SessionFactory()

    response = coordinator_client.get(reverse("admin:visits_visitrequest_propose", args=[session.visit.request.pk]))

    assert response.status_code == 200
    assert "“Meet Esther” has nobody to lead it yet." in response.content.decode()
    assert not Proposal.objects.exists()


def test_a_proposal_is_sent_with_own_words(coordinator_client: Client) -> None:
    session = SessionFactory()

    response = propose(coordinator_client, session.visit.request, letter="Welcome, dear friends.")

    case = VisitRequest.objects.get()
    assert (response.status_code, case.state) == (302, S.PROPOSED)
    assert case.proposals.get().words == "Welcome, dear friends."


def test_the_page_before_a_proposal_without_an_agenda_says_so_and_has_no_press(coordinator_client: Client) -> None:
    case = VisitRequestFactory(state=RequestState.IN_REVIEW)

    page = coordinator_client.get(reverse("admin:visits_visitrequest_propose", args=[case.pk])).content.decode()

    assert "The agenda is empty." in page
    assert "There is no agenda to send yet." in page
    assert "No room is held" in page
    assert "Every session of ours has somebody" not in page
    assert "Propose version 1</button>" not in page


def test_a_proposal_without_an_agenda_is_refused_and_keeps_the_letter(coordinator_client: Client) -> None:
    visit = VisitFactory()

    response = propose(coordinator_client, visit.request, letter="Welcome, dear friends.")

    assert response.status_code == 409
    assert "Put at least one session into the agenda first." in response.content.decode()
    assert "Welcome, dear friends." in response.content.decode()


def test_a_proposal_from_an_old_page_is_refused(coordinator_client: Client) -> None:
    session = SessionFactory()
    VisitRequest.objects.update(version=4)

    response = propose(coordinator_client, session.visit.request)

    assert response.status_code == 409
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(("state", "offered"), [(S.IN_REVIEW, True), (S.AGREED, False), (S.COMPLETED, False)])
def test_a_no_is_offered_only_where_it_can_be_said(coordinator_client: Client, state: str, offered: bool) -> None:
    case = VisitRequestFactory(state=state)

    page = coordinator_client.get(reverse("admin:visits_visitrequest_decline", args=[case.pk])).content.decode()

    assert ("Say no, and offer this" in page, "is not declined" in page) == (offered, not offered)


@pytest.mark.parametrize(("state", "offered"), [(S.SUBMITTED, True), (S.IN_REVIEW, True), (S.WAITLISTED, False)])
def test_a_question_instead_of_a_no_is_offered_where_it_can_be_asked(
    coordinator_client: Client, state: str, offered: bool
) -> None:
    case = VisitRequestFactory(state=state)

    page = coordinator_client.get(reverse("admin:visits_visitrequest_decline", args=[case.pk])).content.decode()

    assert ("Ask a question instead" in page) == offered


def test_a_day_without_anything_is_told_before_the_proposal_is_sent(coordinator_client: Client) -> None:
    session = SessionFactory()
    visit = session.visit
    visit.last_day = visit.first_day + timedelta(days=1)
    visit.save(update_fields=["last_day"])

    page = coordinator_client.get(
        reverse("admin:visits_visitrequest_propose", args=[visit.request.pk])
    ).content.decode()

    assert f"Nothing is planned on {words.weekday(visit.last_day)}." in page
    assert f"Nothing is planned on {words.weekday(visit.first_day)}." not in page


# -- A reason that is not true ------------------------------------------------------------


def decline_page(client: Client, case: VisitRequest) -> str:
    return client.get(reverse("admin:visits_visitrequest_decline", args=[case.pk])).content.decode()


def kept(case: VisitRequest) -> str:
    days = (case.first_wished_day - rules.earliest_first_day(case.submitted_on)).days
    return f"This request keeps the three months ({days} days to spare)."


def test_that_the_three_months_are_kept_is_told_beside_the_reason_before_a_no(coordinator_client: Client) -> None:
    case = VisitRequestFactory()

    assert decline_page(coordinator_client, case).count(kept(case)) == 1


def test_a_no_for_too_little_time_is_sent_once_somebody_has_read_that_there_is_enough(
    coordinator_client: Client,
) -> None:
    case = VisitRequestFactory()

    first = decline(coordinator_client, case, reason="lead_time")
    assert (first.status_code, VisitRequest.objects.get(pk=case.pk).state) == (422, S.SUBMITTED)
    assert not Message.objects.exists()
    assert f"{kept(case)} Choose another reason, or press once more." in first.content.decode()
    assert 'name="doubted" value="lead_time"' in first.content.decode()

    again = decline(coordinator_client, case, reason="lead_time", doubted="lead_time")
    assert (again.status_code, VisitRequest.objects.get(pk=case.pk).state) == (302, S.DECLINED)


def test_the_look_at_the_mail_warns_of_a_reason_that_is_not_true(coordinator_client: Client) -> None:
    case = VisitRequestFactory()

    page = decline(coordinator_client, case, reason="lead_time", preview="1")

    assert page.status_code == 200
    assert f"{kept(case)} Is the reason right?" in page.content.decode()
    assert 'name="doubted" value="lead_time"' in page.content.decode()
    assert page.context["foreseen"].to_guests


def test_a_reason_that_is_true_needs_no_second_press(coordinator_client: Client) -> None:
    soon = VisitRequestFactory(
        first_wished_day=timezone.localdate() + timedelta(days=30), wishes=[timezone.localdate() + timedelta(days=30)],
        waiver_reason="They come to the festival anyway.",
    )  # fmt: skip

    response = decline(coordinator_client, soon, reason="lead_time")

    assert response.status_code == 302
    assert "keeps the three months" not in decline_page(coordinator_client, soon)


def test_the_hints_of_a_no_say_where_the_words_stand_and_who_signs(coordinator_client: Client, coordinator) -> None:
    nobodys, ours = VisitRequestFactory(), VisitRequestFactory(state=S.IN_REVIEW, coordinator=coordinator)

    page, other = decline_page(coordinator_client, nobodys), decline_page(coordinator_client, ours)
    decline(coordinator_client, nobodys)

    body = write(Message.objects.get(), timezone.now()).body
    assert "They read it right after the reason." in page
    assert "the mail ends with “Qulturum, Region Jönköping County”" in page
    assert "the name of the host, Maja Lindqvist, are added" in other
    assert body.index("We have looked for a way") < body.index("Your question is a good one.")
    assert body.count("Qulturum, Region Jönköping County") == 1
