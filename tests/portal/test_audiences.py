"""Every address says whom it is for, and lets in nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from qulturum_portal.audiences import AUDIENCES, Audience, admits, audience_of, needs_account
from tests import factories
from tests.portal.routes import Route, all_routes
from tests.portal.scene import Side, side, signed_in
from visits.models import Heartbeat

ROUTES = all_routes()
METHODS = ["get", "post"]


@pytest.fixture
def sweeping(db) -> Heartbeat:
    """Without it the portal says that it is not ready."""
    return Heartbeat.objects.create(name="sweep", at=timezone.now())


@pytest.fixture
def mine(db) -> Side:
    return side()


@pytest.fixture
def theirs(db) -> Side:
    return side()


def of(*audiences: Audience) -> list[Route]:
    return [route for route in ROUTES if route.audience in audiences]


def with_parts(routes: Iterable[Route], *parts: str) -> list[Route]:
    return [route for route in routes if route.parts & set(parts)]


def wrong(
    routes: list[Route],
    ask: Callable[[Route], HttpResponse],
    right: Callable[[HttpResponse], bool],
) -> list[str]:
    """The addresses that answered otherwise than they should, with what they answered."""
    assert routes
    answers = [(route, ask(route)) for route in routes]
    found = [f"{route} answered {answer.status_code}" for route, answer in answers if not right(answer)]
    for file in (close for _route, answer in answers if answer.streaming for close in answer._resource_closers):
        file()  # what is sent from a file stays open until then
    return found


def status(*statuses: int) -> Callable[[HttpResponse], bool]:
    return lambda answer: answer.status_code in statuses


def to_sign_in(answer: HttpResponse) -> bool:
    return answer.status_code == 302 and answer.headers["Location"].startswith(reverse("account_login") + "?next=/")


def test_the_walk_finds_the_portal():
    assert len(ROUTES) > 100


def test_the_walk_leads_where_it_says():
    astray = [f"{route} → {resolve(route.path()).view_name}" for route in ROUTES if not leads_there(route)]

    assert astray == []


def leads_there(route: Route) -> bool:
    """The desk's catch-all, and addresses of django-allauth that we closed, are hidden by others of their kind."""
    found = resolve(route.path()).view_name
    return found == route.view_name or found.startswith(("admin", "account_closed"))


def test_every_address_declares_its_audience():
    assert [str(route) for route in ROUTES if audience_of(route.view_name) is None] == []


def test_every_declaration_is_of_an_address():
    names = [route.view_name for route in ROUTES]
    unused = [
        declared
        for declared in AUDIENCES
        if not any(name == declared or (declared.endswith("*") and name.startswith(declared[:-1])) for name in names)
    ]

    assert unused == []


@pytest.mark.parametrize("method", METHODS)
def test_who_has_not_signed_in_is_asked_to(sweeping: Heartbeat, method: str):
    closed = [route for route in ROUTES if needs_account(route.audience)]

    assert wrong(closed, lambda route: getattr(Client(), method)(route.path()), to_sign_in) == []


@pytest.mark.parametrize("method", METHODS)
def test_a_stranger_enters_what_is_public_without_harm(sweeping: Heartbeat, method: str):
    open_to_all = of(Audience.PUBLIC, Audience.SECRET)

    assert (
        wrong(open_to_all, lambda route: getattr(Client(), method)(route.path()), lambda a: a.status_code < 500) == []
    )


@pytest.mark.parametrize("method", METHODS)
def test_a_wrong_secret_opens_nothing(mine: Side, method: str):
    secret = with_parts(of(Audience.SECRET), "token", "secret")

    answers = wrong(secret, lambda route: getattr(Client(), method)(route.path(mine.parts)), status(404, 405, 410))

    assert answers == []


@pytest.mark.parametrize("method", METHODS)
def test_a_stranger_sees_nothing_of_a_visit(mine: Side, method: str):
    visits = with_parts(of(Audience.VISITOR, Audience.FOLLOWER), "reference")

    assert wrong(visits, lambda route: getattr(Client(), method)(route.path(mine.parts)), status(404, 405)) == []


def test_a_visitor_sees_their_own_visit(mine: Side, theirs: Side):
    visitor = mine.visitor()

    answers = wrong(
        with_parts(of(Audience.VISITOR, Audience.FOLLOWER), "reference"),
        lambda route: visitor.get(route.path(mine.parts)),
        status(200, 302, 405, 422),  # a form that nothing was chosen in
    )

    assert answers == []


