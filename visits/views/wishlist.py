"""«From your list»: what a guest put aside while reading, and what their draft holds of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from django.http import HttpRequest
from django.utils.translation import gettext as _

from programmes import basket, snapshot
from programmes.models import Entry, Initiative, Offering, Programme
from programmes.snapshot import Snapshot
from visits import drafts
from visits.drafts import Chosen
from visits.models import VisitRequest

KNOWN: Final = "basket_in_draft"  # what the draft had of the basket when it was last saved
LISTED: Final = ("offerings", "initiatives", "programmes")


class Line(NamedTuple):
    """One thing on the list."""

    key: str
    name: str
    kind: str


@dataclass(frozen=True)
class Wishlist:
    """The draft's own and the browser's basket, as one; `kept` is what the draft has by itself."""

    shown: Snapshot
    chosen: Chosen
    kept: Chosen = field(default_factory=Chosen)
    is_sent: bool = False

    @property
    def lines(self) -> list[Line]:
        """What stands on the list; areas are boxes to tick below it."""
        picked = [entry for name in LISTED for entry in _of(self, name)]
        return [Line(entry.basket_key, entry.name, _kind(entry)) for entry in picked]

    @property
    def names(self) -> list[str]:
        """All that is picked, areas first."""
        return [entry.name for name in drafts.CATALOGUE for entry in _of(self, name)]

    @property
    def areas_of_offerings(self) -> frozenset[int]:
        """The areas that the picked offerings belong to."""
        return frozenset(offering.area_id for offering in _of(self, "offerings"))

    def without(self, key: str) -> Wishlist:
        kept = {
            name: getattr(self.chosen, name) - {entry.pk for entry in getattr(self.shown, name) if _is(entry, key)}
            for name in LISTED
        }
        return replace(self, chosen=replace(self.chosen, **kept))

    def with_areas(self, areas: frozenset[int]) -> Chosen:
        return replace(self.chosen, areas=areas)

    def remember(self, request: HttpRequest, chosen: Chosen) -> None:
        """Let the browser's basket agree with what the request now holds."""
        if self.is_sent:
            _hand_over(request, self.shown)
        else:
            remember(request, self.shown, chosen)


def questions(areas: frozenset[int]) -> list[str]:
    """What we wonder about in some areas: a few of our own questions."""
    if not areas:
        return []
    chosen = (area for area in snapshot.current().areas if area.pk in areas)
    return [question for area in chosen for _key, question in area.question_keys][:3]


def read(request: HttpRequest, draft: VisitRequest | None) -> Wishlist:
    """What is picked now: the draft's and the basket's, without what was taken out of the basket since.

    A request that is sent takes only what lies in the basket for no draft of this browser.
    """
    held, known = set(basket.keys(request.session)), set(request.session.get(KNOWN, []))
    is_sent = draft is not None and draft.submitted_at is not None
    held, gone = (held - known, set()) if is_sent else (held, known - held)
    before, shown = drafts.chosen(draft), snapshot.current()
    merged = {name: _merged(getattr(before, name), getattr(shown, name), held, gone) for name in drafts.CATALOGUE}
    return Wishlist(shown, Chosen(**merged), before, is_sent)


def remember(request: HttpRequest, shown: Snapshot, chosen: Chosen) -> None:
    """Let the basket agree with what the draft now holds; a browser without a basket is left alone."""
    held, known = basket.keys(request.session), request.session.get(KNOWN, [])
    dropped = {
        entry.basket_key
        for name in drafts.CATALOGUE
        for entry in getattr(shown, name)
        if entry.pk not in getattr(chosen, name) and _is(entry, entry.basket_key)
    }
    kept = [key for key in held if key not in dropped]
    if kept != held:
        request.session[basket.SESSION_KEY] = kept
    if kept != known:
        request.session[KNOWN] = kept


def _hand_over(request: HttpRequest, shown: Snapshot) -> None:
    """What lay in the basket for no draft has gone into a request that was sent, or was taken off its list."""
    held, known = basket.keys(request.session), request.session.get(KNOWN, [])
    listed = {entry.basket_key for name in drafts.CATALOGUE for entry in getattr(shown, name)}
    kept = [key for key in held if key in known or key not in listed]
    if kept != held:
        request.session[basket.SESSION_KEY] = kept


def forget(request: HttpRequest) -> None:
    """The request is sent: the list begins anew."""
    if basket.keys(request.session) or KNOWN in request.session:
        basket.clear(request.session)
        request.session.pop(KNOWN, None)


def _merged(before: frozenset[int], entries: Sequence[Entry], held: set[str], gone: set[str]) -> frozenset[int]:
    out = {entry.pk for entry in entries if entry.basket_key in gone}
    new = {entry.pk for entry in entries if entry.basket_key in held and _is(entry, entry.basket_key)}
    return (before - out) | new


def _is(entry: Entry, key: str) -> bool:
    """Whether a name in the basket means this entry itself, not the programme that it shows."""
    return entry.basket_key == key and key.startswith(f"{entry._meta.model_name}:")


def _of(wishlist: Wishlist, name: str) -> Iterable[Any]:
    pks = getattr(wishlist.chosen, name)
    return (entry for entry in getattr(wishlist.shown, name) if entry.pk in pks)


def _kind(entry: Entry) -> str:
    match entry:
        case Offering():
            return entry.area.name
        case Initiative():
            return _("Initiative, %(years)s") % {"years": entry.years}
        case Programme():
            return _("Programme")
    return ""
