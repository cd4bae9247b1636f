"""The rows of a case as plain values: read, compared, and put back as they were."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Model, Q, QuerySet

from visits.models import (
    AccessLink,
    Agreement,
    Alternative,
    Ask,
    Booking,
    Comment,
    Message,
    PlaceOffer,
    Proposal,
    ProposalOption,
    Visit,
    VisitRequest,
    WishedPeriod,
)
from visits.scheduling import taking

Values = dict[str, Any]
Rows = dict[tuple[str, int], Values]
Change = dict[str, Any]

# How each table is found from its request. What others hang on comes first.
PATHS: Final[dict[type[Model], Q | str]] = {
    VisitRequest: "pk",
    Visit: "request",
    WishedPeriod: "request",
    PlaceOffer: "request",
    Proposal: "request",
    ProposalOption: "proposal__request",
    Alternative: "request",
    Comment: "request",
    Agreement: "request",
    Ask: "session__visit__request",
    AccessLink: "request",
    Booking: "session__visit__request",
    Message: "request",
}
ORDER: Final = {model._meta.label: place for place, model in enumerate(PATHS)}
OWN_COUNT: Final = frozenset({"version", "saved_at"})  # a request's own: they only ever grow


def capture(visit_request: VisitRequest, models: Iterable[type[Model]]) -> Rows:
    """Every row of these tables that belongs to the case, its own included; one query each."""
    found: Rows = {}
    wanted: set[type[Model]] = {VisitRequest, Message, *models}
    for model in sorted(wanted, key=lambda model: ORDER[model._meta.label]):
        for row in _of(model, visit_request).values():
            found[model._meta.label, row["id"]] = {name: _plain(value) for name, value in row.items()}
    return found


def _of(model: type[Model], visit_request: VisitRequest) -> QuerySet[Any]:
    rows: QuerySet[Any] = model._default_manager.order_by("pk")
    if model is AccessLink:
        return rows.filter(Q(request=visit_request) | Q(participant__visit__request=visit_request))
    if model is Ask:
        # Whoever answers meanwhile waits: their answer is no part of what we decide.
        rows = rows.select_for_update(of=("self",))
    return rows.filter(**{str(PATHS[model]): visit_request.pk})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def difference(before: Rows, after: Rows) -> list[Change]:
    """What was made, changed and taken away: `was` and `now`, for a change only the columns that differ."""
    changes: list[Change] = []
    for label, pk in sorted(before.keys() | after.keys(), key=lambda key: (ORDER[key[0]], key[1])):
        was, now = before.get((label, pk)), after.get((label, pk))
        if was is not None and now is not None:
            names = [name for name, value in now.items() if value != was[name]]
            was, now = {name: was[name] for name in names}, {name: now[name] for name in names}
            if not names:
                continue
        changes.append({"row": label, "pk": pk, "was": was, "now": {} if was is None else now})
    return changes


def made(changes: Iterable[Change], model: type[Model]) -> list[int]:
    """The numbers of the rows that were made in one table."""
    return [change["pk"] for change in changes if change["row"] == model._meta.label and change["was"] is None]


def own_values(changes: Iterable[Change]) -> Values:
    """What the request itself said before, but for what only grows."""
    was: Values = next((change["was"] for change in changes if change["row"] == VisitRequest._meta.label), {})
    return {name: _python(VisitRequest, name, value) for name, value in was.items() if name not in OWN_COUNT}


def stand(changes: Sequence[Change]) -> bool:
    """Whether the rows still say what the decision made them say: nobody has gone on from there."""
    return all(_stands(change) for change in changes if change["row"] != Message._meta.label)


def _stands(change: Change) -> bool:
    model: type[Model] = apps.get_model(change["row"])
    row = model._default_manager.filter(pk=change["pk"]).values().first()
    if row is None or change["now"] is None:
        return (row is None) == (change["now"] is None)
    return all(_plain(row[name]) == value for name, value in change["now"].items() if name not in OWN_COUNT)


def put_back(changes: Sequence[Change], *, strict: bool = True) -> None:
    """Let every row say what it said before, the request's own excepted.

    Raises Clash, naming what stands there, when a time that was let go has been taken since;
    without `strict` such a time is left out.
    """
    for change in reversed(changes):
        if change["was"] is None:
            apps.get_model(change["row"])._default_manager.filter(pk=change["pk"]).delete()
    for change in changes:
        model: type[Model] = apps.get_model(change["row"])
        if change["was"] is None or model is VisitRequest:
            continue
        was = {name: _python(model, name, value) for name, value in change["was"].items()}
        if change["now"] is None:
            _insert(model(**was), strict=strict)
        else:
            model._default_manager.filter(pk=change["pk"]).update(**was)


def _insert(row: Model, *, strict: bool) -> None:
    if not isinstance(row, Booking):
        row.save(force_insert=True)
    elif strict:
        taking.insert(row)
    else:
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            return


def _python(model: type[Model], name: str, value: Any) -> Any:
    columns = {field.attname: field for field in model._meta.concrete_fields}
    return None if value is None else columns[name].to_python(value)
