"""A page's stream on a socket: what is left of a request whose response goes on.

The ASGI task has ended, and everything of the request is gone. What remains is one object, both the
connection's protocol and the sink that the live core writes to.
"""

import asyncio
import socket
from typing import TYPE_CHECKING, Protocol, cast

from helio.server.frames import LAST

if TYPE_CHECKING:
    from helio.server.service import Service

SEND_BUFFER = 64 * 1024
"""Bytes that the kernel is asked to hold for a client: what it holds cannot be taken back."""

HIGH_WATER, LOW_WATER = 1, 0
"""Bytes beyond the kernel's at which a transport calls `pause_writing`, and `resume_writing`: when
something waits, and when nothing does. So what is not paused need not be asked how full it is."""

PIPELINED = 64 * 1024
"""Bytes that a client may send behind the request for its stream."""


class Owner(Protocol):
    """Whose stream it is: hears how its client does."""

    def drained(self) -> None:
        """The client was full, and has taken most of what it was sent."""
        ...

    def gone(self) -> None:
        """The stream has ended, however that came about. Called once, and last."""
        ...


class SocketStream(asyncio.Protocol):
    """The rest of a response, written by its owner (`helio.live.sink.Sink`)."""

    __slots__ = (
        "_ended",
        "_frames",
        "_keep_alive",
        "_owner",
        "_rest",
        "_service",
        "_transport",
        "address",
        "buffered",
        "writes",
    )

    def __init__(
        self,
        service: "Service",
        transport: asyncio.Transport,
        owner: Owner,
        *,
        chunked: bool,
        keep_alive: bool,
        rest: bytes,
        address: str | None,
    ) -> None:
        """`rest` has come behind the request. `address` is what the connection is counted under."""
        self._service = service
        self._transport = transport
        self._owner: Owner | None = owner
        self._frames = service.frames if chunked else None
        self._keep_alive = keep_alive
        self._rest = rest
        self._ended = False
        self.address = address
        self.writes = 0
        self.buffered = 0  # bytes that the kernel has not taken yet, as of the last write

    def begin(self) -> None:
        """Take the transport over."""
        transport = self._transport
        transport.set_protocol(self)
        transport.set_write_buffer_limits(HIGH_WATER, LOW_WATER)
        transport.resume_reading()
        sock = cast("socket.socket | None", transport.get_extra_info("socket"))
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)

    # The sink

    def write(self, data: bytes) -> None:
        """Send these bytes, after all earlier ones. Nothing is sent once the stream has ended."""
        if self._ended:
            return
        self.writes += 1
        # The hot path of fan-out: guarded by `python -m benchmarks fanout`.
        frames = self._frames
        if frames is not None:
            data = frames.newest_chunk if data is frames.newest else frames.chunk(data)
        self._transport.write(data)  # which calls `pause_writing` if it is not all taken
        if self.buffered:
            self.buffered = self._transport.get_write_buffer_size()

    def close(self) -> None:
        """End the response in the ordinary way; the connection goes on if its client wants that."""
        if self._ended:
            return
        self._ended = True
        if self._frames is not None:
            self._transport.write(LAST)
        if self._keep_alive and not self._service.leaving:
            self._succeed()
        else:
            self._close()

    def break_(self) -> None:
        """End the connection without the end of the response: its client will come back."""
        if not self._ended:
            self._ended = True
            self._close()

    def _close(self) -> None:
        """Close when all that was written has left, or its client has had its time."""
        self._transport.close()
        if self._transport.get_write_buffer_size():
            self._service.loop.call_later(self._service.limits.last_words, self._transport.abort)

    def _succeed(self) -> None:
        """Let the connection serve other requests."""
        from helio.server.connection import Connection

        self._service.streams.discard(self)
        Connection.resume(self._service, self._transport, self.address, self._rest)
        # Not at once: the owner is at its work, in which it has called.
        self._service.loop.call_soon(self._gone)

    def _gone(self) -> None:
        owner, self._owner = self._owner, None
        if owner is not None:
            owner.gone()

    # The server's

    @property
    def stalled(self) -> bool:
        """Whether the client keeps the connection from closing."""
        return self._ended

    def abort(self) -> None:
        """Cut the connection."""
        self._ended = True
        self._transport.abort()

    # The transport's

    def data_received(self, data: bytes) -> None:
        """Keep what follows the request: it is answered when the stream has ended, if ever."""
        self._rest += data
        if len(self._rest) > PIPELINED:
            self.abort()

    def eof_received(self) -> None:
        """The client has left."""
        self.abort()

    def pause_writing(self) -> None:
        self.buffered = self._transport.get_write_buffer_size()

    def resume_writing(self) -> None:
        self.buffered = 0
        # A transport may say so in the midst of a write.
        self._service.loop.call_soon(self._drained)

    def _drained(self) -> None:
        if self._owner is not None and not self._ended:
            self._owner.drained()

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended = True
        self._service.streams.discard(self)
        self._service.capacity.leave(self.address)
        self._gone()
        self._service.rest()
