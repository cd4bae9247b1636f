"""One thing that is measured, and the lines that say what came of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import mean, median, quantiles
from time import perf_counter

from bench.portal import Program
from bench.server import Server


@dataclass
class Figure:
    """One thing that is measured, beside what it is compared with."""

    name: str
    server: Server | Program
    work: Callable[[], object]
    times: int
    baseline: Figure | None = None
    smaller: Figure | None = None
    limit: float | None = None
    most_growth: float | None = None
    most_ratio: float | None = None
    bring: Callable[[int], None] | None = None  # what has to be there before the time is taken
    taken: list[float] = field(default_factory=list)
    waited: list[list[float]] = field(default_factory=list)

    def measure(self) -> None:
        """Do the work and note the milliseconds of processor time for each, and how long each took."""
        if self.bring:
            self.bring(self.times)
        waited, before = [], self.server.cpu_seconds()
        for _ in range(self.times):
            began = perf_counter()
            self.work()
            waited.append(perf_counter() - began)
        self.taken.append((self.server.cpu_seconds() - before) / self.times * 1000)
        self.waited.append(waited)

    def warm_up(self) -> None:
        """Once outside all figures: it fills the caches of templates."""
        if self.bring:
            self.bring(1)
        self.work()

    def line(self) -> str:
        told: dict[str, object] = {
            "name": self.name,
            "value": round(median(self.taken), 2),
            "unit": "ms of server CPU",
            "repeats": len(self.taken),
        }
        if self.baseline:
            told |= {
                "baseline": self.baseline.name,
                "baseline_value": round(median(self.baseline.taken), 2),
                "ratio": self.ratio_to(self.baseline),
            }
        if self.baseline and self.most_ratio is not None:
            told |= {"most_ratio": self.most_ratio, "costs_little": self.ratio_to(self.baseline) <= self.most_ratio}
        if self.smaller:
            told |= {"smaller": self.smaller.name, "growth": self.ratio_to(self.smaller)}
        if self.limit is not None:
            told |= {"limit": self.limit, "pass": median(self.taken) <= self.limit}
        if self.smaller and self.most_growth is not None:
            told |= {"most_growth": self.most_growth, "grows_little": self.ratio_to(self.smaller) <= self.most_growth}
        return json.dumps(told)

    def ratio_to(self, other: Figure) -> float:
        """The median of the ratios taken side by side, repeat by repeat."""
        return round(median(mine / theirs for mine, theirs in zip(self.taken, other.taken, strict=True)), 2)

    def pace_to(self, other: Figure) -> float:
        """How many of these are done in a second, for each of the other: median of the repeats' ratios."""
        pairs = zip(self.waited, other.waited, strict=True)
        return round(median(mean(theirs) / mean(mine) for mine, theirs in pairs), 3)

    def slowest(self) -> float:
        """How many milliseconds one in twenty waits at least: median of the repeats."""
        return median(quantiles(waited, n=20)[-1] for waited in self.waited) * 1000

    def slowest_to(self, other: Figure) -> float:
        """How much longer one in twenty waits than one in twenty of the other: median of the repeats' ratios."""
        pairs = zip(self.waited, other.waited, strict=True)
        return round(median(quantiles(mine, n=20)[-1] / quantiles(theirs, n=20)[-1] for mine, theirs in pairs), 2)


def at_most(name: str, value: float, unit: str, limit: float) -> str:
    return json.dumps({"name": name, "value": round(value, 4), "unit": unit, "limit": limit, "pass": value <= limit})


def at_least(name: str, value: float, floor: float) -> str:
    told = {"name": name, "value": value, "unit": "ratio of rates", "at_least": floor, "pass": value >= floor}
    return json.dumps(told)
