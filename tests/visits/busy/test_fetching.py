"""Asking a stranger's machine for a file: only the open network, only https, not for long and not for much."""

from __future__ import annotations

import gzip
import socket
import zlib
from threading import Event

import pytest

from tests.visits.busy.files import Host, calendar, gives, hosted
from visits.busy import fetching, network
from visits.busy.fetching import Unreadable, as_address, fetch
from visits.choices import CalendarProblem

P = CalendarProblem
FILE = calendar("SUMMARY:Dentist\nDTSTART:20270316T090000Z\nDURATION:PT1H")


def refused(deed, *args, **kwargs) -> CalendarProblem:
    with pytest.raises(Unreadable) as found:
        deed(*args, **kwargs)
    return found.value.problem


def leads_to(monkeypatch: pytest.MonkeyPatch, **names: str) -> list[str]:
    """Let names lead to these addresses, and remember whom anybody would connect to."""
    connected: list[str] = []

    def resolve(host: str, port: int, **_: object) -> list[tuple]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in names[host].split(" ")]

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        connected.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    return connected


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("http://calendar.example/a.ics", P.NOT_HTTPS), ("file:///etc/passwd", P.NOT_HTTPS), ("ftp://a/b", P.NOT_HTTPS),
        ("javascript:alert(1)", P.NOT_HTTPS), ("https://", P.NOT_HTTPS), ("calendar", P.NOT_HTTPS),
        ("https://[::1", P.NOT_HTTPS), ("https://a:b/", P.NOT_HTTPS), ("https://kalender.exämple/", P.NOT_HTTPS),
        ("https://a.example/\r\nHost: b", P.NOT_HTTPS), (f"https://a.example/{'x' * 2000}", P.NOT_HTTPS),
        ("https://me:word@calendar.example/a.ics", P.NO_ACCESS), ("https://calendar.example:8443/a.ics", P.NOT_PUBLIC),
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_before_anybody_is_asked(typed, problem):
    assert refused(as_address, typed) == problem


def test_the_address_of_a_calendar_program_is_one_of_https():
    assert as_address(" webcal://calendar.example/a.ics?key=1 ") == "https://calendar.example/a.ics?key=1"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "100.100.100.200", "168.63.129.16", "192.0.0.192", "198.18.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:8.8.8.8", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1", "localhost", "",
    ],
)  # fmt: skip
def test_an_address_of_this_machine_of_a_house_or_of_a_cloud_is_not_open(address):
    assert not network.is_open(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "193.10.252.1", "2a00:1450:400f:80d::200e"])
def test_an_address_of_the_open_network_is_open(address):
    assert network.is_open(address)


@pytest.mark.parametrize("found", ["127.0.0.1", "10.0.0.8", "169.254.169.254", "::1", "8.8.8.8 127.0.0.1"])
def test_a_name_that_leads_inside_is_never_connected_to(monkeypatch, found):
    connected = leads_to(monkeypatch, **{"calendar.example": found})

    assert refused(fetch, "https://calendar.example/a.ics") == P.NOT_PUBLIC
    assert connected == []


def test_the_machine_that_was_looked_at_is_the_one_that_is_connected_to(monkeypatch):
    connected = leads_to(monkeypatch, **{"calendar.example": "8.8.8.8"})

    assert refused(fetch, "https://calendar.example/a.ics") == P.UNREACHABLE
    assert connected == ["8.8.8.8"]


def test_without_the_setting_this_machine_is_not_asked(settings):
    assert settings.QULTURUM_LOCAL_CALENDARS is False
    with hosted() as host:
        assert refused(fetch, host.address) == P.NOT_HTTPS
        assert refused(fetch, host.address.replace("http:", "https:").replace(host.address[17:22], "")) in P
        assert host.asked == []


def test_the_file_comes_as_it_is_with_its_mark(host: Host):
    host.answer = gives(FILE, ETag='"v1"')

    found = fetch(f"{host.address}?key=a%20b")

    assert (found.file, found.etag) == (FILE, '"v1"')
    assert host.asked[0]["path"] == "/secret-zqxwvjky.ics?key=a%20b"
    assert not {"cookie", "authorization", "referer", "if-none-match"} & host.asked[0].keys()


def test_what_has_not_changed_is_not_sent_again(host: Host):
    host.answer = gives(b"", 304)

    assert fetch(host.address, etag='"v1"') == fetching.Fetched(None, '"v1"')
    assert host.asked[0]["if-none-match"] == '"v1"'


def test_a_redirect_is_followed_and_looked_at_anew(host: Host):
    with hosted() as other:
        other.answer = gives(FILE)
        host.answer = gives(b"", 302, Location=other.address)

        assert fetch(host.address).file == FILE

    for inside in ("ftp://a/b", "file:///etc/passwd", "gopher://a"):
        host.answer = gives(b"", 302, Location=inside)
        assert refused(fetch, host.address) == P.NOT_HTTPS