@pytest.mark.parametrize("method", METHODS)
def test_a_visitor_finds_nothing_of_another(mine: Side, theirs: Side, method: str):
    visitor = mine.visitor()
    visits = with_parts(of(Audience.VISITOR, Audience.FOLLOWER), "reference")

    assert wrong(visits, lambda route: getattr(visitor, method)(route.path(theirs.parts)), status(404, 405)) == []


@pytest.mark.parametrize("method", METHODS)
def test_a_visitor_has_no_place_at_the_desk_or_in_a_schedule(mine: Side, method: str):
    visitor = mine.visitor()
    closed = of(Audience.SIGNED_IN, Audience.FACILITATOR, Audience.STAFF, Audience.MANAGER)

    assert wrong(closed, lambda route: getattr(visitor, method)(route.path(mine.parts)), to_sign_in) == []


@pytest.mark.parametrize("method", METHODS)
def test_those_who_work_here_do_not_enter_by_the_visitors_door(mine: Side, method: str):
    visits = with_parts(of(Audience.VISITOR, Audience.FOLLOWER), "reference")

    for user in (mine.facilitator.user, factories.CoordinatorFactory(), factories.ManagerFactory()):
        client = signed_in(user)
        assert wrong(visits, lambda r, c=client: getattr(c, method)(r.path(mine.parts)), status(404, 405)) == []


def test_a_facilitator_sees_their_own_schedule(mine: Side, theirs: Side):
    facilitator = signed_in(mine.facilitator.user)

    answers = wrong(
        of(Audience.FACILITATOR), lambda route: facilitator.get(route.path(mine.parts)), status(200, 302, 405)
    )

    assert answers == []


@pytest.mark.parametrize("method", METHODS)
def test_a_facilitator_finds_nothing_of_another(mine: Side, theirs: Side, method: str):
    facilitator = signed_in(mine.facilitator.user)
    rows = with_parts(of(Audience.FACILITATOR), "ask_id", "booking_id", "helping_id", "gathering_id")

    assert wrong(rows, lambda route: getattr(facilitator, method)(route.path(theirs.parts)), status(404, 405)) == []


@pytest.mark.parametrize("method", METHODS)
def test_a_facilitator_has_no_place_at_the_desk(mine: Side, method: str):
    facilitator = signed_in(mine.facilitator.user)
    desk = of(Audience.STAFF, Audience.MANAGER)

    assert wrong(desk, lambda route: getattr(facilitator, method)(route.path(mine.parts)), status(403)) == []


@pytest.mark.parametrize("method", METHODS)
def test_a_facilitator_who_left_has_no_schedule(mine: Side, method: str):
    mine.facilitator.is_active = False
    mine.facilitator.save(update_fields=["is_active"])
    facilitator = signed_in(mine.facilitator.user)

    answers = wrong(
        of(Audience.FACILITATOR), lambda route: getattr(facilitator, method)(route.path(mine.parts)), status(403, 405)
    )

    assert answers == []


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("role", [factories.CoordinatorFactory, factories.ManagerFactory])
def test_the_desk_has_no_schedule(mine: Side, role: type, method: str):
    client = signed_in(role())

    answers = wrong(
        of(Audience.FACILITATOR), lambda route: getattr(client, method)(route.path(mine.parts)), status(403)
    )

    assert answers == []


@pytest.mark.parametrize("role", [factories.CoordinatorFactory, factories.ManagerFactory])
def test_the_desk_opens_for_those_who_work_there(mine: Side, role: type):
    client = signed_in(role())

    assert (
        wrong(of(Audience.STAFF), lambda route: client.get(route.path(mine.parts)), lambda a: not to_sign_in(a)) == []
    )
    assert client.get("/admin/", follow=True).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "audiences"),
    [
        (factories.UserFactory, {Audience.SIGNED_IN}),
        (factories.CoordinatorFactory, {Audience.SIGNED_IN, Audience.STAFF}),
        (factories.ManagerFactory, {Audience.SIGNED_IN, Audience.STAFF, Audience.MANAGER}),
    ],
)
def test_each_role_belongs_to_its_audiences(role: type, audiences: set[Audience]):
    user = role()

    assert {audience for audience in Audience if needs_account(audience) and admits(audience, user)} == audiences


@pytest.mark.parametrize("method", METHODS)
def test_what_helps_in_development_is_nowhere_else(mine: Side, method: str):
    hidden = of(Audience.DEVELOPMENT)
    manager = signed_in(factories.ManagerFactory())

    assert [route for route in hidden if getattr(manager, method)(route.path(mine.parts)).status_code != 404] == []
