"""A gathering of ours in the calendar of whoever helps there: in their feed, and as a file of its own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Event

from visits import text, words
from visits.feeds import parts
from visits.models import GatheringAsk
from visits.scheduling import EntryKind

STATUS: Final = {EntryKind.VISIT: "CONFIRMED", EntryKind.ASK: "TENTATIVE", EntryKind.GONE: "CANCELLED"}


class Asked(NamedTuple):
    """What one was asked last about a gathering; `again` is how often they had been asked about it before."""

    pk: int
    gathering: int
    facilitator: int
    kind: EntryKind
    starts_at: datetime
    ends_at: datetime
    stamp: datetime | None
    answer_by: date | None
    title: str
    house: str
    sequence: int
    again: int
    called_off: bool = False


def event(asked: Asked) -> Event:
    """The event of a gathering for one of us; the same wherever it is told.

    A yes takes their time, a question does not, and what was called off, or where they need not help any more, is
    cancelled. Its number grows with each of these, when the gathering moves, and when it is called off after they
    were let off.
    """
    kind = asked.kind
    sequence = asked.sequence + 2 * asked.again + (kind == EntryKind.GONE) + asked.called_off
    uid = f"gathering-{asked.gathering}-{asked.facilitator}"
    made = parts.event(uid, sequence=sequence, stamp=asked.stamp or asked.starts_at)
    parts.when(made, asked.starts_at, asked.ends_at)
    title = _("Can you help? %(title)s") % {"title": asked.title} if kind == EntryKind.ASK else asked.title
    made.add("summary", text.single_line(title))
    if asked.house:
        made.add("location", text.single_line(asked.house))
    made.add("description", parts.lines(_said(asked), _page(asked)))
    made.add("status", STATUS[kind])
    made.add("transp", "OPAQUE" if kind == EntryKind.VISIT else "TRANSPARENT")
    return made


def _said(asked: Asked) -> str:
    if asked.kind == EntryKind.GONE:
        off, let_off = _("Called off. You need do nothing."), _("You need not help at this any more.")
        return off if asked.called_off else let_off
    if asked.kind == EntryKind.ASK and asked.answer_by:
        return _("You are asked to help at this. Answer by %(day)s.") % {"day": words.day(asked.answer_by)}
    return _("You help.")


def _page(asked: Asked) -> str:
    is_yes = asked.kind == EntryKind.VISIT
    to = ("visits:gathering", asked.gathering) if is_yes else ("visits:gathering_asked", asked.pk)
    return f"{settings.SITE_URL}{reverse(to[0], args=[to[1]])}"


def gathering_calendar(yes: GatheringAsk) -> bytes:
    """One gathering as a file, for who has said yes to it, in the language that is on; one query.

    It says what the calendar that they subscribe to says of it.
    """
    gathering = yes.gathering
    before = GatheringAsk.objects.filter(gathering=gathering, facilitator=yes.facilitator_id, pk__lt=yes.pk).count()
    calendar = parts.calendar(_("Qulturum, %(name)s") % {"name": gathering.words})
    asked = Asked(
        yes.pk, gathering.pk, yes.facilitator_id, EntryKind.VISIT, yes.starts_at, yes.ends_at,
        yes.answered_at or yes.asked_at, yes.answer_by, gathering.words, gathering.site.name if gathering.site else "",
        gathering.sequence, before,
    )  # fmt: skip
    calendar.add_component(event(asked))
    return parts.written(calendar)
