"""The agenda on the Plan tab: one form, in which a press keeps every time that is typed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from tests.factories import (
    AskFactory,
    OfferingFactory,
    ProposalFactory,
    RoomFactory,
    SessionFactory,
    SiteFactory,
    VisitFactory,
    VisitRequestFactory,
    at,
)
from visits import planning, scheduling, words
from visits.admin.pages import tab_url
from visits.choices import RequestState, SessionKind
from visits.models import AgendaTemplate, Session, Travel, Visit, VisitRequest

pytestmark = pytest.mark.django_db
S = RequestState


def morning(days: int = 1, **fields: Any) -> Visit:
    """Three sessions of an hour, from nine, one after another."""
    case = VisitRequestFactory(state=S.IN_REVIEW, **fields)
    visit = VisitFactory(request=case, last_day=case.first_wished_day + timedelta(days=days - 1))
    for hour, title in ((9, "Who are we?"), (10, "Meet Esther"), (11, "Their story")):
        SessionFactory(visit=visit, title=title, hour=hour, kind="guest" if hour == 11 else "host")
    return visit


def row(visit: Visit, title: str) -> Session:
    return visit.sessions.get(title=title)


def boxes(visit: Visit, **typed: tuple[str, str]) -> dict[str, str]:
    """What all rows send; `typed` by the title's first word: (start, minutes)."""
    sent = {}
    for session in visit.sessions.all():
        was = words.clock(session.starts_at), str(session.minutes)
        starts, minutes = typed.get(session.title.split()[0].casefold(), was)
        sent |= {f"starts-{session.pk}": starts, f"minutes-{session.pk}": minutes, f"was-{session.pk}": " ".join(was)}
    return sent


def press(client: Client, visit: Visit, name: str = "save", **typed: Any) -> Any:
    case = VisitRequest.objects.get(pk=visit.request_id)
    address = reverse("admin:visits_visitrequest_deed", args=[case.pk, "agenda"])
    return client.post(address, {"seen": case.version, "press": name, **boxes(visit), **typed})


def stands(visit: Visit) -> list[tuple[str, str, int]]:
    return [(s.title, words.clock(s.starts_at), s.minutes) for s in visit.sessions.all()]


@pytest.mark.parametrize("typed", ["9.30", "930", "09.30", "9:30"])
def test_a_start_is_typed_as_people_type_it(coordinator_client: Client, typed: str) -> None:
    visit = morning()

    answer = press(coordinator_client, visit, **boxes(visit, who=(typed, "30")))

    assert answer.status_code == 302
    assert stands(visit)[0] == ("Who are we?", "09.30", 30)


def test_the_rest_of_the_day_follows_only_when_it_is_ticked(coordinator_client: Client) -> None:
    follows, stays = morning(), morning()

    press(coordinator_client, follows, rest_follows="on", **boxes(follows, who=("9", "75")))
    press(coordinator_client, stays, **boxes(stays, their=("11.15", "45")))

    assert [start for _title, start, _minutes in stands(follows)] == ["09.00", "10.15", "11.15"]
    assert [start for _title, start, _minutes in stands(stays)] == ["09.00", "10.00", "11.15"]


def test_a_press_on_one_row_keeps_what_is_typed_in_another(coordinator_client: Client) -> None:
    visit = morning()
    name = f"earlier-{row(visit, 'Meet Esther').pk}"

    answer = press(coordinator_client, visit, name, **boxes(visit, their=("11.30", "45")))

    assert stands(visit) == [("Meet Esther", "09.00", 60), ("Who are we?", "10.00", 60), ("Their story", "11.30", 45)]
    assert answer.url.endswith(f"?at={name}")


def test_after_a_move_the_same_button_has_the_focus_and_the_time_is_said(coordinator_client: Client) -> None:
    visit = morning()
    name = f"later-{row(visit, 'Who are we?').pk}"

    page = coordinator_client.get(press(coordinator_client, visit, name).url).content.decode()

    assert "“Who are we?”, now 10.00." in page
    assert f'value="{name}" aria-label="Move Who are we? later" autofocus' in page


def test_enter_presses_save_since_it_is_the_first_button(coordinator_client: Client) -> None:
    visit = morning()

    page = coordinator_client.get(tab_url(visit.request, "plan")).content.decode()

    form = page[page.index('id="agenda"') :]
    first = form[form.index("<button") : form.index("</button>")]
    assert 'value="save" tabindex="-1"' in first


