"""What holds for every request: readable text, headers, and pages of ours when something is wrong."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path, resolve

from qulturum_portal.middleware import AudienceMiddleware
from qulturum_portal.urls import urlpatterns as portal_urls

pytestmark = pytest.mark.django_db

NOT_TEXT = "There was a sign in it that is not text."
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("address", ["/%00/", "/areas/?q=%00", "/areas/?q=%FF%FE", "/areas/?q=%ED%A0%80", "/?%C3(=1"])
def test_an_address_that_is_no_text_gets_a_sentence(client: Client, address: str):
    response = client.get(address)

    assert response.status_code == 400
    assert NOT_TEXT in response.text


@pytest.mark.parametrize("form", [b"email=%FF%FE", b"email=%ED%A0%80", b"%FF=1", b"email=\xff\xfe"])
def test_a_form_that_is_no_text_gets_a_sentence(client: Client, form: bytes):
    response = client.post("/account/login/", form, content_type=FORM)

    assert response.status_code == 400
    assert NOT_TEXT in response.text


def test_a_nul_in_a_form_is_said_beside_its_field(client: Client):
    response = client.post("/account/login/", b"login=anna%00%40example.org&password=x", content_type=FORM)

    assert response.status_code == 200
    assert NOT_TEXT not in response.text


@pytest.mark.parametrize("path", ["/%FF%FE/", "/%ED%A0%80/"])
def test_a_path_of_broken_bytes_finds_no_page(client: Client, path: str):
    assert client.get(path).status_code in {400, 404}


@pytest.mark.parametrize(
    "content", [{"data": {"aims": "a" * 2_000_000}}, {"data": "aims=" + "a" * 2_000_000, "content_type": FORM}]
)
def test_a_form_that_is_too_long_gets_a_sentence_with_the_limit(client: Client, content: dict):
    response = client.post("/account/login/", **content)

    assert response.status_code == 413
    assert "one megabyte" in response.text


def test_a_form_of_too_many_fields_is_refused(client: Client):
    response = client.post("/account/login/", {f"f{number}": "1" for number in range(1002)})

    assert response.status_code == 400


def test_a_broken_multipart_form_is_refused(client: Client):
    response = client.post("/account/login/", b"no parts", content_type="multipart/form-data; boundary=")

    assert response.status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept-Language": "sv," * 40_000},
        {"Accept-Language": "<script>"},
        {"Cookie": "django_language=<script>; theme=<script>"},
        {"Cookie": "sessionid=" + "x" * 8000},
        {"X-Forwarded-Host": "evil.test", "X-Forwarded-For": "1.2.3.4", "X-Forwarded-Proto": "https"},
    ],
)
def test_strange_headers_change_nothing(client: Client, headers: dict):
    response = client.get("/", headers=headers)

    assert response.status_code == 200
    assert '<html lang="en"' in response.text
    assert "evil.test" not in response.text


def test_an_unknown_host_is_refused_in_our_layout(client: Client):
    response = client.get("/", headers={"Host": "evil.test"})

    assert response.status_code == 400
    assert "evil.test" not in response.text


@pytest.mark.parametrize("address", ["/", "/nothing-here/", "/account/login/", "/admin/", "/healthz", "/?q=%00"])
def test_every_answer_carries_the_headers_that_protect(client: Client, address: str):
    response = client.get(address)

    assert set(response.headers["Content-Security-Policy"].split("; ")) == {
        "default-src 'none'",
        "script-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    }
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response.headers["Permissions-Policy"]


def test_a_page_of_somebody_signed_in_is_kept_by_no_cache(client: Client, django_user_model):
    client.force_login(django_user_model.objects.create_user(email="karin@example.org"))

    response = client.get("/")

    assert response.headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in response.headers["Vary"]


def test_a_missing_page_is_said_in_the_language_of_its_address(client: Client):
    assert "One step went missing" in client.get("/nothing-here/").text
    assert '<html lang="sv"' in client.get("/sv/nothing-here/").text


@override_settings(ROOT_URLCONF="tests.portal.test_every_request")
def test_a_failure_of_ours_names_nothing_of_the_machine(client: Client):
    client.raise_request_exception = False

    response = client.get("/broken/")

    assert response.status_code == 500
    assert "Something broke here" in response.text
    assert "secret detail" not in response.text


@override_settings(ROOT_URLCONF="tests.portal.test_every_request")
def test_an_address_that_nobody_declared_stops_the_developer(rf: RequestFactory):
    request = rf.get("/forgotten/")
    request.resolver_match = resolve("/forgotten/")
    middleware = AudienceMiddleware(lambda request: HttpResponse())

    with pytest.raises(ImproperlyConfigured, match="«forgotten» declares no audience"):
        middleware.process_view(request, forgotten, (), {})


@override_settings(ROOT_URLCONF="tests.portal.test_every_request", AUDIENCES_STRICT=False)
def test_an_address_that_nobody_declared_lets_nobody_in(client: Client):
    assert client.get("/forgotten/").status_code == 403


def broken(request):
    raise RuntimeError("secret detail")


def forgotten(request):
    return HttpResponse("not to be seen")


handler403 = "qulturum_portal.errors.forbidden"
handler500 = "qulturum_portal.errors.server_error"
urlpatterns = [
    path("broken/", broken, name="healthz"),
    path("forgotten/", forgotten, name="forgotten"),
    *portal_urls,
]
