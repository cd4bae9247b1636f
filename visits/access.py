"""Capabilities: addresses with a secret that let their holder do one thing.

The secret is derived from the portal's key and a nonce, so a mail can be written at any
time without the secret being stored: the database holds its digest alone.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from visits import rules
from visits.choices import LinkPurpose
from visits.models import AccessLink, Ask, Facilitator, GatheringAsk, LookBack, Participant, VisitRequest
from visits.models.kept import Kept, a_text
from visits.models.link import AccessLinkQuerySet

TOKEN_CHARS: Final = 43
_TOKEN: Final = re.compile(rf"[0-9a-z]{{{TOKEN_CHARS}}}")
_OPENS: Final = {
    LinkPurpose.DRAFT: ("request",),
    LinkPurpose.VERIFY: ("request",),
    LinkPurpose.VISIT: ("request",),
    LinkPurpose.TAKE_OVER: ("request__entry__by",),
    LinkPurpose.ASK: ("ask__session__visit__request", "gathering_ask", "facilitator__user"),
    LinkPurpose.FEED: ("facilitator__user", "request__visit", "participant__visit__request"),
    LinkPurpose.GROUP: ("request__visit", "request__coordinator"),
    LinkPurpose.MEMBER: ("participant__visit__request__coordinator",),
    LinkPurpose.FOLLOW_UP: ("look_back__visit__request__coordinator", "look_back__user"),
}
_ALPHABET: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


def issue(
    purpose: LinkPurpose,
    *,
    request: VisitRequest | None = None,
    ask: Ask | None = None,
    gathering_ask: GatheringAsk | None = None,
    facilitator: Facilitator | None = None,
    participant: Participant | None = None,
    look_back: LookBack | None = None,
    life: timedelta | None = None,
    nonce: str = "",
) -> AccessLink:
    """A new link for one purpose; without `life` it lasts until it is revoked.

    A `nonce` of `new_nonce` makes it the only one that can be made of that: a second try
    raises IntegrityError.
    """
    nonce = nonce or new_nonce()
    return AccessLink.objects.create(
        purpose=purpose,
        nonce=nonce,
        digest=_digest(_derive(purpose, nonce, settings.SECRET_KEY)),
        request=request,
        ask=ask,
        gathering_ask=gathering_ask,
        facilitator=facilitator,
        participant=participant,
        look_back=look_back,
        expires_at=timezone.now() + life if life else None,
    )


def new_nonce() -> str:
    """What a link can be made of later; it is no secret."""
    return secrets.token_hex(16)


def made_of(purpose: LinkPurpose, nonce: str) -> AccessLink | None:
    """The link that was made of a nonce, if it was."""
    return AccessLink.objects.select_related(*_OPENS[purpose]).filter(purpose=purpose, nonce=nonce).first()


def standing_link(
    purpose: LinkPurpose, *, request: VisitRequest | None = None, participant: Participant | None = None
) -> AccessLink:
    """The usable link of a request, or of one of the group, for a purpose; a new one when there is none."""
    links = AccessLink.objects.usable(timezone.now()).filter(purpose=purpose, request=request, participant=participant)
    return _newest(links) or issue(purpose, request=request, participant=participant)


def group_link(visit_request: VisitRequest) -> AccessLink | None:
    """The usable link behind which anybody of a group writes their name; None when there is none."""
    links = AccessLink.objects.usable(timezone.now()).filter(purpose=LinkPurpose.GROUP, request=visit_request)
    return _newest(links)


@transaction.atomic
def new_group_link(visit_request: VisitRequest) -> AccessLink:
    """A new link for a group to share; the one before it is closed."""
    revoke(LinkPurpose.GROUP, request=visit_request)
    return issue(LinkPurpose.GROUP, request=visit_request)


def verify_link(visit_request: VisitRequest) -> AccessLink | None:
    """The usable link by which an address is confirmed, or None when all are closed."""
    links = AccessLink.objects.usable(timezone.now()).filter(purpose=LinkPurpose.VERIFY, request=visit_request)
    return _newest(links)


def ask_link(ask: Ask) -> AccessLink:
    """The usable link behind which an ask is answered; a new one when there is none."""
    links = AccessLink.objects.usable(timezone.now()).filter(purpose=LinkPurpose.ASK, ask=ask)
    return _newest(links) or issue(LinkPurpose.ASK, ask=ask)


def helping_link(ask: GatheringAsk) -> AccessLink:
    """The same for an ask to help at a gathering."""
    links = AccessLink.objects.usable(timezone.now()).filter(purpose=LinkPurpose.ASK, gathering_ask=ask)
    return _newest(links) or issue(LinkPurpose.ASK, gathering_ask=ask)


def follow_up_link(look_back: LookBack, *, until: datetime) -> AccessLink:
    """The usable link behind which a side says how its ideas stand; it lasts at least to `until`."""
    links = AccessLink.objects.usable(timezone.now()).filter(purpose=LinkPurpose.FOLLOW_UP, look_back=look_back)
    found = _newest(links.filter(expires_at__gte=until))
    return found or issue(LinkPurpose.FOLLOW_UP, look_back=look_back, life=until - timezone.now())


def feed_link(facilitator: Facilitator) -> AccessLink | None:
    """The usable link to a facilitator's calendar, or None when they have made none."""
    return _newest(AccessLink.objects.usable(timezone.now()).filter(purpose=LinkPurpose.FEED, facilitator=facilitator))