def test_what_cannot_be_read_is_told_in_its_row_and_nothing_typed_is_lost(coordinator_client: Client) -> None:
    visit = morning()

    answer = press(coordinator_client, visit, **boxes(visit, who=("26", "45"), their=("11.30", "30")))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Write the time like 09.00." in page
    assert [value for value in ('value="26"', 'value="45"', 'value="11.30"', 'value="30"') if value not in page] == []
    assert stands(visit)[0] == ("Who are we?", "09.00", 60)


def test_a_stale_page_is_refused_and_keeps_only_what_was_typed_on_it(coordinator_client: Client) -> None:
    visit = morning()
    old = boxes(visit, who=("8.30", "45"))
    case = visit.request
    seen = case.version
    planning.move_session(row(visit, "Their story"), earlier=True, by=case.coordinator or visit_owner(), seen=seen)

    address = reverse("admin:visits_visitrequest_deed", args=[case.pk, "agenda"])
    answer = coordinator_client.post(address, {"seen": seen, "press": "save", **old})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "was faster" in page
    assert 'value="8.30"' in page
    assert "Not saved. It stands at 09.00" in page
    assert stands(visit)[0] == ("Who are we?", "09.00", 60)
    again = {"seen": VisitRequest.objects.get(pk=case.pk).version, "press": "save", **old}
    assert coordinator_client.post(address, again).status_code == 302
    assert [line[:2] for line in stands(visit)] == [
        ("Who are we?", "08.30"), ("Their story", "10.00"), ("Meet Esther", "11.00"),
    ]  # fmt: skip


def test_what_was_typed_of_a_time_is_told_as_a_time_when_it_is_refused(coordinator_client: Client) -> None:
    visit = morning()
    case = visit.request
    stale = boxes(visit, who=("22", "45"))
    VisitRequest.objects.filter(pk=case.pk).update(state=S.WITHDRAWN)  # nothing is planned, so no row has a box

    page = press(coordinator_client, visit, **stale)

    assert page.status_code == 409
    assert "What you wrote: “22.00" in page.text
    assert "22:00:00" not in page.text


def visit_owner() -> Any:
    return AskFactory().asked_by


def test_a_taken_room_is_told_with_what_is_free_and_one_press_takes_it(coordinator_client: Client) -> None:
    taken = RoomFactory(name="Workshop room")
    other = SessionFactory(title="Green, group 41", hour=13, minutes=90, room=taken)
    scheduling.book_room(other)
    free = RoomFactory(name="Large room", capacity=40)
    visit = morning()
    Visit.objects.filter(pk=other.visit.pk).update(first_day=visit.first_day)
    story = row(visit, "Their story")
    typed = {"open": story.pk, "row-kind": "guest", "row-title": "Their story", "row-minutes": "60",
             "row-day": visit.first_day.isoformat(), "row-starts": "13.00", "row-room": taken.pk}  # fmt: skip

    answer = press(coordinator_client, visit, **typed)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "<legend>Workshop room is taken from 13.00 to 14.30" in page
    assert "Large room, 13.00 to 14.00" in page
    assert "Workshop room, 12.00 to 13.00" in page
    code = f"{free.pk}_{visit.first_day.isoformat()}_1300_0"
    assert f'value="{code}"' in page
    used = press(coordinator_client, visit, "use", **typed, **{"row-alt": code})
    story.refresh_from_db()
    assert (used.status_code, story.room, words.clock(story.starts_at)) == (302, free, "13.00")


def test_two_rows_that_would_meet_are_told_with_an_hour_that_is_free(coordinator_client: Client) -> None:
    visit = morning()

    answer = press(coordinator_client, visit, **boxes(visit, their=("10.30", "60")))

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "would begin at 10.30, before “Meet Esther” ends at 11.00" in page
    assert "11.00 to 12.00" in page
    assert stands(visit)[2] == ("Their story", "11.00", 60)


@pytest.mark.parametrize("code", ["", "x", "1_2027-99-99_0900_0", "9" * 60, "0_2020-01-01_0900_1"])
def test_a_way_out_that_is_none_is_refused(coordinator_client: Client, code: str) -> None:
    visit = morning()
    story = row(visit, "Their story")
    typed = {"open": story.pk, "row-kind": "guest", "row-title": "Their story", "row-minutes": "60",
             "row-day": visit.first_day.isoformat(), "row-starts": "11.00", "row-alt": code}  # fmt: skip

    answer = press(coordinator_client, visit, "use", **typed)

    assert answer.status_code in (409, 422)
    assert stands(visit)[2] == ("Their story", "11.00", 60)


