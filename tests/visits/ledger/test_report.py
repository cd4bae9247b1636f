"""The report and its table: everything that was learned, and guests are listed by name only with their yes."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.conftest import visitor_of
from tests.visits.ledger.scene import DUE, guests_share, host_of, noon, person, we_share
from visits.choices import PointState, Side
from visits.documents import press
from visits.forms.look_back import GuestsLookBackForm, OurLookBackForm
from visits.ledger import follow_ups
from visits.ledger.report import as_csv, report_of
from visits.models import LedgerPoint, Visit
from visits.sheets import safe_cell

pytestmark = pytest.mark.django_db


def table(visit: Visit) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(as_csv(report_of(visit, DUE)).removeprefix("\ufeff"))))


def test_the_report_says_what_each_side_taught_and_how_long(visit):
    report = report_of(visit, DUE)

    assert [session.title for session in report.taught.ours] == ["Meet Esther"]
    assert [session.title for session in report.taught.guests] == ["Your story"]
    assert (report.taught.our_minutes, report.taught.guests_minutes, report.taught.guests_per_cent) == (60, 30, 33)


def test_only_guests_who_said_yes_are_named(visit):
    yes = person(visit, "Moira Reid", role="Patient partner", may_be_printed=True)
    no = person(visit, "Ewan Bell")
    we_share(visit, told_by=[str(yes.pk), str(no.pk)])

    report = report_of(visit, DUE)

    assert [one.name for one in report.people] == ["Moira Reid"]
    assert report.ours[0].people == "Moira Reid, One of the guests"
    assert "Ewan" not in as_csv(report)


def test_the_table_holds_questions_tests_and_results(visit, time_machine):
    guests_share(visit, helped_1=[str(host_of(visit).user.pk)])
    time_machine.move_to(noon(DUE), tick=False)
    follow_ups.answer(
        LedgerPoint.objects.get(months=3), state=PointState.SPREADS, said="A second ward.", result="12 of 40",
        by_name="Aileen Munro",
    )  # fmt: skip

    first, second = table(visit)

    assert first["Question or lesson"] == "How did you get the municipalities to the same table?"
    assert (first["Closer to an answer"], first["Who helped"]) == ("Yes", "Fatima Hosseini")
    assert (first["What is tried"], first["Who begins"]) == ("One meeting about one person", "Iona")
    assert first["After 3 months"] == "Spreads"
    assert first["What happened, after 3 months"] == "A second ward."
    assert first["The measure, after 3 months"] == "12 of 40"
    assert first["After 6 months"] == "Later"
    assert (second["Closer to an answer"], second["After 3 months"]) == ("A bit", "")


@pytest.mark.parametrize("cell", ["=1+1", "+46 36", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =HYPERLINK(1)", "\n=1"])
def test_no_cell_is_taken_for_a_formula(visit, cell):
    assert safe_cell(cell).startswith("'")


@pytest.mark.parametrize("cell", ["One meeting", "", "2 of 5", "’=’", "a=b"])
def test_plain_words_stay_as_they_are(cell):
    assert safe_cell(cell) == cell


def test_what_a_guest_types_reaches_no_spreadsheet_as_a_formula(visit):
    guests_share(visit, tries='=HYPERLINK("http://evil.example";"x")', begins="@cmd")

    row = table(visit)[0]

    assert row["What is tried"] == '\'=HYPERLINK("http://evil.example";"x")'
    assert row["Who begins"] == "'@cmd"


def test_a_swedish_spreadsheet_opens_the_table_in_columns(visit):
    guests_share(visit)

    with translation.override("sv"):
        head = as_csv(report_of(visit, DUE)).splitlines()[0]

    assert head.startswith("\ufeff")
    assert head.count(";") == 17


def test_the_group_downloads_both(visit):
    guests_share(visit)
    client = visitor_of(visit.request)

    written = client.get(reverse("visits:ledger_csv", args=[visit.request.reference]))
    report = client.get(reverse("visits:report", args=[visit.request.reference]))

    assert written["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in written["Content-Disposition"]
    if press.is_ready():
        assert report["Content-Type"] == "application/pdf"
    assert report.status_code == 200


@pytest.mark.parametrize("language", ["", "/sv"])
def test_without_the_press_the_report_is_a_page_to_print(visit, monkeypatch, language):
    guests_share(visit)
    we_share(visit)
    monkeypatch.setattr(press, "LIBRARY", "no_such_library")
    press._found.cache_clear()

    answer = visitor_of(visit.request).get(f"{language}{reverse('visits:report', args=[visit.request.reference])}")

    press._found.cache_clear()
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "One meeting about one person" in html
    assert "One ward phones five patients" in html
    assert "Your story" in html
    assert visit.request.aim in html


def test_strangers_download_nothing(visit):
    for name in ("ledger_csv", "report"):
        assert Client().get(reverse(f"visits:{name}", args=[visit.request.reference])).status_code == 404
    assert LedgerPoint.objects.filter(entry__learner=Side.OURS).count() == 0


def test_whoever_writes_who_begins_is_told_that_it_is_read_by_all_and_the_foot_promises_no_more(visit, monkeypatch):
    guests_share(visit, begins="Iona")
    monkeypatch.setattr(press, "LIBRARY", "no_such_library")
    press._found.cache_clear()

    report = visitor_of(visit.request).get(reverse("visits:report", args=[visit.request.reference])).text

    press._found.cache_clear()
    told = [str(form.base_fields["begins"].help_text) for form in (GuestsLookBackForm, OurLookBackForm)]
    assert (
        told
        == ["A role is enough. Whoever reads the ledger or its report reads this too: ask before you write a name."] * 2
    )
    assert "Iona" in report
    assert "We list guests by name only with their yes; what both sides wrote stands as they wrote it." in report
