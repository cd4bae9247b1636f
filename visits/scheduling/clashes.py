"""What stands in the way of taking somebody's or some room's time, in words for our own people only."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from visits import words
from visits.choices import BookingKind
from visits.models import Booking, Facilitator, Session
from visits.models.on_the_way import TooNear
from visits.scheduling.refusals import Clash


def refuse_if_taken(facilitator: Facilitator, session: Session) -> None:
    """Raises Clash when somebody is elsewhere during a session, or would not get there or away in time."""
    probe = Booking(
        facilitator=facilitator, session=session, starts_at=session.starts_at, ends_at=session.ends_at
    )  # fmt: skip
    if standing_in_the_way(probe) is not None or probe.too_near_another() is not None:
        raise Clash(clash_words(probe))


def standing_in_the_way(booking: Booking) -> Booking | None:
    others = Booking.objects.overlapping(booking.starts_at, booking.ends_at).exclude(pk=booking.pk)
    mine = {"facilitator": booking.facilitator} if booking.facilitator_id else {"room": booking.room}
    return others.filter(**mine).select_related("session__visit__request", "gathering__programme").first()


def clash_words(booking: Booking) -> str:
    """Who or what is taken, by what, from when to when; or between what and this there is too little time."""
    who = booking.facilitator.name if booking.facilitator else str(booking.room)
    other = standing_in_the_way(booking)
    found = None if other else booking.too_near_another()
    return late_words(who, *found) if found else taken_words(who, other)


def late_words(who: str, other: Booking, near: TooNear) -> str:
    """That somebody would not come from, or to, another booking in time."""
    values = {"who": who, "minutes": near.minutes, "site": near.site.name, "gap": near.gap, "what": _what(other)}
    if near.comes_from:
        told = _("%(who)s needs %(minutes)d minutes from %(site)s, and there are %(gap)d: %(what)s ends at %(time)s.")
        return told % (values | {"time": words.clock(other.ends_at)})
    told = _("%(who)s needs %(minutes)d minutes to %(site)s, and there are %(gap)d: %(what)s begins at %(time)s.")
    return told % (values | {"time": words.clock(other.starts_at)})


def taken_words(who: str, other: Booking | None) -> str:
    """That somebody or some room is taken, by what and when; said to our own people only."""
    if other is None:
        return _("%(who)s was taken at that time a moment ago. Look again.") % {"who": who}
    return _("%(who)s is taken from %(from)s to %(to)s on %(day)s: %(what)s.") % {
        "who": who,
        "from": words.clock(other.starts_at),
        "to": words.clock(other.ends_at),
        "day": words.day(timezone.localdate(other.starts_at)),
        "what": _what(other),
    }


def _what(other: Booking) -> str:
    session = other.session
    if other.gathering is not None:
        return f"“{other.gathering.words}”"
    if session is None:
        return _("away")
    title = f"“{session.title}” ({session.visit.request.reference})"
    told = {BookingKind.PREPARE: _("preparation for %(title)s"), BookingKind.DEBRIEF: _("debriefing after %(title)s")}
    return told.get(BookingKind(other.kind), "%(title)s") % {"title": title}
