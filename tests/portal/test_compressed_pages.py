"""Pages are compressed on their way; files and calendars are left alone."""

from __future__ import annotations

import gzip

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from qulturum_portal.middleware import CompressedPagesMiddleware

GZIP = {"Accept-Encoding": "gzip, br"}


@pytest.mark.django_db
def test_a_page_is_a_fraction_of_itself_on_the_wire(client: Client):
    plain = client.get("/").content

    sent = client.get("/", headers=GZIP)

    assert sent["Content-Encoding"] == "gzip"
    assert len(sent.content) < len(plain) / 3
    assert gzip.decompress(sent.content).startswith(plain[:60])


@pytest.mark.django_db
def test_who_does_not_understand_gzip_gets_the_page_as_it_is(client: Client):
    assert "Content-Encoding" not in client.get("/").headers


@pytest.mark.parametrize("kind", ["text/calendar; charset=utf-8", "application/pdf", "text/csv"])
def test_a_file_is_sent_as_it_is(kind: str):
    def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse(b"BEGIN" * 500, content_type=kind, headers={"ETag": '"1"'})

    response = CompressedPagesMiddleware(answer)(RequestFactory().get("/", headers=GZIP))

    assert response.content == b"BEGIN" * 500
    assert response["ETag"] == '"1"'
