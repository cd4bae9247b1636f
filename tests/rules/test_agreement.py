"""The text of an agreement as data: its fingerprint, what it lacks, what is material. No database."""

from __future__ import annotations

import unicodedata
from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from visits.agreement import content, drafting, material

TODAY = date(2026, 11, 23)


def whole() -> dict[str, Any]:
    answers = {"guests": "Fewer come back.", "ours": "Reach who never calls."}
    return {
        "title": "Esther",
        "wants": {question: dict(answers) for question in content.QUESTIONS},
        "teaching": {
            "ours": [{"title": "Meet Esther", "minutes": 60, "people": ["Erik"]},
                     {"title": "Walk the process", "minutes": 100, "people": []}],
            "guests": [{"title": "Our story", "minutes": 40, "people": ["Moira"]}],
        },
        "own_time": "hour",
        "contacts": [
            {"kind": "call", "day": "2027-02-02", "at": "10.00", "words": ""},
            {"kind": "visit", "day": "2027-03-16", "until": "2027-03-17", "at": "", "words": ""},
            {"kind": "look_back", "day": "2027-04-14", "at": "", "words": ""},
        ],
        "persons": {side: {"name": "Maja", "role": "", "email": "maja@example.org", "phone": ""}
                    for side in ("ours", "guests")},
        "plan": {
            "first_day": "2027-03-16", "last_day": "2027-03-17", "group_size": 10,
            "subjects": [{"key": "area:esther", "en": "Esther", "sv": "Esther"}],
        },
    }  # fmt: skip


def changed(path: str, value: Any) -> dict[str, Any]:
    """The whole content with one thing in another way: «plan.group_size»."""
    text = deepcopy(whole())
    *way, last = path.split(".")
    place: Any = text
    for step in way:
        place = place[int(step)] if step.isdigit() else place[step]
    if last.isdigit():
        place[int(last)] = value
    else:
        place[last] = value
    return text


# -- The fingerprint -------------------------------------------------------------------


def test_the_same_text_in_another_order_has_the_same_fingerprint():
    backwards = dict(reversed(whole().items()))

    assert content.digest(backwards) == content.digest(whole())


def test_a_letter_written_in_two_ways_is_one_letter():
    composed = changed("wants.aim.guests", unicodedata.normalize("NFC", "Jönköping"))
    apart = changed("wants.aim.guests", unicodedata.normalize("NFD", "Jönköping"))

    assert composed != apart
    assert content.digest(composed) == content.digest(apart)


def test_the_fingerprint_is_the_sha_256_of_utf_8_with_sorted_keys():
    assert content.canonical({"ö": 1, "a": ["é"]}) == '{"a":["é"],"ö":1}'.encode()
    assert content.digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("wants.test.ours", "Another test."),
        ("teaching.guests.0.minutes", 41),
        ("contacts.0.at", "10.30"),
        ("persons.ours.email", "stina@example.org"),
        ("plan.group_size", 11),
    ],
)
def test_any_other_word_or_number_is_another_fingerprint(path, value):
    assert content.digest(changed(path, value)) != content.digest(whole())


# -- What is missing -------------------------------------------------------------------


def test_nothing_is_missing_from_a_whole_agreement():
    assert content.missing(whole(), for_guests=True, today=TODAY) == []


@pytest.mark.parametrize(
    ("path", "value", "lack"),
    [
        ("wants.aim.guests", "", "aim.guests"),
        ("wants.aim.ours", "  ", "aim.ours"),
        ("wants.measure.ours", "", "measure.ours"),
        ("wants.test.ours", "", "test.ours"),
        ("teaching.ours", [], "teaching.ours"),
        ("teaching.guests", [], "teaching.guests"),
        ("contacts.0.day", "2027-03-16", "contacts.before"),
        ("contacts.0.day", "2026-11-22", "contacts.before"),
        ("contacts.2.kind", "other", "contacts.after"),
        ("persons.ours.name", "", "persons.ours"),
        ("persons.guests.email", "", "persons.guests"),
    ],
)
@pytest.mark.parametrize("for_guests", [True, False])
def test_each_of_the_four_parts_is_missed_when_it_is_empty(path, value, lack, for_guests):
    assert content.missing(changed(path, value), for_guests=for_guests, today=TODAY) == [lack]


