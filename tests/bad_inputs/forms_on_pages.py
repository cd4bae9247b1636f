"""The forms of a page as a browser sees them, and where every visitor's page with a form is found.

A new page with a form joins the walk by one line in PAGES.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from django.test import Client

from tests.conftest import visitor_of
from tests.visits.agreement import cases as agreement_cases
from tests.visits.meeting import cases as meeting_cases
from tests.visits.request.story import fill_in, send, verify_address
from tests.visits.visitor import cases
from visits import access
from visits.choices import LinkPurpose
from visits.models import VisitRequest

TYPED: Final = {"text", "email", "tel", "search", "url", "number", "textarea"}


@dataclass
class Form:
    """One form: where it goes, what it holds, and the names of the boxes that one types in."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    boxes: list[str] = field(default_factory=list)

    def filled(self, words: str) -> dict[str, list[str]]:
        """What a browser sends when somebody has typed the same into every box; the trap stays empty."""
        typed = {name: [words] for name in self.boxes if name != "website"}
        return {**self.values, **typed}


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.forms, self.open = address, list[Form](), None
        self.select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.open = Form(told.get("action") or self.address, told.get("method", "get").lower())
            self.forms.append(self.open)
        elif self.open is not None and told.get("name"):
            self._control(tag, told)
        elif self.open is not None and tag == "option" and self.select and told.get("value"):
            self.open.values.setdefault(self.select, [told["value"]])

    def _control(self, tag: str, told: dict[str, str]) -> None:
        assert self.open is not None
        name, kind = told["name"], told.get("type", "text") if tag == "input" else tag
        if kind in TYPED:
            self.open.boxes.append(name)
        elif kind == "select":
            self.select = name
        elif kind in {"radio", "checkbox"}:
            self.open.values.setdefault(name, [told.get("value", "on")])
        elif kind == "hidden" and name != "csrfmiddlewaretoken":
            self.open.values.setdefault(name, []).append(told.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        if tag == "select":
            self.select = ""


def forms_of(page: str, address: str) -> list[Form]:
    """The forms in the main part of a page that are posted."""
    reader = _Reader(address)
    reader.feed(page.partition("<main")[2].partition("</main>")[0])
    return [form for form in reader.forms if form.method == "post"]


Opened = tuple[Client, str]  # a browser, and the address that it opens


def public(address: str) -> Callable[[], Opened]:
    """A page that everybody may open."""
    return lambda: (Client(), address)


def asking(step: str) -> Callable[[], Opened]:
    """A page of a request that is filled in and not sent."""

    def opened() -> Opened:
        client = Client()
        fill_in(client)
        return client, f"/visit/new/{step}/"

    return opened


def waiting_for_the_mail() -> Opened:
    client = Client()
    fill_in(client)
    send(client)
    return client, "/visit/new/sent/"


def behind_the_mail() -> Opened:
    client = Client()
    fill_in(client)
    send(client)
    return Client(), verify_address(VisitRequest.objects.latest("pk"))


def behind_the_link_of_a_draft() -> Opened:
    client = Client()
    fill_in(client)
    draft = VisitRequest.objects.latest("pk")
    return Client(), f"/d/{access.token(draft.links.get(purpose=LinkPurpose.DRAFT))}/"


def own(state: Callable[[], VisitRequest], page: str = "") -> Callable[[], Opened]:
    """A page of one's own visit in some state."""

    def opened() -> Opened:
        visit_request = state()
        return visitor_of(visit_request), f"{visit_request.get_absolute_url()}{page}"

    return opened


def as_member(page: str) -> Callable[[], Opened]:
    """A page of somebody of the group, by their own link."""

    def opened() -> Opened:
        visit_request = cases.agreed()
        return meeting_cases.member_client(meeting_cases.member(visit_request)), (
            f"{visit_request.get_absolute_url()}{page}"
        )

    return opened


PAGES: Final[dict[str, Callable[[], Opened]]] = {
    "sooner": public("/visit/sooner/"),
    "contact": public("/contact/"),
    "find": public("/find/"),
    "accessibility": public("/accessibility/"),
    "programmes": public("/programmes/"),
    "certificate": public("/certificate/"),
    "who, the first page": public("/visit/new/who/"),
    **{f"step {step}": asking(step) for step in ("who", "learn", "bring", "when", "needs", "check", "save")},
    "look in your e-mail": waiting_for_the_mail,
    "confirm the address": behind_the_mail,
    "go on with a draft": behind_the_link_of_a_draft,
    **{
        f"a visit that is {state.__name__}": own(state)
        for state in (
            cases.submitted, cases.in_review, cases.asked, cases.waitlisted, cases.proposed, cases.agreed,
            cases.confirmed, cases.completed, cases.declined, cases.withdrawn, cases.cancelled, cases.expired,
        )
    },
    "the request, to be changed": own(cases.submitted, "request/"),
    "change who": own(cases.submitted, "request/who/"),
    "change learn": own(cases.submitted, "request/learn/"),
    "change bring": own(cases.submitted, "request/bring/"),
    "change when": own(cases.submitted, "request/when/"),
    "change needs": own(cases.submitted, "request/needs/"),
    "say yes": own(cases.proposed, "yes/"),
    "wish for a change": own(cases.proposed, "change/"),
    "programme": own(cases.proposed, "programme/"),
    "names": own(cases.agreed, "group/"),
    "agreement": own(agreement_cases.whole, "agreement/"),
    "how many they are": own(cases.agreed, "group/size/"),
    "what they need": own(cases.agreed, "group/needs/"),
    "our half of the agreement": own(agreement_cases.drafted, "agreement/answers/"),
    "room": own(cases.agreed, "room/"),
    "invoice": own(cases.agreed, "invoice/"),
    "move": own(cases.confirmed, "move/"),
    "the day": own(cases.confirmed, "day/"),
    "the way": own(cases.confirmed, "getting-here/"),
    "calendar": own(cases.confirmed, "calendar/"),
    "invitation": own(cases.confirmed, "invitation/"),
    "one of the group": as_member("me/"),
    "one of the group in the room": as_member("room/"),
    "take back": own(cases.in_review, "withdraw/"),
    "call off": own(cases.agreed, "cancel/"),
    "look back": own(cases.completed, "look-back/"),
    "ledger": own(cases.completed, "ledger/"),
    "certificates": own(cases.completed, "certificates/"),
}  # fmt: skip
