"""What has happened stays written: no door of the database changes a line of the history or takes it away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from tests.factories import CoordinatorFactory, DraftFactory, VisitRequestFactory
from visits import history, retention, seals
from visits.choices import RequestState
from visits.models import HistoryEntry, VisitRequest
from visits.models.constraints import AppendOnly

GUARD = next(one for one in HistoryEntry._meta.constraints if one.name == "history_only_added_to")
DOORS = {
    "ORM": lambda pk: HistoryEntry.objects.filter(pk=pk).update(what="completed"),
    "save": lambda pk: HistoryEntry(pk=pk, request_id=HistoryEntry.objects.get(pk=pk).request_id, what="x").save(),
    "SQL": lambda pk: raw("UPDATE visits_historyentry SET at = %s WHERE id = %s", timezone.now(), pk),
    "seal": lambda pk: HistoryEntry.objects.filter(pk=pk).update(seal="0" * 64),
    "another name": lambda pk: HistoryEntry.objects.filter(pk=pk).update(by_name="Somebody else"),
    "other words": lambda pk: HistoryEntry.objects.filter(pk=pk).update(detail={"why": "Other words", "old": "x"}),
    "a kept detail": lambda pk: HistoryEntry.objects.filter(pk=pk).update(detail={"why": "Their own words"}),
    "another request": lambda pk: HistoryEntry.objects.filter(pk=pk).update(request=VisitRequestFactory()),
    "delete": lambda pk: HistoryEntry.objects.filter(pk=pk).delete(),
    "raw delete": lambda pk: raw("DELETE FROM visits_historyentry WHERE id = %s", pk),
    "with its request": lambda pk: VisitRequest.objects.filter(history__pk=pk).delete(),
}


def raw(sql: str, *params: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def sealed_line(**detail: object) -> HistoryEntry:
    case = VisitRequestFactory()
    entry = history.record(case, "withdrawn", by=None, old="submitted", why="Their own words", **detail)
    seals.seal_due(timezone.now())
    return HistoryEntry.objects.get(pk=entry.pk)


def row(pk: int) -> dict[str, object]:
    return HistoryEntry.objects.filter(pk=pk).values().get()


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS)
def test_a_line_is_neither_changed_nor_taken_away(door: str) -> None:
    entry = sealed_line()
    before = row(entry.pk)

    with pytest.raises(IntegrityError), transaction.atomic():
        DOORS[door](entry.pk)

    assert row(entry.pk) == before


@pytest.mark.django_db
@pytest.mark.parametrize("door", [name for name in DOORS if name != "seal"])
def test_a_line_that_is_not_sealed_yet_stays_too(door: str) -> None:
    entry = history.record(VisitRequestFactory(), "withdrawn", by=None, old="submitted", why="Their own words")
    before = row(entry.pk)

    with pytest.raises(IntegrityError), transaction.atomic():
        DOORS[door](entry.pk)

    assert row(entry.pk) == before


@pytest.mark.django_db
def test_words_of_guests_are_forgotten_and_nothing_else() -> None:
    entry = sealed_line(ward="åäö “x”")

    assert seals.forget_words([entry]) == 1

    kept = HistoryEntry.objects.get(pk=entry.pk)
    assert (kept.by_name, kept.salt, kept.detail) == ("", "", {"old": "submitted", "ward": "åäö “x”"})
    assert kept.is_forgotten
    assert seals.look([kept]).is_whole


@pytest.mark.django_db
def test_who_of_ours_did_it_is_not_forgotten() -> None:
    staff = CoordinatorFactory(first_name="Maja", last_name="Lindqvist")
    history.record(VisitRequestFactory(), "cancelled", by=staff, why="Nobody can")
    seals.seal_due(timezone.now())

    seals.forget_words(HistoryEntry.objects.all())

    kept = HistoryEntry.objects.get()
    assert (kept.by_name, kept.detail) == ("Maja Lindqvist", {})
    assert seals.look([kept]).is_whole


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "forgotten"), [(729, 0), (732, 1)])
def test_words_are_forgotten_two_years_after_the_end(days: int, forgotten: int) -> None:
    case = VisitRequestFactory(state=RequestState.WITHDRAWN, state_since=timezone.now() - timedelta(days=days))
    history.record(case, "withdrawn", by=None, why="We have no money")
    seals.seal_due(timezone.now())

    assert retention.forget_words_of_guests(timezone.now()) == forgotten
    assert retention.forget_words_of_guests(timezone.now()) == 0
    assert HistoryEntry.objects.filter(by_name="").count() == forgotten


@pytest.mark.django_db
def test_what_a_draft_has_written_goes_with_it() -> None:
    draft = DraftFactory(state=RequestState.EXPIRED, state_since=timezone.now() - timedelta(days=91))
    history.record(draft, "sent", by=None)
    seals.seal_due(timezone.now())

    assert retention.forget_drafts(timezone.now()) == 1
    assert not HistoryEntry.objects.exists()


@pytest.mark.django_db
def test_what_was_written_before_a_request_reached_us_stays_once_it_is_sealed() -> None:
    draft = DraftFactory()
    entry = history.record(draft, "sent", by=None)
    VisitRequest.objects.filter(pk=draft.pk).update(submitted_at=timezone.now())
    seals.seal_due(timezone.now())

    with pytest.raises(IntegrityError), transaction.atomic():
        HistoryEntry.objects.filter(pk=entry.pk).delete()

    assert HistoryEntry.objects.filter(pk=entry.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_the_guard_comes_back_when_the_table_is_made_anew() -> None:
    entry = sealed_line()
    note = models.CharField(max_length=10, default="")
    note.set_attributes_from_name("note_for_a_test")
    note.model = HistoryEntry
    with connection.schema_editor() as editor:
        editor.add_field(HistoryEntry, note)
    try:
        with pytest.raises(IntegrityError), transaction.atomic():
            HistoryEntry.objects.filter(pk=entry.pk).update(what="x")
    finally:
        with connection.schema_editor() as editor:
            GUARD.remove_sql(HistoryEntry, editor)
            editor.remove_field(HistoryEntry, note)
            editor.add_constraint(HistoryEntry, GUARD)
    with pytest.raises(IntegrityError), transaction.atomic():
        HistoryEntry.objects.filter(pk=entry.pk).delete()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "guard"),
    [(model, guard) for model in apps.get_models() for guard in model._meta.constraints
     if isinstance(guard, AppendOnly)],
)  # fmt: skip
def test_the_guard_watches_every_column(model: type[models.Model], guard: AppendOnly) -> None:
    """A column that a migration adds is watched once that migration has put the guard back."""
    told = "sql FROM sqlite_master WHERE name" if connection.vendor == "sqlite" else (
        "pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname"
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {told} = %s", [f"{guard.name}_update"])
        trigger = cursor.fetchone()[0].lower().replace('"', "")

    assert [f.column for f in model._meta.concrete_fields if f"new.{f.column}" not in trigger] == []


@pytest.mark.django_db(transaction=True)
def test_the_guard_can_be_taken_away_and_put_back() -> None:
    entry = sealed_line()
    with connection.schema_editor() as editor:
        GUARD.remove_sql(HistoryEntry, editor)

    HistoryEntry.objects.filter(pk=entry.pk).update(what="x")

    with connection.schema_editor() as editor:
        editor.add_constraint(HistoryEntry, GUARD)
    with pytest.raises(IntegrityError), transaction.atomic():
        HistoryEntry.objects.filter(pk=entry.pk).delete()
