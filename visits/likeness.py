"""What tells organisations and people apart, and how much two sets have in common. Pure, and no verdict:

whether two requests are one visit is weighed by `noticing.likeness`, and whether two organisations are one by
`memory.likeness`. They weigh differently, since the one has days and subjects to go by and the other names alone.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from typing import Final

from visits.folding import plain

# Mail services that half the world shares: two addresses there have nothing to do with each other.
_PUBLIC: Final = """
    aol.com bahnhof.se bredband.net comhem.se fastmail.com free.fr gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net
    googlemail.com home.se hotmail.co.uk hotmail.com hotmail.de hotmail.fr hotmail.se icloud.com inbox.com libero.it
    live.com live.co.uk live.dk live.no live.se mac.com mail.com mail.ru me.com msn.com naver.com orange.fr outlook.com
    outlook.de outlook.fr outlook.se passagen.se pm.me posteo.de proton.me protonmail.com qq.com seznam.cz
    spray.se swipnet.se t-online.de tele2.se telia.com tutanota.com wanadoo.fr web.de wp.pl yahoo.ca yahoo.co.jp
    yahoo.co.uk yahoo.com yahoo.de yahoo.fr yahoo.se yandex.ru ymail.com zoho.com 126.com 163.com
"""
PUBLIC_DOMAINS: Final = frozenset(_PUBLIC.split())
# Words that stand in many names of organisations and tell none apart.
_COMMON: Final = (
    "ab the of and och i for fur de la di der du och hospital hospitals clinic clinics health healthcare care centre "
    "center trust board region regional municipality kommun sjukhus sjukhuset university universitet universitetet "
    "national nhs foundation group district medical services service ltd inc gmbh council stiftelsen"
)
COMMON: Final = frozenset(_COMMON.split())


def tokens(text: str) -> frozenset[str]:
    """The words of a text, each once."""
    return frozenset(plain(text).split())


def own_words(name: str) -> list[str]:
    """The words of a name that tell it from others, in their order; all of them when none does."""
    words = plain(name).split()
    return [word for word in words if word not in COMMON] or words


def name_key(name: str) -> str:
    """What tells an organisation from others: its own words in alphabetical order."""
    return " ".join(sorted(set(own_words(name))))[:200]


def host_of(email: str) -> str:
    """The part after the @."""
    return email.rpartition("@")[2].casefold().strip(".")


def domain_of(email: str) -> str:
    """The part after the @ that is registered by somebody; empty for a public mail service."""
    domain = host_of(email)
    return "" if domain in PUBLIC_DOMAINS else domain[:190]


def digits(phone: str) -> str:
    """The last nine figures of a number: with and without the country's prefix it is the same."""
    return re.sub(r"\D", "", phone)[-9:]


def share(left: AbstractSet[str], right: AbstractSet[str]) -> float:
    """How much two sets have in common, from 0 to 1; empty ones nothing."""
    return len(left & right) / len(left | right) if left and right else 0.0
