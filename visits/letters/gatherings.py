"""Letters about gatherings of our programmes: to whoever is asked to help, and to the desk."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from visits import words
from visits.letters import facilitators, links
from visits.letters.frames import to_facilitator, to_staff
from visits.letters.letter import Block, Button, Facts, Letter, Whose, facts, quote, say, title
from visits.models import Gathering, GatheringAsk, Message


def ask(message: Message) -> Letter:
    asked = _ask_of(message)
    return to_answer(
        message,
        title(_("Can you help? %(what)s, %(day)s"), what=asked.gathering.words, day=words.short_day(asked.starts_at)),
        *_why(message),
        *_written(asked),
    )


def _why(message: Message) -> list[Block]:
    """What is another now, to who was asked before; else what it is about."""
    if not message.data.get("moved_from"):
        return [say(_("We ask you to help when a programme of ours comes together."))]
    other = _moved(message) or [say(_("The gathering has been changed meanwhile."))]
    yes_is_gone = say(_("You had said yes. Your yes holds no longer, and the time is yours again."))
    return [*other, say(_("So we ask you anew.")), *([yes_is_gone] if message.data.get("was_yes") else [])]


def _moved(message: Message) -> list[Block]:
    """Where what they knew differs from how it is now; nothing when it has come back to that."""
    told, asked = message.data, _ask_of(message)
    moved: list[Block] = []
    if datetime.fromisoformat(told["moved_from"]) != asked.starts_at:
        was = facilitators.told_time(told["moved_from"])
        moved.append(say(_("The gathering is not on *%(time)s* any more."), time=was))
    elif "moved_end" in told and (end := datetime.fromisoformat(told["moved_end"])) != asked.ends_at:
        moved.append(say(_("The gathering does not end at *%(time)s* any more."), time=words.clock(end)))
    site = asked.gathering.site
    if (place := told.get("moved_place")) and place != (site.name if site else ""):
        moved.append(say(_("The gathering is not held at *%(place)s* any more."), place=place))
    return moved


def _written(asked: GatheringAsk) -> list[Block]:
    if not asked.words:
        return []
    name = asked.asked_by or _("Your coordinator")
    return [say(_("%(name)s writes:"), name=name), quote(asked.words)]


def to_answer(message: Message, subject: str, *opening: Block) -> Letter:
    """A letter about a gathering that asks for a yes or a no."""
    asked = _ask_of(message)
    by = words.weekday(asked.answer_by) if asked.answer_by else ""
    return to_facilitator(
        message,
        Whose.YOURS,
        subject,
        *opening,
        facts_of(asked),
        say(_("Answer by *%(day)s*. Nothing is in your calendar until you say yes, and a no needs no reason."), day=by),
        button=Button(_("Answer"), links.helping(asked)),
        coordinator=asked.asked_by,
    )


def withdrawn(message: Message) -> Letter:
    asked = _ask_of(message)
    return to_facilitator(
        message,
        Whose.NOBODY,
        title(_("Not needed after all: %(what)s, %(day)s"),
              what=asked.gathering.words, day=words.short_day(asked.starts_at)),
        say(_("You need not help at this gathering, and the time is yours. Thank you for being there.")),
        facts_of(asked),
        button=_schedule(),
        coordinator=asked.asked_by,
    )  # fmt: skip


def off(message: Message) -> Letter:
    """A gathering does not take place; the mail may wait for longer than its row is kept, and carries what it says."""
    told = message.data
    what = told["sv"] if get_language() == "sv" else told["en"]
    return to_facilitator(
        message,
        Whose.NOBODY,
        title(_("Called off: %(what)s, %(day)s"),
              what=what, day=words.short_day(datetime.fromisoformat(told["starts"]))),
        say(_("The gathering does not take place. You need do nothing, and the time is yours.")),
        facts((_("Gathering"), what), (_("When"), facilitators.told_time(told["starts"])), (_("Where"), told["site"])),
        button=_schedule(),
    )  # fmt: skip


def left(message: Message) -> Letter:
    """To whoever asked: somebody who had said yes cannot help after all."""
    found = Gathering.objects.select_related("programme", "site").filter(pk=message.data["gathering"]).first()
    if found is None:
        raise LookupError(f"The mail {message.key} is about no gathering.")
    return to_staff(
        message,
        Whose.YOURS,
        title(_("%(name)s cannot help: %(what)s, %(day)s"),
              name=message.data["who"], what=found.words, day=words.short_day(found.day)),
        say(_("They had said yes and cannot come after all. Their time is let go. Ask a colleague.")),
        facts((_("Gathering"), found.words), (_("When"), _between(found.starts_at, found.ends_at))),
        button=Button(_("Open the gathering"), links.page("admin:visits_gathering_change", found.pk)),
    )  # fmt: skip


def facts_of(asked: GatheringAsk) -> Facts:
    """What a gathering is, when and where."""
    site = asked.gathering.site
    return facts(
        (_("Gathering"), asked.gathering.words),
        (_("When"), _between(asked.starts_at, asked.ends_at)),
        (_("Where"), site.name if site else ""),
    )


def _between(starts_at: datetime, ends_at: datetime) -> str:
    return f"{words.day(starts_at)}, {words.clock(starts_at)}–{words.clock(ends_at)}"


def _schedule() -> Button:
    return Button(_("Open your calendar"), links.page("visits:schedule"))


def _ask_of(message: Message) -> GatheringAsk:
    """The ask of a mail. Raises LookupError for a row whose gathering is gone."""
    if message.gathering_ask is None:
        raise LookupError(f"The mail {message.key} is about no gathering.")
    return message.gathering_ask
