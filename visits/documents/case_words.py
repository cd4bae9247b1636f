"""The case file in words: what each column is called, and how what is kept as codes or as data is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from visits import agreement, choices, noticing, words
from visits import models as m
from visits.documents.case_deeds import deed, deed_outside
from visits.documents.readable import Told, filled, line, plain, tree
from visits.documents.snapshot import agenda, titles_of
from visits.outbox.names import name_of

# What a column is called that the desk shows nowhere, and that has no name of its own on its model.
LABELS: Final[Mapping[str, Promise]] = {
    "agreed_at": gettext_lazy("said yes to"),
    "asked_by": gettext_lazy("who asked"),
    "author": gettext_lazy("who wrote it"),
    "by": gettext_lazy("which of us"),
    "added_by": gettext_lazy("who added it"),
    "cancelled_at": gettext_lazy("called off"),
    "changed_at": gettext_lazy("last changed"),
    "confirmed_at": gettext_lazy("confirmed"),
    "created_at": gettext_lazy("begun"),
    "done_by": gettext_lazy("who did it"),
    "kept_by": gettext_lazy("who kept it"),
    "link": gettext_lazy("number in the chain"),
    "next_ask_at": gettext_lazy("the portal asks on"),
    "nobody_left_at": gettext_lazy("nobody was left to ask"),
    "ours_by": gettext_lazy("who agreed for Qulturum"),
    "owner": gettext_lazy("who put it there"),
    "removed_at": gettext_lazy("taken out"),
    "saved_at": gettext_lazy("last saved"),
    "seal": gettext_lazy("seal"),
    "sent_by": gettext_lazy("who sent it"),
    "told_by": gettext_lazy("who told it"),
    "user": gettext_lazy("which of us"),
    "waived_by": gettext_lazy("who waived them"),
    "written_by": gettext_lazy("who wrote it"),
}
CODES: Final[Mapping[str, type[models.TextChoices]]] = {
    "professions": choices.Profession,
    "gifts": choices.Gift,
    "sharing": choices.Sharing,
    "travel": choices.Travel,
}
# What is the machinery's in a row that is told in a sentence.
IN_THE_SENTENCE: Final[Mapping[type[models.Model], frozenset[str]]] = {m.Flag: frozenset({"about"})}


def told(row: models.Model, field: Any, *, outside: bool) -> Told:
    """One column of a row; nothing where there is nothing to tell. `outside` is for the guests."""
    value = getattr(row, field.name)
    name = label(field)
    if isinstance(row, m.HistoryEntry) and field.name == "what":
        return line(name, deed_outside(row) if outside else deed(row)[0])
    if field.name in IN_THE_SENTENCE.get(type(row), ()) or (value in (None, "", [], {}) and value is not False):
        return Told()
    teller = TELLERS.get((type(row), field.name))
    return _labelled(name, teller(row, value)) if teller else _column(row, field, name)


def label(field: Any) -> str:
    """What a column is called: by its own name, by this table, or by the rows that it leads to."""
    own = field.verbose_name
    if not isinstance(own, Promise):
        leads_to = field.related_model._meta.verbose_name if field.is_relation else own
        own = LABELS.get(field.name, leads_to)
    return capfirst(str(own))


def _column(row: models.Model, field: Any, name: str) -> Told:
    if field.many_to_many:
        return line(name, ", ".join(sorted(str(one) for one in getattr(row, field.name).all())))
    if getattr(field, "choices", None):
        return line(name, getattr(row, f"get_{field.name}_display")())
    value = getattr(row, field.name)
    if field.name in CODES:
        return line(name, ", ".join(_coded(CODES[field.name], code) for code in value))
    if isinstance(value, (str, models.Model)):
        return line(name, value)  # somebody's own words stand as they wrote them
    return tree(name, value, {})


def _coded(kind: type[models.TextChoices], code: str) -> str:
    return str(kind(code).label) if code in kind.values else str(code)


def _labelled(name: str, found: Told | str | tuple[Told, ...]) -> Told:
    if isinstance(found, Told):
        return Told(name, found.words, found.inner)
    return line(name, found) if isinstance(found, str) else Told(name, "", filled(found))


# -- The agreement ---------------------------------------------------------------------


def _agreement(row: Any, content: dict[str, Any]) -> tuple[Told, ...]:
    """The four parts, as both read them."""
    partner = row.request.organisation_name
    read = agreement.told(dict(content), partner)
    own_time = content.get("own_time", "")
    ours = [_lesson(lesson) for lesson in read.we_teach]
    theirs = [_lesson(lesson) for lesson in read.they_teach]
    contacts = [line(contact.when, contact.words) for contact in read.contacts]
    return (
        line(_("Title"), content.get("title", "")),
        line(_("The days"), read.days),
        line(_("The size of the group"), read.people),
        line(_("What it is about"), ", ".join(read.subjects)),
        Told(_("What we both want"), "", tuple(_wish(wish, partner) for wish in read.wants)),
        Told(_("What Qulturum teaches"), "", tuple(ours)),
        Told(_("What the guests teach"), "", tuple(theirs)),
        line(_column_name(m.VisitRequest, "own_time"), _coded(choices.OwnTime, own_time) if own_time else ""),
        Told(_("When we are next in touch"), "", tuple(contacts)),
        Told(_("One person on each side"), "", (_person("Qulturum", read.host), _person(partner, read.guest))),
    )


def _wish(wish: Any, partner: str) -> Told:
    return Told(wish.question, "", (Told("Qulturum", wish.ours or "–"), Told(partner, wish.guests or "–")))


def _lesson(lesson: Any) -> Told:
    return Told("", ", ".join(part for part in (lesson.title, words.minutes(lesson.minutes), lesson.people) if part))


def _person(side: str, person: Mapping[str, str]) -> Told:
    return Told(side, ", ".join(person[key] for key in ("name", "role", "email", "phone") if person.get(key)))


def _because(row: Any, changes: list[Any]) -> tuple[Told, ...]:
    reasons = agreement.change_words(changes, row.request.organisation_name)
    return tuple(line(one.about, f"{one.was or '–'} → {one.now or '–'}") for one in reasons)


# -- Proposals and places --------------------------------------------------------------


def _reasons(row: m.Proposal, reasons: Mapping[str, str]) -> tuple[Told, ...]:
    titles = titles_of(row.agenda)
    return tuple(line(_("The days") if key == "days" else titles.get(key, ""), why) for key, why in reasons.items())


def _quote(_row: models.Model, quote: Mapping[str, Any]) -> tuple[Told, ...]:
    others = quote.get("other_days", {})
    return (
        *_quoted(quote),
        *(Told(plain(day), "", filled(_quoted(other))) for day, other in others.items() if other.get("lines")),
    )


def _quoted(quote: Mapping[str, Any]) -> tuple[Told, ...]:
    told = "sv" if (get_language() or "").startswith("sv") else "en"
    lines = tuple(
        line(one[told], f"{one['count']} × {words.money(Decimal(one['amount']))}") for one in quote.get("lines", [])
    )
    total = (line(_("In all"), words.money(Decimal(quote["total"]))),) if quote.get("total") else ()
    return (*lines, *total)


def _why(_row: models.Model, why: Mapping[str, Any]) -> tuple[Told, ...]:
    return filled(
        (line(_("On the condition"), why.get("condition", "")), line(_("In line since"), plain(why.get("since"))))
    )


# -- Lists of codes, numbers and names -------------------------------------------------


def _months(_row: models.Model, months: list[str]) -> str:
    return ", ".join(words.month(date.fromisoformat(f"{month}-01")) for month in months)


def _months_after(_row: models.Model, months: list[int]) -> str:
    return ", ".join(ngettext("%(count)d month", "%(count)d months", month) % {"count": month} for month in months)


def _helpers(_row: models.Model, helpers: list[Any]) -> str:
    return ", ".join(str(one.get("name", "")) if isinstance(one, Mapping) else str(one) for one in helpers)


def _further(_row: models.Model, answers: list[Mapping[str, Any]]) -> tuple[Told, ...]:
    return tuple(Told(one["asked"], plain(one["said"])) for one in answers)


def _flag(row: Any, _detail: Any) -> str:
    return noticing.told(row).sentence


def _column_name(model: type[models.Model], name: str) -> str:
    return label(model._meta.get_field(name))


TELLERS: Final[Mapping[tuple[type[models.Model], str], Callable[[Any, Any], Told | str | tuple[Told, ...]]]] = {
    (m.Agreement, "content"): _agreement,
    (m.Agreement, "because"): _because,
    (m.Flag, "detail"): _flag,
    (m.HistoryEntry, "detail"): lambda row, _detail: deed(row)[1],
    (m.LedgerEntry, "helped_by"): _helpers,
    (m.LookBack, "may_ask_after"): _months_after,
    (m.Message, "kind"): lambda _row, kind: name_of(kind),
    (m.Message, "language"): lambda _row, code: words.language(code),
    (m.PlaceOffer, "why"): _why,
    (m.Proposal, "agenda"): lambda _row, days: agenda(days),
    (m.Proposal, "quote"): _quote,
    (m.Proposal, "reasons"): _reasons,
    (m.VisitRequest, "further"): _further,
    (m.VisitRequest, "language"): lambda _row, code: words.language(code),
    (m.VisitRequest, "waitlist_months"): _months,
}
