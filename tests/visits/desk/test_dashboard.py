"""The dashboard: who sees what of it, what staff say of a measure, and what is taken out."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from tests.conftest import signed_in
from tests.factories import (
    AskFactory,
    CoordinatorFactory,
    FacilitatorFactory,
    LogisticsFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
)
from visits.choices import AskState, Measure, RequestState, SessionKind
from visits.improvement.measures import MEASURES
from visits.improvement.tables import SEASON_TABLES
from visits.improvement.told import NO_BREAK
from visits.models import CauseNote, HistoryEntry, Phase, VisitRequest
from visits.words import STOCKHOLM

pytestmark = pytest.mark.django_db
SEASON = "?season=2026"
MONDAY = date(2026, 10, 5)
PAGES = ("admin:dashboard", "admin:dashboard_over_time", "admin:dashboard_waivers")
TABLES = ("season", "waivers", "load", *SEASON_TABLES, *MEASURES)
WAITS = [1, 2, 1, 3, 2, 1, 2, 1, 15, 2, 1, 2]


def page(name: str = "admin:dashboard", *args: str) -> str:
    return reverse(name, args=args) + SEASON


def measure(name: str = "first-answer") -> str:
    return page("admin:dashboard_measure", name)


@pytest.fixture
def answered(db: None) -> list[VisitRequest]:
    """Twelve requests, one a week, the ninth of which waited long for its first answer."""
    found = []
    for week, days in enumerate(WAITS):
        asked = MONDAY + timedelta(weeks=week)
        request = VisitRequestFactory(submitted_on=asked, organisation_name=f"Hospital {week + 1}")
        heard = asked + timedelta(days=days // 5 * 7 + days % 5)
        at = datetime.combine(heard, datetime.min.time(), STOCKHOLM)
        HistoryEntry.objects.create(request=request, what="proposed", by_name="Maja", at=at)
        found.append(request)
    return found


def leads(first_name: str, sessions: int) -> None:
    leader = FacilitatorFactory(user__first_name=first_name, user__last_name="Hosseini")
    visit = VisitFactory(first_day=date(2027, 3, 2), request__state=RequestState.AGREED)
    moment = timezone.now()
    for hour in range(sessions):
        AskFactory(
            session=SessionFactory(visit=visit, hour=8 + hour), facilitator=leader, state=AskState.ACCEPTED,
            asked_at=moment, answered_at=moment, answer_by=moment.date(), asked_by=CoordinatorFactory(),
        )  # fmt: skip


# -- Who comes in --------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_strangers_sign_in_and_facilitators_are_sent_away(name, facilitator_client):
    assert Client().get(page(name)).status_code == 302
    assert facilitator_client.get(page(name)).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_an_empty_season_is_a_page_and_no_fault(name, coordinator_client):
    assert coordinator_client.get(page(name)).status_code == 200


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_without_points_says_so(name, coordinator_client):
    answer = coordinator_client.get(measure(name))

    assert "Nothing to draw yet in this season." in answer.content.decode()
    assert "Not enough to say" in answer.content.decode()


@pytest.mark.parametrize("season", ["", "?season=", "?season=0", "?season=99999999", "?season[]=1"])
def test_a_season_that_there_is_not_shows_the_one_of_today(season, coordinator_client):
    assert coordinator_client.get(reverse("admin:dashboard") + season).status_code == 200


@pytest.mark.parametrize("address", ["/admin/dashboard/nothing/", "/admin/dashboard/table/nothing.csv",
                                     "/admin/dashboard/table/season.pdf"])  # fmt: skip
def test_what_there_is_not_is_not_found(address, coordinator_client):
    assert coordinator_client.get(address).status_code == 404


# -- What it says --------------------------------------------------------------------------


def test_a_request_that_waited_long_is_a_signal_in_the_plot_and_in_words(answered, coordinator_client):
    told = coordinator_client.get(measure()).content.decode()

    assert "Hospital 9: 15 days" in told
    assert "One signal" in told
    assert told.count('fill="var(--bad)"') == 1


def test_the_run_chart_draws_the_median_and_no_limits(answered, coordinator_client):
    told = coordinator_client.get(f"{measure()}&chart=run").content.decode()

    assert "The line is the median." in told
    assert "half of them below 2 days, half above." in told


@pytest.mark.parametrize("kind", ["", "p", "nothing", "run'"])
def test_a_chart_that_the_measure_has_not_is_its_own(kind, answered, coordinator_client):
    told = coordinator_client.get(f"{measure()}&chart={kind}").content.decode()

    assert "The middle line is the average; limits from the moving range (XmR)." in told


def test_swedish_numbers_have_a_comma_and_the_drawing_a_point(answered, coordinator_client):
    told = coordinator_client.get(f"/sv{measure()}").content.decode()

    drawing = re.search(r"<svg class=\"dk-plot\".*?</svg>", told, re.DOTALL)[0]
    assert ">2,8<" in drawing
    assert not re.search(r'\b(?:x|y|cx|cy|d|width|height)="[^"]*\d,\d', drawing)


def test_coordinators_see_how_the_load_is_spread_and_managers_see_whose(coordinator_client, manager_client):
    leads("Fatima", 3)

    spread, by_name = (client.get(page()).content.decode() for client in (coordinator_client, manager_client))

    assert "Fatima Hosseini" not in spread
    assert "Each dot is one person" in spread
    assert "Fatima Hosseini" in by_name


def test_a_waiver_is_told_with_its_reason_and_who_gave_it(coordinator_client, manager):
    VisitRequestFactory(
        submitted_on=MONDAY, first_wished_day=MONDAY + timedelta(days=30), waived_by=manager,
        waiver_reason="They were promised a visit last year.",
    )  # fmt: skip

    told = coordinator_client.get(page("admin:dashboard_waivers")).content.decode()

    assert "1 of 1 requests" in told
    assert "They were promised a visit last year." in told
    assert "Gun Berg" in told


# -- What staff say ------------------------------------------------------------------------


def note(client: Client, **typed: str) -> int:
    return client.post(page("admin:dashboard_note", "first-answer"), typed).status_code


def lines(client: Client, day: str = "2026-11-02", words: str = "A morning mail says what waits.") -> int:
    parts = {"first_day_0": day, "first_day_1": "", "first_day_2": "", "words": words}
    return client.post(page("admin:dashboard_lines", "first-answer"), parts).status_code


def test_a_note_of_a_cause_stands_beside_its_signal(answered, coordinator_client, coordinator):
    before = coordinator_client.get(measure()).content.decode()

    assert note(coordinator_client, point=answered[8].reference, words="Both who read the inbox were ill.") == 302

    after = coordinator_client.get(measure()).content.decode()
    assert "No note yet." in before
    assert "No note yet." not in after
    assert "Both who read the inbox were ill." in after
    assert f"Note by {coordinator}" in after


@pytest.mark.parametrize(
    ("point", "words"),
    [
        ("nothing", "They were ill."),
        ("", "They were ill."),
        (None, ""),
        (None, " \u00a0 "),
        (None, "x" * 501),
        (None, "a\0b"),
    ],
)
def test_a_note_that_cannot_be_kept_says_why_and_loses_nothing(point, words, answered, coordinator_client):
    typed = {"point": answered[0].reference if point is None else point, "words": words}

    answer = coordinator_client.post(page("admin:dashboard_note", "first-answer"), typed)

    assert answer.status_code == 422
    assert "<title>Error: " in answer.content.decode()
    assert not CauseNote.objects.exists()


def test_a_note_is_taken_away_by_who_wrote_it_or_by_a_manager(
    answered, coordinator_client, coordinator, manager_client
):
    mine, yours, theirs = (
        CauseNote.objects.create(measure=Measure.FIRST_ANSWER, point=answered[0].reference, words="A slip", by=who)
        for who in (coordinator, CoordinatorFactory(), CoordinatorFactory())
    )
    away = [page("admin:dashboard_note_away", "first-answer", note.pk) for note in (mine, yours, theirs)]

    assert [coordinator_client.post(address).status_code for address in away[:2]] == [302, 302]
    assert set(CauseNote.objects.all()) == {yours, theirs}
    assert manager_client.post(away[2]).status_code == 302
    assert set(CauseNote.objects.all()) == {yours}


def test_a_note_of_a_point_that_is_no_signal_stands_among_the_notes(answered, coordinator_client, coordinator):
    note(coordinator_client, point=answered[1].reference, words="The week of the festival.")

    told = coordinator_client.get(measure()).content.decode()

    assert "The week of the festival." in told
    assert "No note yet." in told


def test_new_lines_are_drawn_from_the_day_that_somebody_says(answered, coordinator_client, coordinator):
    day = timezone.localdate().isoformat()

    assert lines(coordinator_client, day) == 302

    told = coordinator_client.get(measure()).content.decode()
    assert "A morning mail says what waits." in told
    assert f"Set by {coordinator}" in told


def test_lines_are_drawn_once_from_a_day_and_never_from_a_day_to_come(answered, coordinator_client):
    today = timezone.localdate()
    Phase.objects.create(measure=Measure.FIRST_ANSWER, first_day=today, words="Before", by=CoordinatorFactory())

    assert lines(coordinator_client, today.isoformat()) == 422
    assert lines(coordinator_client, (today + timedelta(days=1)).isoformat()) == 422
    assert lines(coordinator_client, "soon") == 422
    assert lines(coordinator_client, "0001-01-01") == 422
    assert lines(coordinator_client, "1999-12-31") == 422
    assert [phase.words for phase in Phase.objects.all()] == ["Before"]


def test_lines_that_were_drawn_in_error_are_taken_away(answered, coordinator_client):
    phase = Phase.objects.create(
        measure=Measure.FIRST_ANSWER, first_day=MONDAY, words="A slip", by=CoordinatorFactory()
    )
    away = page("admin:dashboard_lines_away", "first-answer", phase.pk)
    other = page("admin:dashboard_lines_away", "decision", phase.pk)

    assert coordinator_client.post(other).status_code == 302
    assert Phase.objects.count() == 1
    assert coordinator_client.post(away).status_code == 302
    assert coordinator_client.post(away).status_code == 302
    assert not Phase.objects.exists()


def test_who_only_plans_food_writes_no_notes_and_draws_no_lines(answered):
    client = signed_in(LogisticsFactory())

    assert "Keep the note" not in client.get(measure()).content.decode()
    assert note(client, point=answered[0].reference, words="They were ill.") == 403
    assert lines(client) == 403
    assert not CauseNote.objects.exists()
    assert not Phase.objects.exists()


# -- What is taken out ---------------------------------------------------------------------


def read(client: Client, name: str, language: str = "") -> list[list[str]]:
    answer = client.get(language + page("admin:dashboard_table", name, "csv"))
    told = b"".join(answer).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(told, newline=""), delimiter=";" if language else ","))


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_the_same_as_csv_and_as_a_workbook(name, answered, coordinator_client):
    answer = coordinator_client.get(page("admin:dashboard_table", name, "xlsx"))
    sheet = load_workbook(io.BytesIO(b"".join(answer))).active

    [head, *rows] = read(coordinator_client, name)
    assert [cell.value for cell in sheet[1]] == head
    assert sheet.max_row == len(rows) + 1
    assert answer["Content-Disposition"] == f'attachment; filename="qulturum-{name}-2026-27.xlsx"'


def test_the_season_is_taken_out_row_by_row_without_people(answered, coordinator_client):
    [head, first, *_rest] = read(coordinator_client, "season")
    row = dict(zip(head, first, strict=True))

    assert (row["Organisation"], row["Asked on"], row["Working days to first answer"]) == (
        "Hospital 1",
        "2026-10-05",
        "1",
    )
    assert "E-mail" not in head


@pytest.mark.parametrize(("prefix", "country"), [("", "Sweden"), ("/sv", "Sverige")])
def test_a_country_has_the_same_name_in_every_table(coordinator_client, prefix, country):
    VisitRequestFactory(submitted_on=MONDAY, country="SE")

    season, counted = (
        b"".join(coordinator_client.get(f"{prefix}/admin/dashboard/table/{name}.csv{SEASON}").streaming_content)
        for name in ("season", "countries")
    )

    assert country in season.decode()
    assert country in counted.decode()


def test_only_who_may_takes_out_people(answered, coordinator_client, manager_client):
    address = page("admin:dashboard_table", "season-people", "csv")

    assert coordinator_client.get(address).status_code == 403
    assert "E-mail" in read(manager_client, "season-people")[0]


def test_an_organisation_with_a_hostile_name_is_words_in_both_files(coordinator_client):
    VisitRequestFactory(submitted_on=MONDAY, organisation_name='=HYPERLINK("https://example.org";"open")')

    [head, row] = read(coordinator_client, "season")
    book = coordinator_client.get(page("admin:dashboard_table", "season", "xlsx"))
    cell = load_workbook(io.BytesIO(b"".join(book))).active.cell(2, head.index("Organisation") + 1)
    assert row[head.index("Organisation")].startswith("'=")
    assert (cell.value[:2], cell.data_type) == ("'=", "s")


def test_a_swedish_excel_opens_the_table_in_columns(answered, coordinator_client):
    rows = read(coordinator_client, "first-answer", "/sv")

    assert len(rows[1]) == len(rows[0]) > 1
    assert "2,75" in rows[1]


# -- What it costs -------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_what_is_counted_already_asks_little(
    name, answered, coordinator_client, django_assert_max_num_queries
):
    coordinator_client.get(page(name))

    with django_assert_max_num_queries(8):
        coordinator_client.get(page(name))


def test_a_mean_is_not_called_by_the_words_of_a_median(answered, coordinator_client):
    """«In the middle» stands on the page of the season, and is a median there."""
    season = coordinator_client.get(page()).content.decode()
    over_time = coordinator_client.get(page("admin:dashboard_over_time")).content.decode()

    assert "to our first answer, in the middle" in season
    assert " on average, and everything from " in over_time
    assert "in the middle" not in over_time


@pytest.mark.parametrize(
    ("name", "span"),
    [("first-answer", "The season 2026–27."), ("three-months", "The seasons 2024–25 to 2026–27.")],
)
def test_a_measure_says_which_seasons_it_is_drawn_of(answered, coordinator_client, name, span):
    VisitRequestFactory(submitted_on=date(2024, 8, 1))
    VisitRequestFactory(submitted_on=date(2024, 7, 31))

    alone = coordinator_client.get(measure(name))
    among = coordinator_client.get(page("admin:dashboard_over_time"))

    assert f"{span} <a" in alone.text
    assert f" {span}</p>" in among.text
    assert alone.context["panel"].chart.points[0].on >= date(2024 if name == "three-months" else 2026, 8, 1)


def test_a_measure_of_more_than_fifty_points_says_that_it_shows_the_last(coordinator_client):
    for request in VisitRequestFactory.create_batch(51, submitted_on=MONDAY):
        HistoryEntry.objects.create(request=request, what="proposed", by_name="Maja", at=timezone.now())

    assert "The season 2026–27, the last 50 points of it. <a" in coordinator_client.get(measure()).text


def test_the_guests_share_of_all_time_is_told_beside_the_average_of_the_visits(coordinator_client):
    """Two visits, of one hour and of four: by visits 50 %, by hours 20 %."""
    for hours, kind in ((1, SessionKind.GUEST), (4, SessionKind.HOST)):
        visit = VisitFactory(first_day=date(2027, 3, 2), request__state=RequestState.AGREED)
        SessionFactory(visit=visit, kind=kind, minutes=60 * hours)

    season = coordinator_client.get(page()).text
    share = coordinator_client.get(measure("own-time")).text

    assert f"<dt>of programme time belongs to the guests</dt><dd>20{NO_BREAK}%</dd>" in season
    assert f"A short visit counts as much as a long one; of all hours together it is 20{NO_BREAK}%." in share


def test_the_requests_of_the_season_add_up_on_the_page_and_in_what_is_taken_out(answered, coordinator_client):
    for state in (RequestState.SUBMITTED, RequestState.WITHDRAWN, RequestState.WITHDRAWN):
        VisitRequestFactory(submitted_on=MONDAY, state=state)

    told = coordinator_client.get(page()).content.decode()
    [_head, *rows] = read(coordinator_client, "answers")

    assert "1 waits for our first answer. 2 ended before our first answer, most often withdrawn." in told
    assert ["Ended before our first answer", "2"] in rows
    assert sum(int(count) for _days, count in rows) == VisitRequest.objects.count() == len(WAITS) + 3
