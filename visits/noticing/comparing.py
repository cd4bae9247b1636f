"""Two requests beside each other: what both say, and what of it is the same, by the rules of the flag."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from visits import words
from visits.likeness import host_of
from visits.models import VisitRequest
from visits.noticing.asked import Asked
from visits.noticing.likeness import likeness

FIRST_WORDS: Final = 8


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
    """What both say, in eight lines. Wishes, areas and offerings come with the rows."""
    alike = likeness(_asked(this), _asked(that)).alike
    pairs = [
        (_("Organisation"), this.organisation_name, that.organisation_name, "organisation" in alike),
        (_("Sent"), _sent(this), _sent(that), _sent(this) == _sent(that)),
        (pgettext("who has sent it", "By"), this.contact_name, that.contact_name, "person" in alike),
        (_("E-mail"), f"@{host_of(this.contact_email)}", f"@{host_of(that.contact_email)}", "domain" in alike),
        (_("Wish"), _wish(this), _wish(that), "days" in alike),
        (_("Learn"), _subjects(this), _subjects(that), "subject" in alike),
        (_("In their own words"), _beginning(this), _beginning(that), "words" in alike),
        (_("People"), str(this.group_size or ""), str(that.group_size or ""), "size" in alike),
    ]
    return Comparison(this, that, [Line(*pair) for pair in pairs])


def _asked(case: VisitRequest) -> Asked:
    """The request as the flag's rules read it, from what comes with its row; no query."""
    areas = {area.pk for area in case.areas.all()} | {offering.area_id for offering in case.offerings.all()}
    return Asked(
        pk=case.pk, organisation_name=case.organisation_name, organisation=case.organisation_id,
        country=str(case.country.code or ""), contact_name=case.contact_name, contact_email=case.contact_email,
        contact_phone=case.contact_phone, group_size=case.group_size or 0, first_day=case.first_choice,
        aim=case.aim, areas=frozenset(str(area) for area in areas),
    )  # fmt: skip


def _sent(case: VisitRequest) -> str:
    return words.short_day(case.submitted_at) if case.submitted_at else ""


def _wish(case: VisitRequest) -> str:
    return words.month_day(case.first_choice) if case.first_choice else ""


def _subjects(case: VisitRequest) -> str:
    """What they have chosen, the offerings before the areas around them."""
    chosen = [str(one) for one in case.offerings.all()] or [str(one) for one in case.areas.all()]
    return ", ".join(chosen) or "–"


def _beginning(case: VisitRequest) -> str:
    """How what they write begins."""
    told = case.aim.split()
    return " ".join(told[:FIRST_WORDS]) + (" …" if len(told) > FIRST_WORDS else "") or "–"
