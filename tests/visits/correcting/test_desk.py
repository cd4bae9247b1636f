"""The Request tab: a link at each part, a form in its place, and the same guards as every deed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.conftest import signed_in
from tests.factories import CoordinatorFactory, UserFactory, VisitRequestFactory, join
from tests.visits.desk.test_deeds import press
from tests.visits.undoing.cases import ready
from tests.visits.visitor import cases
from visits import correcting, roles
from visits.admin.pages import tab_url
from visits.choices import RequestState
from visits.forms.correcting import FORMS
from visits.models import Decision, Message, VisitRequest

pytestmark = pytest.mark.django_db
S = RequestState
PARTS = [part for part in correcting.FACTS if part != "further"]  # our own questions: test_answers
WHY = "They told us on the phone."


def page(client: Client, case: VisitRequest, part: str = "") -> str:
    query = f"?correct={part}" if part else ""
    return client.get(f"{tab_url(case, 'request')}{query}").content.decode()


def sent(client: Client, case: VisitRequest, part: str, **changes: Any) -> dict[str, Any]:
    """What the form of a part would send as it is drawn, with some boxes changed."""
    form = FORMS[part](visit_request=VisitRequest.objects.get(pk=case.pk), auto_id=f"correct_{part}_%s")
    from_page = re.search(r'name="drawn" value="([^"]*)"', _form(page(client, case, part), case, part))
    assert from_page
    boxes: dict[str, Any] = {}
    for name in form.facts:
        value = form[name].value()
        boxes[name] = "" if value is None else getattr(value, "code", value)
    boxes = {name: value for name, value in boxes.items() if value is not False}
    boxes |= {"reason": WHY, "seen": case.version, "drawn": from_page[1]}
    return {name: value for name, value in (boxes | changes).items() if value is not None}


def _form(html: str, case: VisitRequest, part: str) -> str:
    action = reverse("admin:visits_visitrequest_deed", args=[case.pk, f"correct_{part}"])
    return html.split(f'action="{action}"', 1)[1].split("</form>", 1)[0]


@pytest.mark.parametrize("part", PARTS)
def test_each_part_has_its_link_and_its_form_with_what_stands_there(coordinator_client, part):
    case = cases.in_review()

    plain, opened = page(coordinator_client, case), page(coordinator_client, case, part)

    assert f"?correct={part}#{part}" in plain
    assert f"do/correct_{part}/" not in plain
    assert f"?correct={part}#{part}" not in opened
    assert 'name="reason"' in _form(opened, case, part)


@pytest.mark.parametrize("part", PARTS)
def test_an_untouched_form_changes_nothing_in_any_part(coordinator_client, part):
    case = cases.in_review()

    answer = press(coordinator_client, case, f"correct_{part}", **sent(coordinator_client, case, part))

    assert answer.status_code == 409
    assert "says so already" in answer.content.decode()
    assert not case.history.filter(what="corrected").exists()


@pytest.mark.parametrize(
    ("part", "typed", "name", "kept"),
    [
        ("who", {"group_size": "nine"}, "group_size", 9),
        ("who", {"contact_role": "Chief nurse"}, "contact_role", "Chief nurse"),
        ("learn", {"question_2": "Who pays?"}, "big_questions", None),
        ("bring", {"gifts": ["challenge", "question"]}, "gifts", ["challenge", "question"]),
        ("when", {"length": "three"}, "length", "three"),
        ("needs", {"needs_invitation_letter": "on"}, "needs_invitation_letter", True),
    ],
)
def test_what_is_typed_is_kept_waits_and_stands_among_the_changes(coordinator_client, part, typed, name, kept):
    case = cases.in_review()
    was = getattr(case, name)

    answer = press(coordinator_client, case, f"correct_{part}", **sent(coordinator_client, case, part, **typed))

    assert answer.status_code == 302
    now = getattr(VisitRequest.objects.get(pk=case.pk), name)
    assert now == (kept if kept is not None else [*was, "Who pays?"])
    after = page(coordinator_client, case)
    assert "dk-undo" in after
    assert "corrected the request" in after
    assert "What changed since they sent it" in after


def test_what_was_taken_back_is_no_change_any_more(coordinator_client):
    case = cases.in_review()
    press(coordinator_client, case, "correct_who", **sent(coordinator_client, case, "who", group_size="9"))
    undo = reverse("admin:visits_visitrequest_undo", args=[case.pk, Decision.objects.get().pk])

    coordinator_client.post(undo)

    assert "What changed since they sent it" not in page(coordinator_client, case)
    assert VisitRequest.objects.get(pk=case.pk).group_size == case.group_size


def test_a_reason_is_asked_for_and_what_was_typed_stays(coordinator_client):
    case = cases.in_review()
    typed = sent(coordinator_client, case, "who", contact_role="Chief nurse", reason="")

    answer = press(coordinator_client, case, "correct_who", **typed)

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Say why." in html
    assert 'value="Chief nurse"' in html
    assert not case.history.filter(what="corrected").exists()


def test_what_it_does_is_read_first_and_every_ticked_answer_goes_with_it(coordinator_client):
    case = cases.in_review()
    typed = sent(coordinator_client, case, "bring", gifts=["challenge", "question"])

    foreseen = press(coordinator_client, case, "correct_bring", **typed, foresee="1").content.decode()

    assert "We have corrected your request" in foreseen
    assert re.findall(r'name="gifts" value="(\w+)"', foreseen) == ["challenge", "question"]
    assert not Message.objects.filter(kind="corrected").exists()
    assert "The turn stays where it is" in foreseen


def test_what_opens_the_agreement_says_whose_turn_it_will_be(coordinator_client):
    case = ready()
    typed = sent(coordinator_client, case, "who", group_size=str(case.group_size * 2))

    foreseen = press(coordinator_client, case, "correct_who", **typed, foresee="1").content.decode()

    assert "both read the agreement again" in foreseen
    assert "The turn stays where it is" not in foreseen


def test_two_who_correct_the_same_fact_see_both_versions(coordinator_client):
    case, karin = cases.in_review(), signed_in(CoordinatorFactory(first_name="Karin", last_name="Ahlgren"))
    mine = sent(coordinator_client, case, "who", group_size="9")
    theirs = sent(karin, case, "who", group_size="12", country="NO")
    press(karin, case, "correct_who", **theirs)

    answer = press(coordinator_client, case, "correct_who", **mine)

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Karin Ahlgren was first" in html
    assert "One thing to choose" in html
    assert "Norway" in html  # only she changed it: kept, by its name
    assert VisitRequest.objects.get(pk=case.pk).group_size == 12


def test_two_who_correct_different_facts_both_have_their_way(coordinator_client):
    case, karin = cases.in_review(), signed_in(CoordinatorFactory(first_name="Karin", last_name="Ahlgren"))
    mine = sent(coordinator_client, case, "who", group_size="9")
    press(karin, case, "correct_who", **sent(karin, case, "who", town="Aberdeen"))

    answer = press(coordinator_client, case, "correct_who", **mine)

    after = VisitRequest.objects.get(pk=case.pk)
    assert answer.status_code == 302
    assert (after.group_size, after.town) == (9, "Aberdeen")


def test_an_address_that_we_corrected_is_not_called_confirmed(coordinator_client):
    case = cases.in_review()
    assert "address confirmed" in page(coordinator_client, case)

    typed = sent(coordinator_client, case, "who", contact_email="moira@example.org")
    press(coordinator_client, case, "correct_who", **typed)

    after = page(coordinator_client, case)
    assert "address confirmed" not in after
    assert "corrected by Maja Lindqvist" in after


@pytest.mark.parametrize("part", PARTS)
def test_who_may_not_change_requests_corrects_nothing(facilitator_client, client, part):
    case = cases.in_review()
    reader = UserFactory(is_staff=True)
    join(reader, roles.LOGISTICS)
    reading = signed_in(reader)
    typed = {"seen": case.version, "reason": WHY, "group_size": "9"}

    answers = [
        press(one, case, f"correct_{part}", **typed).status_code for one in (client, facilitator_client, reading)
    ]

    assert answers == [302, 403, 403]
    assert not case.history.filter(what="corrected").exists()


@pytest.mark.parametrize("state", [S.DECLINED, S.WITHDRAWN, S.CANCELLED, S.EXPIRED])
def test_a_request_that_has_ended_offers_no_correction(coordinator_client, state):
    case = VisitRequestFactory(state=state, decline_reason="no_room")

    assert "do/correct_" not in page(coordinator_client, case, "who")
    assert "?correct=" not in page(coordinator_client, case)


@pytest.mark.parametrize("part", ["", "who"])
def test_many_corrections_cost_no_more_queries(coordinator_client, part):
    case = cases.in_review()
    _correct_role(coordinator_client, case, "Nurse")
    page(coordinator_client, case)
    before = _queries(coordinator_client, case, part)
    for role in ("Chief nurse", "Midwife"):
        _correct_role(coordinator_client, case, role)

    assert _queries(coordinator_client, case, part) == before


def _correct_role(client: Client, case: VisitRequest, role: str) -> None:
    now = VisitRequest.objects.get(pk=case.pk)
    assert press(client, now, "correct_who", **sent(client, now, "who", contact_role=role)).status_code == 302


def _queries(client: Client, case: VisitRequest, part: str) -> int:
    with CaptureQueriesContext(connection) as found:
        page(client, case, part)
    return len(found)
