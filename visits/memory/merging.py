"""Two organisations that are one: put together in one transaction, and taken apart again row by row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.db.models import Model, QuerySet, Value
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from visits.models import Organisation, OrganisationMerge, OrganisationNote, Promise, User, Visitor, VisitRequest

FACTS: Final = ("name", "country", "town", "kind")
HELD: Final[dict[str, type[Model]]] = {
    "requests": VisitRequest,
    "visitors": Visitor,
    "promises": Promise,
    "notes": OrganisationNote,
}


class MergeRefused(Exception):
    """Nothing was put together or taken apart; the text says why."""


@transaction.atomic
def merge(gone: Organisation, *, into: Organisation, facts: Mapping[str, str], by: User) -> OrganisationMerge:
    """Let `gone` become a part of `into`: requests, visitors, promises and notes move, both names stay known.

    `facts` says for each of FACTS which value the living one has afterwards. Of two colleagues who merge the
    same two at once, one does and the other is told: raises MergeRefused.
    """
    gone, into = locked(gone.pk, into.pk)
    _refuse_unless_both_live(gone, into)
    before = {str(one.pk): _facts_of(one) for one in (gone, into)}
    moved = {kind: _move(_held(kind, gone), into) for kind in HELD}
    moved["merged"] = _repoint(Organisation.objects.filter(merged_into=gone), into)
    Organisation.objects.filter(pk=gone.pk).update(merged_into=into)
    _write_facts(gone, into, facts)
    gone.refresh_from_db()
    into.refresh_from_db()
    after = {str(one.pk): _facts_of(one) for one in (gone, into)}
    return OrganisationMerge.objects.create(kept=into, gone=gone, moved=moved, before=before, after=after, by=by)


@transaction.atomic
def take_apart(done: OrganisationMerge, *, by: User) -> Organisation:
    """Undo a merge: each row that moved goes back, unless it has gone elsewhere since; return the one that lives again.

    Facts go back too where nobody has changed them meanwhile. Raises MergeRefused when it is undone already.
    """
    gone, _kept = locked(done.gone_id, done.kept_id)
    if not OrganisationMerge.objects.filter(pk=done.pk, undone_at=None).update(undone_at=timezone.now(), undone_by=by):
        raise MergeRefused(_("These two have been taken apart already."))
    holder = gone.living
    for kind in HELD:
        _move(_held(kind, holder).filter(pk__in=done.moved.get(kind, [])), gone)
    Organisation.objects.filter(pk=gone.pk).update(merged_into=None)
    _repoint(Organisation.objects.filter(merged_into=holder, pk__in=done.moved.get("merged", [])), gone)
    _put_facts_back(done)
    gone.refresh_from_db()
    return gone


def locked(*keys: int) -> list[Organisation]:
    """Organisations for as long as a deed lasts, in the order asked for; the rows are taken by number, so nobody waits
    for somebody who waits for them."""
    rows = {one.pk: one for one in Organisation.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    return [rows[key] for key in keys]


def _refuse_unless_both_live(gone: Organisation, into: Organisation) -> None:
    if gone.pk == into.pk:
        raise MergeRefused(_("Choose two different organisations."))
    for one in (gone, into):
        if one.merged_into is not None:
            raise MergeRefused(
                _("%(name)s is a part of %(other)s already. Nothing was changed.")
                % {"name": one.name, "other": one.merged_into.name}
            )


def _held(kind: str, organisation: Organisation) -> QuerySet[Any]:
    return QuerySet(HELD[kind]).filter(organisation=organisation).order_by("pk")


def _move(rows: QuerySet[Any], to: Organisation) -> list[int]:
    keys = list(rows.values_list("pk", flat=True))
    rows.model._default_manager.filter(pk__in=keys).update(organisation=to)
    return keys


def _repoint(rows: QuerySet[Organisation], to: Organisation) -> list[int]:
    keys = list(rows.values_list("pk", flat=True))
    Organisation.objects.filter(pk__in=keys).update(merged_into=to)
    return keys


def _facts_of(one: Organisation) -> dict[str, str]:
    return {name: str(getattr(one, name)) for name in FACTS}


def _write_facts(gone: Organisation, into: Organisation, facts: Mapping[str, str]) -> None:
    """The chosen facts; where the living one takes the other's name, they change names, so that both stay known."""
    ours = _facts_of(into)
    chosen = ours | {name: facts[name] for name in FACTS if name in facts}
    if _known_as(chosen) == _known_as(_facts_of(gone)):
        Organisation.objects.filter(pk=gone.pk).update(name=f"#{gone.pk} {gone.name[:180]}")
        Organisation.objects.filter(pk=into.pk).update(**chosen)
        Organisation.objects.filter(pk=gone.pk).update(name=ours["name"], country=ours["country"])
        return
    _refuse_if_taken(chosen, into)
    Organisation.objects.filter(pk=into.pk).update(**chosen)


def _known_as(facts: Mapping[str, str]) -> tuple[str, str]:
    return facts["name"].lower(), facts["country"]


def _refuse_if_taken(chosen: Mapping[str, str], into: Organisation) -> None:
    name = Organisation.objects.alias(lowered=Lower("name")).filter(lowered=Lower(Value(chosen["name"])))
    other = name.filter(country=chosen["country"]).exclude(pk=into.pk).first()
    if other is not None:
        raise MergeRefused(
            _("%(name)s is known already as a third organisation. Put those two together first.") % {"name": other.name}
        )


def _put_facts_back(done: OrganisationMerge) -> None:
    """Both at once out of the way first: their names may have changed places."""
    back = {}
    for key, after in done.after.items():
        one = Organisation.objects.get(pk=int(key))
        now = _facts_of(one)
        back[one.pk] = {
            name: done.before[key][name] for name in FACTS if now[name] == after[name] != done.before[key][name]
        }
    for pk, facts in back.items():
        if "name" in facts:
            Organisation.objects.filter(pk=pk).update(name=f"#{pk} {facts['name'][:180]}")
    for pk, facts in back.items():
        if facts:
            Organisation.objects.filter(pk=pk).update(**facts)
