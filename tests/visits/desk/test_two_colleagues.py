"""Two colleagues write in the same form: nothing is overwritten silently, and nothing that was typed is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from programmes.models import Area
from tests.conftest import signed_in
from tests.factories import (
    AreaFactory,
    CoordinatorFactory,
    RoomFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
)
from tests.visits.agreement import cases as agreements
from tests.visits.desk.test_deeds import press
from visits import words
from visits.admin.pages import tab_url
from visits.choices import RequestState
from visits.models import Session, User, Visit, VisitRequest

pytestmark = pytest.mark.django_db
MARK = re.compile(r'name="drawn" value="([^"]*)"')


@pytest.fixture
def karin(db: None) -> Client:
    return signed_in(CoordinatorFactory(first_name="Karin", last_name="Ahlgren"))


def planned(**fields: Any) -> Session:
    return SessionFactory(visit=VisitFactory(request=VisitRequestFactory(state=RequestState.IN_REVIEW)), **fields)


def drawn(client: Client, case: VisitRequest, deed: str, tab: str = "plan", query: str = "") -> str:
    """What one form of the page carries."""
    page = client.get(tab_url(case, tab) + query).content.decode()
    form = page.split(f'{reverse("admin:visits_visitrequest_deed", args=[case.pk, deed])}" ', 1)[1]
    found = MARK.search(form.split("</form>")[0])
    assert found, form[:400]
    return found[1]


def row(session: Session, **changes: Any) -> dict[str, Any]:
    """What the open row sends, with the button that keeps it."""
    sent = {
        "kind": "host", "title": session.title, "day": session.visit.first_day.isoformat(), "starts": "09.00",
        "minutes": "60", "room": "", "place": "", "site": "", "offering": "", "teller": "", "dialogue": "",
        "description": "", "level": session.level,
    }  # fmt: skip
    return {"open": session.pk, "press": "save"} | {f"row-{name}": value for name, value in (sent | changes).items()}


def times(*rows: tuple[Session, str, str]) -> dict[str, Any]:
    """What the boxes of rows send: where they stood, and where they are wanted."""
    sent: dict[str, Any] = {"press": "save"}
    for session, was, starts in rows:
        pk = session.pk
        sent |= {f"was-{pk}": f"{was} 60", f"starts-{pk}": starts, f"minutes-{pk}": "60"}
    return sent


def both_write_practical(karin: Client, me: Client, **more: Any) -> Any:
    """Both have the page open; Karin keeps hers first. Returns the request and my answer."""
    session = planned()
    case = session.visit.request
    Visit.objects.update(practical="Before")
    mark = drawn(me, case, "write_practical")
    press(karin, case, "write_practical", practical="Karin’s words", drawn=mark)
    return case, mark, press(me, case, "write_practical", practical="My words", drawn=mark, **more)


def hidden(answer: Any) -> dict[str, Any]:
    """Everything that the page of two versions sends again by itself."""
    page = answer.content.decode().split("data-result", 1)[1]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def test_both_versions_stand_side_by_side_and_nothing_is_kept_yet(karin: Client, coordinator_client: Client) -> None:
    case, _mark, answer = both_write_practical(karin, coordinator_client)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Karin Ahlgren was first" in page
    assert "One thing to choose" in page
    address = User.objects.get(first_name="Karin").email
    assert f'href="mailto:{address}?subject={case.reference}' in page
    assert "Write to Karin Ahlgren" in page
    assert [word in page for word in ("Before", "Karin’s words", "My words", "Both, one after the other")] == [True] * 4
    assert Visit.objects.get().practical == "Karin’s words"
    assert case.history.filter(what="wrote_practical").count() == 1


@pytest.mark.parametrize(
    ("take", "kept"),
    [("mine", "My words"), ("theirs", "Karin’s words"), ("both", "Karin’s words\n\nMy words")],
)
def test_what_is_chosen_is_kept_and_stands_in_the_history(
    karin: Client, coordinator_client: Client, coordinator: User, take: str, kept: str
) -> None:
    case, _mark, answer = both_write_practical(karin, coordinator_client)

    press(coordinator_client, case, "write_practical", **hidden(answer) | {"take_practical": take})

    assert Visit.objects.get().practical == kept
    entry = case.history.get(what="chose_between")
    assert (entry.by, entry.detail["other"]) == (coordinator, "Karin Ahlgren")


def test_the_result_is_said_before_it_is_saved(karin: Client, coordinator_client: Client) -> None:
    case, _mark, answer = both_write_practical(karin, coordinator_client)

    shown = press(coordinator_client, case, "write_practical",
                  **hidden(answer) | {"take_practical": "theirs", "show_result": "yes"})  # fmt: skip

    assert shown.status_code == 409
    assert "Good to know: Karin’s words" in shown.content.decode()
    assert Visit.objects.get().practical == "Karin’s words"


def test_who_meets_a_third_version_is_asked_again(karin: Client, coordinator_client: Client) -> None:
    case, _mark, answer = both_write_practical(karin, coordinator_client)
    Visit.objects.update(practical="A third one")

    again = press(coordinator_client, case, "write_practical", **hidden(answer) | {"take_practical": "mine"})

    assert again.status_code == 409
    assert "A third one" in again.content.decode()
    assert Visit.objects.get().practical == "A third one"


@pytest.mark.parametrize("take", ["", "x", "everything", "<b>"])
def test_a_choice_that_is_none_is_asked_again(karin: Client, coordinator_client: Client, take: str) -> None:
    case, _mark, answer = both_write_practical(karin, coordinator_client)

    again = press(coordinator_client, case, "write_practical", **hidden(answer) | {"take_practical": take})

    assert again.status_code == 409
    assert Visit.objects.get().practical == "Karin’s words"


@pytest.mark.parametrize("mark", ["", "x", "a:b:c", "9" * 5000])
def test_a_form_without_its_mark_is_kept_by_its_version(karin: Client, coordinator_client: Client, mark: str) -> None:
    case = planned().visit.request
    press(karin, case, "write_practical", practical="Karin’s words")

    answer = press(coordinator_client, case, "write_practical", practical="My words", drawn=mark)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Karin Ahlgren was faster" in page
    assert "My words" in page
    assert Visit.objects.get().practical == "Karin’s words"


def test_what_only_one_of_two_changed_is_kept_and_told(karin: Client, coordinator_client: Client) -> None:
    room = RoomFactory(name="Large room")
    session = planned(title="Walk the process")
    case = session.visit.request
    mark = drawn(coordinator_client, case, "agenda", query=f"?open={session.pk}")
    press(karin, case, "agenda", drawn=mark, **row(session, room=room.pk))

    answer = press(coordinator_client, case, "agenda", drawn=mark,
                   **row(session, title="Walk the whole process"))  # fmt: skip

    session.refresh_from_db()
    told = coordinator_client.get(answer["Location"]).content.decode()
    assert (session.title, session.room) == ("Walk the whole process", room)
    assert "Karin Ahlgren has changed this meanwhile, and it is kept too: Room." in told


def test_only_what_both_changed_is_asked(karin: Client, coordinator_client: Client) -> None:
    large, small = RoomFactory(name="Large room"), RoomFactory(name="Workshop room")
    session = planned()
    case = session.visit.request
    mark = drawn(coordinator_client, case, "agenda", query=f"?open={session.pk}")
    press(karin, case, "agenda", drawn=mark, **row(session, room=large.pk, minutes="45"))

    answer = press(coordinator_client, case, "agenda", drawn=mark,
                   **row(session, room=small.pk, title="Other", starts="9"))  # fmt: skip

    page = answer.content.decode()
    assert re.findall(r'data-label="([^"]+)"', page) == ["Room"]
    assert "2 that only one of you changed" in page
    session.refresh_from_db()
    assert (session.title, session.room, session.minutes) == ("Meet Esther", large, 45)

    press(coordinator_client, case, "agenda", **hidden(answer) | {"take_row-room": "mine"})

    session.refresh_from_db()
    assert (session.title, session.room, session.minutes) == ("Other", small, 45)


def test_both_moved_the_same_row(karin: Client, coordinator_client: Client) -> None:
    session = planned()
    case = session.visit.request
    seen = case.version
    press(karin, case, "agenda", seen=seen, **times((session, "09.00", "10.00")))

    answer = press(coordinator_client, case, "agenda", seen=seen, **times((session, "09.00", "11.00")))

    page = answer.content.decode()
    session.refresh_from_db()
    assert (answer.status_code, words.clock(session.starts_at)) == (409, "10.00")
    assert "Karin Ahlgren was faster" in page
    assert 'value="11.00"' in page
    assert "Not saved. It stands at 10.00" in page


def test_a_time_that_both_changed_is_told_beside_an_open_row_that_is_mine(
    karin: Client, coordinator_client: Client
) -> None:
    session = planned()
    case, other = session.visit.request, SessionFactory(visit=session.visit, hour=11)
    mark, seen = drawn(coordinator_client, case, "agenda", query=f"?open={session.pk}"), case.version
    press(karin, case, "agenda", seen=seen, **times((other, "11.00", "13.00")))

    sent = row(session, title="Mine") | times((other, "11.00", "14.00"))
    answer = press(coordinator_client, case, "agenda", seen=seen, drawn=mark, **sent)

    other.refresh_from_db()
    session.refresh_from_db()
    assert (answer.status_code, words.clock(other.starts_at), session.title) == (409, "13.00", "Meet Esther")
    assert "Not saved. It stands at 13.00" in answer.content.decode()


def test_days_that_both_chose(karin: Client, coordinator_client: Client) -> None:
    case = planned().visit.request
    day = case.visit.first_day
    mark = drawn(coordinator_client, case, "choose_days")
    first = {"first_day_0": day.day, "first_day_1": day.month, "first_day_2": day.year}
    press(karin, case, "choose_days", drawn=mark, title="Karin’s title", days="2", **first)

    answer = press(coordinator_client, case, "choose_days", drawn=mark, title="My title", days="1", **first)

    assert re.findall(r'data-label="([^"]+)"', answer.content.decode()) == ["What the visit is about"]

    press(coordinator_client, case, "choose_days", **hidden(answer) | {"take_title": "mine"})

    visit = Visit.objects.get()
    assert (visit.title, len(visit.days)) == ("My title", 2)


def test_subjects_that_both_chose(karin: Client, coordinator_client: Client) -> None:
    one, two, three = (AreaFactory(name_en=name) for name in ("Esther", "Dialysis", "Children"))
    case = VisitRequestFactory(state=RequestState.IN_REVIEW, areas=[one])
    mark = drawn(coordinator_client, case, "change_subjects", "request")
    press(karin, case, "change_subjects", drawn=mark, areas=[one.pk, two.pk])

    answer = press(coordinator_client, case, "change_subjects", drawn=mark, areas=[three.pk])

    page = answer.content.decode()
    assert "Esther, Dialysis" in page
    sent = hidden(answer) | {"areas": [three.pk], "take_areas": "theirs"}
    press(coordinator_client, case, "change_subjects", **sent)
    assert set(Area.objects.filter(pk__in=case.areas.all())) == {one, two}


def test_the_agreement_that_both_wrote(karin: Client, coordinator_client: Client) -> None:
    case = agreements.drafted()
    mark = drawn(coordinator_client, case, "agreement_ours", "agreement")
    digest = case.agreements.get().digest
    press(karin, case, "agreement_ours", drawn=mark, digest=digest, aim="Karin’s aim")

    answer = press(coordinator_client, case, "agreement_ours", drawn=mark, digest=digest, aim="My aim", test="My test")

    assert re.findall(r'data-label="([^"]+)"', answer.content.decode()) == ["What do we want to achieve?"]

    press(coordinator_client, case, "agreement_ours", **hidden(answer) | {"take_aim": "both"})

    wants = case.agreements.get().content["wants"]
    assert (wants["aim"]["ours"], wants["test"]["ours"]) == ("Karin’s aim\n\nMy aim", "My test")


def test_what_was_typed_for_a_row_that_is_gone_stands_in_a_new_row(karin: Client, coordinator_client: Client) -> None:
    session = planned()
    case = session.visit.request
    mark = drawn(coordinator_client, case, "agenda", query=f"?open={session.pk}")
    press(karin, case, "agenda", press=f"remove-{session.pk}")

    answer = press(coordinator_client, case, "agenda", drawn=mark,
                   **row(session, title="My long title"))  # fmt: skip

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This session is not in the agenda any more." in page
    assert "My long title" in page


def test_my_own_other_window_is_told_as_mine(coordinator_client: Client) -> None:
    _case, _mark, answer = both_write_practical(coordinator_client, coordinator_client)

    assert "You have saved this yourself meanwhile" in answer.content.decode()


def test_facilitators_and_strangers_choose_nothing(karin: Client, client: Client, facilitator_client: Client) -> None:
    case = planned().visit.request

    for stranger, status in ((client, 302), (facilitator_client, 403)):
        assert press(stranger, case, "write_practical", practical="x", take_practical="mine").status_code == status
    assert Visit.objects.get().practical == ""
