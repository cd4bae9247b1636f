"""«Which programme suits me?»: every answer there is, on the catalogue as it is loaded."""

import tomllib
from itertools import product
from typing import Any

import pytest

from programmes.choices import Role, Time, Where
from programmes.eligibility import Answers, fits, is_well_formed, suits
from programmes.loading import FOLDER


@pytest.fixture(scope="module")
def offered() -> list[tuple[str, list[dict[str, list[str]]]]]:
    entries = tomllib.loads((FOLDER / "programmes.toml").read_text("utf-8"))["entry"]
    return [(entry["slug"], entry.get("eligibility", [])) for entry in entries]


@pytest.mark.parametrize(
    ("role", "time", "slug"),
    [
        (Role.FRONT_LINE, Time.NEW, "green"),
        (Role.FRONT_LINE, Time.BETWEEN, None),
        (Role.FRONT_LINE, Time.LONG, "blue"),
        (Role.SERVICE, Time.NEW, "red"),
        (Role.SERVICE, Time.BETWEEN, "black"),
        (Role.SERVICE, Time.LONG, "black"),
        (Role.EMPLOYEE, Time.NEW, "future-leadership"),
        (Role.EMPLOYEE, Time.BETWEEN, "future-leadership"),
        (Role.EMPLOYEE, Time.LONG, "future-leadership"),
    ],
)
def test_in_the_region_role_and_years_decide(offered: Any, role: Role, time: Time, slug: str | None) -> None:
    assert suits(offered, Answers(role, time, Where.REGION)) == slug


@pytest.mark.parametrize(("role", "time"), list(product(Role, Time)))
def test_elsewhere_it_is_the_fellowship_and_in_a_non_profit_organisation_the_forum(
    offered: Any, role: Role, time: Time
) -> None:
    assert suits(offered, Answers(role, time, Where.ELSEWHERE)) == "fellowship"
    assert suits(offered, Answers(role, time, Where.NON_PROFIT)) == "forum-for-values"


def test_nobody_fits_two_programmes(offered: Any) -> None:
    for role, time, where in product(Role, Time, Where):
        fitting = [slug for slug, rules in offered if fits(rules, Answers(role, time, where))]

        assert len(fitting) <= 1, (role, time, where, fitting)


def test_a_programme_without_rules_suits_nobody_by_itself() -> None:
    assert fits([], Answers(Role.EMPLOYEE, Time.NEW, Where.REGION)) is False


@pytest.mark.parametrize(
    "rules",
    [None, {}, "new", [{}], [[]], [{"role": "service"}], [{"role": []}], [{"age": ["new"]}], [{"time": ["old"]}]],
)
def test_rules_that_cannot_be_read_are_known(rules: Any) -> None:
    assert is_well_formed(rules) is False


def test_rules_of_known_words_are_well_formed() -> None:
    assert is_well_formed([]) is True
    assert is_well_formed([{"role": ["service"], "time": ["between", "long"]}]) is True
