"""What one of us types for somebody, and a list as a spreadsheet saves it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import wished_day

HEAD = "Organisation;Country;Contact person;E-mail;How many;Brings;First day"


def typed(**other: Any) -> dict[str, Any]:
    """A page with what it must have."""
    return {
        "source": "phone", "said": "They want to see Esther.", "organisation_name": "Almadura Clinic", "country": "PT",
        "contact_name": "Inês Carvalho", "contact_email": "ines@almadura.example.org", "language": "en",
        "group_size": "8", "brings": "A board at the bed.", "first_day": wished_day().isoformat(),
    } | other  # fmt: skip


def too_soon() -> date:
    return timezone.localdate() + timedelta(days=30)


def row(number: int = 1, **other: str) -> str:
    cells = {
        "organisation": f"Hospital {number}", "country": "Portugal", "contact": "Inês Carvalho",
        "email": f"ines{number}@almadura.example.org", "size": "8", "brings": "A board at the bed.",
        "day": wished_day().isoformat(),
    } | other  # fmt: skip
    return ";".join(cells.values())


def a_list(*rows: str, head: str = HEAD) -> str:
    return "\r\n".join([head, *(rows or (row(),))]) + "\r\n"


def send_in(client: Client, content: str | bytes, name: str = "list.csv") -> Any:
    raw = content.encode() if isinstance(content, str) else content
    return client.post(reverse("admin:import"), {"file": SimpleUploadedFile(name, raw, "text/csv")})
