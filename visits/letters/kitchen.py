"""The sheet of a visit for the kitchen: the one mail with what guests eat and need, to the one address for it."""

from __future__ import annotations

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from visits import kitchen, words
from visits.letters import links
from visits.letters.frames import request_of
from visits.letters.letter import Block, Button, Letter, Whose, facts, say, title
from visits.models import Message
from visits.outbox import NotNeeded


def sheet(message: Message) -> Letter:
    """Meals, rides and rooms of each day, and the numbers as they are when it leaves.

    Raises NotNeeded for an address that is not the kitchen's any more: nobody else is told.
    """
    visit_request = request_of(message)
    if message.to_email != settings.QULTURUM_KITCHEN_EMAIL:
        raise NotNeeded(_("The kitchen has another address now."))
    found = kitchen.sheet_of(visit_request.visit)
    days = words.day_range(found.visit.first_day, found.visit.last_day)
    told = [block for day in found.days if not day.is_empty for block in _day(day)]
    return Letter(
        whose=Whose.YOURS,
        subject=title(_("Food and transport for %(who)s, %(days)s"), who=visit_request.reference, days=days),
        blocks=[
            facts((_("Guests"), visit_request.organisation_name), (_("People"), found.people), (_("Days"), days)),
            say(_("*What they eat*")),
            facts(*((what, count) for count, what in found.counted.food), (_("Eat everything"), found.counted.rest)),
            *told,
        ],
        button=Button(_("Open the sheet"), links.page("admin:kitchen")),
        greeting=_("Hello,"),
        sign=[_("The portal")],
        to_one=True,
        why=_("You get this because you plan food and transport for Qulturum’s guests. Pass it on to nobody else."),
        reply_to=visit_request.coordinator.email if visit_request.coordinator else "",
    )


def _day(day: kitchen.DaySheet) -> list[Block]:
    meals = ((words.clock(meal.starts_at), _at(meal.title, meal.place)) for meal in day.meals)
    rides = ((_("Bus"), ride_words(ride)) for ride in day.rides)
    return [say("*%(day)s*", day=capfirst(words.weekday(day.day))), facts(*meals, *rides)]


def _at(what: str, place: str) -> str:
    return f"{what}, {place}" if place else what


def ride_words(ride: kitchen.Ride) -> str:
    """«from Qulturum at 11.00, at Ryhov by 11.30»."""
    return _("from %(begins)s at %(leaves)s, at %(ends)s by %(arrives)s") % {
        "begins": ride.begins, "leaves": words.clock(ride.leaves_at), "ends": ride.ends,
        "arrives": words.clock(ride.arrives_by),
    }  # fmt: skip
