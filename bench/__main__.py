"""`make bench`: prints one line of JSON a figure, each the median of interleaved repeats.

The value is the processor time of the server for one unit of work; the baseline is what plain
Django took for its own in the same repeat, `growth` compares with the same work on a smaller database;
both are medians of the ratios, repeat by repeat.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bench import wire
from bench.client import Browser
from bench.figure import Figure, at_least, at_most
from bench.flow import Senders, ask_for_a_visit
from bench.portal import Portal, Program, bare, changelist, portal
from bench.server import HOST, Server
from bench.triage import triage

DASHBOARD, DASHBOARD_LIMIT = ("/admin/dashboard/", "/admin/dashboard/over-time/"), 150.0
# Every page that anybody may read, and the first page of the request.
PUBLIC = (
    "/", "/co-learning/", "/areas/", "/areas/person-centred-care/", "/initiatives/", "/programmes/",
    "/programmes/green/", "/programmes/fellowship/", "/visit/new/who/", "/visit/sooner/", "/contact/", "/find/",
    "/accessibility/", "/privacy/", "/getting-here/",
)  # fmt: skip
PAGE_LIMIT, PAGE_GROWTH = 15.0, 1.05  # P6
FEW, SOME, MANY = 100, 1_000, 100_000  # requests stored
# P1: reading over the answers and sending them, 12 ms where the plain form takes 4.4. P2: the press alone, a second.
SENDING_TO_FORM, SENDING_GROWTH = 2.75, 1.2
PRESSES_TO_INSERTS, PRESSES_TO_FORMS = 0.25, 0.4
WEIGHED = ("/", "/visit/new/who/")
FIRST, WITHOUT_FONTS, SCRIPT, AGAIN = 120_000, 40_000, 6_000, 10_000
# Five months of first days for a group with three wishes, two days and one language.
WHEN = "/visit/new/when/?group_size=18&length=two&meeting_language=english"
WANTED = (
    ("person-centred-care", "esther-network"),
    ("person-centred-care", "self-dialysis-at-ryhov"),
    ("process-development", "person-centred-process-mapping"),
)
PEOPLE, OUTLOOK_LIMIT = 60, 50.0
LEADERS, SUGGESTION_LIMIT, SUGGESTION_WAIT = 100, 20.0, 50.0  # P12
# What the plain form of seven fields is given.
FORM: dict[str, object] = {
    "organisation": "Tromsø University Hospital",
    "country": "NO",
    "name": "Anna Berg",
    "email": "anna@sykehus.example.org",
    "group_size": "8",
    "first_day": "2099-03-17",
    "aim": "How a ward learns from what goes well, and how patients take part in it.",
}
number = count(1)


@dataclass
class Measured:
    """All figures in the order in which they are taken, and those that say how many a second."""

    all: list[Figure]
    insert: Figure
    form: Figure
    presses: list[Figure]

    def lines(self) -> Iterator[str]:
        yield from (figure.line() for figure in self.all)
        few, many = self.presses
        for press in self.presses:
            yield at_least(f"{press.name}, a second for each INSERT", press.pace_to(self.insert), PRESSES_TO_INSERTS)
            yield at_least(f"{press.name}, a second for each form", press.pace_to(self.form), PRESSES_TO_FORMS)
        yield at_most(f"{many.name}, one in twenty to {few.name}", many.slowest_to(few), "times", SENDING_GROWTH)


def figures(plain: Server, portals: dict[int, Portal], scale: int) -> Measured:
    """What is measured, the measures first; `scale` is how many flows a repeat plays."""
    browser, asker = Browser(plain.port, host=HOST), Browser(plain.port, host=HOST)
    rows = Figure("plain: 50 rows", plain, lambda: browser.get("/rows"), 10 * scale)
    insert = Figure("plain: one INSERT", plain, lambda: browser.post("/insert", {}), 40 * scale)
    shown = Figure("plain: form read and sent", plain, lambda: read_and_send(asker), 10 * scale)
    form = Figure("plain: form sent", plain, lambda: send_form(asker), 20 * scale)
    pages = [figure for path in PUBLIC for figure in page(path, portals, scale, rows)]
    flows = pair(lambda stored: flow(stored, portals[stored], scale, insert), FEW)
    sending = pair(lambda stored: sends(stored, portals[stored], scale, shown), SOME)
    presses = pair(lambda stored: press(stored, portals[stored], 2 * scale, form), SOME)
    dashboards = [
        dashboard(path, stored, portals[stored], scale, rows) for path in DASHBOARD for stored in (SOME, MANY)
    ]
    counted = [counted_anew(stored, portals[stored], rows) for stored in (SOME, MANY)]
    measured = [rows, insert, shown, form, *pages, *flows, *sending, *presses, *dashboards, *counted]
    return Measured(measured, insert, form, presses)


def pair(make: Callable[[int], Figure], few: int) -> list[Figure]:
    """The same in a small and in a large database, the second held against the first."""
    smaller, larger = make(few), make(MANY)
    larger.smaller, larger.most_growth = smaller, SENDING_GROWTH
    return [smaller, larger]


def read_and_send(browser: Browser) -> None:
    browser.get("/form")
    send_form(browser)


def send_form(browser: Browser) -> None:
    """The plain form once more; the browser has read it before."""
    browser.post("/form", FORM | {"csrfmiddlewaretoken": browser.cookies["csrftoken"]}, follow=False)
    if browser.status != 302:
        raise RuntimeError(f"The plain form answered {browser.status}.")


def sends(stored: int, where: Portal, scale: int, form: Figure) -> Figure:
    senders = Senders(where, number)
    name = f"answers read over and sent at {stored} stored"
    return Figure(
        name, where.server, senders.read_and_send, scale, form,
        most_ratio=SENDING_TO_FORM, bring=senders.bring,
    )  # fmt: skip


def press(stored: int, where: Portal, scale: int, form: Figure) -> Figure:
    senders = Senders(where, number)
    return Figure(f"request sent at {stored} stored", where.server, senders.send, scale, form, bring=senders.bring)


def page(path: str, portals: dict[int, Portal], scale: int, rows: Figure) -> list[Figure]:
    """One public page, and how it grows with what is stored."""

    def read(stored: int) -> Figure:
        where = portals[stored]
        return Figure(
            f"{path} at {stored} stored", where.server, reader(where, path), 2 * scale, rows, limit=PAGE_LIMIT
        )

    few, many = pair(read, FEW)
    many.most_growth = PAGE_GROWTH
    return [few, many]


def reader(where: Portal, path: str) -> Callable[[], object]:
    visitor = where.visitor(0)
    return lambda: visitor.get(path)


def weights(where: Portal) -> Iterator[str]:
    """A line for every weight of the pages that a guest meets first."""
    with wire.chromium(where.server) as browser:
        if browser is None:
            yield json.dumps({"name": "weights", "value": None, "why": "There is no Chromium on this machine."})
            return
        for path in WEIGHED:
            seen = wire.look(browser, path)
            yield at_most(f"{path} first visit", seen.first.total, "bytes", FIRST)
            yield at_most(f"{path} first visit without fonts", seen.first.without_fonts, "bytes", WITHOUT_FONTS)
            yield at_most(f"{path} scripts", seen.first.kinds["Script"], "bytes", SCRIPT)
            yield at_most(f"{path} second visit", seen.second.total, "bytes", AGAIN)
            yield at_most(f"{path} hosts", len(seen.first.hosts), "hosts", 1)
            yield at_most(f"{path} largest paint on a slow phone ({seen.lcp_is})", seen.lcp_ms, "ms", 1000)
            yield at_most(f"{path} blocked on a slow phone", seen.tbt_ms, "ms", 0)
            yield at_most(f"{path} layout shift", seen.cls, "shift", 0)


def flow(stored: int, where: Portal, scale: int, insert: Figure) -> Figure:
    title = f"request flow at {stored} stored"
    return Figure(title, where.server, lambda: ask_for_a_visit(where, next(number)), scale, insert)


def outlooks(where: Portal, answers: Program, scale: int, rows: Figure) -> list[Figure]:
    """What fits, in a full house: three months of answers, and the page that shows five of them."""
    plain = Figure("/visit/sooner/ in a full house", where.server, reader(where, "/visit/sooner/"), scale, rows)
    visitor = where.visitor(0)
    for area, offering in WANTED:
        visitor.get(f"/areas/{area}/")
        visitor.post("/basket/add/", {"item": f"offering:{offering}", "next": f"/areas/{area}/"})
    named = f"with {PEOPLE} people and a year of bookings"
    three = Figure(f"what fits in three months, {named}", answers, lambda: answers.ask(""), scale, plain)
    shown = Figure(f"step «when», {named}", where.server, lambda: visitor.get(WHEN), scale, plain)
    three.limit = OUTLOOK_LIMIT
    return [plain, three, shown]


def suggestions(where: Portal, answers: Program, scale: int, rows: Figure) -> list[Figure]:
    """Who could lead the six sessions of one visit: the answer alone, and the page that shows it."""
    coordinator = where.coordinator()
    address = f"/admin/visits/visitrequest/{answers.ask('')}/change/people/"
    named = f"{LEADERS} people and {SOME} accepted visits"
    answer = Figure(
        f"who could lead a whole visit, {named}", answers, lambda: answers.ask(""), scale, rows,
        limit=SUGGESTION_LIMIT,
    )  # fmt: skip
    shown = Figure(
        f"page of who could lead a whole visit, {named}", where.server, lambda: coordinator.get(address), scale, rows,
    )  # fmt: skip
    return [answer, shown]


def dashboard(path: str, stored: int, where: Portal, scale: int, rows: Figure) -> Figure:
    """A page of the dashboard as it is read, its season counted within the last minutes."""
    coordinator = where.coordinator()
    title = f"{path} at {stored} stored"
    return Figure(title, where.server, lambda: coordinator.get(path), scale, rows, limit=DASHBOARD_LIMIT)


def counted_anew(stored: int, where: Portal, rows: Figure) -> Figure:
    """The season counted while somebody waits, which happens once in five minutes at most."""
    coordinator = where.coordinator()

    def press() -> None:
        coordinator.get(DASHBOARD[0])
        coordinator.post(f"{DASHBOARD[0]}count-again/", {})

    return Figure(f"{DASHBOARD[0]} counted anew at {stored} stored", where.server, press, 1, rows)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--scale", type=int, default=10)
    parser.add_argument("--only", choices=list(ALONE), help="leave out everything else")
    parser.add_argument("--postgresql", metavar="URL", default="", help="of a server where databases may be made")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="qulturum-bench-")))
        lines = ALONE.get(options.only, everything)
        for line in list(lines(stack, folder, options)):
            print(line, flush=True)


def open_portals(
    stack: ExitStack, folder: Path, postgresql: str, sizes: tuple[int, ...], **more: int
) -> dict[int, Portal]:
    return {
        stored: stack.enter_context(portal(folder / str(stored), stored=stored, postgresql=postgresql, **more))
        for stored in sizes
    }


def take(measured: Iterable[Figure], repeats: int) -> None:
    """All figures in turn, so that what else the machine does falls on each of them alike."""
    figures = list(measured)
    for figure in figures:
        figure.warm_up()
    for _ in range(repeats):
        for figure in figures:
            figure.measure()


def only_queue(stack: ExitStack, folder: Path, options: argparse.Namespace) -> Iterator[str]:
    portals = open_portals(stack, folder, options.postgresql, (SOME, MANY))
    listed = stack.enter_context(changelist(portals[MANY]))
    found = triage((SOME, portals[SOME]), (MANY, portals[MANY]), listed, options.scale)
    take(found.all, options.repeats)
    yield from found.lines()


def only_suggestions(stack: ExitStack, folder: Path, options: argparse.Namespace) -> Iterator[str]:
    plain = stack.enter_context(bare(folder))
    browser = Browser(plain.port, host=HOST)
    rows = Figure("plain: 50 rows", plain, lambda: browser.get("/rows"), 10 * options.scale)
    suggested = suggested_in(stack, folder, options, rows)
    take([rows, *suggested], options.repeats)
    yield from (figure.line() for figure in (rows, *suggested))
    yield from (waited_for(figure) for figure in suggested)


def suggested_in(stack: ExitStack, folder: Path, options: argparse.Namespace, rows: Figure) -> list[Figure]:
    """What is told of suggestions, in a house of its own."""
    where = portal(folder / "led", stored=SOME, leaders=LEADERS, postgresql=options.postgresql)
    led = stack.enter_context(where)
    suggesting = Program("suggesting", led.environment)
    stack.callback(suggesting.end)
    return suggestions(led, suggesting, options.scale, rows)


def waited_for(figure: Figure) -> str:
    return at_most(f"{figure.name}, one in twenty", figure.slowest(), "ms", SUGGESTION_WAIT)


def everything(stack: ExitStack, folder: Path, options: argparse.Namespace) -> Iterator[str]:
    plain = stack.enter_context(bare(folder))
    portals = open_portals(stack, folder, options.postgresql, (FEW, SOME, MANY))
    large = stack.enter_context(portal(folder / "house", stored=FEW, people=PEOPLE))
    measured = figures(plain, portals, options.scale)
    answers = Program("outlook", large.environment)
    stack.callback(answers.end)
    measured.all += outlooks(large, answers, options.scale, measured.all[0])
    suggested = suggested_in(stack, folder, options, measured.all[0])
    measured.all += suggested
    listed = stack.enter_context(changelist(portals[MANY]))
    lists = triage((SOME, portals[SOME]), (MANY, portals[MANY]), listed, options.scale)
    take([*measured.all, *lists.all], options.repeats)
    yield from measured.lines()
    yield from (waited_for(figure) for figure in suggested)
    yield from lists.lines()
    yield from weights(portals[FEW])


ALONE: dict[str | None, Callable[[ExitStack, Path, argparse.Namespace], Iterator[str]]] = {
    "queue": only_queue, "suggestions": only_suggestions,
}  # fmt: skip

if __name__ == "__main__":
    main()
