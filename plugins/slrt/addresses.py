"""Where a message may go: to a public address, unless the installation allows others for its own network.

Who sets a district's address could otherwise have the server speak to what only the server can reach.
"""

import os
import socket
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

PRIVATE = "SLRT_ALLOW_PRIVATE"


class AddressRefused(Exception):
    """Not an address to which this installation sends."""


class Unresolved(Exception):
    """Nobody knows the name, at least now."""


@dataclass(frozen=True)
class Target:
    """``url`` has the address that was looked at in place of the name: a name server cannot answer otherwise later."""

    url: str
    host: str
    name: str


def private_allowed() -> bool:
    """Whether the installation lets messages go to its own network and without TLS: ``SLRT_ALLOW_PRIVATE=1``."""
    return os.environ.get(PRIVATE) == "1"


def target_of(url: str) -> Target:
    """Raises: AddressRefused; Unresolved."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused(url) from error
    allowed = private_allowed()
    if parts.scheme != "https" and not (allowed and parts.scheme == "http"):
        raise AddressRefused(url)
    if not parts.hostname or parts.username or parts.password:
        raise AddressRefused(url)
    found = _addresses(parts.hostname, port or (443 if parts.scheme == "https" else 80))
    if not allowed and not all(_is_public(address) for address in found):
        raise AddressRefused(parts.hostname)
    address = f"[{found[0]}]" if ":" in found[0] else found[0]
    place = f"{address}:{port}" if port else address
    path = parts.path or "/"
    query = f"?{parts.query}" if parts.query else ""
    host = f"{parts.hostname}:{port}" if port else parts.hostname
    return Target(f"{parts.scheme}://{place}{path}{query}", host, parts.hostname)


def _is_public(address: str) -> bool:
    """Also of an IPv4 address in the clothes of an IPv6 one."""
    found = ip_address(address)
    found = getattr(found, "ipv4_mapped", None) or found
    return found.is_global and not found.is_multicast


def _addresses(name: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unresolved(name) from error
    return list(dict.fromkeys(str(item[4][0]).partition("%")[0] for item in found))
