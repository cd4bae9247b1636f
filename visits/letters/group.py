"""Letters to the people of a visiting group, and to the host about its size."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import words
from visits.letters import links
from visits.letters.agreed import names_by, visit_of
from visits.letters.frames import participant_of, to_member, to_staff
from visits.letters.letter import Block, Button, Letter, Whose, facts, say, title
from visits.letters.worded import worded
from visits.models import Message, Visit


def invitation(message: Message) -> Letter:
    """The first mail to an address that the contact person has given us."""
    visit = participant_of(message).visit
    return to_member(
        message,
        Whose.YOURS,
        title(_("You are invited to Qulturum on %(days)s"), days=_days(visit)),
        say(_("*%(name)s* has kept a place for you in a visit to Qulturum, in Jönköping, Sweden."),
            name=visit.request.contact_name),
        *_about(visit),
        say(_("Write your own name and role, so that we can greet you. We need them by *%(day)s*."),
            day=words.weekday(names_by(visit))),
        say(_("What you write about yourself you can change, or take away, at any time.")),
        button=_("Write your name"),
    )  # fmt: skip


def reminder(message: Message) -> Letter:
    """Some time before the names are needed, to those who have not written."""
    visit = participant_of(message).visit
    told = {
        "name": visit.request.first_name, "contact": visit.request.contact_name,
        "day": words.weekday(names_by(visit)), "days": _days(visit),
    }  # fmt: skip
    subject, blocks = worded(message, told, {"where": _about(visit)})
    return to_member(message, Whose.YOURS, subject, *blocks, button=_("Write your name"))


def own_link(message: Message) -> Letter:
    """To whoever has written their name with this address: the way back to it."""
    visit = participant_of(message).visit
    return to_member(
        message,
        Whose.TOGETHER,
        title(_("Your way into the visit to Qulturum on %(days)s"), days=_days(visit)),
        say(_("This address stands beside a name in the group that visits us. The link opens the programme, "
              "and your own page, where you change what you have written.")),
        *_about(visit),
        button=_("Open the visit"),
    )  # fmt: skip


def room_too_small(message: Message) -> Letter:
    """To the host: the guests have become more than a chosen room holds."""
    visit = visit_of(message)
    people, rooms = message.data["people"], message.data["rooms"]
    sentence = ngettext(
        "The guests of %(reference)s are now %(people)s. A chosen room does not hold so many.",
        "The guests of %(reference)s are now %(people)s, and %(count)s chosen rooms do not hold so many.",
        len(rooms),
    )
    return to_staff(
        message,
        Whose.YOURS,
        title(_("A room is too small for %(reference)s"), reference=visit.request.reference),
        say(sentence, reference=visit.request.reference, people=people, count=len(rooms)),
        facts((_("Guests"), visit.request.organisation_name), (_("Rooms"), ", ".join(rooms))),
        say(_("Choose larger rooms in the plan, or talk with the guests.")),
        button=Button(_("Open the request"), links.desk(visit.request)),
    )


def _about(visit: Visit) -> list[Block]:
    return [facts((_("When"), _days(visit)), (_("Where"), visit.place), (_("Guests"), visit.request.organisation_name))]


def _days(visit: Visit) -> str:
    return words.day_range(visit.first_day, visit.last_day)
