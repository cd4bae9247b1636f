"""The catalogue files in the database: exactly what the sources name, and staff's edits kept."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from programmes.loading import FOLDER, Counts, load_catalogue
from programmes.models import Area, Initiative, Offering, Programme

pytestmark = pytest.mark.django_db

YEARS = {
    "esther": "1997–",
    "the-child-dialogue": "2001–",
    "pharmaceuticals-project": "2004, 2007, 2011",
    "passion-for-life": "2005–",
    "ryhov-self-dialysis-unit": "2005–",
    "patient-safety-programme": "2006–2012",
    "learning-cafes": "2007–",
    "peers": "2010–",
    "colon-cancer-improvement-work": "2010–2012",
    "together-part-1": "2010",
    "together-part-2": "2011",
    "patient-supporters": "2012–",
    "breakthrough-collaboratives": "2013–2014, 2015",
    "dialogue-meetings": "2015–",
    "together-for-best-possible-health-and-equal-care": "2016–",
    "the-living-library": "2016–",
    "house-of-hearts": "2016–",
    "peer-supporters-in-psychiatric-care": "2018–",
    "patient-contract": "2018–",
    "international-collaboration-and-communities-of-practice": "2018–",
    "co-production-in-leadership-and-professional-training": "2018–",
    "short-term-self-managed-hospitalisation": "2018–",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the catalogue files that a test may change."""
    return Path(shutil.copytree(FOLDER, tmp_path / "catalogue"))


def rewrite(folder: Path, noun: str, old: str, new: str) -> None:
    file = folder / f"{noun}.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_everything_that_the_sources_name_is_loaded() -> None:
    load_catalogue()

    assert Area.objects.count() == 10
    assert Initiative.objects.count() == 22
    assert Programme.objects.count() == 8
    assert {area.slug: area.offerings.count() for area in Area.objects.all()} == {
        "quality-as-a-business-strategy": 0,
        "improvement-and-innovation": 0,
        "person-centred-care": 5,
        "patient-safety": 1,
        "leadership": 6,
        "prevention-of-care-injuries": 3,
        "coaching-co-learning-and-collaboration": 1,
        "process-development": 2,
        "fellowship": 1,
        "workshops-on-the-future-of-health-care": 1,
    }


def test_the_initiatives_have_exactly_their_years_and_at_least_one_method() -> None:
    load_catalogue()

    assert list(Initiative.objects.values_list("slug", "years")) == list(YEARS.items())
    assert all(initiative.method_choices for initiative in Initiative.objects.all())


@pytest.mark.parametrize("model", [Area, Offering, Initiative, Programme])
def test_every_text_that_exists_in_one_language_exists_in_the_other(model: type[Area]) -> None:
    load_catalogue()

    for row in model.objects.all():
        for field in (field.name for field in model._meta.get_fields() if field.name.endswith("_en")):
            english, swedish = getattr(row, field), getattr(row, f"{field[:-3]}_sv")
            assert bool(english) == bool(swedish), (row.slug, field)
            assert str(english or "").count("\n") == str(swedish or "").count("\n"), (row.slug, field)


def test_loading_again_changes_nothing() -> None:
    load_catalogue()
    before = list(Area.objects.values_list("pk", "changed_at"))

    report = load_catalogue()

    assert report["areas"] == Counts(unchanged=10)
    assert report["offerings"] == Counts(unchanged=20)
    assert report["initiatives"] == Counts(unchanged=22)
    assert report["programmes"] == Counts(unchanged=8)
    assert list(Area.objects.values_list("pk", "changed_at")) == before


def test_what_staff_wrote_is_kept_and_the_rest_of_the_row_follows_the_file(folder: Path) -> None:
    load_catalogue(folder)
    area = Area.objects.get(slug="patient-safety")
    area.name_en = "Safety, in our own words"
    area.save()
    rewrite(folder, "areas", 'name.en = "Patient safety"', 'name.en = "Safer care"')
    rewrite(folder, "areas", 'name.sv = "Patientsäkerhet"', 'name.sv = "Säker vård"')

    report = load_catalogue(folder)

    area.refresh_from_db()
    assert (area.name_en, area.name_sv) == ("Safety, in our own words", "Säker vård")
    assert (report["areas"].updated, report["areas"].kept) == (1, 1)


def test_an_edit_is_kept_through_any_number_of_loads(folder: Path) -> None:
    load_catalogue(folder)
    Programme.objects.filter(slug="green").update(audience_en="Written by staff")

    rewrite(folder, "programmes", "Front-line leaders who are new in our organisation", "A new text")
    load_catalogue(folder)
    rewrite(folder, "programmes", "A new text", "A newer text")
    load_catalogue(folder)

    assert Programme.objects.get(slug="green").audience_en == "Written by staff"


def test_stories_that_staff_chose_for_an_area_are_kept(folder: Path) -> None:
    load_catalogue(folder)
    area = Area.objects.get(slug="prevention-of-care-injuries")
    area.initiatives.set([Initiative.objects.get(slug="peers")])
    rewrite(folder, "areas", 'initiatives = ["passion-for-life"]', 'initiatives = ["esther"]')

    load_catalogue(folder)

    assert [story.slug for story in area.initiatives.all()] == ["peers"]


def test_stories_that_nobody_touched_follow_the_file(folder: Path) -> None:
    load_catalogue(folder)
    rewrite(folder, "areas", 'initiatives = ["passion-for-life"]', 'initiatives = ["esther"]')

    load_catalogue(folder)

    area = Area.objects.get(slug="prevention-of-care-injuries")
    assert [story.slug for story in area.initiatives.all()] == ["esther"]


def test_what_staff_took_away_from_guests_stays_away() -> None:
    load_catalogue()
    Programme.objects.filter(slug="forum-for-values").update(is_published=False)

    load_catalogue()

    assert Programme.objects.get(slug="forum-for-values").is_published is False


def test_what_is_missing_is_added_again() -> None:
    load_catalogue()
    Offering.objects.filter(slug="taste-of-water").delete()

    report = load_catalogue()

    assert report["offerings"] == Counts(added=1, unchanged=19)


def test_a_row_that_staff_wrote_before_the_file_had_it_is_not_overwritten() -> None:
    Programme.objects.create(
        slug="green", name_en="Ours", name_sv="Vår", summary_en="Ours", summary_sv="Vår", audience_en="Us",
        audience_sv="Vi", lead_en="Us", lead_sv="Vi",
    )  # fmt: skip

    load_catalogue()

    green = Programme.objects.get(slug="green")
    assert (green.name_en, green.about_en != "") == ("Ours", True)


def test_a_file_that_the_models_refuse_loads_nothing_at_all(folder: Path) -> None:
    rewrite(folder, "initiatives", 'years = "2006–2012"', 'years = "2012–2006"')

    with pytest.raises(ValidationError):
        load_catalogue(folder)

    assert Programme.objects.count() == 0
    assert Initiative.objects.count() == 0


def test_the_command_says_what_it_did() -> None:
    said = StringIO()

    call_command("load_catalogue", stdout=said)
    call_command("load_catalogue", stdout=said)

    first, second = said.getvalue().splitlines()[2], said.getvalue().splitlines()[6]
    assert first == "areas: 10 added, 0 updated, 0 as they were, 0 fields kept as staff wrote them"
    assert second == "areas: 0 added, 0 updated, 10 as they were, 0 fields kept as staff wrote them"
