"""An agreement in words, in the language that is on: for the page, the desk, the PDF and the mails."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from visits import words
from visits.agreement import content as contents
from visits.agreement.content import GUESTS, OURS, QUESTIONS, Content, Share
from visits.agreement.material import Change
from visits.choices import OwnTime


class Wish(NamedTuple):
    """One of the three questions with both answers."""

    key: str
    question: str
    about: str
    ours: str
    guests: str


class Lesson(NamedTuple):
    """What one side teaches the other, in how many minutes, and who tells it."""

    title: str
    minutes: int
    people: str


class Contact(NamedTuple):
    """When both are in touch next, and what happens then."""

    kind: str
    when: str
    words: str


class Reason(NamedTuple):
    """One thing that has changed: about what, what it was and what it is now; either may be empty."""

    about: str
    was: str
    now: str


@dataclass(frozen=True)
class Told:
    """The four parts as they are read."""

    organisation: str
    days: str
    people: str
    subjects: list[str]
    wants: list[Wish]
    we_teach: list[Lesson]
    they_teach: list[Lesson]
    share: Share
    share_words: str
    asked_words: str
    you_asked_words: str
    contacts: list[Contact]
    host: Mapping[str, str]
    guest: Mapping[str, str]

    @property
    def balance_words(self) -> str:
        """The bar of the shared time, for who hears it."""
        return _("Of %(both)d minutes of teaching, %(ours)d are Qulturum’s and %(guests)d are the guests’ own.") % {
            "both": self.share.both,
            "ours": self.share.ours,
            "guests": self.share.guests,
        }


def told(content: Content, organisation: str) -> Told:
    """The content in the language that is on."""
    plan, teaching = content["plan"], content["teaching"]
    shared = contents.share(content)
    return Told(
        organisation=organisation,
        days=_days([plan["first_day"], plan["last_day"]]),
        people=_people(plan["group_size"]),
        subjects=[_name(subject) for subject in plan["subjects"]],
        wants=[_wish(question, content["wants"][question]) for question in QUESTIONS],
        we_teach=[_lesson(row) for row in teaching[OURS]],
        they_teach=[_lesson(row) for row in teaching[GUESTS]],
        share=shared,
        share_words=_("%(number)d per cent") % {"number": shared.guests_per_cent},
        asked_words=_asked(
            _("The guests asked for %(asked)s, and it became %(length)s."), content["own_time"], shared.guests
        ),
        you_asked_words=_asked(
            _("You asked for %(asked)s, and it became %(length)s."), content["own_time"], shared.guests
        ),
        contacts=[Contact(row["kind"], _when(row), _contact_words(row)) for row in content["contacts"]],
        host=content["persons"][OURS],
        guest=content["persons"][GUESTS],
    )


# -- What both want --------------------------------------------------------------------


def question_words(question: str) -> str:
    """One of the three questions, in plain words."""
    return {
        "aim": _("What do we want to achieve?"),
        "measure": _("How do we see that it is better?"),
        "test": _("What will we try?"),
    }[question]


def question_about(question: str) -> str:
    return {"aim": _("The aim"), "measure": _("The measure"), "test": _("The first small test")}[question]


def _wish(question: str, answers: Mapping[str, str]) -> Wish:
    return Wish(question, question_words(question), question_about(question), answers[OURS], answers[GUESTS])


# -- Who teaches what ------------------------------------------------------------------


def _lesson(row: Mapping[str, Any]) -> Lesson:
    return Lesson(row["title"], row["minutes"], ", ".join(row["people"]))


def _asked(sentence: str, own_time: str, minutes: int) -> str:
    """How much time of their own the guests asked for, beside what it has become; nothing when they left it to us."""
    length = {
        OwnTime.HALF_HOUR: _("half an hour"),
        OwnTime.HOUR: _("about an hour"),
        OwnTime.TWO_HOURS: _("two hours or more"),
    }.get(OwnTime(own_time)) if own_time in OwnTime.values else None  # fmt: skip
    if not length:
        return ""
    return sentence % {"asked": length, "length": words.minutes(minutes)}


# -- The next contacts -----------------------------------------------------------------


def _when(row: Mapping[str, str]) -> str:
    """«Tuesday 2 February 2027, 10.00», «16–17 March 2027»."""
    if row["kind"] == contents.VISIT and row["day"] != row["until"]:
        return _days([row["day"], row["until"]])
    day = words.day(date.fromisoformat(row["day"]))
    return _("%(day)s, %(time)s Swedish time") % {"day": day, "time": row["at"]} if row.get("at") else day


def _contact_words(row: Mapping[str, str]) -> str:
    return row["words"] or usual_words(row["kind"])


def usual_words(kind: str) -> str:
    """What a contact is about when nobody has written something else."""
    return {
        "call": _("Half an hour on screen: we go through the programme together."),
        "names": _("The names of the group are written."),
        "visit": _("We meet."),
        "look_back": _("We look back together, and ask again after 3, 6 and 12 months."),
    }.get(kind, "")


# -- What has changed ------------------------------------------------------------------


def change_words(changes: Iterable[Change], organisation: str) -> list[Reason]:
    """What has changed, in words; the reasons why both read an agreement again."""
    return [_reason(change, organisation) for change in changes]


def _reason(change: Change, organisation: str) -> Reason:
    was, now = (_value(change["what"], value) for value in (change["was"], change["now"]))
    return Reason(_about(change, organisation), was, now)


def _about(change: Change, organisation: str) -> str:
    key = change["key"]
    if change["what"] == "answer":
        question, side = key.split(".")
        return f"{question_words(question)} {'Qulturum' if side == OURS else organisation}"
    return {
        "days": _("The days"),
        "size": _("The size of the group"),
        "subjects": _("What it is about"),
        "guests_part": _("The guests’ own part: %(title)s") % {"title": key},
        "ours_part": _("What Qulturum teaches: %(title)s") % {"title": key},
        "contact": _("When we are next in touch"),
        "person": _("The named person"),
    }[change["what"]]


def _value(what: str, value: Any) -> str:
    return "" if value in (None, "") else VALUES.get(what, str)(value)


# -- What is missing -------------------------------------------------------------------


def missing_words(keys: Iterable[str], organisation: str) -> list[str]:
    """What a side has still to write before it can agree, in sentences, part by part."""
    return [_lack(key, organisation) for key in keys]


def _lack(key: str, organisation: str) -> str:
    part, side = key.split(".")
    who = "Qulturum" if side == OURS else organisation
    if part in QUESTIONS:
        told = _("Part 1: the answer of %(who)s to “%(question)s” is not written.")
        return told % {"who": who, "question": question_words(part)}
    return {
        "teaching.ours": _("Part 2: the programme holds nothing that Qulturum teaches."),
        "teaching.guests": _("Part 2: the programme holds nothing that the guests teach."),
        "contacts.before": _("Part 3: no day is chosen on which you are in touch before the visit."),
        "contacts.after": _("Part 3: no day for looking back is chosen."),
        "persons.ours": _("Part 4: Qulturum has no named person with an address."),
        "persons.guests": _("Part 4: the guests have no named person with an address."),
    }[key]


# -- Small words -----------------------------------------------------------------------


def _days(pair: Iterable[str]) -> str:
    return words.day_range(*(date.fromisoformat(day) for day in pair))


def _people(count: int) -> str:
    return ngettext("%(count)d person", "%(count)d people", count) % {"count": count}


def _name(subject: Mapping[str, str]) -> str:
    return subject["sv"] if (get_language() or "").startswith("sv") else subject["en"]


VALUES: Final[Mapping[str, Callable[[Any], str]]] = {
    "days": _days,
    "size": _people,
    "subjects": _name,
    "guests_part": words.minutes,
    "ours_part": words.minutes,
    "contact": lambda row: f"{_when(row)}. {_contact_words(row)}",
    "person": lambda person: str(person["name"]),
}
