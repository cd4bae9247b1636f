"""How often one machine, or one address, may do what costs us or others something."""

from __future__ import annotations

import hashlib
import ipaddress
from typing import Final, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

HOUR: Final = 60 * 60  # seconds


class Limit(NamedTuple):
    """So many times within a window; a machine may stand for a whole hospital, an address not."""

    per_machine: int
    per_address: int
    window: int = HOUR


LIMITS: Final = {
    "send": Limit(30, 6),
    "find": Limit(20, 4),
    "enquiry": Limit(20, 5),
    "resend": Limit(30, 4, 10 * 60),
    "draft_link": Limit(30, 6),
    "autosave": Limit(1800, 300),  # one every twenty seconds, for ten people behind one address
    "wrong_link": Limit(60, 60),
    "certificate": Limit(60, 60),
    "group_invite": Limit(60, 3),
    "group_name": Limit(120, 4),
    "count_me": Limit(120, 120),
    "letter": Limit(60, 60),
}


def exceeded(request: HttpRequest, deed: str, *, address: str = "") -> bool:
    """Count one try of a deed and tell whether it is one too many, for the machine or the address."""
    limit = LIMITS[deed]
    too_often = _count(deed, machine(request), limit.window) > limit.per_machine
    if address:
        too_often |= _count(deed, address.casefold(), limit.window) > limit.per_address
    return too_often


def first_press(once: str) -> bool:
    """Whether a form that carries the random number `once` is sent for the first time today."""
    secret = hashlib.sha256(f"{settings.SECRET_KEY}:{once}".encode()).hexdigest()[:32]
    return bool(cache.add(f"pressed:{secret}", True, 24 * HOUR))


def sentence() -> str:
    """What to tell whoever has tried too often."""
    return _(
        "This has been tried many times in a short while. Wait an hour, then try again. What you wrote is still here."
    )


def machine(request: HttpRequest) -> str:
    """The caller's network address: of our own proxies' word only, and a home's or ward's IPv6 as one."""
    where = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXY_COUNT:
        passed = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        where = passed[-settings.TRUSTED_PROXY_COUNT] if len(passed) >= settings.TRUSTED_PROXY_COUNT else where
    try:
        found = ipaddress.ip_address(where)
    except ValueError:
        return "unknown"
    return str(found if found.version == 4 else ipaddress.ip_network((found, 64), strict=False))


def _count(deed: str, who: str, window: int) -> int:
    slice_of_time = int(timezone.now().timestamp()) // window
    secret = hashlib.sha256(f"{settings.SECRET_KEY}:{who}".encode()).hexdigest()[:24]
    key = f"limit:{deed}:{slice_of_time}:{secret}"
    # Two tries in the same instant may count as one: a limit need not be exact, and this costs least.
    count: int = cache.get(key, 0) + 1
    cache.set(key, count, window)
    return count
