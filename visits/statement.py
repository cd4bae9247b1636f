"""What the accessibility statement says, as data: dates and findings change here, words in the page.

The eleven parts are those that the Agency for Digital Government (Digg) asks of every public site.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Degree(Enum):
    FULLY = "fully"
    PARTLY = "partly"
    NOT = "not"


@dataclass(frozen=True)
class Shortcoming:
    """One thing that does not work for everybody yet, and the way round it."""

    what: str | Promise
    instead: str | Promise
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True)
class Statement:
    degree: Degree
    assessed_on: date
    updated_on: date
    method: str | Promise
    shortcomings: tuple[Shortcoming, ...]
    burdens: tuple[str | Promise, ...] = ()
    exempt: tuple[str | Promise, ...] = ()


REPORT_TO: Final = "https://www.digg.se/tdosanmalan"

STATEMENT: Final = Statement(
    degree=Degree.PARTLY,
    assessed_on=date(2026, 11, 22),
    updated_on=date(2026, 11, 22),
    method=_(
        "We have tested the pages ourselves: with automatic tests of every page, light and dark, on a wide and a "
        "narrow screen, and by keyboard. Nobody outside the project has examined them yet."
    ),
    shortcomings=(
        Shortcoming(
            _("The pages have not been tried with screen readers by people who use them every day."),
            _("If something is read in a strange order, or not at all, tell us and we answer by e-mail or phone."),
        ),
        Shortcoming(
            _("The pages with all data, for those who work with the visits, have fields in tables without labels."),
            _("The same data can be changed on the pages of each visit, where every field has its label."),
            ("1.3.1", "4.1.2"),
        ),
    ),
)
