"""Agendas as data: loaded from the repository, edited by staff, put on a visit's days."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from tests.factories import RoomFactory, SessionFactory, VisitFactory, VisitRequestFactory
from visits import planning, scheduling, words
from visits.choices import CompetenceLevel, SessionKind
from visits.models import AgendaTemplate, AgendaTemplateRow, Session, User, Visit
from visits.planning.loading import load_agendas

pytestmark = pytest.mark.django_db
TEACHES = CompetenceLevel.TEACHES


def put(visit: Visit, slug: str, by: User) -> list[str]:
    template = AgendaTemplate.objects.get(slug=slug)
    return planning.start_from(visit.request, template, first=None, by=by, seen=visit.request.version)


def test_loading_twice_changes_nothing_the_second_time() -> None:
    said = StringIO()

    call_command("load_agendas", stdout=said)
    call_command("load_agendas", stdout=said)

    first, second = said.getvalue().splitlines()
    assert "3 added, 0 updated, 0 as they were" in first
    assert "0 added, 0 updated, 3 as they were" in second
    assert AgendaTemplateRow.objects.count() == sum(len(t.loaded["rows"]) for t in AgendaTemplate.objects.all())


def test_what_staff_have_edited_is_not_overwritten() -> None:
    load_agendas()
    AgendaTemplateRow.objects.filter(template__slug="half-day-esther", title_en="Fika").update(minutes=35)

    done = load_agendas()

    assert done == {"added": 0, "updated": 0, "unchanged": 2, "kept": 1}
    assert AgendaTemplateRow.objects.get(template__slug="half-day-esther", title_en="Fika").minutes == 35


def test_what_nobody_has_edited_follows_the_file() -> None:
    load_agendas()
    template = AgendaTemplate.objects.get(slug="half-day-esther")
    AgendaTemplate.objects.filter(pk=template.pk).update(name_en="Older", loaded=template.loaded | {"name_en": "Older"})

    assert load_agendas()["updated"] == 1
    assert AgendaTemplate.objects.get(pk=template.pk).name_en == "Half a day with Esther"


def test_what_was_loaded_before_rows_had_a_level_still_follows_the_file() -> None:
    load_agendas()
    template = AgendaTemplate.objects.get(slug="half-day-esther")
    rows = [{name: value for name, value in row.items() if name != "level"} for row in template.loaded["rows"]]
    before = template.loaded | {"rows": rows, "name_en": "Older"}
    AgendaTemplate.objects.filter(pk=template.pk).update(name_en="Older", loaded=before)

    assert load_agendas()["updated"] == 1


def test_a_session_from_a_template_asks_for_as_much_as_its_row_says(coordinator: User) -> None:
    load_agendas()
    AgendaTemplateRow.objects.filter(template__slug="half-day-esther", title_en="Meet Esther").update(level=TEACHES)
    visit = VisitFactory()

    put(visit, "half-day-esther", coordinator)

    levels = dict(visit.sessions.values_list("title", "level"))
    assert {title for title, level in levels.items() if level == TEACHES} == {"Meet Esther"}
    kept = planning.keep_as_template(visit.request, "Ours")
    assert list(kept.rows.filter(level=TEACHES).values_list("title_en", flat=True)) == ["Meet Esther"]
    assert load_agendas() == {"added": 0, "updated": 0, "unchanged": 2, "kept": 1}


@pytest.mark.parametrize(("language", "title"), [("en", "Meet Esther"), ("sv", "Möt Esther")])
def test_a_template_speaks_the_guests_language(coordinator: User, language: str, title: str) -> None:
    load_agendas()
    visit = VisitFactory(request=VisitRequestFactory(state="in_review", language=language))

    put(visit, "half-day-esther", coordinator)

    assert visit.sessions.all()[1].title == title
    assert words.clock(visit.sessions.first().starts_at) == "09.00"


def test_a_lunch_that_is_there_already_stays_and_days_too_many_are_told(coordinator: User) -> None:
    load_agendas()
    visit = VisitFactory()
    SessionFactory(visit=visit, title="Lunch with the board", kind=SessionKind.BREAK, hour=12)

    told = put(visit, "two-days-of-leadership", coordinator)

    assert "“Lunch” was left out: something stands there already." in told
    assert "The template has one day more than there is room for." in told
    assert [s.title for s in visit.sessions.all() if s.kind == SessionKind.BREAK] == ["Lunch with the board", "Fika"]


def test_a_weekend_in_the_visit_is_skipped(coordinator: User) -> None:
    load_agendas()
    case = VisitRequestFactory(state="in_review")
    friday = case.first_wished_day + timedelta(days=3)
    visit = VisitFactory(request=case, first_day=friday, last_day=friday + timedelta(days=3))

    put(visit, "two-days-of-leadership", coordinator)

    days = sorted({words.local_date(row.starts_at) for row in visit.sessions.all()})
    assert days == [friday, friday + timedelta(days=3)]


def test_the_wished_room_is_held_where_it_is_free_and_large_enough(coordinator: User) -> None:
    load_agendas()
    room = RoomFactory(name="Large room")
    AgendaTemplateRow.objects.filter(template__slug="half-day-esther").update(room=room)
    first = VisitFactory()
    second = VisitFactory(first_day=first.first_day)
    put(first, "half-day-esther", coordinator)

    told = put(second, "half-day-esther", coordinator)

    assert set(first.sessions.values_list("room", flat=True)) == {room.pk}
    assert set(second.sessions.values_list("room", flat=True)) == {None}
    assert told[0].startswith("“Who are we, and what gives us energy?” has no room yet: Large room is taken")


def test_nothing_fits_twice(coordinator: User) -> None:
    load_agendas()
    visit = VisitFactory()
    put(visit, "half-day-esther", coordinator)
    count = visit.sessions.count()

    with pytest.raises(planning.PlanRefused, match="Nothing of “Half a day with Esther” fits"):
        put(visit, "half-day-esther", coordinator)

    assert visit.sessions.count() == count


def test_an_empty_agenda_is_no_template(coordinator: User) -> None:
    with pytest.raises(planning.PlanRefused, match="at least one session"):
        planning.keep_as_template(VisitFactory().request, "Nothing")

    assert not AgendaTemplate.objects.exists()


def test_two_templates_of_one_name_stand_beside_each_other() -> None:
    visit = SessionFactory(hour=9).visit

    for _time in range(2):
        planning.keep_as_template(visit.request, "En förmiddag")

    assert [t.slug for t in AgendaTemplate.objects.all()] == ["en-formiddag", "en-formiddag-2"]


def test_staff_edit_a_template_among_the_plain_pages(coordinator_client: Client) -> None:
    load_agendas()
    template = AgendaTemplate.objects.first()

    page = coordinator_client.get(reverse("admin:visits_agendatemplate_change", args=[template.pk]))

    assert page.status_code == 200
    assert "Meet Esther" in page.content.decode()


def test_ways_out_are_nothing_that_is_held(coordinator: User) -> None:
    room = RoomFactory()
    visit = VisitFactory()
    scheduling.book_room(SessionFactory(visit=visit, room=room, hour=9))
    wanted = Session(visit=visit, title="Another", starts_at=visit.sessions.get().starts_at,
                     ends_at=visit.sessions.get().ends_at, room=room)  # fmt: skip

    ways = planning.ways_out(visit, wanted)

    assert [way.title for way in ways] == [f"{room.name}, 08.00 to 09.00"]
    assert visit.sessions.count() == 1
