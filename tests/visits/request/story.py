"""A visitor at the keyboard: fills in the steps as a browser without script would."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from visits import access, rules
from visits.choices import LinkPurpose
from visits.models import VisitRequest

WHO: dict[str, Any] = {
    "organisation_name": "Tayford Health Board",
    "country": "GB",
    "organisation_kind": "health",
    "contact_name": "Aileen Munro",
    "contact_role": "Head of improvement",
    "contact_email": "aileen@tayford.example",
    "language": "en",
    "group_size": "6",
    "professions": ["nurses", "patients"],
}
LEARN: dict[str, Any] = {
    "aim": "How Esther changed the flow between hospital and home",
    "question_1": "How did you get the municipalities to the same table?",
}
BRING: dict[str, Any] = {"gifts": ["challenge"], "brings": "Our volunteers phone people who live alone."}
NEEDS: dict[str, Any] = {"meeting_language": "english", "needs_invitation_letter": "no", "vegetarian": "2"}


def open_day(weeks: int = 2) -> date:
    """A Wednesday that can be wished for; far from most holidays is the caller's luck."""
    day = rules.earliest_first_day(timezone.localdate()) + timedelta(weeks=weeks)
    return day + timedelta(days=(2 - day.weekday()) % 7)


def when(day: date | None = None) -> dict[str, Any]:
    return {"length": "two", "first": (day or open_day()).isoformat()}


def hidden(page: HttpResponse) -> dict[str, str]:
    """What the page's form carries unseen."""
    found = re.findall(r'<input type="hidden" name="(draft|seen|choice)" value="([^"]*)"', page.content.decode())
    return dict(found)


def answer(client: Client, step: str, data: dict[str, Any], query: str = "") -> HttpResponse:
    """Open a step, write, and press Continue."""
    address = f"/visit/new/{step}/{query}"
    return client.post(address, {**hidden(client.get(address)), **data})


def fill_in(client: Client, **changes: dict[str, Any]) -> None:
    """All five steps; `who={…}` and so on change single answers."""
    for step, data in (("who", WHO), ("learn", LEARN), ("bring", BRING), ("when", when()), ("needs", NEEDS)):
        response = answer(client, step, {**data, **changes.get(step, {})})
        assert response.status_code == 302, f"{step}: {problems(response)}"


def send(client: Client) -> HttpResponse:
    """Check the answers and press Send."""
    page = client.get("/visit/new/check/")
    return client.post("/visit/new/check/", {**hidden(page), "asked": "on"})


def verify_address(visit_request: VisitRequest) -> str:
    """The address behind the button of the mail."""
    link = visit_request.links.filter(purpose=LinkPurpose.VERIFY).latest("pk")
    return f"/verify/{access.token(link)}/"


def problems(page: HttpResponse) -> list[str]:
    """The sentences of the error summary."""
    summary = re.search(r'<section class="errors".*?</section>', page.content.decode(), re.DOTALL)
    lines = re.findall(r"<li>(?:<a [^>]*>)?(.*?)(?:</a>)?</li>", summary[0], re.DOTALL) if summary else []
    return [line.replace("&#x27;", "'") for line in lines]
