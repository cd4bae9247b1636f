"""Left and found again: autosave, thirty days from the last word, two devices, and what was written long ago."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.factories import DraftFactory
from tests.races import at_once
from tests.visits.request.story import BRING, LEARN, NEEDS, WHO, answer, fill_in, hidden, problems, send, when
from visits import access, limits, outbox, reminders, retention, rounds, rules, workflow
from visits.choices import LinkPurpose, MessageState, RequestState
from visits.drafts import LIFE
from visits.models import Message, VisitRequest

pytestmark = pytest.mark.django_db
ADDRESS = "/visit/new/{}/keep/"


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to("2026-11-02T09:00:00Z")


def only() -> VisitRequest:
    return VisitRequest.objects.get()


def autosave(client: Client, step: str, data: dict[str, Any], form: dict[str, str] | None = None) -> HttpResponse:
    """What the script of a step sends: the form as it stands, of the page that was opened."""
    form = hidden(client.get(f"/visit/new/{step}/")) if form is None else form
    return client.post(ADDRESS.format(step), {**form, **data})


def page(client: Client, step: str) -> str:
    return client.get(f"/visit/new/{step}/").content.decode()


def other_device(draft: VisitRequest) -> Client:
    """A browser that has come by the link in the mail."""
    client = Client()
    client.post(f"/d/{access.token(draft.links.get(purpose=LinkPurpose.DRAFT))}/")
    return client


# -- Thirty days from the last save ----------------------------------------------------


def test_every_save_gives_the_draft_and_all_its_links_thirty_days_more(time_machine):
    client = Client()
    answer(client, "who", WHO)
    access.issue(LinkPurpose.DRAFT, request=only(), life=LIFE)

    time_machine.shift(timedelta(days=20))
    answer(client, "bring", BRING)

    due = rules.due_moment(RequestState.DRAFT, timezone.now())
    assert only().due_at == due
    assert {link.expires_at for link in only().links.all()} == {due}
    time_machine.shift(timedelta(days=29))
    assert "Tayford Health Board" in page(client, "who")


def test_a_draft_that_is_only_looked_at_is_not_prolonged(time_machine):
    client = Client()
    answer(client, "who", WHO)
    due = only().due_at

    time_machine.shift(timedelta(days=10))
    page(client, "who")
    other_device(only())

    assert only().due_at == due


def test_an_address_that_is_changed_leaves_the_way_back_as_long_as_the_draft():
    client = Client()
    fill_in(client)
    send(client)

    workflow.change_address(only())

    assert {link.expires_at for link in only().links.filter(purpose=LinkPurpose.DRAFT)} == {only().due_at}


def test_one_warning_for_each_day_on_which_a_draft_would_end(time_machine):
    client = Client()
    answer(client, "who", {**WHO, "save": "later"})
    Message.objects.update(state=MessageState.SENT)

    _sweep_daily(time_machine, 28)
    warned = warnings()
    time_machine.shift(timedelta(days=1))
    answer(client, "bring", BRING)
    _sweep_daily(time_machine, 35)

    assert warned == ["2026-12-02"]
    assert warnings() == ["2026-12-02", "2026-12-31"]
    assert only().state == RequestState.EXPIRED


def _sweep_daily(clock: Any, days: int) -> None:
    for _day in range(days):
        clock.shift(timedelta(days=1))
        for _often in range(2):
            reminders.queue_due(timezone.now())
        rounds.nightly(timezone.now())


def warnings() -> list[str]:
    keys = Message.objects.filter(kind="draft_warning").order_by("pk").values_list("key", flat=True)
    return [key.split(":")[2] for key in keys]


def test_a_warning_that_waits_falls_when_somebody_goes_on_writing(time_machine):
    client = Client()
    answer(client, "who", {**WHO, "save": "later"})
    Message.objects.update(state=MessageState.SENT)
    time_machine.shift(timedelta(days=26))
    reminders.queue_due(timezone.now())
    warning = Message.objects.get(kind="draft_warning")

    autosave(client, "bring", {"brings": "Half a sen"})

    assert not reminders.is_wanted(warning, timezone.now())


def test_what_was_never_sent_is_forgotten_ninety_days_after_its_time_was_over():
    now = timezone.now()
    old = DraftFactory(state=RequestState.EXPIRED, state_since=now - timedelta(days=91))
    outbox.owe_visitor("draft_link", old)
    young = DraftFactory(state=RequestState.EXPIRED, state_since=now - timedelta(days=89))
    sent = DraftFactory(state=RequestState.EXPIRED, state_since=now - timedelta(days=91), submitted_at=now)

    forgotten = retention.forget_drafts(now)

    assert forgotten == 1
    assert set(VisitRequest.objects.all()) == {young, sent}


# -- A draft whose time is over --------------------------------------------------------


def _ended(client: Client, clock: Any) -> str:
    """The address of a draft that was left for thirty-one days, with half an address in it."""
    fill_in(client)
    autosave(client, "who", {**WHO, "contact_email": "aileen@tayf"})
    address = f"/d/{access.token(only().links.get(purpose=LinkPurpose.DRAFT))}/"
    clock.shift(timedelta(days=31))
    return address


@pytest.mark.parametrize("by_clock", [True, False], ids=["expired by the clock", "not looked at yet"])
def test_what_was_written_in_a_draft_that_has_ended_can_be_copied(time_machine, by_clock):
    address = _ended(Client(), time_machine)
    if by_clock:
        rounds.nightly(timezone.now())

    opened, shown = Client().get(address), Client().post(address)

    assert opened.status_code == 410
    assert "Tayford" not in opened.content.decode()
    assert shown.status_code == 200
    for words in (WHO["organisation_name"], "United Kingdom", "aileen@tayf", LEARN["aim"], LEARN["question_1"],
                  BRING["brings"], "Two days", "Vegetarian", "A challenge"):  # fmt: skip
        assert words in shown.content.decode()


def test_one_begins_again_with_what_was_written(time_machine):
    address, client = _ended(Client(), time_machine), Client()

    response = client.post(address, {"again": "yes"})

    assert response.url == "/visit/new/"
    assert VisitRequest.objects.count() == 2
    assert 'value="aileen@tayf"' in page(client, "who")
    assert BRING["brings"] in page(client, "bring")


def test_a_form_of_a_draft_that_has_ended_is_told_so_and_keeps_its_words(time_machine):
    client = Client()
    answer(client, "who", WHO)
    form = hidden(client.get("/visit/new/bring/"))
    time_machine.shift(timedelta(days=31))

    response = client.post("/visit/new/bring/", {**form, **BRING})

    assert response.status_code == 409
    assert "This page is older than your request" in response.content.decode()
    assert BRING["brings"] in response.content.decode()
    assert VisitRequest.objects.count() == 1
    assert only().brings == ""


# -- The first press -------------------------------------------------------------------


def test_two_presses_of_the_very_first_continue_make_one_draft():
    client = Client()
    form = {**hidden(client.get("/visit/new/who/")), **WHO}

    first = client.post("/visit/new/who/", form)
    del client.cookies["draft"]  # the second press left before the first answer came
    second = client.post("/visit/new/who/", form)

    assert (first.status_code, second.status_code) == (302, 302)
    assert VisitRequest.objects.count() == 1
    assert access.find(LinkPurpose.DRAFT, _token(second)) == only().links.get()


def _token(response: HttpResponse) -> str:
    return str(response.cookies["draft"].value).split(":")[0]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_presses_at_the_same_moment_make_one_draft():
    form = {**hidden(Client().get("/visit/new/who/")), **WHO}

    answers = at_once([lambda: Client().post("/visit/new/who/", form).status_code] * 6)

    assert answers == [302] * 6
    assert VisitRequest.objects.count() == 1
    assert only().links.count() == 1


def test_a_nonce_that_is_not_ours_begins_nothing_of_its_own():
    response = Client().post("/visit/new/who/", {**WHO, "draft": "0" * 32})

    assert response.status_code == 409
    assert not VisitRequest.objects.exists()


def test_an_empty_press_makes_no_draft():
    response = answer(Client(), "who", {"language": "en"})

    assert response.status_code == 422
    assert not VisitRequest.objects.exists()


# -- Autosave --------------------------------------------------------------------------

HALF = {
    "who": {**WHO, "contact_email": "aileen@tay", "contact_phone": "020", "group_size": "six or se"},
    "learn": {**LEARN, "aim": "x" * 1200, "question_2": "y" * 300, "question_3": "And who pays?", "measure": "We ask"},
    "bring": {"gifts": ["works"], "brings": "z" * 1001, "teller": "Two nurses"},
    "when": {"length": "two", "typed_0": "31", "typed_1": "febr", "typed_2": "2027"},
    "needs": {**NEEDS, "vegan": "two or three", "halal": "1", "other_needs": "A quiet co"},
}


@pytest.mark.parametrize(("step", "typed"), HALF.items())
def test_whatever_is_typed_into_a_step_is_there_on_another_device(step, typed):
    client = Client()

    response = autosave(client, step, typed)

    assert response.status_code == 200
    assert response.json()["saved"].startswith("Saved ")
    shown = page(other_device(only()), step)
    for name, value in typed.items():
        for one in value if isinstance(value, list) else [value]:
            assert f'value="{one}"' in shown or f">{one}</textarea>" in shown or f"\n{one}</textarea>" in shown, name


def test_what_is_good_is_kept_as_an_answer_and_the_rest_as_words():
    autosave(Client(), "who", HALF["who"])

    draft = only()
    assert (draft.organisation_name, draft.contact_email, draft.group_size) == (WHO["organisation_name"], "", None)
    assert draft.unfinished == {
        "who": {"contact_email": "aileen@tay", "contact_phone": "020", "group_size": "six or se"}
    }


def test_words_that_are_finished_are_an_answer_and_nothing_else():
    client = Client()
    autosave(client, "who", HALF["who"])

    answer(client, "who", WHO)

    assert only().contact_email == WHO["contact_email"]
    assert only().unfinished == {}


def test_continue_goes_on_with_the_draft_that_autosave_began():
    client = Client()
    form = hidden(client.get("/visit/new/who/"))
    said = autosave(client, "who", {"organisation_name": "Tay"}, form).json()

    again = client.post("/visit/new/who/", {**form, "draft": said["draft"], "seen": said["seen"], **WHO})

    assert again.status_code == 302
    assert only().organisation_name == WHO["organisation_name"]


def test_continue_finds_the_draft_also_when_the_answer_to_autosave_was_lost():
    client = Client()
    form = hidden(client.get("/visit/new/who/"))
    autosave(client, "who", WHO, form)
    client.cookies.clear()

    response = client.post("/visit/new/who/", {**form, **WHO})

    assert response.status_code == 302
    assert VisitRequest.objects.count() == 1


@pytest.mark.parametrize("typed", [{"language": "en"}, {"website": "http://spam.example", **WHO}])
def test_nothing_typed_and_a_machine_make_no_draft(typed):
    response = autosave(Client(), "who", typed)

    assert (response.status_code, response.json()) == (200, {"saved": ""})
    assert not VisitRequest.objects.exists()


def test_autosave_takes_nothing_without_the_token_of_the_page():
    strict = Client(enforce_csrf_checks=True)

    response = strict.post(ADDRESS.format("who"), WHO)

    assert response.status_code == 403
    assert not VisitRequest.objects.exists()


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_autosave_is_a_post(method):
    assert getattr(Client(), method)(ADDRESS.format("who")).status_code == 405


def test_there_is_no_autosave_for_a_step_that_is_none():
    assert Client().post(ADDRESS.format("sent"), WHO).status_code == 404


def test_autosave_slows_down_and_says_what_to_do(monkeypatch):
    client = Client()
    monkeypatch.setitem(limits.LIMITS, "autosave", limits.Limit(per_machine=100, per_address=3))
    answer(client, "bring", BRING)
    form = hidden(client.get("/visit/new/bring/"))

    answers = [autosave(client, "bring", BRING, form) for _try in range(4)]

    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert "“Continue” saves it" in answers[3].json()["problem"]


@pytest.mark.parametrize("typed", ["Anna\0", "\x1b[31m red", "Z" + "\u0301" * 199, "a\u202egpj.exe", "{{7*7}} %(x)s"])
def test_hostile_words_are_kept_as_far_as_they_can_be_shown(typed):
    client = Client()

    response = autosave(client, "who", {**WHO, "contact_name": typed})

    assert response.status_code == 200
    shown = page(client, "who")
    assert not {"\0", "\x1b", "\u202e"} & set(shown)
    assert only().contact_role == WHO["contact_role"]


def test_a_request_is_not_sent_while_something_in_it_is_not_finished():
    client = Client()
    fill_in(client)
    autosave(client, "who", {**WHO, "contact_phone": "call me"})

    response = send(client)

    assert response.status_code == 422
    assert problems(response) == ["Finish what you began to write here, or take it away."]
    assert "/visit/new/who/?change=1#id_contact_phone" in response.content.decode()
    assert only().state == RequestState.DRAFT


def test_an_autosave_after_the_request_is_sent_keeps_nothing():
    client = Client()
    fill_in(client)
    form = hidden(client.get("/visit/new/bring/"))
    send(client)

    response = autosave(client, "bring", {**BRING, "brings": "Another story"}, form)

    assert response.status_code == 409
    assert "has been sent" in response.json()["problem"]
    assert only().brings == BRING["brings"]


# -- Two devices -----------------------------------------------------------------------


def test_the_later_of_two_devices_overwrites_nothing_and_sees_both_texts():
    client = Client()
    answer(client, "bring", BRING)
    other = other_device(only())
    stale = hidden(client.get("/visit/new/bring/"))
    answer(other, "bring", {**BRING, "brings": "From the tablet"})

    response = client.post("/visit/new/bring/", {**stale, **BRING, "brings": "From the office"})

    shown = response.content.decode()
    assert response.status_code == 409
    assert "This page was changed somewhere else" in shown
    assert "From the tablet" in shown
    assert "From the office</textarea>" in shown
    assert only().brings == "From the tablet"


def test_who_has_seen_both_texts_decides_which_one_counts():
    client = Client()
    answer(client, "bring", BRING)
    other = other_device(only())
    stale = hidden(client.get("/visit/new/bring/"))
    answer(other, "bring", {**BRING, "brings": "From the tablet"})
    both = client.post("/visit/new/bring/", {**stale, **BRING, "brings": "From the office"})

    response = client.post("/visit/new/bring/", {**hidden(both), **BRING, "brings": "From both"})

    assert response.status_code == 302
    assert only().brings == "From both"


def test_autosave_stops_when_the_page_was_changed_somewhere_else():
    client = Client()
    answer(client, "bring", BRING)
    stale = hidden(client.get("/visit/new/bring/"))
    answer(other_device(only()), "bring", {**BRING, "brings": "From the tablet"})

    response = autosave(client, "bring", {**BRING, "brings": "From the office"}, stale)

    assert response.status_code == 409
    assert "changed somewhere else" in response.json()["problem"]
    assert only().brings == "From the tablet"


@pytest.mark.parametrize(
    ("step", "first", "second"),
    [
        ("who", WHO, {**WHO, "town": "Dundee"}),
        ("learn", LEARN, {**LEARN, "question_2": "What made Esther last?"}),
        ("when", when(), {**when(), "flexible_1": "on"}),
        ("needs", NEEDS, {**NEEDS, "vegan": "1"}),
    ],
)
def test_each_step_notices_what_was_changed_somewhere_else(step, first, second):
    client = Client()
    answer(client, step, first)
    stale = hidden(client.get(f"/visit/new/{step}/"))
    assert answer(other_device(only()), step, second).status_code == 302

    response = client.post(f"/visit/new/{step}/", {**stale, **first})

    assert response.status_code == 409
    assert "This page was changed somewhere else" in response.content.decode()


@pytest.mark.parametrize(
    ("step", "typed"),
    [
        ("who", {**WHO, "contact_phone": "020 7946 0000"}),
        ("learn", {**LEARN, "question_1": "", "question_3": "What made Esther last?"}),
        ("bring", {"gifts": ["unknown"]}),
        ("when", {**when(), "flexible_1": "on"}),
        ("needs", {**NEEDS, "vegan": "two"}),
    ],
)
def test_the_same_press_twice_is_nobody_elses_change(step, typed):
    client = Client()
    form = {**hidden(client.get(f"/visit/new/{step}/")), **typed}

    answers = [client.post(f"/visit/new/{step}/", form).status_code for _press in range(2)]

    assert answers == [302, 302]


@pytest.mark.parametrize(
    ("step", "wrong", "right"),
    [
        ("who", {**WHO, "group_size": "many"}, WHO),
        ("learn", {**LEARN, "aim": "x" * 1001}, LEARN),
        ("bring", {**BRING, "brings": "x" * 1001}, BRING),
        ("when", {"length": "two", "typed_0": "31", "typed_1": "2", "typed_2": "2027"}, when()),
        ("needs", {**NEEDS, "vegan": "many"}, NEEDS),
    ],
)
def test_what_was_mended_on_the_page_with_the_error_is_nobody_elses_change(step, wrong, right):
    client = Client()
    mended = answer(client, step, wrong)
    assert mended.status_code == 422

    response = client.post(f"/visit/new/{step}/", {**hidden(mended), **right})

    assert response.status_code == 302


def test_two_devices_on_different_steps_do_not_meet():
    client = Client()
    answer(client, "bring", BRING)
    stale = hidden(client.get("/visit/new/learn/"))
    answer(other_device(only()), "bring", {**BRING, "brings": "From the tablet"})

    response = client.post("/visit/new/learn/", {**stale, **LEARN})

    assert response.status_code == 302
    assert (only().brings, only().aim) == ("From the tablet", LEARN["aim"])


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_devices_at_the_same_moment_one_is_kept_and_the_other_sees_it():
    client = Client()
    answer(client, "bring", BRING)
    devices = [other_device(only()) for _device in range(4)]
    forms = [hidden(device.get("/visit/new/bring/")) for device in devices]

    def press(number: int) -> int:
        typed = {**BRING, "brings": f"From device {number}"}
        return devices[number].post("/visit/new/bring/", {**forms[number], **typed}).status_code

    answers = at_once([partial(press, number) for number in range(4)])

    assert sorted(answers) == [302, 409, 409, 409]
