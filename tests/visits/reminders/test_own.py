"""Reminders that staff have added, to each thing that one can be counted from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core import mail
from django.db.models import F
from django.test import Client
from django.urls import reverse

from tests.visits.mail.cases import OWE
from visits import anchors, ladder, ledger, letters, reminders, rounds
from visits.choices import Anchor, MessageState
from visits.models import Message, ReminderRung

pytestmark = pytest.mark.django_db
A = Anchor
NINE = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)  # 09.00 in Stockholm
ADD = "/admin/visits/reminderrung/add/"
# By what it is counted from: the case of tests/visits/mail in which one is owed now, and how many days it is for that.
NOW = {
    A.QUESTION: ("answer_reminder", 3), A.PROPOSAL: ("answer_reminder of a proposal", 2),
    A.AGREEMENT: ("agreement_reminder", 2), A.PLACE: ("place_reminder", 2), A.VISIT: ("visit_in_one_week", 7),
    A.GROUP: ("group_reminder", 6), A.SESSION: ("briefing", 7), A.LOOK_BACK: ("look_back", 1),
    A.LOOK_BACK_OURS: ("look_back_ours", 1), A.FOLLOW_UP: ("follow_up", 0), A.FOLLOW_UP_OURS: ("follow_up_ours", 0),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NINE, tick=False)


def typed(anchor: Anchor, days: int, **changes: Any) -> dict[str, Any]:
    about = anchors.TABLE[anchor]
    words = " ".join(f"{{{name}}}" for name in about.words)
    lines = "\n".join(f"{{{name}}}" for name in about.blanks if name in anchors.PARTS)
    return {
        "is_on": "on", "days": str(days), "states": [str(state) for state in about.states],
        "subject_en": "Ours: {organisation}" if anchor != A.GROUP else "Ours: {contact}", "subject_sv": "Vår",
        "text_en": f"Ours: {words}\n{lines}", "text_sv": f"Vår: {words}\n{lines}",
    } | changes  # fmt: skip


def add(client: Client, anchor: Anchor, days: int, **changes: Any) -> Any:
    return client.post(f"{ADD}?counted={anchor}", typed(anchor, days, **changes))


def alone(client: Client, anchor: Anchor) -> ReminderRung:
    """One of our own on the day of a case, and those of the repository out of its way."""
    ladder.load()
    _case, days = NOW[anchor]
    away = ReminderRung.objects.filter(anchor=anchor).order_by("-days")
    for one in away:
        ReminderRung.objects.filter(pk=one.pk).update(days=F("days") + 1, is_on=False)
    assert add(client, anchor, days).status_code == 302
    return ReminderRung.objects.get(slug=f"{anchor}-own-1")


def owe(anchor: Anchor, language: str = "en") -> None:
    case, _days = NOW[anchor]
    OWE[case](case.partition(" ")[0], language)
    reminders.queue_due(NINE)
    ledger.queue_due(NINE)


def test_one_can_be_added_to_all_but_what_is_about_an_address_that_nobody_has_confirmed_and_our_own_duties():
    assert set(anchors.OWN) == set(NOW)
    assert set(Anchor) - set(anchors.OWN) == {A.DRAFT, A.ENTERED, A.ASK, A.PROMISE}
    assert {anchors.TABLE[anchor].own for anchor in anchors.OWN} <= letters.LETTERS.keys()
    assert {anchors.TABLE[anchor].own for anchor in anchors.OWN} <= reminders.KINDS | ledger.KINDS


@pytest.mark.parametrize("anchor", NOW)
@pytest.mark.parametrize("language", ["en", "sv"])
def test_one_of_our_own_leaves_once_in_its_own_words(coordinator_client: Client, anchor: Anchor, language: str):
    own = alone(coordinator_client, anchor)
    owe(anchor, language)

    for _round in range(2):
        rounds.sweep(NINE)

    sent = Message.objects.get(data__rung=own.slug)
    (left,) = [one for one in mail.outbox if one.extra_headers["X-Qulturum-Key"] == sent.key]
    assert (sent.state, sent.problem) == (MessageState.SENT, "")
    assert left.subject.startswith({"en": "Ours: ", "sv": "Vår"}[language])
    assert {"en": "Ours: ", "sv": "Vår: "}[language] in left.body
    assert not Message.objects.filter(kind=own.kind, data__rung__isnull=False).exclude(pk=sent.pk).exists()


@pytest.mark.parametrize("anchor", NOW)
def test_one_that_waits_stays_at_home_when_it_is_put_out(coordinator_client: Client, anchor: Anchor):
    own = alone(coordinator_client, anchor)
    owe(anchor)
    ReminderRung.objects.filter(pk=own.pk).update(is_on=False)

    rounds.deliver_due(NINE)

    waited = Message.objects.get(data__rung=own.slug)
    assert (waited.state, waited.problem) == (MessageState.SKIPPED, "The reminder does not fit any more.")


@pytest.mark.parametrize("anchor", NOW)
def test_beside_that_of_the_repository_each_has_a_key_of_its_own(coordinator_client: Client, anchor: Anchor):
    own = alone(coordinator_client, anchor)
    owe(anchor)
    first = ReminderRung.objects.filter(anchor=anchor).exclude(pk=own.pk).first()
    ReminderRung.objects.filter(pk=own.pk).update(is_on=False, days=anchors.TABLE[anchor].most)
    ReminderRung.objects.filter(pk=first.pk).update(is_on=True, days=own.days)
    reminders.queue_due(NINE)
    ledger.queue_due(NINE)

    theirs = Message.objects.get(data__rung=first.slug)

    assert theirs.key != Message.objects.get(data__rung=own.slug).key


@pytest.mark.parametrize("anchor", NOW)
def test_why_it_leaves_stands_on_the_page_of_the_mails(coordinator_client: Client, anchor: Anchor):
    own = alone(coordinator_client, anchor)
    owe(anchor)

    page = coordinator_client.get(reverse("admin:visits_message_changelist")).content.decode()

    before = {A.VISIT: "7 days before the visit", A.FOLLOW_UP: "It was agreed to ask how it has gone.",
              A.FOLLOW_UP_OURS: "It was agreed to ask how it has gone."}  # fmt: skip
    count = "1 day" if own.days == 1 else f"{own.days} days"
    assert before.get(anchor, f"{count} {'after' if own.about.after else 'before'} ") in page


@pytest.mark.parametrize("anchor", NOW)
def test_it_is_shown_as_it_reads_in_both_languages_before_it_is_kept(coordinator_client: Client, anchor: Anchor):
    page = add(coordinator_client, anchor, NOW[anchor][1], _preview="1").content.decode()

    assert "Ours: " in page
    assert "Vår: " in page
    assert "As it reads in Swedish" in page
    assert not ReminderRung.objects.filter(anchor=anchor).exists()


@pytest.mark.parametrize("anchor", NOW)
def test_each_is_held_to_the_days_the_blanks_and_the_states_of_what_it_is_counted_from(
    coordinator_client: Client, anchor: Anchor
):
    about = anchors.TABLE[anchor]
    foreign = next(name for name in anchors.BLANKS if name not in about.blanks)

    pages = [
        add(coordinator_client, anchor, about.most + 1),
        add(coordinator_client, anchor, about.most, text_en=f"{{{foreign}}}"),
        add(coordinator_client, anchor, about.most, states=["draft"]),
    ]

    told = [f"Write a number from {about.least} to {about.most}.", "is not known", "Choose among the answers."]
    assert [words in page.content.decode() for words, page in zip(told, pages, strict=True)] == [True] * 3
    assert not ReminderRung.objects.filter(anchor=anchor).exists()


@pytest.mark.parametrize("anchor", NOW)
def test_two_of_the_same_thing_never_share_a_day(coordinator_client: Client, anchor: Anchor):
    ladder.load()
    taken = ReminderRung.objects.filter(anchor=anchor).first()

    page = add(coordinator_client, anchor, taken.days).content.decode()

    assert "Another reminder goes on that day already." in page
    assert not ReminderRung.objects.filter(slug__contains="-own-").exists()


def test_what_it_is_counted_from_is_chosen_first(coordinator_client: Client):
    page = coordinator_client.get(ADD).content.decode()

    assert [f'href="?counted={anchor}"' in page for anchor in Anchor] == [anchor in anchors.OWN for anchor in Anchor]
    assert "<textarea" not in page


@pytest.mark.parametrize("address", [ADD, f"{ADD}?counted=ask", f"{ADD}?counted=nothing"])
def test_without_a_choice_nothing_is_kept(coordinator_client: Client, address: str):
    page = coordinator_client.post(address, typed(A.VISIT, 14)).content.decode()

    assert "?counted=visit" in page
    assert not ReminderRung.objects.exists()


@pytest.mark.parametrize("anchor", [A.DRAFT, A.ENTERED, A.ASK, A.PROMISE])
def test_none_can_be_made_for_the_rest(anchor: Anchor):
    with pytest.raises(LookupError):
        ReminderRung.own(anchor)


def test_nobody_else_reads_what_one_can_be_counted_from(client: Client, facilitator_client: Client):
    answers = [who.get(ADD).status_code for who in (client, facilitator_client)]

    assert answers == [302, 403]


def test_each_has_a_short_name_of_its_own(coordinator_client: Client):
    for anchor, days in ((A.PLACE, 3), (A.PLACE, 4), (A.VISIT, 20), (A.LOOK_BACK, 3), (A.LOOK_BACK_OURS, 3)):
        add(coordinator_client, anchor, days)

    slugs = sorted(ReminderRung.objects.filter(slug__contains="-own-").values_list("slug", flat=True))
    assert slugs == ["look_back-own-1", "look_back_ours-own-1", "place-own-1", "place-own-2", "visit-own-1"]


def test_a_reminder_that_goes_is_in_use_and_is_not_told_as_sent_already(coordinator_client: Client):
    rung = ReminderRung.own(A.VISIT)
    rung.days = 20
    rung.save()

    for name, args in (("changelist", []), ("change", [rung.pk])):
        page = coordinator_client.get(reverse(f"admin:visits_reminderrung_{name}", args=args)).content.decode().lower()
        assert "in use" in page
        assert "is sent" not in page
