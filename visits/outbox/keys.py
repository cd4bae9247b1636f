"""What a mail is known by outside: its key, and a seal that only who has had the mail can know."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

KEY_HEADER: Final = "X-Qulturum-Key"
SEAL_HEADER: Final = "X-Qulturum-Seal"
_SALT: Final = "visits.outbox.keys"


def seal_of(key: str, secret: str | None = None) -> str:
    """Put beside the key into each mail: keys can be guessed, and who returns a mail shows that it had one."""
    return salted_hmac(_SALT, key, secret=secret, algorithm="sha256").hexdigest()[:32]


def is_sealed(key: str, seal: str) -> bool:
    """Whether the seal is that of the key, by the secret key of today or a former one."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(constant_time_compare(seal, seal_of(key, secret)) for secret in secrets)
