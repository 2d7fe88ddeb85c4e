"""The address a process listens on."""

import contextlib
import errno
import os
import socket
from dataclasses import dataclass

BACKLOG = 2048
"""Connections the kernel holds while nobody accepts, as during a restart in development."""

VANISHED = 30_000
"""Milliseconds that sent bytes may stay unacknowledged."""

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}  # noqa: S104


class AddressError(Exception):
    """The address cannot be listened on; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Listener:
    """Bound sockets: one for every address that `host` stands for, all with the same port."""

    sockets: tuple[socket.socket, ...]
    host: str

    @classmethod
    def bind(cls, host: str, port: int) -> "Listener":
        """Reserve the address; connections are accepted once somebody listens.

        `port` 0 takes a free one. Raises `AddressError`.
        """
        bound: list[socket.socket] = []
        try:
            for family, address in _resolve(host, port):
                bound.append(_bind(family, address, bound[0].getsockname()[1] if bound else port))
        except OSError as error:
            for sock in bound:
                sock.close()
            raise _explain(error, host, port) from error
        return cls(tuple(bound), host)

    @property
    def port(self) -> int:
        """The port, also when it was asked for as 0."""
        return self.sockets[0].getsockname()[1]

    @property
    def url(self) -> str:
        """Where a browser on this machine finds it, without a final slash."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{_EVERYWHERE.get(self.host, host)}:{self.port}"

    @property
    def network_url(self) -> str | None:
        """Where another machine finds it, if it listens everywhere and there is a network."""
        if self.host not in _EVERYWHERE:
            return None
        with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
            try:
                # Sends nothing: the kernel only chooses the address it would send from.
                probe.connect(("192.0.2.1", 9))  # an address for documentation (RFC 5737)
            except OSError:
                return None
            return f"http://{probe.getsockname()[0]}:{self.port}"

    def listen(self) -> None:
        """Let the kernel take connections, though nobody accepts them yet."""
        for sock in self.sockets:
            sock.listen(BACKLOG)

    def close(self) -> None:
        """Give the address back."""
        for sock in self.sockets:
            sock.close()


def _resolve(host: str, port: int) -> list[tuple[int, str]]:
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    # A name may be listed twice; a machine without IPv6 still resolves `localhost` to `::1`.
    unique = dict.fromkeys((family, str(address[0])) for family, _, _, _, address in found)
    return [pair for pair in unique if len(unique) == 1 or _usable(*pair)]


def _usable(family: int, address: str) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as sock:
            sock.bind((address, 0))
    except OSError:
        return False
    return True


def _bind(family: int, address: str, port: int) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            # Accepted connections inherit it. Without it a vanished client that is only written
            # to is noticed after a quarter of an hour.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, VANISHED)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind((address, port))
    except BaseException:
        sock.close()
        raise
    return sock


def _explain(error: OSError, host: str, port: int) -> AddressError:
    where = f"{host or 'this machine'}:{port}"
    if isinstance(error, socket.gaierror):
        return AddressError(
            f"The host {host!r} is not known here. Use an address of this machine, such as "
            "--host 127.0.0.1, or --host 0.0.0.0 for all of them."
        )
    if error.errno == errno.EADDRINUSE:
        return AddressError(
            f"Port {port} of {host} is in use by another program. Stop that program, or take "
            f"another port: --port {_free(host, port)}"
        )
    if error.errno == errno.EACCES:
        return AddressError(
            f"This user may not listen on {where}: ports below 1024 are reserved. "
            "Take a higher one: --port 8000"
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return AddressError(
            f"{host} is not an address of this machine. Use --host 127.0.0.1, or --host 0.0.0.0 "
            "for all of its addresses."
        )
    return AddressError(f"Cannot listen on {where}: {os.strerror(error.errno or 0)}.")


def _free(host: str, port: int) -> int:
    """A port near `port` that is free now."""
    for candidate in range(port + 1, min(port + 50, 65536)):
        try:
            family, address = _resolve(host, candidate)[0]
            _bind(family, address, candidate).close()
        except OSError:
            continue
        return candidate
    return 0