@transaction.atomic
def new_feed(facilitator: Facilitator) -> AccessLink:
    """A new link to a facilitator's calendar; the one before it is closed."""
    revoke(LinkPurpose.FEED, facilitator=facilitator)
    return issue(LinkPurpose.FEED, facilitator=facilitator)


def guest_feed(*, request: VisitRequest | None = None, participant: Participant | None = None) -> AccessLink | None:
    """The usable link to a visit’s calendar, of its contact person or of one of the group; or None."""
    return _newest(_guest_feeds(request, participant).usable(timezone.now()))


@transaction.atomic
def new_guest_feed(
    *, until: datetime, request: VisitRequest | None = None, participant: Participant | None = None
) -> AccessLink:
    """A new link to a visit’s calendar, which opens nothing else; the one before it is closed."""
    _guest_feeds(request, participant).filter(revoked_at=None).update(revoked_at=timezone.now())
    life = until + rules.LINK_LIFE_AFTER_VISIT - timezone.now()
    return issue(LinkPurpose.FEED, request=request, participant=participant, life=life)


def _guest_feeds(request: VisitRequest | None, participant: Participant | None) -> AccessLinkQuerySet:
    return AccessLink.objects.filter(
        purpose=LinkPurpose.FEED, request=request, participant=participant, facilitator=None
    )


def token(link: AccessLink) -> str:
    """The secret of a link: 43 characters of 0–9 and a–z, more than 200 bits.

    Lower case and without punctuation, so that mail programs neither cut nor extend it.
    Raises LookupError for a link made under a key that the portal no longer knows.
    """
    secret = _secret(link)
    if secret is None:
        raise LookupError(f"The key that made link {link.pk} is gone.")
    return secret


def find(purpose: LinkPurpose, typed: str) -> AccessLink | None:
    """The link that a secret opens, used, expired or revoked ones too; None for a wrong one.

    Upper case and what mail programs glue to an address («.», «=», «>») is forgiven.
    """
    digest = digest_of(typed)
    return next(iter(_behind(purpose).ask(digest=digest)), None) if digest else None


def digest_of(typed: str) -> str:
    """What is stored of a secret as somebody typed it; nothing for what cannot be one."""
    found = _TOKEN.match(typed.lower())
    return _digest(found[0]) if found else ""


@cache
def _behind(purpose: LinkPurpose) -> Kept[AccessLink]:
    digest = a_text("digest")
    return Kept(
        AccessLink.objects.select_related(*_OPENS[purpose]).filter(purpose=purpose, digest=digest), digest=digest
    )


def is_usable(link: AccessLink, at: datetime) -> bool:
    return link.revoked_at is None and (link.expires_at is None or link.expires_at > at)


def revoke(purpose: LinkPurpose, *, request: VisitRequest | None = None, facilitator: Facilitator | None = None) -> int:
    """Close every link of that purpose to that request or facilitator; return how many."""
    links = AccessLink.objects.filter(purpose=purpose, request=request, facilitator=facilitator, revoked_at=None)
    return links.update(revoked_at=timezone.now())


def prolong(purpose: LinkPurpose, *, request: VisitRequest, until: datetime | None) -> None:
    """Let the usable links of a request last until a moment."""
    links = AccessLink.objects.usable(timezone.now()).filter(purpose=purpose, request=request)
    links.update(expires_at=until)


def expire_after_visit(visit_request: VisitRequest, last_day: datetime) -> None:
    """Links to a visit, its contact person's and its group's, last for thirteen months: the last follow-up opens."""
    links = AccessLink.objects.filter(
        Q(purpose=LinkPurpose.VISIT, request=visit_request)
        | Q(purpose=LinkPurpose.VISIT, request__absorbed_into=visit_request)
        | Q(purpose=LinkPurpose.MEMBER, participant__visit__request=visit_request)
    )
    links.update(expires_at=last_day + rules.LINK_LIFE_AFTER_VISIT)


def _newest(links: QuerySet[AccessLink]) -> AccessLink | None:
    """The last of these links, unless the key that made it is gone: then its address is lost."""
    link = links.order_by("pk").last()
    return link if link and _secret(link) else None


def _secret(link: AccessLink) -> str | None:
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        secret = _derive(LinkPurpose(link.purpose), link.nonce, key)
        if _digest(secret) == link.digest:
            return secret
    return None


def _derive(purpose: LinkPurpose, nonce: str, key: str) -> str:
    mac = salted_hmac("visits.access", f"{purpose}:{nonce}", secret=key, algorithm="sha256")
    number = int.from_bytes(mac.digest(), "big")
    chars = []
    for _position in range(TOKEN_CHARS):
        number, rest = divmod(number, len(_ALPHABET))
        chars.append(_ALPHABET[rest])
    return "".join(chars)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
