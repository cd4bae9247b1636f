"""Who reads what now, and who has looked: written once a stay, never changed, shown to managers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.conftest import signed_in
from tests.factories import CoordinatorFactory, VisitFactory, VisitRequestFactory, join
from visits import roles, viewings
from visits.choices import RequestState
from visits.models import Part, User, Viewing, VisitRequest

pytestmark = pytest.mark.django_db


@pytest.fixture
def karin(db: None) -> User:
    return CoordinatorFactory(first_name="Karin", last_name="Ek")


@pytest.fixture
def case(db: None) -> VisitRequest:
    return VisitRequestFactory()


def page(case: VisitRequest, tab: str = "change") -> str:
    return reverse(f"admin:visits_visitrequest_{tab}", args=[case.pk])


def notices(client: Client) -> list[str]:
    rows = client.get("/admin/?turn=all").context["page"].rows
    return [notice.words for row in rows for notice in row.notices]


def ago(minutes: int):
    return timezone.now() - timedelta(minutes=minutes)


def test_a_colleague_who_reads_is_named_in_the_row_and_on_the_page(
    coordinator_client: Client, karin: User, case: VisitRequest
) -> None:
    signed_in(karin).get(page(case))

    told = notices(coordinator_client)

    assert len(told) == 1
    assert told[0].startswith("Karin is reading this now, since ")
    assert "Karin is reading this now" in coordinator_client.get(page(case)).content.decode()


def test_nobody_is_told_of_themselves(coordinator_client: Client, case: VisitRequest) -> None:
    coordinator_client.get(page(case))

    assert notices(coordinator_client) == []


def test_who_has_opened_something_else_reads_that(coordinator_client: Client, karin: User, case: VisitRequest) -> None:
    other = VisitRequestFactory()
    viewings.look(case, Part.PLAN, by=karin, at=ago(3))
    viewings.look(other, Part.PLAN, by=karin, at=ago(2))

    assert viewings.readers_of(case, but=CoordinatorFactory()) == []
    assert len(viewings.readers_of(other, but=CoordinatorFactory())) == 1
    assert len(notices(coordinator_client)) == 1


@pytest.mark.parametrize(("minutes", "reads"), [(9, True), (11, False)])
def test_after_ten_minutes_without_a_page_nobody_reads(
    karin: User, case: VisitRequest, minutes: int, reads: bool
) -> None:
    viewings.look(case, Part.PLAN, by=karin, at=ago(minutes))

    assert bool(viewings.readers_of(case, but=CoordinatorFactory())) is reads


def test_a_stay_is_told_from_its_first_page(karin: User, case: VisitRequest) -> None:
    began = ago(14)
    viewings.look(case, Part.PLAN, by=karin, at=began)
    viewings.look(case, Part.REQUEST, by=karin, at=ago(7))
    viewings.look(case, Part.MESSAGES, by=karin, at=ago(1))

    (reader,) = viewings.readers_of(case, but=CoordinatorFactory())

    assert reader.since == began


def test_loading_a_page_again_writes_nothing(coordinator_client: Client, case: VisitRequest) -> None:
    for _ in range(3):
        coordinator_client.get(page(case))
        coordinator_client.get(page(case, "history"))

    assert sorted(Viewing.objects.values_list("part", flat=True)) == ["history", "plan"]


def test_half_a_reading_time_later_it_is_written_again(karin: User, case: VisitRequest) -> None:
    viewings.look(case, Part.PLAN, by=karin, at=ago(6))

    assert viewings.look(case, Part.PLAN, by=karin) == 1
    assert viewings.look(case, Part.PLAN, by=karin) == 0


@pytest.mark.parametrize("tab", ["request", "group"])
def test_seeing_what_guests_eat_and_need_is_written_down(karin: User, case: VisitRequest, tab: str) -> None:
    signed_in(karin).get(page(case, tab))
    assert not Viewing.objects.filter(part=Part.NEEDS).exists()

    join(karin, roles.LOGISTICS)
    signed_in(karin).get(page(case, tab))

    assert Viewing.objects.get(part=Part.NEEDS).user == karin
    told = signed_in(karin).get(page(case, "history")).content.decode()
    assert f"Karin Ek, {timezone.localdate().day} " in told


def test_the_kitchen_is_a_look_at_the_needs_of_each_visit_and_no_reading(
    coordinator_client: Client, karin: User
) -> None:
    join(karin, roles.LOGISTICS)
    visits = [VisitFactory(request=VisitRequestFactory(state=RequestState.CONFIRMED)) for _ in range(2)]

    for _ in range(2):
        signed_in(karin).get(reverse("admin:kitchen"))

    assert list(Viewing.objects.order_by("request").values_list("request", "part")) == [
        (visit.request_id, Part.NEEDS) for visit in visits
    ]
    assert notices(coordinator_client) == []


@pytest.fixture
def line(karin: User, case: VisitRequest) -> Viewing:
    viewings.look(case, Part.PLAN, by=karin)
    return Viewing.objects.get()


def test_no_line_is_changed_or_taken_away(line: Viewing) -> None:
    for deed in (lambda: Viewing.objects.update(part=Part.GROUP), lambda: Viewing.objects.all().delete(), line.delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM visits_viewing")

    line.refresh_from_db()
    assert line.part == Part.PLAN


@pytest.mark.parametrize(("who", "status"), [
    ("client", 302), ("facilitator_client", 403), ("coordinator_client", 403), ("manager_client", 200),
])  # fmt: skip
def test_only_managers_read_who_has_looked(
    request: pytest.FixtureRequest, line: Viewing, who: str, status: int
) -> None:
    response = request.getfixturevalue(who).get(reverse("admin:looked"))

    assert response.status_code == status
    assert ("Karin Ek" in response.content.decode()) is (status == 200)


def test_managers_ask_by_request_and_by_person(manager_client: Client, line: Viewing, karin: User) -> None:
    other = VisitRequestFactory(organisation_name="Elsewhere")
    viewings.look(other, Part.PLAN, by=CoordinatorFactory(first_name="Nils"))
    address = reverse("admin:looked")

    def found(**query: object) -> list[str]:
        days = manager_client.get(address, query).context["days"]
        return [look.user.first_name for _day, looks in days for look in looks]

    assert found() == ["Nils", "Karin"]
    assert found(reference=line.request.reference.lower()) == ["Karin"]
    assert found(who=karin.pk) == ["Karin"]
    assert found(who="x", before="-1", reference="%") == []
    assert found(who="x", before="zz") == ["Nils", "Karin"]


def test_the_list_of_looks_goes_on(manager_client: Client, karin: User, case: VisitRequest) -> None:
    now = timezone.now()
    Viewing.objects.bulk_create(Viewing(request=case, user=karin, part=Part.PLAN, at=now, since=now) for _ in range(51))

    first = manager_client.get(reverse("admin:looked"))
    second = manager_client.get(reverse("admin:looked") + first.context["older"])

    assert [len(looks) for _day, looks in first.context["days"]] == [50]
    assert [len(looks) for _day, looks in second.context["days"]] == [1]
    assert second.context["older"] == ""
