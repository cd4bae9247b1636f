"""A request that came by phone: written down by one of us, taken over by its visitor."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import CoordinatorFactory
from tests.visits.entering.scene import too_soon, typed
from visits import access, letters, reminders, rules, workflow
from visits.choices import LinkPurpose, RequestState, Source
from visits.models import AccessLink, Entry, Message, VisitRequest

pytestmark = pytest.mark.django_db
ADD = "/admin/requests/add/"
REASON = "They are here for the festival that week."


def entered(client, **other):
    client.post(ADD, typed(**other))
    return VisitRequest.objects.get()


def take_over_page(case):
    return reverse("visits:take_over", args=[access.token(AccessLink.objects.get(request=case, revoked_at=None))])


def test_it_reaches_the_desk_at_once_with_its_number_and_its_history(coordinator_client, coordinator):
    case = entered(coordinator_client)

    assert (case.state, case.reference is not None, case.visitor) == (RequestState.SUBMITTED, True, None)
    assert (case.organisation.name, case.organisation.country.code) == ("Almadura Clinic", "PT")
    assert [(line.what, line.by) for line in case.history.all()] == [("came_in", coordinator), ("entered", coordinator)]
    assert (case.entry.source, case.entry.words, case.entry.by) == (
        Source.PHONE, "They want to see Esther.", coordinator,
    )  # fmt: skip


def test_only_a_link_to_take_it_over_goes_to_the_address(coordinator_client):
    case = entered(coordinator_client, language="sv")

    assert [(mail.kind, mail.to_email, mail.language) for mail in Message.objects.all()] == [
        ("entered", case.contact_email, "sv")
    ]


def test_the_desk_says_who_entered_it_until_the_visitor_confirms(coordinator_client, client):
    case = entered(coordinator_client)
    address = reverse("admin:visits_visitrequest_request", args=[case.pk])
    mark = "Entered by Maja Lindqvist, not yet confirmed by them"
    assert mark in coordinator_client.get(address).content.decode()
    assert "Not yet confirmed by them" in coordinator_client.get("/admin/").content.decode()

    client.post(take_over_page(case), {"take": "yes"})

    assert mark not in coordinator_client.get(address).content.decode()


def test_looking_at_the_link_confirms_nothing(coordinator_client, client):
    case = entered(coordinator_client)

    html = client.get(take_over_page(case)).content.decode()

    case.refresh_from_db()
    assert "Maja Lindqvist at Qulturum has written down your request" in html
    assert "A board at the bed." in html
    assert (case.visitor, case.entry.taken_over_at) == (None, None)


def test_one_press_takes_it_over_and_opens_the_visit(coordinator_client, client):
    case = entered(coordinator_client)

    response = client.post(take_over_page(case), {"take": "yes"})

    case.refresh_from_db()
    assert response.headers["Location"] == reverse("visits:visit", args=[case.reference])
    assert client.get(response.headers["Location"]).status_code == 200
    assert (case.visitor.email, case.history.first().what) == (case.contact_email, "taken_over")
    assert set(Message.objects.values_list("kind", flat=True)) == {"entered", "received"}


def test_who_corrects_something_comes_to_the_request(coordinator_client, client):
    case = entered(coordinator_client)

    response = client.post(take_over_page(case), {"correct": "yes"})

    assert response.headers["Location"] == reverse("visits:my_request", args=[case.reference])
    assert client.get(response.headers["Location"]).status_code == 200


def test_pressed_twice_it_is_taken_over_once(coordinator_client, client):
    case = entered(coordinator_client)
    address = take_over_page(case)

    client.post(address)
    client.post(address)

    assert case.history.filter(what="taken_over").count() == 1
    assert Message.objects.filter(kind="received").count() == 1


def test_another_browser_with_the_old_link_is_sent_a_new_one(coordinator_client, client):
    case = entered(coordinator_client)
    workflow.take_over(case)

    read, pressed = client.get(take_over_page(case)), client.post(take_over_page(case))

    assert (read.status_code, pressed.status_code) == (410, 200)
    assert Message.objects.filter(kind="find", to_email=case.contact_email).count() == 1


def test_a_made_up_link_opens_nothing(client):
    assert client.get(reverse("visits:take_over", args=["x" * 43])).status_code == 404


def test_every_mail_before_that_leads_to_taking_it_over(coordinator_client):
    case = entered(coordinator_client)
    workflow.write_to_visitor(case, text="Which week?", by=case.entry.by)
    mail = Message.objects.for_writing().get(kind="message")

    body = letters.write(mail, timezone.now()).body

    assert "/take-over/" in body
    assert not AccessLink.objects.filter(purpose=LinkPurpose.VISIT).exists()


def test_who_stays_silent_is_asked_after_a_week_and_after_three_and_nothing_is_closed(coordinator_client):
    case = entered(coordinator_client)
    day = timezone.localdate()

    for days in range(0, 40, 2):
        reminders.queue_due(rules.morning_of(day + timedelta(days=days)) + timedelta(minutes=5))

    case.refresh_from_db()
    keys = Message.objects.filter(kind="entered_reminder").order_by("pk").values_list("key", flat=True)
    assert [key.split(":")[2] for key in keys] == ["7-days", "21-days"]
    assert case.state == RequestState.SUBMITTED


def test_a_wrong_address_is_corrected_and_the_old_link_is_closed(coordinator_client, client):
    case = entered(coordinator_client)
    old = take_over_page(case)

    coordinator_client.post(
        reverse("admin:visits_visitrequest_deed", args=[case.pk, "correct_address"]),
        {"seen": case.version, "email": "right@almadura.example.org"},
    )

    case.refresh_from_db()
    assert case.contact_email == "right@almadura.example.org"
    assert (client.get(old).status_code, client.get(take_over_page(case)).status_code) == (410, 200)
    assert Message.objects.filter(kind="entered", to_email="right@almadura.example.org").count() == 1


def test_a_confirmed_address_is_not_changed_at_the_desk(coordinator_client):
    case = entered(coordinator_client)
    workflow.take_over(case)

    response = coordinator_client.post(
        reverse("admin:visits_visitrequest_deed", args=[case.pk, "correct_address"]),
        {"seen": case.version, "email": "other@almadura.example.org"},
    )

    case.refresh_from_db()
    assert (response.status_code, case.contact_email) == (409, "ines@almadura.example.org")


def test_one_page_pressed_twice_makes_one_request(coordinator_client):
    coordinator_client.post(ADD, typed(mark="abc"))
    coordinator_client.post(ADD, typed(mark="abc"))

    assert VisitRequest.objects.count() == 1
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"organisation_name": ""}, "Write the name of the organisation."),
        ({"contact_email": "no address"}, "Write an e-mail address"),
        ({"group_size": "900"}, "Write how many come"),
        ({"brings": " "}, "Write one thing that they could share."),
        ({"first_day": "16/3/27"}, "Write the day as 16 3 2027."),
        ({"country": "XX"}, "Choose the country they come from."),
        ({"contact_name": "a\u0007b"}, "hidden character"),
        ({"source": "file"}, "Choose one of the answers."),
    ],
)
def test_what_is_wrong_is_explained_and_nothing_is_entered(coordinator_client, other, told):
    response = coordinator_client.post(ADD, typed(**other))

    html = response.content.decode()
    assert response.status_code == 422
    assert told in html
    assert "They want to see Esther." in html
    assert not VisitRequest.objects.exists()


def test_a_day_too_soon_is_refused_for_a_coordinator_whatever_they_write(coordinator_client):
    response = coordinator_client.post(ADD, typed(first_day=too_soon().isoformat(), reason=REASON))

    assert response.status_code == 422
    assert "We need three months to prepare." in response.content.decode()
    assert not VisitRequest.objects.exists()


@pytest.mark.parametrize("reason", ["", "short"])
def test_a_manager_says_why_a_day_is_too_soon(manager_client, reason):
    response = manager_client.post(ADD, typed(first_day=too_soon().isoformat(), reason=reason))

    assert "Say why in at least twenty characters." in response.content.decode()
    assert not VisitRequest.objects.exists()


def test_a_manager_waives_with_a_reason_that_is_kept(manager_client, manager):
    case = entered(manager_client, first_day=too_soon().isoformat(), reason=REASON)

    assert (case.waiver_reason, case.waived_by) == (REASON, manager)
    assert case.history.filter(what="waived_lead_time").count() == 1


def test_the_deed_itself_refuses_who_may_not_waive():
    by = CoordinatorFactory()

    with pytest.raises(workflow.MoveRefused):
        workflow.enter(
            VisitRequest(), by=by, source=Source.PHONE, said="", today=timezone.localdate(),
            wished=[too_soon()], reason=REASON,
        )  # fmt: skip

    assert not Entry.objects.exists()


def test_facilitators_enter_nothing(facilitator_client):
    assert facilitator_client.post(ADD, typed()).status_code == 403
    assert not VisitRequest.objects.exists()
