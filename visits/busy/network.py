"""Which addresses of the network are open to everybody: the only ones that the portal asks for a calendar."""

from __future__ import annotations

import ipaddress
import socket
from typing import Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Addresses within which another one is written, and the one open address by which a cloud tells its secrets.
CLOSED: Final = tuple(
    map(
        ipaddress.ip_network,
        (
            "::ffff:0:0/96",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "2002::/16",
            "2001::/32",
            "192.0.0.0/24",
            "168.63.129.16/32",
        ),
    )
)


def resolved(host: str, port: int) -> list[str]:
    """The addresses that a name leads to, at least one. Raises OSError when it leads nowhere."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for _family, _type, _protocol, _name, address in found]


def is_open(address: str) -> bool:
    """Whether an address is one of the open network: not of this machine, a house's own, a cloud's, or a group's."""
    try:
        found: Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if any(found in network for network in CLOSED if network.version == found.version):
        return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_private)
