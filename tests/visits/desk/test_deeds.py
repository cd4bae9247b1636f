"""Every deed of the request page: by the right person, by the wrong one, from an old page, in the wrong state."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programmes.models import Area, Offering
from tests.factories import (
    AskFactory,
    CoordinatorFactory,
    FacilitatorFactory,
    RoomFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
    settle_agreement,
)
from visits import scheduling
from visits.admin.deeds import DEEDS
from visits.choices import AskState, RequestState, SessionKind
from visits.models import Ask, Comment, Message, User, VisitRequest

pytestmark = pytest.mark.django_db
S = RequestState


def press(client: Client, case: VisitRequest, deed: str, **typed: Any) -> Any:
    address = reverse("admin:visits_visitrequest_deed", args=[case.pk, deed])
    return client.post(address, {"seen": case.version, **typed})


def in_state(state: RequestState, **fields: Any) -> VisitRequest:
    return VisitRequestFactory(state=state, **fields)


def planned(state: RequestState = S.IN_REVIEW) -> Any:
    """A request with a visit and one session of ours."""
    return SessionFactory(visit=VisitFactory(request=VisitRequestFactory(state=state)))


REASON = "They come to the festival anyway."
MOVES = [
    ("claim", S.SUBMITTED, {}, S.IN_REVIEW),
    ("say", S.IN_REVIEW, {"kind": "question", "text": "Who tells the story?"}, S.INFO_REQUESTED),
    ("say", S.IN_REVIEW, {"kind": "message", "text": "Photographs are fine."}, S.IN_REVIEW),
    ("say", S.CONFIRMED, {"kind": "note", "text": "Ask Gunvor."}, S.CONFIRMED),
    ("waitlist", S.IN_REVIEW, {"what_for": "A week in May."}, S.WAITLISTED),
    ("resume", S.WAITLISTED, {}, S.IN_REVIEW),
    ("resume", S.INFO_REQUESTED, {}, S.IN_REVIEW),
    ("resume", S.PROPOSED, {}, S.IN_REVIEW),
    ("reopen", S.WITHDRAWN, {}, S.IN_REVIEW),
    ("move_back", S.AGREED, {}, S.IN_REVIEW),
    ("move_back", S.CONFIRMED, {}, S.IN_REVIEW),
    ("cancel", S.CONFIRMED, {"why": "The house is closed that day."}, S.CANCELLED),
]


@pytest.mark.parametrize(("deed", "before", "typed", "after"), MOVES)
def test_a_coordinator_moves_a_request(
    coordinator_client: Client, deed: str, before: RequestState, typed: dict[str, str], after: RequestState
) -> None:
    case = in_state(before)

    response = press(coordinator_client, case, deed, **typed)

    case.refresh_from_db()
    assert (response.status_code, case.state) == (302, after)
    assert case.history.exists()


@pytest.mark.parametrize("deed", sorted(DEEDS))
def test_facilitators_do_none_of_it(facilitator_client: Client, deed: str) -> None:
    case = in_state(S.SUBMITTED)

    response = press(facilitator_client, case, deed, text="x", reason=REASON)

    case.refresh_from_db()
    assert response.status_code == 403
    assert (case.state, case.version, case.history.count()) == (S.SUBMITTED, 1, 0)


@pytest.mark.parametrize("deed", sorted(DEEDS))
def test_strangers_are_sent_to_sign_in(client: Client, deed: str) -> None:
    case = in_state(S.SUBMITTED)

    response = press(client, case, deed)

    assert response.status_code == 302
    assert response.url.startswith("/account/login/?next=")
    assert not case.history.exists()


@pytest.mark.parametrize("deed", sorted(DEEDS))
def test_looking_does_nothing(manager_client: Client, deed: str) -> None:
    case = in_state(S.SUBMITTED)

    response = manager_client.get(reverse("admin:visits_visitrequest_deed", args=[case.pk, deed]))

    assert response.status_code == 405


@pytest.mark.parametrize(("deed", "before", "typed", "after"), [m for m in MOVES if m[1] != m[3]])
def test_an_old_page_is_refused_with_a_sentence_and_what_was_typed(
    coordinator_client: Client, deed: str, before: RequestState, typed: dict[str, str], after: RequestState
) -> None:
    case = in_state(before)
    VisitRequest.objects.filter(pk=case.pk).update(version=7)

    response = press(coordinator_client, case, deed, **typed)

    case.refresh_from_db()
    assert (response.status_code, case.state, case.version) == (409, before, 7)
    assert "was faster" in response.content.decode()
    assert 'name="seen" value="7"' in response.content.decode()
    for words in typed.values():
        assert words in response.content.decode()


@pytest.mark.parametrize(("deed", "before", "typed", "after"), [m for m in MOVES if m[1] != m[3]])
def test_a_deed_in_the_wrong_state_is_refused(
    coordinator_client: Client, deed: str, before: RequestState, typed: dict[str, str], after: RequestState
) -> None:
    case = in_state(S.COMPLETED)

    response = press(coordinator_client, case, deed, **typed)

    case.refresh_from_db()
    assert (response.status_code, case.state) == (409, S.COMPLETED)
    assert not Message.objects.exists()


def test_a_request_is_handed_over(coordinator_client: Client) -> None:
    case, colleague = in_state(S.IN_REVIEW), CoordinatorFactory()

    press(coordinator_client, case, "hand_over", to=colleague.pk)

    case.refresh_from_db()
    assert case.coordinator == colleague


def test_a_request_is_not_handed_to_a_facilitator(coordinator_client: Client) -> None:
    case = in_state(S.IN_REVIEW)

    response = press(coordinator_client, case, "hand_over", to=FacilitatorFactory().user.pk)

    assert response.status_code == 422
    assert "Choose a colleague." in response.content.decode()


def test_a_note_is_not_mailed(coordinator_client: Client) -> None:
    case = in_state(S.IN_REVIEW)

    press(coordinator_client, case, "say", kind="note", text="Ask Gunvor.")

    assert Comment.objects.get().side == "note"
    assert not Message.objects.exists()


def test_nothing_written_is_nothing_sent(coordinator_client: Client) -> None:
    response = press(coordinator_client, in_state(S.IN_REVIEW), "say", kind="message", text="  ")

    assert response.status_code == 422
    assert "Write something first." in response.content.decode()
    assert not Comment.objects.exists()


def test_a_manager_waives_the_three_months_with_a_reason(manager_client: Client) -> None:
    case = in_state(S.IN_REVIEW)

    press(manager_client, case, "waive", reason=REASON)

    case.refresh_from_db()
    assert case.waiver_reason == REASON


def test_a_coordinator_may_not_waive(coordinator_client: Client) -> None:
    case = in_state(S.IN_REVIEW)

    response = press(coordinator_client, case, "waive", reason=REASON)

    case.refresh_from_db()
    assert (response.status_code, case.waiver_reason) == (403, "")


def test_a_waiver_needs_a_whole_reason_and_keeps_the_short_one_on_the_page(manager_client: Client) -> None:
    case = in_state(S.IN_REVIEW)

    response = press(manager_client, case, "waive", reason="Because.")

    assert response.status_code == 409
    assert "at least twenty characters" in response.content.decode()
    assert "Because." in response.content.decode()


def test_days_are_typed_and_kept(coordinator_client: Client) -> None:
    case = in_state(S.IN_REVIEW)
    day = case.first_wished_day

    press(coordinator_client, case, "choose_days", title="Esther", days="2",
          first_day_0=day.day, first_day_1=day.month, first_day_2=day.year)  # fmt: skip

    case.refresh_from_db()
    assert (case.visit.first_day, (case.visit.last_day - case.visit.first_day).days) == (day, 1)


def test_a_day_too_soon_is_refused_and_stays_typed(coordinator_client: Client) -> None:
    case = in_state(S.IN_REVIEW)

    response = press(coordinator_client, case, "choose_days", title="Esther", days="1",
                     first_day_0="2", first_day_1="1", first_day_2="2029")  # fmt: skip
    soon = press(coordinator_client, VisitRequestFactory(state=S.IN_REVIEW), "choose_days", days="1",
                 first_day_0=str(case.submitted_on.day), first_day_1=str(case.submitted_on.month),
                 first_day_2=str(case.submitted_on.year + 0))  # fmt: skip

    assert response.status_code == 302
    assert soon.status_code == 409
    assert f'value="{case.submitted_on.year}"' in soon.content.decode()


def session_words(session: Any, **changes: Any) -> dict[str, Any]:
    day = session.visit.first_day.isoformat()
    return {"kind": "host", "title": "Walk the process", "day": day, "starts": "13", "minutes": "120"} | changes


def boxes(session: Any, **typed: str) -> dict[str, str]:
    """What the boxes of a row send: what is typed, and what stood there."""
    stored = {"starts": f"{timezone.localtime(session.starts_at):%H.%M}", "minutes": str(session.minutes)}
    sent = {f"{name}-{session.pk}": value for name, value in (stored | typed).items()}
    return sent | {f"was-{session.pk}": f"{stored['starts']} {stored['minutes']}"}


def opened(session: Any, **changes: Any) -> dict[str, Any]:
    """What an open row sends."""
    return {"open": session.pk} | {f"row-{name}": value for name, value in session_words(session, **changes).items()}


def test_a_session_is_added_from_the_page(coordinator_client: Client) -> None:
    session = planned()

    response = press(coordinator_client, session.visit.request, "add_session", **session_words(session))

    assert response.status_code == 302
    assert [s.title for s in session.visit.sessions.all()] == ["Meet Esther", "Walk the process"]


def test_a_clash_is_told_with_the_rooms_that_are_free(coordinator_client: Client) -> None:
    session, room = planned(), RoomFactory(name="Large room")
    other = SessionFactory(title="Green, group 41", hour=13, room=room)
    scheduling.book_room(other)
    RoomFactory(name="Workshop room")

    response = press(coordinator_client, session.visit.request, "add_session", **session_words(session, room=room.pk))

    page = response.content.decode()
    assert response.status_code == 409
    assert "Large room is taken from 13.00 to 14.00" in page
    assert "Workshop room (20 people)" in page
    assert 'value="Walk the process"' in page


def test_two_sessions_at_one_time_are_told_without_rooms_that_nobody_asked_for(coordinator_client: Client) -> None:
    session = planned()
    RoomFactory(name="Workshop room")
    starts = session_words(session, starts=f"{timezone.localtime(session.starts_at):%H.%M}")

    response = press(coordinator_client, session.visit.request, "add_session", **starts)

    page = response.content.decode()
    assert response.status_code == 409
    assert "Choose another time." in page
    assert "Workshop room (20 people)" not in page


@pytest.mark.parametrize(("name", "typed", "told"), [
    ("starts", "26", "Write the time like 09.00."),
    ("starts", "soon", "Write the time like 09.00."),
    ("minutes", "", "Write how many minutes."),
    ("minutes", "-5", "Write how many minutes."),
    ("title", "", "Say what it is."),
    ("day", "2020-01-01", "Choose one of the answers."),
    ("room", "99999999999999999999", "Choose a room from the list."),
])  # fmt: skip
def test_what_cannot_be_read_gets_a_sentence(coordinator_client: Client, name: str, typed: str, told: str) -> None:
    session = planned()

    response = press(
        coordinator_client, session.visit.request, "add_session", **session_words(session, **{name: typed})
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert told in page
    assert "<title>Error: " in page
    assert session.visit.sessions.count() == 1


def test_a_row_is_given_another_time(coordinator_client: Client) -> None:
    session = planned()

    press(coordinator_client, session.visit.request, "agenda", **boxes(session, starts="1030", minutes="45"))

    session.refresh_from_db()
    assert (session.starts_at.astimezone().strftime("%H.%M"), session.minutes) == ("10.30", 45)


def test_a_row_is_changed_moved_and_removed(coordinator_client: Client) -> None:
    session = planned()
    case = session.visit.request
    SessionFactory(visit=session.visit, title="Fika", kind=SessionKind.BREAK, hour=10)

    press(coordinator_client, case, "agenda", **opened(session, starts="9", minutes="60"))
    case.refresh_from_db()
    press(coordinator_client, case, "agenda", press=f"later-{session.pk}")
    case.refresh_from_db()

    assert [s.title for s in session.visit.sessions.all()] == ["Fika", "Walk the process"]

    press(coordinator_client, case, "agenda", press=f"remove-{session.pk}")

    assert [s.title for s in session.visit.sessions.all()] == ["Fika"]


def test_a_session_of_another_request_is_out_of_reach(coordinator_client: Client) -> None:
    mine, other = planned(), planned()

    response = press(coordinator_client, mine.visit.request, "agenda", press=f"remove-{other.pk}")

    assert response.status_code == 422
    assert other.visit.sessions.exists()


def test_a_facilitator_is_put_down_asked_and_let_go(coordinator_client: Client) -> None:
    session, person = planned(), FacilitatorFactory()
    case = session.visit.request

    press(coordinator_client, case, "put_down", session=session.pk, facilitator=person.pk, when="later")
    ask = Ask.objects.get()
    press(coordinator_client, case, "send_ask", ask=ask.pk)
    ask.refresh_from_db()
    assert ask.state == AskState.ASKED

    press(coordinator_client, case, "withdraw_ask", ask=ask.pk)

    ask.refresh_from_db()
    assert ask.state == AskState.WITHDRAWN


def test_nobody_is_asked_twice_for_one_session(coordinator_client: Client) -> None:
    ask = AskFactory(session=planned())
    case = ask.session.visit.request

    response = press(coordinator_client, case, "put_down", session=ask.session.pk,
                     facilitator=ask.facilitator.pk, when="now")  # fmt: skip

    assert response.status_code == 409
    assert "already asked about this session" in response.content.decode()
    assert Ask.objects.count() == 1


def test_confirming_says_what_is_missing(coordinator_client: Client) -> None:
    session = planned(S.AGREED)

    response = press(coordinator_client, session.visit.request, "confirm")

    page = response.content.decode()
    assert response.status_code == 409
    assert "Nobody has said yes to “Meet Esther”." in page
    assert "The agenda holds no part of the guests’ own." in page


def test_a_visit_with_everything_is_confirmed(coordinator_client: Client, coordinator: User) -> None:
    session = planned(S.AGREED)
    scheduling.accept(AskFactory(session=session))
    SessionFactory(visit=session.visit, kind=SessionKind.GUEST, title="Their story", hour=11)
    settle_agreement(session.visit.request)

    press(coordinator_client, session.visit.request, "confirm")

    case = VisitRequest.objects.get(pk=session.visit.request.pk)
    assert case.state == S.CONFIRMED


def test_a_deed_that_does_not_exist_is_not_found(coordinator_client: Client) -> None:
    assert press(coordinator_client, in_state(S.SUBMITTED), "explode").status_code == 404


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 40])
def test_a_page_without_a_version_says_so(coordinator_client: Client, seen: str) -> None:
    case = in_state(S.SUBMITTED)

    response = coordinator_client.post(
        reverse("admin:visits_visitrequest_deed", args=[case.pk, "claim"]), {"seen": seen}
    )

    case.refresh_from_db()
    assert response.status_code in (409, 422)
    assert case.state == S.SUBMITTED


def test_what_the_catalogue_offers_is_added_with_one_press(coordinator_client: Client) -> None:
    session = planned()
    area = Area.objects.create(slug="esther", name_en="Esther", name_sv="Esther")
    offering = Offering.objects.create(slug="coaches", name_en="Esther coaches", name_sv="Esthercoacher", area=area)

    press(coordinator_client, session.visit.request, "add_session", kind="host", minutes="60",
          day=session.visit.first_day.isoformat(), offering=offering.pk)  # fmt: skip

    added = session.visit.sessions.last()
    assert (added.title, added.offering, added.starts_at) == ("Esther coaches", offering, session.ends_at)
