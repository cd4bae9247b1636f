"""Questions that are put together once are answered from what is stored now, and by nothing that was kept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import repeat
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from tests.factories import CoordinatorFactory, VisitRequestFactory
from visits.models import Organisation, Visitor, VisitRequest, kept
from visits.models.kept import Kept, KeptRow, KeptUpdate

pytestmark = pytest.mark.django_db
WRITES_SQL = SQLCompiler.as_sql


def hospitals(*names: str) -> None:
    Organisation.objects.bulk_create(Organisation(name=name, country="NO", kind="health") for name in names)


def names(rows: list[Organisation]) -> list[str]:
    return [row.name for row in rows]


def test_it_is_answered_anew_each_time():
    question = Kept(Organisation.objects.filter(country="NO").order_by("name"))
    assert question.ask() == []
    hospitals("Bergen", "Ålesund")
    assert names(question.ask()) == ["Bergen", "Ålesund"]
    Organisation.objects.filter(name="Bergen").delete()
    assert names(question.ask()) == ["Ålesund"]


def test_its_sql_is_written_once(monkeypatch):
    written = []

    def write(self, *args, **kwargs):
        written.append(self.query.model)
        return WRITES_SQL(self, *args, **kwargs)

    hospitals("Bergen")
    question = Kept(Organisation.objects.filter(country="NO"))
    monkeypatch.setattr(SQLCompiler, "as_sql", write)
    assert names(question.ask()) == names(question.ask()) == names(question.ask()) == ["Bergen"]
    assert written == [Organisation]


def test_asking_is_one_query(django_assert_num_queries):
    question = Kept(Organisation.objects.all())
    for _ in range(2):
        with django_assert_num_queries(1):
            question.ask()


def test_rows_of_values_stay_tuples_and_a_union_stays_one():
    hospitals("Bergen")
    few, none = Organisation.objects.order_by(), Organisation.objects.order_by().filter(pk__in=[])
    question = Kept(
        few.values_list(Value(1), "name").union(few.values_list(Value(2), "country"), none.values_list("pk", "name"))
    )
    for _ in range(2):
        assert sorted(question.ask()) == [(1, "Bergen"), (2, "NO")]


def test_a_question_that_nothing_can_answer_is_not_asked(django_assert_num_queries):
    question = Kept(Organisation.objects.filter(pk__in=[]))
    for _ in range(2):
        with django_assert_num_queries(0):
            assert question.ask() == []


def test_what_is_read_with_a_row_comes_with_it(django_assert_num_queries):
    hospitals("Bergen")
    Visitor.objects.create(name="Anna Berg", email="anna@bergen.example", organisation=Organisation.objects.get())
    question = Kept(Visitor.objects.select_related("organisation").only("name", "organisation__name"))
    for _ in range(2):
        with django_assert_num_queries(1):
            (anna,) = question.ask()
            assert (anna.name, anna.organisation.name) == ("Anna Berg", "Bergen")


def test_the_question_that_it_was_made_of_can_be_narrowed_down_as_before():
    hospitals("Bergen", "Oslo")
    rows = Organisation.objects.filter(country="NO")
    question = Kept(rows)
    question.ask()
    assert names(list(rows.filter(name="Oslo"))) == ["Oslo"]
    assert len(question.ask()) == 2


@pytest.mark.django_db(transaction=True)
def test_many_threads_that_ask_for_the_first_time_together_read_the_same():
    hospitals(*(f"Hospital {n}" for n in range(20)))
    question = Kept(Organisation.objects.filter(country="NO").order_by("pk"))

    def ask(_turn: None) -> list[str]:
        try:
            return names(question.ask())
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(ask, repeat(None, 40)))
    assert all(answer == answers[0] for answer in answers)
    assert len(answers[0]) == 20


# -- Statements with blanks ------------------------------------------------------------


def test_a_question_fills_its_blanks_anew_each_time_and_none_is_left_empty(django_assert_num_queries):
    hospitals("Bergen", "Oslo")
    question = Kept(Organisation.objects.filter(name=kept.a_text("name")), name=kept.a_text("name"))

    with django_assert_num_queries(2):
        assert [names(question.ask(name=name)) for name in ("Oslo", "Bergen’s %s")] == [["Oslo"], []]
    with pytest.raises(KeyError):
        question.ask()


def test_raw_rows_are_one_query_tell_whether_anything_is_new_and_give_the_same_values(django_assert_num_queries):
    first, second = VisitRequestFactory(), VisitRequestFactory()
    told = VisitRequest.objects.order_by("pk").values_list("pk", "state_since", "submitted_on")
    question = Kept(told.filter(pk=kept.A_ROW), pk=kept.A_ROW)

    with django_assert_num_queries(3):
        one, same, other = (question.ask_raw(pk=pk) for pk in (first.pk, first.pk, second.pk))
        assert one.values()[0][0] == first.pk

    assert one.rows == same.rows != other.rows
    assert other.values() == list(told.filter(pk=second.pk))


def test_a_kept_change_fills_its_blanks_anew_each_time() -> None:
    first, second = (VisitRequestFactory(aim="x", state_since=timezone.now()) for _ in range(2))
    moment = kept.a_moment(1)
    change = KeptUpdate(
        VisitRequest.objects.filter(pk=kept.A_ROW, state_since__lte=moment),
        {"aim": kept.a_text("aim"), "group_size": F("group_size") + 1},
        {"row": kept.A_ROW, "before": moment, "aim": kept.a_text("aim")},
    )
    now = timezone.now()

    assert change.run(row=first.pk, before=now, aim="Esther") == 1
    assert change.run(row=second.pk, before=now, aim="O’Neil %s") == 1
    assert change.run(row=second.pk, before=now - timedelta(days=1), aim="too early") == 0

    told = list(VisitRequest.objects.order_by("pk").values_list("aim", "group_size"))
    assert told == [("Esther", first.group_size + 1), ("O’Neil %s", second.group_size + 1)]


def test_a_kept_row_is_read_anew_with_what_is_joined(django_assert_num_queries: Any) -> None:
    first, second = (VisitRequestFactory(coordinator=CoordinatorFactory()) for _ in range(2))
    question = KeptRow(VisitRequest.objects.select_related("coordinator"))

    with django_assert_num_queries(2):
        found = [question.get(one.pk) for one in (first, second)]
        assert [one.coordinator for one in found] == [first.coordinator, second.coordinator]
    VisitRequest.objects.filter(pk=first.pk).update(aim="Changed.")

    assert question.get(first.pk).aim == "Changed."
    with pytest.raises(ValueError, match="not enough values"):
        question.get(0)


# -- Planned once on each connection -----------------------------------------------------


def planned() -> list[str]:
    """What this connection has been told by name; SQLite plans anew each time."""
    if connection.vendor == "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%Nothing else%'")
        return [statement for (statement,) in cursor.fetchall()]


def asked() -> Kept[Organisation]:
    """A question whose words stand in no other."""
    rows = Organisation.objects.exclude(name="Nothing else").order_by("name")
    return Kept(rows.filter(country=kept.a_text("country")), country=kept.a_text("country"))


@pytest.mark.django_db(transaction=True)
def test_a_question_is_planned_once_on_a_connection_and_anew_on_the_next():
    hospitals("Bergen", "Nothing else", "Oslo")
    question = asked()

    for _ in range(3):
        assert names(question.ask(country="NO")) == ["Bergen", "Oslo"]
    assert len(planned()) == (connection.vendor == "postgresql")
    assert all("$1" in one and "$2" not in one for one in planned())  # what is always the same is part of the plan

    connection.close()
    assert planned() == []
    assert names(question.ask(country="NO")) == ["Bergen", "Oslo"]


@pytest.mark.django_db(transaction=True)
def test_what_was_planned_in_a_transaction_that_was_rolled_back_is_asked_as_before():
    question = asked()
    with transaction.atomic():
        hospitals("Bergen")
        assert names(question.ask(country="NO")) == ["Bergen"]
        transaction.set_rollback(True)
    assert question.ask(country="NO") == []


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_lost_between_two_requests_is_not_asked_by_name():
    hospitals("Bergen")
    question = asked()
    assert names(question.ask(country="NO")) == ["Bergen"]
    if connection.vendor == "postgresql":
        connection.connection.close()  # as when the server was restarted: Django does not know of it yet
    connection.health_check_enabled, connection.health_check_done = True, False  # as when a request begins

    assert names(question.ask(country="NO")) == ["Bergen"]


def test_nothing_is_planned_ahead_where_connections_change_hands(monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    hospitals("Bergen")
    assert names(asked().ask(country="NO")) == ["Bergen"]
    assert planned() == []


def test_questions_in_the_same_words_are_told_apart():
    hospitals("Bergen", "Oslo")
    first, second = (Kept(Organisation.objects.filter(name=name)) for name in ("Bergen", "Oslo"))
    assert [names(one.ask()) for one in (first, second, first)] == [["Bergen"], ["Oslo"], ["Bergen"]]
    changes = [
        KeptUpdate(Organisation.objects.filter(name=name, pk__gte=kept.A_ROW), {"country": to}, {"from": kept.A_ROW})
        for name, to in (("Bergen", "SE"), ("Oslo", "DK"))
    ]
    assert [change.run(**{"from": 0}) for change in changes] == [1, 1]
    assert dict(Organisation.objects.values_list("name", "country")) == {"Bergen": "SE", "Oslo": "DK"}