@pytest.mark.parametrize("question", ["measure", "test"])
def test_what_the_guests_have_left_out_keeps_them_from_agreeing_and_not_us(question):
    text = changed(f"wants.{question}.guests", "")

    assert content.missing(text, for_guests=False, today=TODAY) == []
    assert content.missing(text, for_guests=True, today=TODAY) == [f"{question}.guests"]


def test_a_visit_that_has_begun_needs_no_contact_before_it():
    text = changed("contacts.0.day", "2026-11-20")

    assert content.missing(text, for_guests=True, today=date(2027, 3, 16)) == []


# -- The share -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("guests", "per_cent"), [([40], 20), ([160], 50), ([], 0), ([40, 40], 33), ([1], 1), ([10_000], 98)]
)
def test_the_guests_share_is_their_minutes_of_all_that_are_taught(guests, per_cent):
    text = changed("teaching.guests", [{"title": "x", "minutes": minutes, "people": []} for minutes in guests])

    assert content.share(text).guests_per_cent == per_cent


def test_an_agenda_in_which_nobody_teaches_has_no_share():
    text = changed("teaching", {"ours": [], "guests": []})

    assert content.share(text) == (0, 0)
    assert content.share(text).guests_per_cent == 0


# -- What is material ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("was", "now", "much"),
    [
        (10, 12, False), (10, 13, True), (10, 8, False), (10, 7, True),
        (6, 7, False), (6, 8, True), (5, 6, False), (5, 4, False), (4, 5, True), (1, 2, True), (60, 48, False),
    ],
)  # fmt: skip
def test_a_group_is_another_size_when_it_differs_by_more_than_a_fifth(was, now, much):
    assert material.is_another_size(was, now) == much


@pytest.mark.parametrize(
    ("path", "value", "is_material"),
    [
        ("plan.first_day", "2027-03-15", True),
        ("plan.last_day", "2027-03-18", True),
        ("plan.group_size", 13, True),
        ("plan.group_size", 12, False),
        ("plan.subjects", [], True),
        ("plan.subjects.0.en", "Esther, renamed", False),
        ("teaching.guests.0.minutes", 55, True),
        ("teaching.guests.0.title", "Another story", True),
        ("teaching.guests", [], True),
        ("teaching.guests.0.people", ["Dev"], False),
        ("teaching.ours.0.minutes", 90, False),
        ("teaching.ours.0.title", "Meet Britt-Marie", False),
        ("contacts.0.at", "11.00", False),
        ("persons.ours.name", "Stina", False),
        ("title", "Another title", False),
    ],
)
def test_days_size_subjects_and_the_guests_own_part_are_material(path, value, is_material):
    changes = material.differences(whole(), changed(path, value))

    assert any(map(material.is_material, changes)) == is_material


def test_two_sessions_that_change_places_are_no_difference():
    text = whole()
    text["teaching"]["ours"].reverse()

    assert material.differences(whole(), text) == []


def test_a_difference_says_what_it_was_and_what_it_is():
    assert material.differences(whole(), changed("teaching.guests.0.minutes", 55)) == [
        {"what": "guests_part", "key": "Our story", "was": 40, "now": 55}
    ]


# -- The days of the contacts ----------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first_day", "today"),
    [(date(2027, 3, 16), TODAY), (date(2026, 12, 10), TODAY), (date(2026, 11, 26), TODAY), (date(2026, 11, 25), TODAY)],
)
def test_the_first_contact_lies_between_today_and_the_visit(first_day, today):
    assert today <= drafting.call_day(first_day, today) < first_day


@pytest.mark.django_db
def test_a_visit_far_ahead_is_talked_about_six_weeks_before_it():
    assert drafting.call_day(date(2027, 3, 16), TODAY) == date(2027, 2, 2)
