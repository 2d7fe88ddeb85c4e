"""The two ends of a connection."""

import asyncio
from typing import NamedTuple, cast

from helio.server.proxies import Address, Proxies


class Peer(NamedTuple):
    """Who is connected to what: `client` is None on a Unix socket, whose `server` has no port."""

    client: Address | None
    server: tuple[str, int | None] | None
    scheme: str
    trusted: bool  # a proxy whose word on its own clients is taken

    @classmethod
    def of(cls, transport: asyncio.Transport, proxies: Proxies) -> "Peer":
        """The ends of this connection."""
        scheme = "http" if transport.get_extra_info("sslcontext") is None else "https"
        name: object = transport.get_extra_info("sockname")
        here = _address(name)
        if here is None:
            path = name.decode(errors="replace") if isinstance(name, bytes) else str(name or "")
            return cls(None, (path, None), scheme, proxies.trusts(None))
        client = _address(transport.get_extra_info("peername"))
        # Without a name, it has gone again already.
        return cls(client, here, scheme, client is not None and proxies.trusts(client[0]))


def _address(name: object) -> Address | None:
    """Host and port of a socket's name, which for IPv6 has more to it; None for any other name."""
    if not isinstance(name, tuple):
        return None
    host, port = cast("tuple[str, int]", name)[:2]
    return host, port
