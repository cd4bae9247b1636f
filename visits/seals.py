"""The history of a request is a chain: each line is sealed over its content and over the line before it.

A deed only adds its line. The chain is made after it, within a minute, by whoever comes first: deeds
never wait for one another because of it, and a line that is kept late gets the next place in the chain.
What holds words or names of guests is sealed by a salted fingerprint, so that it can be forgotten after
its time and the chain still holds. A draft is nobody's to keep: its lines are sealed once it reaches us.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from visits.models import Heartbeat, HistoryEntry
from visits.models.conversation import FORGOTTEN_WORDS

logger = logging.getLogger(__name__)

MOST_AT_ONCE: Final = 2000
FIRST: Final = ""  # the seal before the first line
WHOLE: Final = "history"  # the heartbeat of a history that was looked at and found whole


@dataclass(frozen=True)
class Looked:
    """What a look at one chain or at all found: how many lines are sealed, how many not yet, and where it breaks."""

    sealed: int
    waiting: int
    broken: HistoryEntry | None = None

    @property
    def is_whole(self) -> bool:
        return self.broken is None


@transaction.atomic
def seal_due(_at: datetime) -> int:
    """Seal the lines that are not sealed yet; returns how many. Two at once do not both seal a line."""
    reached = HistoryEntry.objects.filter(seal="", request__submitted_at__isnull=False)
    waiting = reached.order_by("pk").select_for_update(of=("self",))
    entries = sorted(waiting[:MOST_AT_ONCE], key=lambda entry: (entry.request_id, entry.pk))
    ends = _ends({entry.request_id for entry in entries})
    for entry in entries:
        link, before = ends.get(entry.request_id, (0, FIRST))
        entry.link, entry.salt = link + 1, secrets.token_hex(16)
        entry.words_digest = words_digest(entry)
        entry.seal = seal_of(entry, before)
        ends[entry.request_id] = entry.link, entry.seal
    HistoryEntry.objects.bulk_update(entries, ["link", "salt", "words_digest", "seal"], batch_size=200)
    return len(entries)


def _ends(requests: Iterable[int]) -> dict[int, tuple[int, str]]:
    """The last link of each chain, with its seal."""
    chains = HistoryEntry.objects.filter(request__in=requests, link__isnull=False).order_by()
    last = dict(chains.values_list("request").annotate(last=Max("link")))
    found = HistoryEntry.objects.filter(request__in=last, link__in=set(last.values()))
    return {row.request_id: (last[row.request_id], row.seal) for row in found if row.link == last[row.request_id]}


def words_digest(entry: HistoryEntry) -> str:
    """The fingerprint of what may be forgotten; without the salt nobody can guess the words from it."""
    words = {key: entry.detail[key] for key in FORGOTTEN_WORDS if key in entry.detail}
    return _digest([entry.salt, entry.by_name, words])


def seal_of(entry: HistoryEntry, before: str) -> str:
    """The seal that a line has when nothing of it, and nothing before it, has been changed."""
    kept = {key: value for key, value in entry.detail.items() if key not in FORGOTTEN_WORDS}
    at = entry.at.astimezone(UTC).isoformat()
    return _digest(
        [before, entry.request_id, entry.link, entry.what, entry.by_id, at, kept, entry.words_digest]
    )  # fmt: skip


def _digest(content: list[Any]) -> str:
    written = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def look(entries: Iterable[HistoryEntry]) -> Looked:
    """Whether the chain of one request, given whole and in any order, is as it was sealed."""
    lines = list(entries)
    chain = sorted((line for line in lines if line.link is not None), key=lambda line: line.link or 0)
    before = FIRST
    for link, line in enumerate(chain, start=1):
        if line.link != link or line.seal != seal_of(line, before) or not _has_its_words(line):
            return Looked(len(chain), len(lines) - len(chain), line)
        before = line.seal
    return Looked(len(chain), len(lines) - len(chain))


def _has_its_words(line: HistoryEntry) -> bool:
    if line.salt:
        return line.words_digest == words_digest(line)
    # Who of ours did it is told by the account too, and stays.
    return not (line.by_name and line.by_id is None) and not any(key in line.detail for key in FORGOTTEN_WORDS)


def look_at_all() -> Looked:
    """The same over every request, in one walk; it ends at the first line that is not as it was sealed."""
    sealed = waiting = 0
    rows = HistoryEntry.objects.order_by("request_id", "link", "pk").iterator(chunk_size=2000)
    for _request, entries in groupby(rows, key=lambda entry: entry.request_id):
        found = look(entries)
        sealed, waiting = sealed + found.sealed, waiting + found.waiting
        if not found.is_whole:
            return Looked(sealed, waiting, found.broken)
    return Looked(sealed, waiting)


def look_each_night(at: datetime) -> int:
    """Look at all of it, and leave a heartbeat when it is whole; returns how many lines are sealed."""
    found = look_at_all()
    if found.broken is not None:
        logger.critical("The history of request %s is broken at line %s", found.broken.request_id, found.broken.link)
    else:
        Heartbeat.objects.update_or_create(name=WHOLE, defaults={"at": at})
    return found.sealed


def forget_words(entries: Iterable[HistoryEntry]) -> int:
    """Take the words and names of guests out of sealed lines for good; returns how many lines had any."""
    lines = [entry for entry in entries if entry.salt]
    for entry in lines:
        entry.by_name, entry.salt = entry.by_name if entry.by_id else "", ""
        entry.detail = {key: value for key, value in entry.detail.items() if key not in FORGOTTEN_WORDS}
    HistoryEntry.objects.bulk_update(lines, ["by_name", "salt", "detail"], batch_size=200)
    return len(lines)
