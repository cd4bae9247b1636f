"""Letters about days that are off: to the guests and their group, to those who were to lead, and to the host."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from visits import words
from visits.choices import RequestState
from visits.letters import links
from visits.letters.agreed import calendar_file, visit_of
from visits.letters.facilitators import ask_of
from visits.letters.frames import request_of, to_facilitator, to_member, to_staff, to_visitor
from visits.letters.letter import Button, Facts, Letter, Whose, facts, quote, say, title
from visits.models import Message, VisitRequest


def move_received(message: Message) -> Letter:
    """To the contact person: the old days are let go, and the calendar file takes them away."""
    visit_request, days = request_of(message), _known_days(message)
    return to_visitor(
        message,
        Whose.OURS,
        title(_("You have asked for other days, %(reference)s"), reference=visit_request.reference),
        say(_("The visit on *%(days)s* does not take place then. Times and rooms have been let go."), days=days),
        say(_("These are the first days that you wish for now:")),
        _wishes(visit_request),
        say(_("We plan again and send you a new programme. Wait with tickets and beds until you have said yes to it.")),
        say(_("The calendar file in this mail takes the old days out of your calendar.")),
        attachments=[calendar_file(visit_of(message), calls_off=True)],
    )


def to_be_moved(message: Message) -> Letter:
    """To the contact person: we have taken the visit back to planning, and its days with it."""
    days = _known_days(message)
    return to_visitor(
        message,
        Whose.OURS,
        title(_("Your visit on %(days)s is to be moved"), days=days),
        say(_("The visit on *%(days)s* is to be moved."), days=days),
        say(_("We plan again and send you a new programme. Wait with tickets and beds until you have said yes to it.")),
        say(_("The calendar file in this mail takes the old days out of your calendar.")),
        attachments=[calendar_file(visit_of(message), calls_off=True)],
    )


def days_off(message: Message) -> Letter:
    """To one of the group: what they have in their calendar is not true any more, and the file takes it out."""
    days = _known_days(message)
    moved = request_of(message).request_state != RequestState.CANCELLED
    if moved:
        told = say(_("The visit on *%(days)s* is to be moved. You hear from us when there are new days."), days=days)
    else:
        told = say(_("The visit on *%(days)s* does not take place."), days=days)
    undecided = moved and message.data.get("by_us")
    return to_member(
        message,
        Whose.OURS if moved else Whose.NOBODY,
        title(_("Not on %(days)s: the visit to Qulturum"), days=days),
        told,
        say(_("Wait with tickets and beds until then.") if undecided
            else _("If you have booked tickets or beds, cancel them.")),
        say(_("The calendar file in this mail takes the old days out of your calendar.")),
        attachments=[calendar_file(visit_of(message), calls_off=True)],
    )  # fmt: skip


def days_on(message: Message) -> Letter:
    """To one of the group whose days were off: there are new ones, and everybody has said yes."""
    visit = visit_of(message)
    days = words.day_range(visit.first_day, visit.last_day)
    return to_member(
        message,
        Whose.TOGETHER,
        title(_("New days for the visit to Qulturum: %(days)s"), days=days),
        say(_("Everybody has said yes. We meet on *%(days)s* at %(place)s."), days=days, place=visit.place),
        say(_("The calendar file in this mail puts the visit into your calendar.")),
        attachments=[calendar_file(visit)],
    )


def session_moved(message: Message) -> Letter:
    """To somebody who had been asked, or had said yes: the guests come on other days."""
    asked = ask_of(message)
    visit_request = asked.session.visit.request
    session = asked.session
    return to_facilitator(
        message,
        Whose.NOBODY,
        title(_("Not on that day after all: %(who)s, %(day)s"),
              who=visit_request.organisation_name, day=words.short_day(session.starts_at)),
        say(_("The guests have asked to come on other days. The time is yours again.")),
        facts((_("Session"), session.title), (_("It was"), words.day(session.starts_at))),
        say(_("If the session stands in the new programme, we ask you again. Thank you for being there.")),
        button=Button(_("Open your calendar"), links.page("visits:schedule")),
        coordinator=visit_request.coordinator,
    )  # fmt: skip


def visit_moves(message: Message) -> Letter:
    """To the host: the guests have moved the visit themselves, in time."""
    visit_request, visit = request_of(message), visit_of(message)
    why = visit_request.history.filter(what="move_wanted").values_list("detail__why", flat=True).first()
    return to_staff(
        message,
        Whose.YOURS,
        title(
            _("%(name)s asks for other days: %(reference)s"),
            name=visit_request.organisation_name,
            reference=visit_request.reference,
        ),
        say(
            _("The visit on *%(days)s* is off. Times and rooms are let go, and everybody who was asked is told."),
            days=words.day_range(visit.first_day, visit.last_day),
        ),
        say(_("These are the first days that they wish for now:")),
        _wishes(visit_request),
        *([quote(why)] if why else []),
        say(_("The programme is kept as a draft: choose the days, ask people, and propose again.")),
        button=Button(_("Open the request"), links.desk(visit_request)),
    )


def _known_days(message: Message) -> str:
    """The days that the reader knows, whatever has been planned since the mail was owed."""
    visit = visit_of(message)
    first, last = map(date.fromisoformat, message.data.get("days") or (str(visit.first_day), str(visit.last_day)))
    return words.day_range(first, last)


def _wishes(visit_request: VisitRequest) -> Facts:
    wishes = visit_request.wishes.order_by("rank")
    return facts(*((_("Choice %(number)d") % {"number": wish.rank}, words.day(wish.first_day)) for wish in wishes))
