"""Letters about what somebody has said that they can do, once a colleague has looked at it."""

from __future__ import annotations

from datetime import date

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from programmes.models import Area
from visits import words
from visits.choices import CompetenceLevel
from visits.letters import links
from visits.letters.frames import to_facilitator
from visits.letters.letter import Block, Button, Letter, Whose, facts, say, title
from visits.models import Message, User


def competence_approved(message: Message) -> Letter:
    """What they said that they can do holds from now on."""
    leads = _("You are asked when a session about it needs somebody, and may always say no.")
    said = {
        None: _("You are not asked about it any more. Thank you."),
        CompetenceLevel.ASSISTS: _("You may be asked to be the second in a session, beside somebody who leads it."),
    }
    return _about(
        message,
        title(_("Approved: %(area)s"), area=_area(message)),
        facts((_("Area"), _area(message)), (_("You said"), _level(message)), (_("Holds until"), _until(message))),
        say(said.get(message.data["level"], leads)),
    )


def competence_refused(message: Message) -> Letter:
    """A colleague has not approved what they said; why is told by word of mouth."""
    until = _until(message)
    said = _("%(level)s, until %(day)s") % {"level": _level(message), "day": until} if until else _level(message)
    return _about(
        message,
        title(_("Not approved: %(area)s"), area=_area(message)),
        facts((_("Area"), _area(message)), (_("You said"), said)),
        say(_("What you said has not been approved, so what held before holds as it is.")),
        say(_("Answer this e-mail if you want to talk about it, or say something else on the page.")),
    )


def _about(message: Message, subject: str, *blocks: Block) -> Letter:
    return to_facilitator(
        message,
        Whose.NOBODY,
        subject,
        *blocks,
        button=Button(_("See what you can lead"), links.page("visits:can")),
        coordinator=User.objects.filter(pk=message.data["by"]).first(),
    )


def _level(message: Message) -> str:
    level = message.data["level"]
    return str(capfirst(CompetenceLevel(level).label if level else _("not any more")))


def _until(message: Message) -> str:
    until = message.data["until"]
    return words.day(date.fromisoformat(until)) if until else ""


def _area(message: Message) -> str:
    area = Area.objects.filter(pk=message.data["area"]).first()
    if area is None:
        raise LookupError(f"The mail {message.key} is about no area.")
    return area.name
