"""Letters about the waiting list: a place that is kept, and what became of it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from visits import words
from visits.choices import OfferAnswer, RequestState
from visits.letters import links
from visits.letters.frames import about_guests, request_of, to_staff, to_visitor
from visits.letters.letter import Block, Button, Letter, Whose, facts, say, title
from visits.letters.worded import worded
from visits.models import Message, PlaceOffer


def place_offered(message: Message) -> Letter:
    place = place_of(message)
    return to_visitor(
        message,
        Whose.YOURS,
        title(_("A place is free: %(days)s"), days=words.day_range(place.first_day, place.last_day)),
        say(_("There is room for you on *%(days)s*, and we keep it for you."), days=_days(place)),
        *_condition(place),
        say(_("You have waited longest of those whom it fits. Answer by *%(day)s*; after that we ask the next one."),
            day=words.weekday(place.answer_by)),
        say(_("If it does not suit you, say no. You keep your place in the line.")),
        button=_("Answer"),
    )  # fmt: skip


def place_reminder(message: Message) -> Letter:
    place = place_of(message)
    told = about_guests(request_of(message)) | {"day": words.weekday(place.answer_by), "days": _days(place)}
    subject, blocks = worded(message, told, {"condition": _condition(place)})
    return to_visitor(message, Whose.YOURS, subject, *blocks, button=_("Answer"))


def place_lapsed(message: Message) -> Letter:
    place = place_of(message)
    return to_visitor(
        message,
        Whose.OURS,
        title(_("We have let %(days)s go"), days=words.day_range(place.first_day, place.last_day)),
        say(_("The day to answer has passed, so we ask the next one in the line.")),
        say(_("You keep your place and hear from us when other days are free. "
              "On your page you can change the months.")),
    )  # fmt: skip


def line_moved(message: Message) -> Letter:
    """To the host: something has happened in the line by the clock or by the guests."""
    visit_request = request_of(message)
    place = visit_request.place_offers.first()
    taken = visit_request.request_state != RequestState.WAITLISTED
    told = _("They have chosen days and wait no longer. Plan it.") if taken else _("A place is kept for them.")
    day = visit_request.first_wished_day if taken else (place.first_day if place else None)
    waits = place is not None and place.answer == OfferAnswer.OPEN
    return to_staff(
        message,
        Whose.YOURS if taken else Whose.NOBODY,
        title(
            _("%(name)s in the waiting list: %(reference)s"),
            name=visit_request.organisation_name,
            reference=visit_request.reference,
        ),
        say(told),
        facts(
            (_("Guests"), visit_request.organisation_name),
            (_("First day"), words.day(day) if day else ""),
            (_("They answer by"), words.day(place.answer_by) if place and waits else ""),
        ),
        button=Button(_("Open the request"), links.desk(visit_request)),
    )


def place_of(message: Message) -> PlaceOffer:
    """The place of a mail. Raises LookupError when there is none."""
    place = PlaceOffer.objects.filter(pk=message.data.get("offer"), request=message.request_id).first()
    if place is None:
        raise LookupError(f"The mail {message.key} is about no place.")
    return place


def _days(place: PlaceOffer) -> str:
    return words.day_range(place.first_day, place.last_day)


def _condition(place: PlaceOffer) -> list[Block]:
    """The one thing to know about days that are tight."""
    condition = place.why.get("condition", "")
    return [say("%(condition)s", condition=condition)] if condition else []