def test_a_redirect_inside_is_refused_after_its_name_is_resolved(settings, monkeypatch):
    """The first machine is an open one; what it sends us on to is not."""
    connected: list[str] = []
    names = {"calendar.example": "8.8.8.8", "inside.example": "169.254.169.254"}

    def resolve(host: str, port: int, **_: object) -> list[tuple]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (names[host], port))]

    def connected_to(address: tuple[str, int], timeout: float) -> socket.socket:
        connected.append(address[0])
        ours, theirs = socket.socketpair()
        theirs.sendall(b"HTTP/1.1 301 Moved\r\nLocation: https://inside.example/latest/meta-data\r\n\r\n")
        theirs.shutdown(socket.SHUT_WR)
        others.append(theirs)
        return ours

    others: list[socket.socket] = []
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connected_to)
    monkeypatch.setattr(fetching, "_secured", lambda line, host, watch: line)

    problem = refused(fetch, "https://calendar.example/a.ics")

    for line in others:
        line.close()
    assert problem == P.NOT_PUBLIC
    assert connected == ["8.8.8.8"]


def test_redirects_that_never_end_are_given_up(host: Host):
    host.answer = gives(b"", 302, Location=host.address)

    assert refused(fetch, host.address) == P.UNREACHABLE
    assert len(host.asked) == fetching.MOST_REDIRECTS + 1


@pytest.mark.parametrize(
    ("status", "problem"),
    [(401, P.NO_ACCESS), (403, P.NO_ACCESS), (404, P.GONE), (410, P.GONE), (500, P.UNREACHABLE), (304, P.UNREACHABLE)],
)
def test_what_the_other_machine_says_is_told_in_our_words(host: Host, status, problem):
    host.answer = gives(b"", status)

    assert refused(fetch, host.address) == problem


def test_two_megabytes_are_enough(host: Host):
    host.answer = gives(b"x" * fetching.MOST_BYTES)
    assert len(fetch(host.address).file or b"") == fetching.MOST_BYTES

    host.answer = gives(b"x" * (fetching.MOST_BYTES + 1))
    assert refused(fetch, host.address) == P.TOO_LARGE


def test_what_is_packed_all_the_same_is_unpacked_and_a_bomb_is_not(host: Host):
    host.answer = gives(gzip.compress(FILE), Content_Encoding="gzip")
    assert fetch(host.address).file == FILE
    host.answer = gives(zlib.compress(FILE), Content_Encoding="deflate")
    assert fetch(host.address).file == FILE

    bomb = gzip.compress(b"\x00" * 300 * 1024 * 1024, compresslevel=9)
    assert len(bomb) < fetching.MOST_BYTES
    host.answer = gives(bomb, Content_Encoding="gzip")
    assert refused(fetch, host.address) == P.TOO_LARGE
    host.answer = gives(FILE, Content_Encoding="br")
    assert refused(fetch, host.address) == P.NO_CALENDAR


def test_what_breaks_off_is_not_taken_for_the_whole(host: Host):
    host.answer = gives(FILE, Content_Length=str(len(FILE) + 10))

    assert refused(fetch, host.address) == P.UNREACHABLE


def test_whoever_answers_letter_by_letter_is_cut_off(host: Host, monkeypatch):
    monkeypatch.setattr(fetching, "WHOLE_SECONDS", 0.5)
    letters, refused_it = [], Event()

    def drip(request) -> None:
        while not refused_it.wait(0.1) and len(letters) < 100:
            request.wfile.write(b"H")
            request.wfile.flush()
            letters.append("H")

    host.answer = drip

    assert refused(fetch, host.address) == P.TOO_SLOW
    assert len(letters) < 30  # of a hundred that would have come
    refused_it.set()


def test_whoever_says_nothing_is_not_waited_for(host: Host, monkeypatch):
    monkeypatch.setattr(fetching, "STEP_SECONDS", 0.2)
    refused_it = Event()
    host.answer = lambda request: refused_it.wait(10) and None

    assert refused(fetch, host.address) == P.TOO_SLOW
    refused_it.set()


def test_noise_instead_of_an_answer_is_nobody_there(host: Host):
    host.answer = lambda request: request.wfile.write(b"\x00\x01 this is not HTTP\r\n\r\n") and None

    assert refused(fetch, host.address) == P.UNREACHABLE


def test_the_error_never_says_the_address(host: Host):
    host.answer = gives(b"", 302, Location="https://secret-zqxwvjky.example:99999/\u2028")

    with pytest.raises(Unreadable) as found:
        fetch(host.address)

    assert "secret" not in f"{found.value!r} {found.value.__cause__!r}"
