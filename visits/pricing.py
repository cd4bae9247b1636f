"""What a visit costs, by the rules that staff have written. Without a rule that fits nothing is asked or said.

Amounts are kronor without VAT. A quote is frozen into the proposal that it goes with, so a later
change of the rules changes no promise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language

from visits.models import PriceRule, VisitRequest

Per = PriceRule.Per


@dataclass(frozen=True)
class QuoteLine:
    """One line: for what, how many of it, and for how much each."""

    words_en: str
    words_sv: str
    count: int
    amount: Decimal

    @property
    def words(self) -> str:
        return self.words_sv if get_language() == "sv" else self.words_en

    @property
    def total(self) -> Decimal:
        return self.count * self.amount


@dataclass(frozen=True)
class Quote:
    """What one period costs, line by line; empty where no rule fits."""

    lines: tuple[QuoteLine, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lines)

    @property
    def total(self) -> Decimal:
        return sum((line.total for line in self.lines), Decimal())

    def frozen(self) -> dict[str, Any]:
        """The quote as it is kept: plain values, amounts as text so that no öre is lost."""
        if not self.lines:
            return {}
        lines = [
            {"en": line.words_en, "sv": line.words_sv, "count": line.count, "amount": str(line.amount)}
            for line in self.lines
        ]
        return {"lines": lines, "total": str(self.total)}


def thawed(kept: Mapping[str, Any]) -> Quote:
    """The quote of a proposal, as it was frozen."""
    return Quote(
        tuple(
            QuoteLine(line["en"], line["sv"], int(line["count"]), Decimal(line["amount"]))
            for line in kept.get("lines", [])
        )
    )


def reckon(rules: Iterable[PriceRule], *, first_day: date, days: int, people: int, kind: str) -> Quote:
    """The quote for so many people of a kind of organisation, who meet us on `days` days.

    A rule holds for a visit that begins between its first day and its last, both included.
    """
    counts = {Per.VISIT: 1, Per.DAY: days, Per.PERSON: people, Per.PERSON_DAY: people * days}
    fitting = (rule for rule in rules if _holds(rule, first_day, kind))
    return Quote(tuple(QuoteLine(rule.words_en, rule.words_sv, counts[Per(rule.per)], rule.amount) for rule in fitting))


def _holds(rule: PriceRule, first_day: date, kind: str) -> bool:
    in_time = rule.valid_from <= first_day and (rule.valid_until is None or first_day <= rule.valid_until)
    return in_time and (not rule.organisation_kinds or kind in rule.organisation_kinds)


def quote_for(visit_request: VisitRequest, *, first_day: date, days: int) -> Quote:
    """What these days would cost these guests by the rules of today; one query."""
    rules = PriceRule.objects.filter(Q(valid_until=None) | Q(valid_until__gte=first_day), valid_from__lte=first_day)
    return reckon(
        rules,
        first_day=first_day,
        days=days,
        people=visit_request.group_size or 0,
        kind=visit_request.organisation_kind,
    )


def asks_for_money(kept: Mapping[str, Any]) -> bool:
    """Whether any of the days of a proposal costs something, by its frozen quote."""
    return bool(kept.get("lines")) or any(other.get("lines") for other in kept.get("other_days", {}).values())
