"""The ladder of reminders as data: staff move a rung, put it out, and write its words."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.conftest import drawn_from
from tests.factories import UserFactory, VisitFactory, VisitRequestFactory
from visits import anchors, ladder, reminders, rounds
from visits.choices import Anchor, MessageState, RequestState
from visits.ladder.reading import in_file
from visits.models import Message, ReminderRung, Visit, VisitRequest

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 25)
NINE = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)  # 09.00 in Stockholm


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NINE, tick=False)


def visit(days: int, **fields: Any) -> Visit:
    visit_request = VisitRequestFactory(
        state=RequestState.CONFIRMED, submitted_on=TODAY - timedelta(days=200), coordinator=UserFactory(),
        first_wished_day=TODAY + timedelta(days=days), **fields,
    )  # fmt: skip
    first = TODAY + timedelta(days=days)
    return VisitFactory(request=visit_request, first_day=first, last_day=first, agreed_at=None)


def rung(slug: str, **changes: Any) -> ReminderRung:
    ladder.load()
    ReminderRung.objects.filter(slug=slug).update(**changes)
    return ReminderRung.objects.get(slug=slug)


def kinds() -> list[str]:
    return sorted(Message.objects.values_list("kind", flat=True))


# -- When ------------------------------------------------------------------------------


def test_a_reminder_that_staff_have_moved_goes_on_its_new_day():
    rung("visit-weeks", days=30)
    visit(30)
    visit(31, language="sv")

    reminders.queue_due(NINE)

    assert kinds() == ["names_wanted", "visit_in_four_weeks"]


def test_moving_a_reminder_sends_nobody_the_same_mail_twice():
    visit(28)
    rounds.sweep(NINE)
    rung("visit-weeks", days=29)

    rounds.sweep(NINE + timedelta(days=1))

    assert [one.subject for one in mail.outbox] == ["We meet in 4 weeks, on 23 December 2026"]


def test_a_reminder_that_is_put_out_is_not_owed_and_one_that_waits_does_not_leave():
    visit(7)
    reminders.queue_due(NINE)
    rung("visit-week", is_on=False)
    visit(7)

    rounds.sweep(NINE)

    waited = Message.objects.get(kind="visit_in_one_week")
    assert (waited.state, waited.problem) == (MessageState.SKIPPED, "The reminder does not fit any more.")
    assert kinds() == ["visit_in_four_weeks", "visit_in_four_weeks", "visit_in_one_week"]


def test_a_reminder_goes_in_the_states_that_are_ticked():
    rung("visit-week", states=[RequestState.AGREED])
    visit(7)

    reminders.queue_due(NINE)

    assert kinds() == ["visit_in_four_weeks"]


def test_without_a_row_the_ladder_stands_as_the_repository_says():
    assert not ReminderRung.objects.exists()

    found = {one.slug: one.days for one in ladder.standing().rungs}

    assert found == {slug: row["days"] for slug, row in in_file().items()}


def test_the_ladder_costs_one_query():
    ladder.load()
    with CaptureQueriesContext(connection) as asked:
        ladder.standing()

    assert len(asked) == 1


# -- Loading ---------------------------------------------------------------------------


def test_loading_adds_what_is_missing_and_keeps_what_staff_wrote():
    first = ladder.load()
    ReminderRung.objects.filter(slug="visit-day").update(subject_en="See you tomorrow")
    ReminderRung.objects.filter(slug="promise").delete()

    again = ladder.load()

    assert first == {"added": len(in_file()), "updated": 0, "unchanged": 0, "kept": 0}
    assert again == {"added": 1, "updated": 0, "unchanged": len(in_file()) - 2, "kept": 1}
    assert ReminderRung.objects.get(slug="visit-day").subject_en == "See you tomorrow"


def test_what_was_only_put_out_is_loaded_anew_and_stays_out():
    ladder.load()
    ReminderRung.objects.filter(slug="promise").update(is_on=False)

    ladder.load()

    assert not ReminderRung.objects.get(slug="promise").is_on


def test_a_file_with_words_that_cannot_be_filled_in_changes_nothing(tmp_path):
    text = ladder.reading.FILE.read_text("utf-8").replace("{promise}", "{secret}")
    file = tmp_path / "rungs.toml"
    file.write_text(text, "utf-8")

    with pytest.raises(ValidationError, match=r"“\{secret\}” is not known"):
        ladder.load(file)

    assert not ReminderRung.objects.exists()


def test_two_reminders_of_the_same_thing_never_share_a_day():
    ladder.load()

    with pytest.raises(IntegrityError), transaction.atomic():
        ReminderRung.objects.filter(slug="visit-week").update(days=28)


# -- Words -----------------------------------------------------------------------------

TAGS = "{% debug %}", "{{ message.key }}", "{name.__class__}", "{0}", "{name!r}", "%(name)s", "{unknown}"


@pytest.mark.parametrize("wrong", TAGS)
@pytest.mark.parametrize("field", ["subject_en", "text_sv"])
def test_words_that_could_not_be_filled_in_are_refused_with_a_sentence(field: str, wrong: str):
    one = rung("visit-day")
    setattr(one, field, f"Dear {wrong}")

    with pytest.raises(ValidationError) as refused:
        one.full_clean()

    assert list(refused.value.message_dict) == [field]
    assert "Write " in refused.value.message_dict[field][0]


def test_a_part_stands_on_a_line_of_its_own_and_never_in_a_subject():
    one = rung("visit-day")
    one.text_en, one.subject_sv = "Here: {programme}", "{programme}"

    with pytest.raises(ValidationError) as refused:
        one.full_clean()

    assert set(refused.value.message_dict) == {"text_en", "subject_sv"}
    assert "on a line of its own" in refused.value.message_dict["text_en"][0]


@pytest.mark.parametrize(("slug", "name"), [("draft", "{name}"), ("entered-7-days", "{organisation}")])
def test_to_an_address_that_nobody_has_confirmed_nothing_that_was_typed_can_be_written(slug: str, name: str):
    one = rung(slug)
    one.text_en = f"Dear {name}"

    with pytest.raises(ValidationError, match="is not known"):
        one.full_clean()


@pytest.mark.parametrize("language", ["en", "sv"])
def test_what_staff_wrote_is_what_guests_read(language: str):
    words = {"subject": "{organisation} comes on {days}", "text": "*{name}*, {left}\n{missing}\nBring {reference}."}
    rung("visit-week", **{f"{name}_{language}": text for name, text in words.items()})
    one = visit(7, language=language, organisation_name="Tayford", contact_name="Aileen Munro", group_size=4)

    rounds.sweep(NINE)

    sent = mail.outbox[0]
    assert sent.subject.startswith("Tayford comes on ")
    assert f"Bring {one.request.reference}." in sent.body
    assert ("We have 0 of 4 names" in sent.body) == (language == "en")
    assert "<strong" in str(sent.alternatives[0][0])


NAMES = (  # of cases/bad_inputs.json, past the form, as an old import might have left them
    "Anna\nBcc: all@region.example", "a\u202egpj.exe", "محمد عبد الله", "Z" + "\u0301" * 119, "👩‍⚕️👨‍👩‍👧‍👦",
    "\x1b[31mAnna\x1f\u2028", "null",
    "<script>alert(1)</script>", "<img src=x onerror=alert(2)>",
    "{{7*7}} {% debug %} {event.__init__} ${7*7} %(x)s {reference}",
    "[Click](http://evil.example) https://evil.example", "*A* {name}", "A" * 120,
)  # fmt: skip


@pytest.mark.parametrize("typed", NAMES)
def test_whatever_somebody_is_called_it_is_text_in_a_reminder(typed: str):
    rung("visit-week", subject_en="{name} of {organisation}", text_en="*{name}* of {organisation}: {host}")
    visit(7, contact_name=typed, organisation_name=typed)

    rounds.sweep(NINE)

    sent = mail.outbox[0]
    html = str(sent.alternatives[0][0])
    parsed = message_from_bytes(sent.message().as_bytes(), policy=default)
    assert (sent.recipients(), parsed["Bcc"]) == ([sent.to[0]], None)
    assert len(sent.subject.splitlines()) == 1
    assert not {"<script", "<img"} & set(re.findall(r"<\w+", html))
    assert not [link for link in re.findall(r'href="([^"]*)"', html) if "evil" in link]
    assert not re.search(r"\b49\b", sent.subject)


ADDRESSES = ("a@b.example\nBcc: all@region.example", "a@b.example, c@d.example", "a@", "\r\n")


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_reminder_to_what_is_no_address_is_held_and_the_others_go(address: str):
    visit(7, contact_email=address)
    visit(1)

    rounds.sweep(NINE)

    held = Message.objects.get(kind="visit_in_one_week")
    assert (held.state, bool(held.problem)) == (MessageState.FAILED, True)
    assert [one.subject for one in mail.outbox] == ["We meet tomorrow, Thursday 26 November"]


def test_a_name_that_looks_like_a_blank_is_not_filled_in():
    rung("visit-week", text_en="Dear {name}")
    visit(7, contact_name="{reference} *Ada*")

    rounds.sweep(NINE)

    assert "Dear {reference}" in mail.outbox[0].body


def test_a_mail_whose_words_cannot_be_filled_in_is_held_and_shown_and_the_others_go():
    rung("visit-week", text_en="Dear {nobody}")  # past the form, as a repaired database might have it
    visit(7)
    visit(1)

    went_well = rounds.sweep(NINE)

    held = Message.objects.get(kind="visit_in_one_week")
    assert went_well
    assert held.state == MessageState.FAILED
    assert "{nobody}" in held.problem
    assert [one.subject for one in mail.outbox] == ["We meet tomorrow, Thursday 26 November"]


def test_every_blank_of_every_anchor_has_words_and_each_reminder_uses_only_its_own():
    known = {**anchors.BLANKS, **anchors.PARTS}

    assert set(anchors.TABLE) == set(Anchor)
    assert all(name in known for about in anchors.TABLE.values() for name in about.blanks)
    assert not any(one.wrong_words() for one in ladder.standing().rungs)


# -- The page --------------------------------------------------------------------------


def typed_for(client: Client, one: ReminderRung, **changes: Any) -> dict[str, Any]:
    names = ("days", "states", "subject_en", "subject_sv", "text_en", "text_sv")
    return {name: getattr(one, name) for name in names} | {"is_on": "on"} | drawn_from(client, address(one)) | changes


def address(one: ReminderRung) -> str:
    return reverse("admin:visits_reminderrung_change", args=[one.pk])


def test_a_coordinator_moves_a_reminder_and_writes_its_words(coordinator_client: Client):
    one = rung("visit-weeks")

    answer = coordinator_client.post(address(one), typed_for(coordinator_client, one, days=30, text_en="Dear {name}"))

    one.refresh_from_db()
    assert answer.status_code == 302
    assert (one.days, one.text_en) == (30, "Dear {name}")


def test_the_words_are_shown_before_they_are_kept(coordinator_client: Client):
    one = rung("visit-weeks")
    before = ReminderRung.objects.values().get(pk=one.pk)
    typed = typed_for(
        coordinator_client, one, text_en="Hello *{name}* <i>at</i> {organisation}\n{programme}", _preview="1"
    )

    page = coordinator_client.post(address(one), typed).content.decode()

    assert "Hello <strong>Aileen</strong> &lt;i&gt;at&lt;/i&gt; Tayford General Hospital" in page
    assert "[Here stands: the programme, day by day]" in page
    assert "Hello *{name}* &lt;i&gt;at&lt;/i&gt; {organisation}" in page  # what was typed stands in its box
    assert ReminderRung.objects.values().get(pk=one.pk) == before


def test_words_that_cannot_be_filled_in_are_refused_on_the_page_and_nothing_typed_is_lost(coordinator_client: Client):
    one = rung("visit-weeks")
    for press in ({}, {"_preview": "1"}):
        page = coordinator_client.post(
            address(one), typed_for(coordinator_client, one, text_en="Dear {nmae}", **press)
        ).content.decode()

        assert "“{nmae}” is not known" in page
        assert "Dear {nmae}</textarea>" in page
    one.refresh_from_db()
    assert "{nmae}" not in one.text_en


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"days": 7}, "Another reminder goes on that day already."),
        ({"days": 0}, "Write a number from 1 to 180."),
        ({"days": 400}, "Write a number from 1 to 180."),
        ({"states": []}, "Choose at least one state"),
        ({"states": ["declined"]}, "Choose among the answers."),
        ({"subject_en": "A\x07"}, "There are signs in it that cannot be shown."),
    ],
)
def test_a_reminder_that_cannot_be_is_refused_with_a_sentence(coordinator_client: Client, changes, told: str):
    one = rung("visit-weeks")

    page = coordinator_client.post(address(one), typed_for(coordinator_client, one, **changes)).content.decode()

    assert told in page
    assert ReminderRung.objects.get(pk=one.pk).days == 28


def test_nobody_else_reads_or_writes_them(client: Client, facilitator_client: Client):
    one = rung("visit-weeks")

    answers = [who.post(address(one), {"days": 30}).status_code for who in (client, facilitator_client)]

    assert answers == [302, 403]
    assert ReminderRung.objects.get(pk=one.pk).days == 28


def test_a_reminder_is_never_taken_away(manager_client: Client):
    one = rung("visit-weeks")

    gone = manager_client.post(reverse("admin:visits_reminderrung_delete", args=[one.pk]), {"post": "yes"})

    assert gone.status_code == 403
    assert ReminderRung.objects.filter(pk=one.pk).exists()


# -- One more, of our own --------------------------------------------------------------

CHOOSE = "/admin/visits/reminderrung/add/"
ADD = f"{CHOOSE}?counted=visit"
OWN = {
    "is_on": "on", "days": "14", "states": ["agreed", "confirmed"], "subject_en": "In {left}: lunch",
    "subject_sv": "Om {left}: lunch", "text_en": "Dear {name}\n{missing}", "text_sv": "Hej {name}\n{missing}",
}  # fmt: skip


def add(client: Client, **changes: Any) -> Any:
    ladder.load()
    return client.post(ADD, OWN | changes)


def test_staff_add_a_reminder_before_the_visit_and_it_goes_once_beside_the_others(
    coordinator_client: Client, time_machine
):
    answer = add(coordinator_client)
    one = visit(15, contact_name="Aileen Munro", group_size=4)

    for day in range(10):
        time_machine.move_to(NINE + timedelta(days=day), tick=False)
        rounds.sweep(NINE + timedelta(days=day))

    own = ReminderRung.objects.get(kind="visit_reminder")
    assert answer.status_code == 302
    assert (own.slug, own.anchor, own.days) == ("visit-own-1", "visit", 14)
    assert kinds() == ["visit_in_four_weeks", "visit_in_one_week", "visit_reminder"]
    sent = Message.objects.get(kind="visit_reminder")
    assert (sent.state, sent.subject) == (MessageState.SENT, "In 2 weeks: lunch")
    assert sent.key == f"visit_reminder:request-{one.request_id}:{one.first_day}-visit-own-1:visitor"


def test_two_of_our_own_are_two_mails_and_one_that_is_moved_is_not_sent_again(coordinator_client: Client):
    add(coordinator_client)
    add(coordinator_client, days="12")
    visit(14)
    rounds.sweep(NINE)
    ReminderRung.objects.filter(slug="visit-own-1").update(days=13)

    for day in range(1, 4):
        rounds.sweep(NINE + timedelta(days=day))

    assert kinds() == ["visit_reminder", "visit_reminder"]
    assert list(ReminderRung.objects.filter(kind="visit_reminder").values_list("slug", flat=True)) == [
        "visit-own-1", "visit-own-2",
    ]  # fmt: skip


def test_one_that_waits_falls_when_it_is_put_out_or_the_visit_is_moved(coordinator_client: Client):
    add(coordinator_client)
    moved, stays = visit(14), visit(14)
    reminders.queue_due(NINE)
    VisitRequest.objects.filter(pk=moved.request_id).update(state=RequestState.IN_REVIEW)
    rounds.deliver_due(NINE)
    ReminderRung.objects.filter(slug="visit-own-1").update(is_on=False)

    later = visit(15)
    rounds.sweep(NINE + timedelta(days=1))

    states = dict(Message.objects.filter(kind="visit_reminder").values_list("request", "state"))
    assert states == {moved.request_id: MessageState.SKIPPED, stays.request_id: MessageState.SENT}
    assert not Message.objects.filter(request=later.request_id, kind="visit_reminder").exists()


def test_what_is_to_go_out_tells_it_and_why(coordinator_client: Client):
    add(coordinator_client)
    visit(20)

    page = coordinator_client.get(reverse("admin:visits_message_changelist")).content.decode()

    assert "A reminder before the visit that we have added" in page
    assert "14 days before the visit" in page


def test_one_more_is_shown_as_it_reads_before_it_is_kept(coordinator_client: Client):
    page = add(coordinator_client, _preview="1").content.decode()

    assert "In 4 weeks: lunch" in page
    assert "Om 4 veckor: lunch" in page
    assert "Dear {name}" in page
    assert not ReminderRung.objects.filter(kind="visit_reminder").exists()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"days": "28"}, "Another reminder goes on that day already."),
        ({"days": "181"}, "Write a number from 1 to 180."),
        ({"text_sv": "Hej {namn}"}, "“{namn}” is not known"),
        ({"states": []}, "Choose at least one state"),
    ],
)
@pytest.mark.parametrize("press", [{}, {"_preview": "1"}])
def test_one_that_cannot_be_is_refused_and_nothing_typed_is_lost(coordinator_client: Client, changes, told, press):
    page = add(coordinator_client, **changes, **press).content.decode()

    assert told in page
    assert "In {left}: lunch" in page
    assert not ReminderRung.objects.filter(kind="visit_reminder").exists()


def test_loading_leaves_what_we_have_added(coordinator_client: Client):
    add(coordinator_client)

    done = ladder.load()

    assert done == {"added": 0, "updated": 0, "unchanged": len(in_file()), "kept": 0}
    assert "visit-own-1" in {one.slug for one in ladder.standing().rungs}


def test_nobody_else_adds_one(client: Client, facilitator_client: Client):
    answers = [who.post(ADD, OWN).status_code for who in (client, facilitator_client)]

    assert answers == [302, 403]
    assert not ReminderRung.objects.exists()
