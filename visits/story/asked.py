"""What the visitor sent us, told back to them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import rules, words
from visits.choices import Gift, Length, MeetingLanguage, OwnTime, Profession, QuestionStep, Sharing, Travel
from visits.models import SpecialNeeds, VisitRequest, WishedPeriod

type_of_row = tuple[str, str]


def want_tags(visit_request: VisitRequest, chosen: Iterable[object]) -> list[str]:
    """Areas, offerings, initiatives and programmes by name."""
    return [*map(str, chosen), *([_("Something else")] if visit_request.other_area else [])]


def bring_tags(visit_request: VisitRequest) -> list[str]:
    return labels(Gift, visit_request.gifts)


def labels(kind: type[Gift | Sharing | Profession | Travel], stored: Iterable[str]) -> list[str]:
    """The words of stored choices; what is no longer a choice is left out."""
    return [str(kind(value).label) for value in stored if value in kind.values]


def wish_words(wish: WishedPeriod) -> str:
    """«Tuesday 16 to Wednesday 17 March 2027, week 11»."""
    days = words.day(wish.first_day)
    if wish.last_day != wish.first_day:
        days = _("%(first)s to %(last)s") % {"first": words.weekday(wish.first_day), "last": words.day(wish.last_day)}
    told = _("%(days)s, week %(week)d") % {"days": days, "week": words.week(wish.first_day)}
    return capfirst(told) + (". " + _("Other days that week work too.") if wish.flexible else "")


def asked_rows(
    visit_request: VisitRequest, wishes: Iterable[WishedPeriod], needs: SpecialNeeds | None
) -> list[type_of_row]:
    """Questions and answers, in the order they were asked; what was left empty is left out."""
    ranked = zip(_choices(), wishes, strict=False)
    rows = [*((choice, wish_words(wish)) for choice, wish in ranked), *_group_rows(visit_request)]
    rows += [
        (_("Big questions"), " ".join(visit_request.big_questions)),
        (_("What would be better at home"), visit_request.better_at_home),
        (_("How you will see that it is better"), visit_request.measure),
        (_("What you will try first"), visit_request.first_test),
        (_("How you like to share"), _listed(labels(Sharing, visit_request.sharing))),
        (_("Your part of the programme"), _label(OwnTime, visit_request.own_time)),
        (_("Who tells it"), visit_request.teller),
        (_("Needs"), needs_words(visit_request, needs)),
        *((one["asked"], one["said"]) for one in visit_request.further),
    ]
    return [(question, answer) for question, answer in rows if answer]


def without_needs(rows: list[type_of_row], visit_request: VisitRequest) -> list[type_of_row]:
    """The same rows for one of the group: what the contact person has written about needs is not theirs to read."""
    needs = [(one["asked"], one["said"]) for one in visit_request.further if one["step"] == QuestionStep.NEEDS]
    return [row for row in rows if row[0] != _("Needs") and row not in needs]


def people(count: int) -> str:
    """«6 people»."""
    return ngettext("%(count)d person", "%(count)d people", count) % {"count": count}


def _choices() -> tuple[str, str, str]:
    return (_("First choice"), _("Second choice"), _("Third choice"))


def _group_rows(visit_request: VisitRequest) -> list[type_of_row]:
    who = _listed(labels(Profession, visit_request.professions))
    size = people(visit_request.group_size or 0)
    return [
        (_("Length"), _label(Length, visit_request.length)),
        (_("Group"), f"{size}: {who.lower()}" if who else size),
        (_("Language"), _label(MeetingLanguage, visit_request.meeting_language)),
        (_("Travel"), _listed(labels(Travel, visit_request.travel))),
    ]


def needs_words(visit_request: VisitRequest, needs: SpecialNeeds | None) -> str:
    """«Step-free routes for 3. Food: 4 vegetarian.» Numbers, never names, and none that could be read as a person."""
    told = []
    if needs:
        access = [(name, getattr(needs, name)) for name in needs.ACCESS if _may_be_shown(getattr(needs, name))]
        told = [
            _("%(need)s for %(count)d.") % {"need": capfirst(_verbose(name)), "count": count} for name, count in access
        ]
        food = [
            f"{getattr(needs, name)} {_verbose(name)}" for name in needs.FOOD if _may_be_shown(getattr(needs, name))
        ]
        told += [_("Food: %(food)s.") % {"food": ", ".join(food)}] if food else []
    if visit_request.needs_invitation_letter:
        told.append(_("A letter of invitation."))
    return " ".join([*told, visit_request.other_needs]).strip()


def _may_be_shown(count: int) -> bool:
    return count >= rules.SMALLEST_SUM_SHOWN


def _verbose(name: str) -> str:
    names = {field.name: field.verbose_name for field in SpecialNeeds._meta.fields}
    return str(names[name])


def _label(kind: type[Length | OwnTime | MeetingLanguage], stored: str) -> str:
    return str(kind(stored).label) if stored in kind.values else ""


def _listed(parts: list[str]) -> str:
    return capfirst(", ".join(parts).lower())
