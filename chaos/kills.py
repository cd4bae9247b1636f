"""Senders that are killed, at named places and at random ones."""

from __future__ import annotations

import os
import random
import time
from datetime import timedelta

from django.utils import timezone

from chaos.fault import fault
from chaos.stage import Stage, mark
from visits.choices import MessageState
from visits.models import Message

FEW = 40
A_STEP = 0.15  # seconds between two kills


@fault("F00", "control: the naive protocols, killed at the same places", "one doubles, the other loses")
def control(stage: Stage) -> str:
    doubled = _killed(stage, "handed_over", "Careless")[1]
    lost = _killed(stage, "claimed", "Trusting")[0]
    mark(doubled > 0 and lost > 0, f"{lost} lost, {doubled} doubled: the drill does not bite")
    return f"put back: {doubled} doubled; marked first: {lost} lost"


def _killed(stage: Stage, point: str, journal: str) -> tuple[int, int]:
    stage.clear()
    stage.owe(FEW)
    first = stage.sender(f"{point}@7=kill", journal=journal)
    stage.until(lambda: not first.lives, 30, "the sender was killed")
    stage.sender(journal=journal)
    stage.until_all_sent(60)
    return stage.counted(FEW)


@fault("F01", "kill -9 between the server’s 250 and the mark", "0 lost, 0 doubled, the row ends as sent")
def after_250(stage: Stage) -> str:
    _killed(stage, "handed_over", "Log")
    return stage.all_once(FEW)


@fault("F02", "kill -9 between the claim and SMTP", "sent once, at most a lease and 60 s later")
def after_claim(stage: Stage) -> str:
    begun = time.monotonic()
    _killed(stage, "claimed", "Log")
    took = time.monotonic() - begun
    mark(took <= 64, f"it took {took:.0f} s")
    return f"{stage.all_once(FEW)}, all after {took:.0f} s with a lease of 4 s"


@fault("F03", "the server goes away, and the sender is killed, in the middle of a mail", "once")
def during_data(stage: Stage) -> str:
    stage.owe(FEW)
    stage.sink.breaks_after = 300
    first = stage.sender("written@20=kill")
    stage.until(lambda: not first.lives, 30, "the sender was killed")
    stage.until(lambda: stage.sink.breaks_after == 0, 1, "the server went away")
    stage.make_due()
    stage.sender()
    stage.until(stage.is_done_trying_at_once, 60, "all was sent")
    return stage.all_once(FEW)


@fault("F04", "random kill -9 of senders", "0 lost, 0 doubled, recovery within 60 s")
def random_kills(stage: Stage) -> str:
    mails, kills = int(os.environ["CHAOS_MAILS"]), int(os.environ["CHAOS_KILLS"])
    count = int(os.environ["CHAOS_SENDERS"])
    stage.owe(mails)
    begun, done, longest = time.monotonic(), 0, 0.0
    alive = [stage.sender() for _ in range(count)]
    chance = random.Random(mails)
    # The kills are spread over the whole run, however fast it is.
    while stage.open:
        sent = mails - stage.open
        longest = max(longest, _longest_abandoned())
        if done < kills and sent >= done * mails // kills:
            victim = chance.randrange(count)
            alive[victim].tell()
            stage.senders.remove(alive[victim])
            alive[victim] = stage.sender()
            done += 1
        mark(time.monotonic() - begun < 600 + mails / 20, f"{stage.open} were not sent in time")
        # A kill at another moment of the sender's work each time.
        time.sleep(chance.uniform(0, A_STEP))
    took = time.monotonic() - begun
    mark(done == kills, f"only {done} kills")
    mark(longest <= 56, f"a mail lay {longest:.0f} s after its lease")
    found = stage.all_once(mails)
    lay = f"a mail lay at most {longest:.1f} s after its lease of 4 s"
    return f"{mails} mails, {done} kills: {found}; {lay}; {mails / took:.0f} mails/s"


def _longest_abandoned() -> float:
    """For how many seconds the longest abandoned mail has lain there since its lease ran out."""
    now = timezone.now()
    oldest = Message.objects.abandoned(now).order_by("lease_until").values_list("lease_until", flat=True).first()
    return (now - oldest).total_seconds() if oldest else 0.0


@fault("F10", "PostgreSQL ends the sender’s connection after SMTP", "once")
def connection_ended(stage: Stage) -> str:
    stage.owe(FEW)
    with stage.gate("handed_over", 5):
        ended = stage.sql(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        mark(ended[0] >= 1, "no connection was ended")
    stage.until_all_sent(60)
    return f"{stage.all_once(FEW)}, {ended[0]} connections ended"


@fault("F25", "one mail cannot be written, and one kills whoever writes it", "both held and shown, all others sent")
def poison(stage: Stage) -> str:
    stage.owe(FEW)
    stage.owe(1, "poison", kind="poison", due_at=timezone.now() - timedelta(hours=1))
    stage.sender()
    stage.until_all_sent(30)
    held = Message.objects.get(key="poison:0")
    mark(held.state == MessageState.FAILED and "the text needs" in held.problem, f"the poison is {held.state}")
    stage.clear()
    stage.owe(FEW)
    for _death in range(3):
        killed = stage.sender("claimed@1=kill")
        stage.until_gone(killed)
        stage.until(lambda: bool(Message.objects.abandoned(timezone.now()).exists()), 10, "its lease ran out")
    stage.sender()
    stage.until_all_sent(60)
    aside = Message.objects.filter(state=MessageState.FAILED, deaths=3).count()
    mark(aside == 1, f"{aside} were put aside")
    mark(stage.counted(FEW) == (1, 0), "the others did not go")
    return "both held with their reason, the others sent"
