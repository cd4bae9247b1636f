"""A number that no column can hold finds nothing: in an address, in a form of ours and on the plain admin pages."""

from __future__ import annotations

from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import signed_in
from tests.factories import (
    AreaFactory,
    FacilitatorFactory,
    SessionFactory,
    UserFactory,
    VisitRequestFactory,
)
from tests.portal.routes import PART, Route, all_routes
from tests.portal.scene import side
from visits.admin.site import desk_site
from visits.models import Ask, Facilitator, Session, VisitRequest

pytestmark = pytest.mark.django_db
HUGE: Final = 99999999999999999999
NUMBERED: Final = [route for route in all_routes() if any(kind == "int" for kind, _name in PART.findall(route.written))]
STOCK: Final = sorted(set(desk_site._registry) - {VisitRequest}, key=lambda model: model._meta.label)
READY: Final = {200, 302, 403, 404, 405, 409, 410, 422}


@pytest.fixture
def everybody() -> Client:
    """Somebody who may do everything, and who leads sessions too."""
    return signed_in(FacilitatorFactory(user=UserFactory(is_staff=True, is_superuser=True)).user)


def numbers(route: Route) -> list[str]:
    return [name for kind, name in PART.findall(route.written) if kind == "int"]


def test_no_address_breaks_from_its_number(everybody):
    known = side()
    clients = (everybody, known.visitor(), signed_in(known.facilitator.user))

    found = [
        f"{route} answers {answer.status_code}"
        for route in NUMBERED
        for client in clients
        for answer in (
            ask(route.path(known.parts | dict.fromkeys(numbers(route), HUGE))) for ask in (client.get, client.post)
        )
        if answer.status_code not in READY
    ]

    assert len(NUMBERED) > 30
    assert found == []


def test_a_gathering_of_such_a_number_is_not_found(facilitator_client):
    for address in (f"/schedule/gathering/{HUGE}/", f"/schedule/gathering/{HUGE}/calendar.ics"):
        assert facilitator_client.get(address).status_code == 404


def _with_such_numbers(form: Any) -> dict[str, Any]:
    """What is sent of a form when every question in it is answered by such a number."""
    return {form.add_prefix(name): [str(HUGE)] for name in form.fields}


def _sent(context: Any) -> dict[str, Any]:
    sent = _with_such_numbers(context["adminform"].form)
    for inline in context["inline_admin_formsets"]:
        formset = inline.formset
        sent |= {formset.management_form.add_prefix(name): value for name, value in (
            ("TOTAL_FORMS", formset.initial_form_count() + 1), ("INITIAL_FORMS", formset.initial_form_count()),
        )}  # fmt: skip
        for one in (*formset.initial_forms, formset.empty_form):
            number = (
                formset.initial_form_count() if one.prefix.endswith("__prefix__") else one.prefix.rpartition("-")[2]
            )
            one.prefix = f"{formset.prefix}-{number}"
            sent |= _with_such_numbers(one)
    return sent


@pytest.mark.parametrize("model", STOCK, ids=lambda model: model._meta.label_lower)
def test_a_plain_admin_page_says_what_cannot_be_chosen(everybody, model):
    side()
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    row = model._default_manager.first()
    addresses = [reverse(f"{name}_add"), *([reverse(f"{name}_change", args=[row.pk])] if row else [])]
    before = list(model._default_manager.order_by("pk").values())

    for address in addresses:
        page = everybody.get(address)
        if page.status_code == 200 and page.context and "adminform" in page.context:
            drawn = {"drawn": page.context["drawn"]} if "drawn" in page.context else {}

            answer = everybody.post(address, _sent(page.context) | drawn)

            assert answer.status_code in {200, 403, 409}, address
    assert list(model._default_manager.order_by("pk").values()) == before


@pytest.mark.parametrize("name", ["areas", "offerings"])
def test_a_visit_is_about_nothing_of_such_a_number(coordinator_client, name):
    case = VisitRequestFactory(state="in_review")
    case.areas.set([AreaFactory()])
    address = reverse("admin:visits_visitrequest_deed", args=[case.pk, "change_subjects"])

    answer = coordinator_client.post(address, {"seen": case.version, name: [str(HUGE)]})

    assert answer.status_code == 422
    assert "Choose among the answers." in answer.content.decode()
    assert case.areas.count() == 1


@pytest.mark.parametrize("number", [HUGE, -HUGE, 2**63, -(2**63) - 1])
def test_a_query_for_such_a_number_finds_no_row_and_for_others_finds_them(number):
    session = SessionFactory()
    visit = session.visit_id

    found = [
        list(rows) for rows in (
            Session.objects.filter(visit=number), Session.objects.filter(visit__in=[number]),
            Session.objects.filter(pk__in=[number]), VisitRequest.objects.filter(areas=number),
            VisitRequest.objects.filter(areas__in=[number, number]), Facilitator.objects.filter(areas__in=[number]),
            Ask.objects.filter(session__visit__request=number),
        )
    ]  # fmt: skip

    assert found == [[]] * 7
    assert list(Session.objects.filter(visit__in=[number, visit])) == [session]
    assert list(Session.objects.exclude(visit=number)) == [session]
    assert list(Session.objects.exclude(visit__in=[number])) == [session]
    assert list(Session.objects.filter(pk__in=[number, session.pk, 0])) == [session]


def test_the_numbers_that_a_column_can_hold_are_asked_as_before():
    sessions = SessionFactory.create_batch(2)
    rows = Session.objects.order_by("pk")

    assert list(rows.filter(pk__in=[2**63 - 1, *(one.pk for one in sessions)])) == sessions
    assert list(rows.filter(visit__in=[one.visit for one in sessions])) == sessions
    assert list(rows.filter(visit__in=rows.values("visit"))) == sessions
    assert list(rows.filter(visit__request=sessions[0].visit.request)) == sessions[:1]
    assert not rows.filter(visit__in=[]).exists()