@pytest.mark.parametrize("name", ["explode", "earlier", "earlier-", "earlier-999999999", "copyday-2020-01-01", "add-1",
                                  "template-7", "split-99999999999999999999", "<b>"])  # fmt: skip
def test_a_button_that_is_not_on_the_page_does_nothing(coordinator_client: Client, name: str) -> None:
    visit = morning()
    before = stands(visit)

    answer = press(coordinator_client, visit, name)

    assert answer.status_code in (409, 422)
    assert stands(visit) == before


def test_a_session_is_split_copied_and_taken_out(coordinator_client: Client) -> None:
    visit = morning(days=2)
    esther = row(visit, "Meet Esther")
    next_day = visit.last_day.isoformat()

    press(coordinator_client, visit, f"split-{esther.pk}")
    press(coordinator_client, visit, f"copy-{esther.pk}", copy_to=next_day)
    press(coordinator_client, visit, f"remove-{row(visit, 'Who are we?').pk}")

    assert stands(visit) == [
        ("Meet Esther", "10.00", 30), ("Meet Esther", "10.30", 30), ("Their story", "11.00", 60),
        ("Meet Esther", "10.00", 30),
    ]  # fmt: skip


def test_a_day_is_copied_without_what_would_meet_another_session(coordinator_client: Client) -> None:
    visit = morning(days=2)
    SessionFactory(visit=visit, title="Lunch", kind=SessionKind.BREAK, starts_at=at(visit.last_day, 11))

    answer = press(coordinator_client, visit, f"copyday-{visit.first_day.isoformat()}",
                   **{f"day_to-{visit.first_day.isoformat()}": visit.last_day.isoformat()})  # fmt: skip

    page = coordinator_client.get(answer.url).content.decode()
    there = [s.title for s in visit.sessions.all() if words.local_date(s.starts_at) == visit.last_day]
    assert there == ["Who are we?", "Meet Esther", "Lunch"]
    assert "“Their story” was left out: something stands there already." in page


def test_two_groups_are_held_at_once_and_brought_together(coordinator_client: Client) -> None:
    visit = morning(group_size=7)
    esther = row(visit, "Meet Esther")

    press(coordinator_client, visit, f"groups-{esther.pk}")

    both = visit.sessions.filter(title="Meet Esther").order_by("group")
    assert [(s.group, s.people, words.clock(s.starts_at)) for s in both] == [("A", 4, "10.00"), ("B", 3, "10.00")]
    page = coordinator_client.get(tab_url(visit.request, "plan")).content.decode()
    assert "Group A, 4 guests" in page
    press(coordinator_client, visit, f"earlier-{esther.pk}")
    assert [start for _title, start, _minutes in stands(visit)] == ["09.00", "09.00", "10.00", "11.00"]

    press(coordinator_client, visit, f"together-{esther.pk}")

    assert next((s.title, s.group, s.people) for s in visit.sessions.all()) == ("Meet Esther", "", None)
    assert visit.sessions.count() == 3


def test_an_offering_is_added_last_that_day_with_its_own_minutes(coordinator_client: Client) -> None:
    visit, offering = morning(), OfferingFactory(name_en="Learning café", minutes=90)

    press(coordinator_client, visit, f"add-{offering.pk}", add_day=visit.first_day.isoformat(),
          **boxes(visit, their=("11.00", "45")))  # fmt: skip

    assert stands(visit)[2:] == [("Their story", "11.00", 45), ("Learning café", "11.45", 90)]


@pytest.mark.parametrize(("language", "title"), [("en", "Learning café"), ("sv", "Lärcafé")])
def test_an_offering_is_called_what_the_guests_call_it_whoever_adds_it(
    coordinator_client: Client, language: str, title: str
) -> None:
    visit, offering = morning(), OfferingFactory(name_en="Learning café", name_sv="Lärcafé", minutes=30)
    VisitRequest.objects.filter(pk=visit.request.pk).update(language=language)

    for reader in ("en", "sv"):
        with translation.override(reader):  # the address says in which language it is pressed
            press(coordinator_client, visit, f"add-{offering.pk}", add_day=visit.first_day.isoformat())

    assert list(visit.sessions.filter(offering=offering).values_list("title", flat=True)) == [title, title]


