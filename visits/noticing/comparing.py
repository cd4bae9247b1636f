"""Two requests beside each other: what both say, and what of it is the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from visits import words
from visits.folding import plain
from visits.likeness import host_of, name_key, share, tokens
from visits.models import VisitRequest
from visits.noticing.likeness import ALIKE


@dataclass(frozen=True)
class Line:
    """One question, and what both say to it."""

    name: str
    this: str
    that: str
    is_same: bool


@dataclass(frozen=True)
class Comparison:
    """Two requests that are probably one visit; `subjects` of each come with the rows."""

    this: VisitRequest
    that: VisitRequest
    lines: Sequence[Line]

    @property
    def summary(self) -> str:
        """«Four of six are the same.»"""
        same = sum(line.is_same for line in self.lines)
        if not same:
            return _("None of these is the same.")
        told = ngettext("%(same)s of %(all)s is the same.", "%(same)s of %(all)s are the same.", same)
        values = {"same": words.spelled(same), "all": words.spelled(len(self.lines))}
        return (told % values).capitalize() if same > 1 else told % values


def comparison(this: VisitRequest, that: VisitRequest) -> Comparison:
    """What both say, in seven lines. Wishes, areas and offerings come with the rows."""
    pairs = [
        (_("Organisation"), this.organisation_name, that.organisation_name,
         name_key(this.organisation_name) == name_key(that.organisation_name)),
        (_("Sent"), _sent(this), _sent(that), _sent(this) == _sent(that)),
        (pgettext("who has sent it", "By"), this.contact_name, that.contact_name,
         plain(this.contact_name) == plain(that.contact_name)),
        (_("E-mail"), f"@{host_of(this.contact_email)}", f"@{host_of(that.contact_email)}",
         host_of(this.contact_email) == host_of(that.contact_email)),
        (_("Wish"), _wish(this), _wish(that), this.first_choice == that.first_choice),
        (_("Learn"), _subjects(this), _subjects(that), _same_subject(this, that)),
        (_("People"), str(this.group_size or ""), str(that.group_size or ""), this.group_size == that.group_size),
    ]  # fmt: skip
    return Comparison(this, that, [Line(*pair) for pair in pairs])


def _sent(case: VisitRequest) -> str:
    return words.short_day(case.submitted_at) if case.submitted_at else ""


def _wish(case: VisitRequest) -> str:
    return words.month_day(case.first_choice) if case.first_choice else ""


def _subjects(case: VisitRequest) -> str:
    """What they have chosen, the offerings before the areas around them; else the beginning of what they write."""
    chosen = [str(one) for one in case.offerings.all()] or [str(one) for one in case.areas.all()]
    return ", ".join(chosen) or " ".join(case.aim.split()[:8])


def _same_subject(this: VisitRequest, that: VisitRequest) -> bool:
    areas = [
        {area.pk for area in case.areas.all()} | {offering.area_id for offering in case.offerings.all()}
        for case in (this, that)
    ]
    if areas[0] or areas[1]:
        return bool(areas[0] & areas[1])
    return share(tokens(this.aim), tokens(that.aim)) >= ALIKE
