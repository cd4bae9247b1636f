"""What a request says before it can be sent, and what to do about what is missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits import almanac, questions, rules, season, words, workflow
from visits.drafts.answers import Wish
from visits.models import VisitRequest

# What a request says before it can be sent: the step, the field, and what to do when it is empty.
WANTED: Final = (
    ("who", "organisation_name", gettext_lazy("Write the name of your organisation.")),
    ("who", "country", gettext_lazy("Choose the country that you come from.")),
    ("who", "organisation_kind", gettext_lazy("Choose what kind of organisation it is.")),
    ("who", "contact_name", gettext_lazy("Write your name.")),
    ("who", "contact_role", gettext_lazy("Write your role, for example nurse or head of improvement.")),
    ("who", "contact_email", gettext_lazy("Write an e-mail address, like name@hospital.org.")),
    ("who", "group_size", gettext_lazy("Write how many you are, as a number from 1 to 60.")),
    ("who", "professions", gettext_lazy("Choose who comes with you. “Others” is an answer too.")),
    ("learn", "aim", gettext_lazy("Write what you want to understand, see or try.")),
    ("learn", "big_questions", gettext_lazy("Write one big question. One is enough.")),
    ("bring", "brings", gettext_lazy("Tell us one thing you could share. A question counts.")),
    ("when", "length", gettext_lazy("Choose how long you would like to stay. “Not sure yet” is an answer too.")),
    ("needs", "meeting_language", gettext_lazy("Choose which language we meet in.")),
)
SAY: Final[Mapping[str, Any]] = {name: sentence for _step, name, sentence in WANTED}
CHOOSE_A_DAY: Final = gettext_lazy("Choose the first day of your visit.")
CHOSEN_ALREADY: Final = gettext_lazy("You have chosen this day already. Choose another one, or leave it out.")
ANSWER_OURS: Final = gettext_lazy("Answer the question “%(question)s”")
FINISH: Final = gettext_lazy("Finish what you began to write here, or take it away.")
USUALLY_CLOSED: Final = gettext_lazy("Qulturum is usually closed on this day. We will suggest another day near it.")


class Missing(NamedTuple):
    """Something that a draft lacks before it can be sent."""

    step: str
    field: str
    sentence: str


class NotReady(Exception):
    """The draft cannot be sent yet; `missing` says what it lacks."""

    def __init__(self, missing: list[Missing]) -> None:
        super().__init__(" ".join(str(lack.sentence) for lack in missing))
        self.missing = missing


def day_problem(day: date, *, today: date, shut: Collection[date], wished: Collection[date] = ()) -> str:
    """Why a visit cannot be wished to begin on a day, in one sentence; empty when it can.

    `wished` are the days that a request which is sent already wishes for.

    `shut` are the days on which we have closed. A weekend or a public holiday is no
    hindrance: `warning` tells what to know about it.
    """
    if not rules.changed_in_time([day], wished=wished, today=today):
        return workflow.too_soon(today, wished=wished)
    latest = rules.latest_first_day(today)
    if day > latest:
        return _("Choose a day up to %(day)s. We do not plan further ahead.") % {"day": words.plain_day(latest)}
    if day in shut:
        return _("We are closed on %(day)s. Choose another day.") % {"day": words.month_day(day)}
    return ""


def missing(draft: VisitRequest, wished: list[Wish], needed: Mapping[str, int], *, today: date) -> list[Missing]:
    """What a draft lacks before it can be sent, in the order of the steps."""
    lacks = [Missing(step, name, str(words)) for step, name, words in WANTED if not getattr(draft, name)]
    if not wished:
        lacks.append(Missing("when", "first", str(CHOOSE_A_DAY)))
    shut = season.shut_days([wish.first_day for wish in wished])
    problems = dict.fromkeys(day_problem(wish.first_day, today=today, shut=shut) for wish in wished)
    lacks += [Missing("when", "first", problem) for problem in problems if problem]
    if draft.group_size and any(count > draft.group_size for count in needed.values()):
        lacks.append(Missing("needs", next(iter(needed)), too_many(draft.group_size)))
    ours = questions.every()
    wanted = questions.lacking(draft, ours)
    lacks += [Missing(one.step, one.name, ANSWER_OURS % {"question": one.words}) for one in wanted]
    lacks += _unfinished(draft, {lack.field for lack in lacks}, {one.name for one in ours})
    steps = ("who", "learn", "bring", "when", "needs")
    return sorted(lacks, key=lambda lack: steps.index(lack.step))


def _unfinished(draft: VisitRequest, told: AbstractSet[str], ours: AbstractSet[str]) -> list[Missing]:
    """What was begun and cannot be read, so that nothing typed is left behind unseen.

    A question of our own that is asked no more is finished: `ours` are the names of those that are.
    """
    stands = {
        step: [name for name in said if name in ours or not name.startswith(questions.PREFIX)]
        for step, said in draft.unfinished.items()
    }
    begun = [(step, names[0]) for step, names in stands.items() if names and not told & set(names)]
    return [Missing(step, name, str(FINISH)) for step, name in begun]


def too_many(group_size: int) -> str:
    """What to say when more people need something than come."""
    return _("You have said that you are %(size)d. Write a number up to %(size)d.") % {"size": group_size}


def warning(day: date) -> str:
    """What to know about a day that may be wished for although we are usually closed then."""
    return str(USUALLY_CLOSED) if almanac.is_day_off(day) else ""