def test_the_library_is_searched_in_both_languages(coordinator_client: Client) -> None:
    visit = morning()
    OfferingFactory(name_en="Learning café", name_sv="Lärcafé")
    OfferingFactory(name_en="Self-dialysis", name_sv="Självdialysen")

    address = tab_url(visit.request, "plan")
    found = coordinator_client.get(address, {"find": "lärcafé"}).content.decode()
    nothing = coordinator_client.get(address, {"find": "<b>%_'"}).content.decode()

    assert '<b class="dk-b">Learning café</b>' in found
    assert '<b class="dk-b">Self-dialysis</b>' not in found
    assert "Nothing in the catalogue is called “&lt;b&gt;%_&#x27;”." in nothing


def test_what_is_wished_to_be_different_stands_over_the_agenda(coordinator_client: Client) -> None:
    visit = morning()
    ProposalFactory(request=visit.request, answer="change", change_wish="Could we begin at <half> past nine?")

    page = coordinator_client.get(tab_url(visit.request, "plan")).content.decode()

    assert "Could we begin at &lt;half&gt; past nine?" in page
    assert "different from version 1" in page


@pytest.mark.parametrize("state", [S.PROPOSED, S.SUBMITTED, S.COMPLETED, S.DECLINED])
def test_an_agenda_that_is_not_planned_has_no_buttons_and_takes_no_press(
    coordinator_client: Client, state: RequestState
) -> None:
    visit = morning()
    VisitRequest.objects.filter(pk=visit.request.pk).update(state=state, decline_reason="no_room")
    before = stands(visit)

    page = coordinator_client.get(tab_url(visit.request, "plan")).content.decode()
    answer = press(coordinator_client, visit, f"split-{row(visit, 'Meet Esther').pk}")

    assert 'name="press"' not in page
    assert answer.status_code == 409
    assert stands(visit) == before


def test_a_facilitator_presses_nothing(facilitator_client: Client) -> None:
    visit = morning()

    answer = press(facilitator_client, visit, f"split-{row(visit, 'Meet Esther').pk}")

    assert answer.status_code == 403
    assert visit.sessions.count() == 3


def test_a_full_agenda_costs_as_many_queries_as_a_short_one_and_at_most_twenty(coordinator_client: Client) -> None:
    visit = morning(days=3)
    here, there = SiteFactory(), SiteFactory(name="Ryhov")
    Travel.objects.create(one=here, other=there, minutes=20)
    for session in visit.sessions.all()[:2]:
        AskFactory(session=session)
    Session.objects.update(room=RoomFactory(site=there))
    address = tab_url(visit.request, "plan")
    coordinator_client.get(address)  # the first look at it is written down
    before = queries(coordinator_client, address)
    for hour in (12, 13, 14, 15):
        room = RoomFactory(site=here, step_free=False)
        AskFactory(session=SessionFactory(visit=visit, hour=hour, room=room))
        SessionFactory(visit=visit, starts_at=at(visit.last_day, hour), room=room)

    assert queries(coordinator_client, address) == before
    assert before <= 20


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_an_agenda_is_kept_as_a_template_and_begins_another_visit(coordinator_client: Client) -> None:
    first, second = morning(), VisitFactory()
    address = reverse("admin:visits_visitrequest_deed", args=[first.request.pk, "keep_template"])
    coordinator_client.post(address, {"seen": first.request.version, "name": "A morning"})
    template = AgendaTemplate.objects.get()

    press(coordinator_client, second, "template", template=template.pk)

    assert stands(second) == stands(first)
    assert timezone.localdate(second.sessions.first().starts_at) == second.first_day


def test_the_guests_read_which_group_goes_where(coordinator_client: Client) -> None:
    visit = morning()
    Session.objects.filter(pk=row(visit, "Meet Esther").pk).update(room=RoomFactory(name="Large room"))

    press(coordinator_client, visit, f"groups-{row(visit, 'Meet Esther').pk}")

    told = [line["place"] for line in planning.snapshot(scheduling.sessions_of(visit.request))[0]["sessions"]]
    assert told == ["", "A: Large room", "B", ""]
