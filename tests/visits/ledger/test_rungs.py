"""What is asked after a visit stands in the ladder: staff move it and write it, and nobody is asked twice for that."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from tests.visits.ledger.scene import DUE, LAST_DAY, guests_share, visit_over, we_share
from visits import ladder, ledger, rounds, rules
from visits.choices import Anchor, MessageState
from visits.models import LookBack, Message, ReminderRung, Visit

pytestmark = pytest.mark.django_db


def at(day: date, hour: int = 8) -> datetime:
    return datetime.combine(day, time(hour), rules.STOCKHOLM)


def after(days: int) -> datetime:
    return at(LAST_DAY + timedelta(days=days))


@pytest.fixture(autouse=True)
def _the_day_after(time_machine):
    time_machine.move_to(after(1), tick=False)


def rung(slug: str, **changes: object) -> ReminderRung:
    ladder.load()
    ReminderRung.objects.filter(slug=slug).update(**changes)
    return ReminderRung.objects.get(slug=slug)


def owed_before(kind: str, about: str, once_per: str, to: str, visit: Visit, **fields: object) -> Message:
    """A mail as it was owed before these mails had rungs: its key and what it remembers, letter for letter."""
    return Message.objects.create(
        key=f"{kind}:{about}:{once_per}:{to}", kind=kind, to_email=visit.request.contact_email, to_name="Aileen Munro",
        language="en", request=visit.request, **fields,
    )  # fmt: skip


# -- What was owed before these mails had rungs ----------------------------------------


@pytest.mark.parametrize("step", [1, 7, 14])
def test_who_was_asked_to_look_back_before_is_not_asked_anew(step: int):
    visit = visit_over(LAST_DAY)
    about, once_per = f"request-{visit.request_id}", f"{LAST_DAY}-{step}"
    owed_before("look_back", about, once_per, "visitor", visit, due_at=after(step), data={"step": step})
    for host in ledger.hosts_of(visit):
        owed_before(
            "look_back_ours", about, once_per, str(host.user.pk), visit, due_at=after(step), data={"step": step}
        )

    assert ledger.queue_due(after(step)) == 0


@pytest.mark.parametrize("step", [0, 7, 21])
def test_who_was_asked_how_it_has_gone_before_is_not_asked_anew(step: int):
    visit = visit_over(LAST_DAY)
    for look_back, kind, to in (
        (guests_share(visit), "follow_up", "visitor"),
        (ours := we_share(visit), "follow_up_ours", str(ours.user_id)),
    ):
        due_at, data = at(DUE + timedelta(days=step)), {"step": step, "look_back": look_back.pk, "months": 3}
        owed_before(kind, f"look-back-{look_back.pk}", f"3-{DUE}-{step}", to, visit, due_at=due_at, data=data)

    assert ledger.queue_due(at(DUE + timedelta(days=step))) == 0


def test_what_was_owed_before_and_waits_leaves_in_the_words_of_its_own_day(time_machine):
    visit = visit_over(LAST_DAY)
    about, once_per = f"request-{visit.request_id}", f"{LAST_DAY}-7"
    row = owed_before("look_back", about, once_per, "visitor", visit, due_at=after(7), data={"step": 7})
    time_machine.move_to(after(7), tick=False)

    rounds.deliver_due(after(7))

    row.refresh_from_db()
    assert (row.state, row.subject) == (MessageState.SENT, "What do you take home from our meeting?")
    assert "would still like to know what you took home" in " ".join(mail.outbox[0].body.split())


# -- Staff move and write --------------------------------------------------------------


def test_a_mail_that_staff_have_moved_goes_on_its_new_day_and_not_once_more_for_that(time_machine):
    visit_over(LAST_DAY)
    rounds.sweep(after(1))
    rung("look_back-7", days=9)
    rung("look_back-1", days=2)

    for days in range(2, 14):
        time_machine.move_to(after(days), tick=False)
        rounds.sweep(after(days))

    sent = Message.objects.filter(kind="look_back").order_by("pk").values_list("data__rung", "due_at")
    assert list(sent) == [("look_back-1", after(1)), ("look_back-7", after(9))]


def test_a_mail_that_staff_have_put_out_does_not_go_and_one_that_waits_stays_at_home():
    visit_over(LAST_DAY)
    ledger.queue_due(after(1))
    rung("look_back_ours-1", is_on=False)

    rounds.deliver_due(after(1))

    states = set(Message.objects.values_list("kind", "state"))
    assert states == {("look_back", MessageState.SENT), ("look_back_ours", MessageState.SKIPPED)}


@pytest.mark.parametrize("language", ["en", "sv"])
def test_what_staff_wrote_is_what_is_asked(language: str, time_machine):
    words = {"subject": "{reference}: {passed}", "text": "{organisation}, *{days}*\n{ideas}\nWas it any good?"}
    rung("follow_up-0", **{f"{name}_{language}": text for name, text in words.items()})
    visit = visit_over(LAST_DAY, language=language, organisation_name="Tayford <b>")
    guests_share(visit)
    time_machine.move_to(at(DUE), tick=False)

    rounds.sweep(at(DUE))

    (sent,) = [one for one in mail.outbox if one.subject.startswith(visit.request.reference)]
    assert sent.subject.endswith({"en": ": 3 months", "sv": ": 3 månader"}[language])
    assert "One meeting about one person" in sent.body
    assert "Was it any good?" in sent.body
    assert "Tayford &lt;b&gt;" in str(sent.alternatives[0][0])


def test_the_day_on_which_it_can_be_answered_stays_when_its_mail_is_moved(time_machine, client: Client):
    visit = visit_over(LAST_DAY)
    guests_share(visit)
    rung("follow_up-0", days=2)
    time_machine.move_to(at(DUE), tick=False)
    rounds.sweep(at(DUE))
    on_the_day = Message.objects.filter(kind="follow_up").count()

    for days in (1, 2):
        time_machine.move_to(at(DUE + timedelta(days=days)), tick=False)
        rounds.sweep(at(DUE + timedelta(days=days)))

    waiting = ledger.due_points(DUE).filter(entry__look_back=LookBack.objects.get())
    asked = Message.objects.get(kind="follow_up")
    assert (on_the_day, waiting.count()) == (0, 1)
    assert (asked.key.split(":")[2], asked.due_at) == (f"3-{DUE}-0", at(DUE + timedelta(days=2)))


@pytest.mark.parametrize("slug", ["look_back-1", "look_back_ours-1", "session-day", "visit-day"])
def test_only_what_has_a_day_of_its_own_can_be_asked_on_that_day(slug: str):
    one = rung(slug)
    one.days = 0

    with pytest.raises(ValidationError, match="Write a number from 1 to "):
        one.full_clean(validate_constraints=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReminderRung.objects.filter(pk=one.pk).update(days=0)
    assert rung("follow_up-0").days == rung("follow_up_ours-0").days == 0


@pytest.mark.parametrize(
    ("slug", "days", "told"),
    [
        ("look_back-14", 30, "from 1 to 29"),
        ("follow_up-21", 60, "from 0 to 59"),
        ("follow_up_ours-7", 60, "from 0 to 59"),
    ],
)
def test_nobody_is_asked_when_the_time_to_answer_is_over(slug: str, days: int, told: str):
    one = rung(slug)
    one.days = days

    with pytest.raises(ValidationError, match=told):
        one.full_clean()


# -- The desk --------------------------------------------------------------------------


def test_the_list_says_when_each_goes(coordinator_client: Client):
    ladder.load()

    page = coordinator_client.get(reverse("admin:visits_reminderrung_changelist")).content.decode()

    assert "14 days after the last day of the visit, for the guests" in page
    assert "on the day itself: the day from which we ask the guests how it has gone" in page


def test_what_is_to_go_out_says_why(coordinator_client: Client):
    visit = visit_over(LAST_DAY)
    ledger.queue_due(after(1))

    page = coordinator_client.get(reverse("admin:visits_message_changelist")).content.decode()

    assert "1 day after the visit, Tuesday 24 November. Not sent if they have written what they take home." in page
    assert (
        "7 days after the visit, Tuesday 24 November. Not sent to those who have written what they take home." in page
    )
    assert visit.request.organisation_name in page


def test_every_mail_after_a_visit_is_of_a_rung():
    anchors = [Anchor.LOOK_BACK, Anchor.LOOK_BACK_OURS, Anchor.FOLLOW_UP, Anchor.FOLLOW_UP_OURS]

    found = {one.kind: one.anchor for one in ladder.standing().rungs if one.anchor in anchors}

    assert found == {str(anchor): anchor for anchor in anchors}
    assert found.keys() == ledger.KINDS
