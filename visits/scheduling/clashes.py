"""What stands in the way of taking somebody's or some room's time, in words for our own people only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from django.utils.translation import gettext as _

from visits import words
from visits.choices import BookingKind
from visits.models import Booking, Facilitator, GatheringAsk, Session
from visits.models.on_the_way import TooNear
from visits.scheduling.refusals import Clash, InTheWay


def refuse_if_taken(facilitator: Facilitator, session: Session) -> None:
    """Raises Clash when somebody is elsewhere during a session, or would not get there or away in time."""
    probe = Booking(
        facilitator=facilitator, session=session, starts_at=session.starts_at, ends_at=session.ends_at
    )  # fmt: skip
    if standing_in_the_way(probe) is not None or probe.too_near_another() is not None:
        raise clash(probe)


def standing_in_the_way(booking: Booking) -> Booking | None:
    others = Booking.objects.overlapping(booking.starts_at, booking.ends_at).exclude(pk=booking.pk)
    mine = {"facilitator": booking.facilitator} if booking.facilitator_id else {"room": booking.room}
    return others.filter(**mine).select_related("session__visit__request", "gathering__programme").first()


def clash(booking: Booking) -> Clash:
    """Who or what is taken, by what, from when to when; or between what and this there is too little time."""
    who = booking.facilitator.name if booking.facilitator else str(booking.room)
    other = standing_in_the_way(booking)
    found = None if other else booking.too_near_another()
    if found:
        return Clash(late_words(who, *found), InTheWay(own_late_words(*found)))
    return Clash(taken_words(who, other), told_to_them(other) if other else None)


def clash_words(booking: Booking) -> str:
    """The same as one sentence, for our own people."""
    return str(clash(booking))


def late_words(who: str, other: Booking, near: TooNear) -> str:
    """That somebody would not come from, or to, another booking in time."""
    if near.comes_from:
        told = _("%(who)s needs %(minutes)d minutes from %(site)s, and there are %(gap)d: %(what)s ends at %(time)s.")
    else:
        told = _("%(who)s needs %(minutes)d minutes to %(site)s, and there are %(gap)d: %(what)s begins at %(time)s.")
    return told % (_late(other, near) | {"who": who, "what": _what(other)})


def own_late_words(other: Booking, near: TooNear) -> str:
    """The same to themselves."""
    if near.comes_from:
        told = _("You need %(minutes)d minutes from %(site)s, and there are %(gap)d: %(what)s ends at %(time)s.")
    else:
        told = _("You need %(minutes)d minutes to %(site)s, and there are %(gap)d: %(what)s begins at %(time)s.")
    return told % (_late(other, near) | {"what": _own_what(other)})


def _late(other: Booking, near: TooNear) -> dict[str, object]:
    at = other.ends_at if near.comes_from else other.starts_at
    return {"minutes": near.minutes, "site": near.site.name, "gap": near.gap, "time": words.clock(at)}


def taken_words(who: str, other: Booking | None) -> str:
    """That somebody or some room is taken, by what and when; said to our own people only."""
    if other is None:
        return _("%(who)s was taken at that time a moment ago. Look again.") % {"who": who}
    days = words.days_to(other.first_day, other.last_day)
    values = _hours(other) | {"who": who, "day": words.day(other.first_day), "days": days}
    if not _is_time_away(other):
        return _("%(who)s is taken from %(from)s to %(to)s on %(day)s: %(what)s.") % (values | {"what": _what(other)})
    if not other.is_whole_days:
        return _("%(who)s is away from %(from)s to %(to)s on %(day)s.") % values
    if other.first_day == other.last_day:
        return _("%(who)s is away on %(day)s.") % values
    return _("%(who)s is away from %(days)s.") % values


def told_to_them(other: Booking) -> InTheWay:
    """What stands in the way, to whose time it is: what they wrote themselves they may change, or say no."""
    days = words.days_to(other.first_day, other.last_day, with_year=False)
    values = _hours(other) | {"day": words.weekday(other.first_day), "days": days}
    if not _is_time_away(other):
        told = _("You are taken from %(from)s to %(to)s on %(day)s: %(what)s.")
        return InTheWay(told % (values | {"what": _own_what(other)}))
    if other.imported:
        return InTheWay(_("Your own calendar has something else then."))
    if not other.is_whole_days:
        told = _("You have written that you are away from %(from)s to %(to)s on %(day)s. Change that, or say no.")
    elif other.first_day == other.last_day:
        told = _("You have written that you are away on %(day)s. Change that, or say no.")
    else:
        told = _("You have written that you are away from %(days)s. Change that, or say no.")
    return InTheWay(told % values, is_away=True)


def known_in_the_way(
    asked: Session | GatheringAsk, bookings: Collection[Booking], with_it: Iterable[Booking] = ()
) -> InTheWay | None:
    """What stands at the time of something that they are asked, told before they answer, of what they have then.

    Or at the time of what would be booked `with_it`; or so near, elsewhere, that the way there is too long. What was
    read from their own calendar gives way, and is told only where nothing else stands. No query.
    """
    first = min(_at_the_time_of(asked, bookings), key=lambda one: one.imported, default=None)
    if first:
        return told_to_them(first)
    beside = (one for span in with_it for one in _at_the_time_of(span, bookings) if not one.imported)
    return next((told_to_them(one) for one in beside), None) or _known_too_near(asked, bookings)


def _at_the_time_of(span: Session | GatheringAsk | Booking, bookings: Iterable[Booking]) -> Iterator[Booking]:
    return (one for one in bookings if one.starts_at < span.ends_at and one.ends_at > span.starts_at)


def _known_too_near(asked: Session | GatheringAsk, bookings: Iterable[Booking]) -> InTheWay | None:
    place = site_of(asked)
    for one in bookings:
        near = one.too_near(asked.starts_at, asked.ends_at, one.way_to(place)) if one.site_id != place else None
        if near is not None:
            return InTheWay(own_late_words(one, near))
    return None


def site_of(asked: Session | GatheringAsk) -> int | None:
    """The site where one has to be for what one is asked; None while nobody has said it."""
    site = asked.where if isinstance(asked, Session) else asked.gathering.site
    return site.pk if site else None


def _is_time_away(other: Booking) -> bool:
    return other.kind == BookingKind.AWAY and other.facilitator_id is not None


def _hours(other: Booking) -> dict[str, str]:
    return {"from": words.clock(other.starts_at), "to": words.clock(other.ends_at)}


def _what(other: Booking) -> str:
    """What stands there, with the number of its request."""
    session = other.session
    return _named(other, f"“{session.title}” ({session.visit.request.reference})" if session else "")


def _own_what(other: Booking) -> str:
    """The same as whoever is there knows it."""
    return _named(other, f"“{other.session.title}”" if other.session else "")


def _named(other: Booking, title: str) -> str:
    if other.gathering is not None:
        return f"“{other.gathering.words}”"
    if other.session is None:
        return _("away")
    told = {BookingKind.PREPARE: _("preparation for %(title)s"), BookingKind.DEBRIEF: _("debriefing after %(title)s")}
    return told.get(BookingKind(other.kind), "%(title)s") % {"title": title}
