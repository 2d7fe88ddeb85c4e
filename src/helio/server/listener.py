"""The address a process listens on."""

import contextlib
import errno
import os
import socket
import stat
from dataclasses import dataclass
from pathlib import Path

BACKLOG = 2048
"""Connections the kernel holds while nobody accepts, as during a restart in development."""

VANISHED = 30_000
"""Milliseconds that sent bytes may stay unacknowledged."""

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}  # noqa: S104


class AddressError(Exception):
    """The address cannot be listened on; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Listener:
    """Bound sockets: one for every address that `host` stands for, all with the same port; or one
    at a path of the file system, which then is `path`.
    """

    sockets: tuple[socket.socket, ...]
    host: str
    scheme: str = "http"
    path: Path | None = None

    @classmethod
    def bind(cls, host: str, port: int, scheme: str = "http") -> "Listener":
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
        return cls(tuple(bound), host, scheme)

    @classmethod
    def bind_unix(cls, path: Path, scheme: str = "http") -> "Listener":
        """Make a Unix socket that any user may connect to who may enter its directory.

        One that a process has left behind is replaced. Raises `AddressError`.
        """
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            if _is_abandoned(path):
                path.unlink()
            sock.bind(str(path))
            path.chmod(0o666)
        except OSError as error:
            sock.close()
            raise _explain_path(error, path) from error
        return cls((sock,), "", scheme, path)

    @property
    def port(self) -> int:
        """The port, also when it was asked for as 0."""
        return self.sockets[0].getsockname()[1]

    @property
    def url(self) -> str:
        """Where a browser, or a proxy, on this machine finds it, without a final slash."""
        if self.path is not None:
            return f"unix:{self.path}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{_EVERYWHERE.get(self.host, host)}:{self.port}"

    @property
    def network_url(self) -> str | None:
        """Where another machine finds it, if it listens everywhere and there is a network."""
        if self.host not in _EVERYWHERE or self.path is not None:
            return None
        with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
            try:
                # Sends nothing: the kernel only chooses the address it would send from.
                probe.connect(("192.0.2.1", 9))  # an address for documentation (RFC 5737)
            except OSError:
                return None
            return f"{self.scheme}://{probe.getsockname()[0]}:{self.port}"

    def listen(self) -> None:
        """Let the kernel take connections, though nobody accepts them yet."""
        for sock in self.sockets:
            sock.listen(BACKLOG)

    def close(self) -> None:
        """Give the address back. May be repeated."""
        for sock in self.sockets:
            sock.close()
        if self.path is not None and _is_abandoned(self.path):
            self.path.unlink(missing_ok=True)


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
        _notice_the_vanished(sock)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind((address, port))
    except BaseException:
        sock.close()
        raise
    return sock


def _notice_the_vanished(sock: socket.socket) -> None:
    """Accepted connections inherit this. Without it, a client that vanished without a word is
    noticed after hours, or, if it is written to, after a quarter of one.
    """
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (
        ("TCP_KEEPIDLE", VANISHED // 1000),
        ("TCP_KEEPINTVL", 10),
        ("TCP_USER_TIMEOUT", VANISHED),
    ):
        if hasattr(socket, name):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _is_abandoned(path: Path) -> bool:
    """Whether a Unix socket stands there that nobody listens at."""
    try:
        if not stat.S_ISSOCK(path.stat().st_mode):
            return False
    except OSError:
        return False
    with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as probe:
        probe.setblocking(False)
        return probe.connect_ex(str(path)) == errno.ECONNREFUSED


def _explain_path(error: OSError, path: Path) -> AddressError:
    if error.errno == errno.EADDRINUSE:
        return AddressError(f"{path} is in use by another program, or is no socket.")
    if error.errno is None:  # Python's own: the system allows about a hundred bytes
        return AddressError(f"The path {path} is too long for a socket.")
    return AddressError(f"Cannot make a socket at {path}: {os.strerror(error.errno)}.")


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
