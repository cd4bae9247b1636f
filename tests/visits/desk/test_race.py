"""A thousand pairs of colleagues save the same form at the same moment: nothing is lost, and the second is told.

Each pair has drawn its form from the same row and posts at once, in two threads, through the real views:
every kind of form of the desk that writes over what is stored, and the stock pages. Exactly one is kept,
whole; the other is answered 409 with a page on which both versions stand. The control is the same pairs
with the guard off: there, what one of them wrote is lost and nobody is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.utils.html import escape

from tests.conftest import signed_in
from tests.factories import ManagerFactory
from tests.visits.desk import pairs
from tests.visits.desk.pairs import NAMES, Post, Way
from visits.admin import clash
from visits.admin.guarded import Guarded

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
KEPT_AND_ASKED = "one kept, one asked"
BOTH_KEPT = "both kept, one told"


class Colleagues:
    """Two managers, each with a browser and a thread of their own."""

    def __init__(self) -> None:
        self.clients = [signed_in(ManagerFactory(first_name=name, last_name="Ahlgren")) for name in NAMES]
        self.gate = Barrier(len(NAMES))
        self.pool = ThreadPoolExecutor(len(NAMES))

    def save(self, posts: list[Post]) -> list[Any]:
        """Both at the same moment; the answers in their order."""
        return list(self.pool.map(self._save, self.clients, posts))

    def _save(self, client: Client, post: Post) -> Any:
        self.gate.wait()
        client.cookies.pop("messages", None)
        return client.post(*post)

    def go_home(self) -> None:
        for one in [self.pool.submit(self._close) for _name in NAMES]:
            one.result()
        self.pool.shutdown()

    def _close(self) -> None:
        self.gate.wait()
        connection.close()


@pytest.fixture
def colleagues() -> Iterator[Colleagues]:
    both = Colleagues()
    yield both
    both.go_home()


def play(both: Colleagues, ways: Iterable[Way], rounds: int) -> Counter[str]:
    """So many pairs of each way, all of each pair at once; returns what became of them."""
    found: Counter[str] = Counter()
    for way in ways:
        for n in range(rounds):
            typed = [way.typed(name, n) for name in NAMES]
            address, shown = way.post({})
            answers = both.save([(address, shown | one) for one in typed])
            found[judged(way, typed, answers)] += 1
    return found


def judged(way: Way, typed: list[dict[str, str]], answers: list[Any]) -> str:
    """What became of one pair: nothing is good but that all of one stands and the other has both before them."""
    statuses = [answer.status_code for answer in answers]
    if sorted(statuses) != [302, 409]:
        return f"{way.name}: answered {statuses}"
    first = statuses.index(302)
    if way.stands() != typed[first]:
        return f"{way.name}: lost"
    if way.who() != NAMES[first]:
        return f"{way.name}: the wrong name"
    page = answers[1 - first].content.decode()
    is_told = all(escape(words) in page for one in typed for words in way.shows(one))
    return KEPT_AND_ASKED if is_told else f"{way.name}: not told"


def play_different(both: Colleagues, rounds: int) -> Counter[str]:
    """One writes the title and one the place of the same row: there is nothing to choose, and both are kept."""
    way = pairs.row(pairs.session_of_its_own())
    found: Counter[str] = Counter()
    for n in range(rounds):
        typed = [{"row-title": f"Karin {n}"}, {"row-place": f"Maja {n}"}]
        address, shown = way.post({})
        answers = both.save([(address, shown | one) for one in typed])
        said = [str(one) for answer in answers for one in get_messages(answer.wsgi_request)]
        is_told = any("is kept too" in one for one in said)
        found[BOTH_KEPT if way.stands() == typed[0] | typed[1] and is_told else "lost"] += 1
    return found


def test_of_some_pairs_nothing_is_lost(colleagues: Colleagues) -> None:
    ways = [*pairs.desk_forms(), *pairs.stock_pages()]

    assert play(colleagues, ways, 3) == {KEPT_AND_ASKED: 3 * 21}
    assert play_different(colleagues, 3) == {BOTH_KEPT: 3}


@pytest.mark.one_engine
def test_of_a_thousand_pairs_nothing_is_lost(colleagues: Colleagues) -> None:
    ways = [*pairs.desk_forms(), *pairs.stock_pages()]

    assert play(colleagues, ways, 45) == {KEPT_AND_ASKED: 945}
    assert play_different(colleagues, 55) == {BOTH_KEPT: 55}


@contextmanager
def without_the_guard(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Forms are saved as they come, over whatever stands there: the version is not looked at."""

    def as_it_comes(form: Any, data: QueryDict) -> clash.Settled:
        copied = data.copy()
        copied["seen"] = str(form.visit_request.version)
        return clash.Settled([], copied, {})

    with monkeypatch.context() as patched:
        patched.setattr(clash, "of_deed", as_it_comes)
        patched.setattr(Guarded, "_settle", lambda *_args: None)
        yield


def test_without_the_guard_the_same_pairs_lose_what_one_of_them_wrote(
    colleagues: Colleagues, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = pairs.session_of_its_own()
    ways = [pairs.practical(session), pairs.row(session), *pairs.stock_pages()]

    with without_the_guard(monkeypatch):
        found = play(colleagues, ways, 4)

    assert found[KEPT_AND_ASKED] == 0
    assert found.total() == 4 * 14
