"""The proxies whose word on where a request comes from is taken."""

import os
import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from helio.server.head import Headers

Address = tuple[str, int]

_PORT = re.compile(r"(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?")
_LOCAL = "127.0.0.0/8,::1"


class ProxiesError(ValueError):
    """The proxies to trust are not named by addresses or networks."""


class Proxies:
    """Reads `X-Forwarded-For` and `X-Forwarded-Proto` of requests that trusted proxies pass on."""

    __slots__ = ("_everybody", "_networks")

    def __init__(self, told: str | None) -> None:
        """`told`: addresses or networks, separated by commas; `*`: everybody, who must then not be
        able to reach this server past the proxy; None: `$FORWARDED_ALLOW_IPS`, else this machine.
        Raises `ProxiesError`.
        """
        told = told if told is not None else os.environ.get("FORWARDED_ALLOW_IPS", _LOCAL)
        names = [name.strip() for name in told.split(",") if name.strip()]
        self._everybody = "*" in names
        self._networks = [_network(name) for name in names if name != "*"]

    def trusts(self, host: str | None) -> bool:
        """Whether what this peer says is believed. One at a Unix socket, None, is this machine."""
        if self._everybody:
            return True
        address = _address(host or "127.0.0.1")
        return address is not None and any(address in network for network in self._networks)

    def client(self, headers: Headers) -> Address | None:
        """Who sent it: the last that is no trusted proxy. None if nobody says so.

        Each proxy adds the address that it was spoken to from, so what stands before an address
        that is not trusted may be made up.
        """
        found: Address | None = None
        for hop in _hops(headers):
            if _address(hop[0]) is None:
                break
            found = hop
            if not self.trusts(hop[0]):
                break
        return found

    def scheme(self, headers: Headers) -> str | None:
        """How the client spoke to the nearest proxy, if that says so."""
        for name, value in reversed(headers):
            if name == b"x-forwarded-proto":
                last = value.rpartition(b",")[2].strip().lower()
                return last.decode() if last in (b"http", b"https") else None
        return None


def _hops(headers: Headers) -> Iterator[Address]:
    """The addresses of X-Forwarded-For, from the nearest on."""
    for name, value in reversed(headers):
        if name == b"x-forwarded-for":
            for text in reversed(value.decode("latin-1").split(",")):
                yield _hop(text.strip())


def _hop(text: str) -> Address:
    """An address, with the port if it is told: 192.0.2.1, 192.0.2.1:80, [2001:db8::1]:80."""
    found = None if text.count(":") > 1 and "[" not in text else _PORT.fullmatch(text)
    if found is None:
        return text, 0
    return found[1] or found[2], int(found[3] or 0)


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(host)
    except ValueError:
        return None
    # A socket that listens on IPv6 and IPv4 shows the latter's clients as ::ffff:192.0.2.1.
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _network(name: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(name, strict=False)
    except ValueError:
        raise ProxiesError(
            f"--forwarded-allow-ips names {name!r}, which is neither an address nor a network. "
            "Write 10.0.0.1, 10.0.0.0/8 or 2001:db8::/32, several with commas between, or * for "
            "everybody."
        ) from None
