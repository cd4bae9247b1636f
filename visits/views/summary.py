"""A request as its writer reads it through before it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from visits import choices, drafts, questions, rules, words
from visits.choices import Length
from visits.drafts import Wish
from visits.forms.needs import LABELS
from visits.models import SpecialNeeds, VisitRequest

ORDINALS: Final[tuple[Any, ...]] = (
    gettext_lazy("First choice"),
    gettext_lazy("Second choice"),
    gettext_lazy("Third choice"),
)


class Row(NamedTuple):
    """One question and what was answered; `more` is a second line."""

    label: str
    answer: str
    more: str = ""


class Section(NamedTuple):
    """The answers of one step."""

    step: str
    title: str
    change: str
    rows: list[Row]


def sections(draft: VisitRequest, wished: list[Wish], needed: Mapping[str, int]) -> list[Section]:
    """Who, when and needs; the exchange stands by itself."""
    ours = questions.steps_with_answers(draft)
    more = [
        Section(step, title, change, _ours(ours[step])) for step, title, change in _exchange_titles() if step in ours
    ]
    return [
        *more,
        Section("who", _("Who you are"), _("who you are"), _who(draft)),
        Section("when", _("When"), _("when you come"), _when(draft, wished)),
        Section(
            "needs", _("Practical needs"), _("practical needs"),
            [*_needs(draft, needed), *_ours(ours.get("needs", []))],
        ),
    ]  # fmt: skip


def _exchange_titles() -> Iterable[tuple[str, str, str]]:
    """The two halves of the exchange stand by themselves; what else we asked about them comes after."""
    return (
        ("learn", _("More about what you want to learn"), _("what you want to learn")),
        ("bring", _("More about what you bring"), _("what you bring to us")),
    )


def _ours(answers: Iterable[Mapping[str, Any]]) -> list[Row]:
    return [Row(one["asked"], one["said"]) for one in answers]


def _who(draft: VisitRequest) -> list[Row]:
    people = ""
    if draft.group_size:
        people = ngettext("%(count)d person", "%(count)d people", draft.group_size) % {"count": draft.group_size}
    who = ", ".join(_lowered(word) for word in labels(choices.Profession, draft.professions))
    return [
        Row(_("Organisation"), _joined(draft.organisation_name, draft.town, draft.country.name)),
        Row(_("Kind"), _label(choices.OrganisationKind, draft.organisation_kind)),
        Row(_("Contact"), _joined(draft.contact_name, draft.contact_role)),
        Row(_("E-mail"), draft.contact_email),
        Row(_("Phone"), draft.contact_phone),
        Row(_("We write in"), str(dict(_languages()).get(draft.language, ""))),
        Row(_("Group"), f"{people}: {who}" if people and who else people or capfirst(who)),
    ]


def _languages() -> Iterable[tuple[str, str]]:
    return (("en", _("English")), ("sv", _("Swedish")))


def _when(draft: VisitRequest, wished: list[Wish]) -> list[Row]:
    rows = [Row(_("Length"), _label(Length, draft.length))]
    rows += [
        Row(str(name), period(wish, draft.length), _aside(wish)) for name, wish in zip(ORDINALS, wished, strict=False)
    ]
    return rows if wished else [*rows, Row(_("First choice"), "")]


def period(wish: Wish, length: str) -> str:
    """«Tuesday 16 to Wednesday 17 March 2027, week 11»."""
    stay = Length(length) if length in Length.values else Length.UNSURE
    days = capfirst(words.weekday_range(wish.first_day, rules.last_day(wish.first_day, stay)))
    return _("%(days)s, week %(week)d") % {"days": days, "week": words.week(wish.first_day)}


def _aside(wish: Wish) -> str:
    said = [drafts.warning(wish.first_day), _("Other days that week work too.") if wish.flexible else ""]
    return " ".join(part for part in said if part)


def _needs(draft: VisitRequest, needed: Mapping[str, int]) -> list[Row]:
    letter = _("Yes") if draft.needs_invitation_letter else _("No")
    return [
        Row(_("Language"), _label(choices.MeetingLanguage, draft.meeting_language)),
        Row(_("Access"), _needed(SpecialNeeds.ACCESS, needed)),
        Row(_("Food"), _counted(SpecialNeeds.FOOD, needed)),
        Row(_("Travel"), capfirst(_listed(labels(choices.Travel, draft.travel)))),
        Row(_("Letter of invitation"), letter),
        Row(_("Anything else"), draft.other_needs),
    ]


def own_part(draft: VisitRequest) -> str:
    """How the guests would like to share it: «A story and a conversation. About an hour. Our patient partner.»"""
    how = capfirst(_listed(labels(choices.Sharing, draft.sharing)))
    return " ".join(f"{part}." for part in (how, _label(choices.OwnTime, draft.own_time), draft.teller) if part)


def _needed(names: Iterable[str], needed: Mapping[str, int]) -> str:
    """«Step-free routes for 1, quiet room for 2»."""
    told = [_("%(need)s for %(count)d") % {"need": LABELS[name], "count": needed[name]}
            for name in names if needed.get(name)]  # fmt: skip
    return capfirst(", ".join(_lowered(one) for one in told))


def _counted(names: Iterable[str], needed: Mapping[str, int]) -> str:
    counts = [f"{needed[name]} {_lowered(str(LABELS[name]))}" for name in names if needed.get(name)]
    return ", ".join(counts)


def labels(kind: Any, values: Iterable[str]) -> list[str]:
    """The words of some answers, in the order of the form."""
    return [str(option.label) for option in kind if option.value in values]


def _label(kind: Any, value: str) -> str:
    return str(kind(value).label) if value in kind.values else ""


def _listed(words_of: list[str]) -> str:
    lowered = [_lowered(word) for word in words_of]
    if len(lowered) < 2:
        return "".join(lowered)
    return pgettext("list", "%(first)s and %(last)s") % {"first": ", ".join(lowered[:-1]), "last": lowered[-1]}


def _lowered(word: str) -> str:
    return word[:1].lower() + word[1:]


def _joined(*parts: Any) -> str:
    return ", ".join(str(part) for part in parts if part)
