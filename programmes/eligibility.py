"""«Which programme suits me?», as plain Python: who fits is data, this only reads it.

The sources say who Green, Blue, Red, Black, Future leadership, the Fellowship and
Forum for Values are for. They leave one gap: a front-line leader who is no longer
new and has not yet led for five years. Then nothing fits, and the page says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from programmes.choices import Role, Time, Where

Rule = Mapping[str, Sequence[str]]

ACCEPTED: Final[Mapping[str, Sequence[str]]] = {
    "role": Role.values,
    "time": Time.values,
    "where": Where.values,
}


@dataclass(frozen=True)
class Answers:
    """What somebody says about themselves, in the words of `programmes.choices`."""

    role: str
    time: str
    where: str


def fits(rules: Iterable[Rule], answers: Answers) -> bool:
    """Whether one of the rules holds: all that it names is among what it accepts."""
    given = asdict(answers)
    return any(all(given[key] in accepted for key, accepted in rule.items()) for rule in rules)


def suits(offered: Iterable[tuple[str, Iterable[Rule]]], answers: Answers) -> str | None:
    """The slug of the first programme that fits, or None where the sources leave it open."""
    return next((slug for slug, rules in offered if fits(rules, answers)), None)


def is_well_formed(rules: Any) -> bool:
    """Whether stored rules can be read: a list of non-empty maps of known words."""
    return isinstance(rules, list) and all(_is_rule(rule) for rule in rules)


def _is_rule(rule: Any) -> bool:
    if not isinstance(rule, dict) or not rule:
        return False
    return all(
        key in ACCEPTED and isinstance(words, list) and bool(words) and set(words) <= set(ACCEPTED[key])
        for key, words in rule.items()
    )
