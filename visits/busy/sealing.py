"""The secret address of somebody's own calendar, as it lies in the database: sealed with the portal's key."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

from visits.busy.fetching import Unreadable
from visits.choices import CalendarProblem


def sealed(address: str) -> str:
    return _keys().encrypt(address.encode()).decode()


def opened(secret: str) -> str:
    """The address. Raises Unreadable when the key that sealed it is gone."""
    try:
        return _keys().decrypt(secret.encode()).decode()
    except InvalidToken as error:
        raise Unreadable(CalendarProblem.SEALED) from error


def _keys() -> MultiFernet:
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> Fernet:
    mac = salted_hmac("visits.busy.sealing", "own calendar", secret=secret, algorithm="sha256")
    return Fernet(base64.urlsafe_b64encode(mac.digest()))
