"""The agreement in the visitor's story: while it is open, it is what comes next in an agreed visit."""

from __future__ import annotations

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from visits.agreement import Stage
from visits.choices import RequestState, Turn
from visits.story.case import Case

S = RequestState


class Card(NamedTuple):
    """The agreement on the page of the visit: how it stands, in a few words and in a sentence."""

    words: str
    told: str


def agreement_card(case: Case) -> Card | None:
    """What the page of the visit says of the agreement; nothing before there is one."""
    if case.agreement is None:
        return None
    if case.state == S.COMPLETED:
        return Card(_("Version %(number)d") % {"number": case.agreement.number}, _("This is what we had agreed."))
    by = {"number": case.agreement.number, "name": case.host or "Qulturum"}
    told = {
        Stage.DRAFT: _("%(name)s writes our half. Your answers to the three questions are yours to write."),
        Stage.THEIRS: _("%(name)s has agreed for Qulturum. It waits for your yes."),
        Stage.OURS: _("You have agreed. %(name)s reads it and agrees for Qulturum."),
        Stage.BOTH: _("Something in it is new, so both of us read it again."),
        Stage.SETTLED: _(
            "We have both agreed: what we want, who teaches what, when we are next in touch, and whom to turn to."
        ),
    }[case.stage]
    return Card(_("Version %(number)d") % by, told % by)


def is_open(case: Case) -> bool:
    """Whether the agreement decides whose turn it is."""
    asked = case.stage not in (Stage.NONE, Stage.SETTLED)
    return asked and case.state in (S.AGREED, S.CONFIRMED)


def banner_of(case: Case) -> tuple[Turn, str, str, str]:
    """Whose turn it is, what is done and by when, and the way to the agreement."""
    sentence = _sentences()[case.stage] % {"name": case.host or "Qulturum", "day": case.due}
    if case.state == S.CONFIRMED:
        sentence += " " + _("Your visit stays confirmed meanwhile.")
    href = reverse("visits:agreement", args=[case.visit_request.reference])
    return case.turn, sentence, href, _("Read our agreement")


def _sentences() -> dict[Stage, str]:
    return {
        Stage.DRAFT: _(
            "Thank you for your yes. %(name)s writes our half of the agreement and confirms everyone you will meet, "
            "by %(day)s. You can write your answers in it already."
        ),
        Stage.THEIRS: _(
            "%(name)s has agreed for Qulturum. Read the four parts of our agreement, change what is not right, "
            "and agree by %(day)s."
        ),
        Stage.OURS: _("You have agreed. %(name)s reads our agreement and agrees for Qulturum by %(day)s."),
        Stage.BOTH: _(
            "Something in your visit has changed, so we both read our agreement again. Read it and agree by %(day)s."
        ),
    }


def status_of(case: Case) -> str:
    """How the agreement stands, for the title of the page and for a list."""
    return {
        Stage.DRAFT: _("We write our agreement"),
        Stage.THEIRS: _("Our agreement waits for you"),
        Stage.OURS: _("Our agreement waits for us"),
        Stage.BOTH: _("We both read our agreement again"),
    }[case.stage]


def step_of(case: Case) -> tuple[str, str]:
    """The lane and the words of the step that is now."""
    return {
        Stage.DRAFT: ("us", _("We write our agreement")),
        Stage.THEIRS: ("you", _("You read our agreement")),
        Stage.OURS: ("us", _("We read our agreement")),
        Stage.BOTH: ("both", _("We read our agreement")),
    }[case.stage]
