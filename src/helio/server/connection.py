"""A connection that speaks HTTP/1.1 (RFC 9112): one request after the other, each within limits."""

import asyncio
import re
from http import HTTPStatus
from math import inf
from typing import TYPE_CHECKING, cast

from helio.server.answer import refusal
from helio.server.body import Body, body_of
from helio.server.exchange import Exchange
from helio.server.flow import Flow
from helio.server.head import RequestError, read_head
from helio.server.peer import Peer
from helio.server.stream import Owner, SocketStream

if TYPE_CHECKING:
    from helio.server.service import Service

FULL = 64 * 1024
"""Bytes of a body, or of requests behind the present one, with which reading pauses."""

LINGER = 5.0
"""Seconds for which a client may still send when all is said, so that it finds what was said."""

BELATED = 0.05
"""Seconds that a request may be on its way when the server begins to end."""

_EMPTY_LINES = re.compile(rb"(?:\r\n)*")
_BARE = re.compile(rb"(?<!\r)\n|\r(?=[^\n])")
_BARE_REFUSED = RequestError(HTTPStatus.BAD_REQUEST, "Lines of a request's head end with CR LF.")
_NO_WEBSOCKETS = RequestError(
    HTTPStatus.NOT_IMPLEMENTED, "WebSockets are not spoken here; live pages are event streams."
)


class Connection(asyncio.Protocol):
    """Reads requests, has them answered in order, and parts with clients that overdo it.

    What comes is first the rest of the present request's body, then requests behind it, which wait
    in `_buffer`. `_due` is when the client must have sent something; `inf` while that is not its
    turn.
    """

    __slots__ = (
        "_body",
        "_buffer",
        "_due",
        "_eof",
        "_exchange",
        "_fresh",
        "_lingering",
        "_peer",
        "_reading",
        "_searched",
        "_transport",
        "address",
        "flow",
        "service",
    )

    def __init__(self, service: "Service") -> None:
        self.service = service
        self.address: str | None = None  # under which it is counted
        self._peer: Peer
        self._transport: asyncio.Transport
        self.flow: Flow
        self._buffer = b""
        self._searched = 0  # bytes of the buffer in which no head ends
        self._body: Body | None = None  # what of the present request is still to come
        self._exchange: Exchange | None = None
        self._fresh = True  # no request has come
        self._eof = False  # the client sends no more
        self._lingering = False  # all is said; what comes is thrown away
        self._reading = True
        self._due = inf

    # Its beginning

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # No class tells: uvloop's transports are of their own kind.
        self._begin(cast("asyncio.Transport", transport))
        client, capacity = self._peer.client, self.service.capacity
        self.address = client[0] if client and not self._peer.trusted else None
        too_many = capacity.enter(self.address)
        if too_many is None:
            self._read_within(self.service.limits.head_time)
        elif capacity.crowded:
            self.abort()
        else:
            self.refuse(RequestError(HTTPStatus.SERVICE_UNAVAILABLE, too_many))

    @classmethod
    def resume(
        cls, service: "Service", transport: asyncio.Transport, address: str | None, rest: bytes
    ) -> None:
        """Go on with a connection after a stream has ended, and with what came meanwhile."""
        connection = cls(service)
        transport.set_protocol(connection)
        connection._begin(transport)
        connection.address = address
        connection._fresh = False
        connection._idle()
        if rest:
            connection.data_received(rest)

    def _begin(self, transport: asyncio.Transport) -> None:
        service = self.service
        self._transport = transport
        self.flow = Flow(transport, service.loop, service.limits.read_time)
        self._peer = Peer.of(transport, service.proxies)
        service.connections.add(self)

    # What comes

    def data_received(self, data: bytes) -> None:
        if self._lingering:
            return
        if self._body is not None:
            data = self._taken(self._body, data)
            if not data:
                return
        self._buffer += data
        if self._exchange is None:
            self._next()
        else:
            self.regulate()

    def _taken(self, body: Body, data: bytes) -> bytes:
        """Take what of this belongs to the body; what is behind it."""
        try:
            content, rest = body.take(data)
        except RequestError as error:
            self.refuse(error)
            return b""
        exchange = self._exchange
        if content and exchange is not None:
            exchange.feed(content)
        if not body.complete:
            limits = self.service.limits
            latest = self.service.loop.time() + limits.body_time
            self._due = min(latest, self._due + len(data) / limits.body_rate)
        else:
            self._body = None
            self._due = inf
            if exchange is None:
                self._idle()
            else:
                exchange.feed_eof()
        self.regulate()
        return rest

    def _next(self) -> None:
        """Have the next request answered, if its head has come."""
        if self._buffer.startswith(b"\r\n"):
            self._skip_empty_lines()
        buffer, most = self._buffer, self.service.limits.head_bytes
        end = buffer.find(b"\r\n\r\n", self._searched)
        if (len(buffer) if end < 0 else end) > most:
            text = f"The request's head is larger than {most} bytes."
            self.refuse(RequestError(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, text))
        elif end >= 0:
            self._searched = 0
            self._answer(buffer[: end + 4], buffer[end + 4 :])
        elif buffer:
            self._wait(buffer)

    def _skip_empty_lines(self) -> None:
        """Some clients send an empty line behind a body (RFC 9112, 2.2)."""
        empty = _EMPTY_LINES.match(self._buffer)
        self._buffer = self._buffer[empty.end() if empty else 0 :]
        self._searched = 0

    def _wait(self, buffer: bytes) -> None:
        """Wait for the rest of a head."""
        if _BARE.search(buffer, max(0, self._searched - 1)):
            self.refuse(_BARE_REFUSED)
            return
        if not self._searched and not self._fresh:
            self._read_within(self.service.limits.head_time)
        self._searched = max(1, len(buffer) - 3)

    def _answer(self, data: bytes, rest: bytes) -> None:
        try:
            head = read_head(data, self.service.limits.headers)
            if head.websocket:
                raise _NO_WEBSOCKETS
        except RequestError as error:
            self.refuse(error)
            return
        self._fresh = False
        self._due = inf
        self._buffer = b""
        exchange = self._exchange = Exchange(self, head)
        if self._eof:
            exchange.hush()
        if head.length != 0:
            self._body = body_of(head.length)
            if not head.expects_continue:
                self.expect_body()
            rest = self._taken(self._body, rest) if rest else rest
        if self._exchange is exchange:  # which is not refused for its body
            self._buffer = rest
            self.regulate()
            self.service.start(exchange.run(self._peer))

    def eof_received(self) -> bool:
        """The client sends no more; what it has asked for completely is still answered."""
        self._eof = True
        if self._exchange is None or self._body is not None or self._lingering:
            return False
        self._exchange.hush()
        return self._transport.can_write_eof()

    def connection_lost(self, exc: Exception | None) -> None:
        service = self.service
        service.connections.discard(self)
        service.capacity.leave(self.address)
        self._part()
        self.flow.resume()
        service.rest()

    def _part(self) -> None:
        """Leave the present request: its client hears no more."""
        if self._exchange is not None:
            self._exchange.disconnect()
            self._exchange = None

    # What the exchange asks for

    @property
    def ends(self) -> bool:
        """Whether no request can be read after the present one."""
        if self._body is None:
            return self.service.leaving
        # So little of it that it is read and thrown away, if the application does not want it.
        return self.service.leaving or not self._body.soon_over

    def expect_body(self) -> None:
        """The client begins, or goes on, to send the body."""
        self._read_within(self.service.limits.body_time)

    def regulate(self) -> None:
        """Read as fast as what is read is taken."""
        exchange = self._exchange
        full = exchange is not None and max(exchange.buffered, len(self._buffer)) > FULL
        if full == self._reading:
            self._reading = not full
            if full:
                self._transport.pause_reading()
                self._due = inf
            else:
                self._transport.resume_reading()
                if self._body is not None:
                    self.expect_body()

    def write(self, data: bytes) -> None:
        """Send these bytes after all earlier ones."""
        if not self._transport.is_closing():
            self._transport.write(data)

    def finished(self, *, close: bool) -> None:
        """The response is complete; `close` says that it was the last."""
        self._exchange = None
        if close or self.service.leaving:
            self._linger()
        elif self._body is None and self._buffer:
            self._next()
        elif self._body is None:
            self._idle()
        self.regulate()
        if self._eof and self._exchange is None:
            self._close()

    def refuse(self, error: RequestError) -> None:
        """Say why the present request is not answered, and end."""
        if self._exchange is not None and self._exchange.begun:
            self.abort()  # it stood in the midst of a response
            return
        self._part()
        self.write(refusal(error))
        self._linger()

    def break_(self) -> None:
        """End without the end of the response, when what was written has left."""
        self._part()
        self._close()
        if self.flow.unsent:
            self.service.loop.call_later(self.service.limits.last_words, self.abort)

    def hand_over(self, owner: Owner, *, chunked: bool, keep_alive: bool) -> SocketStream | None:
        """Leave the connection to a stream; None if its client has left."""
        service, transport = self.service, self._transport
        if transport.is_closing() or self._eof:
            return None
        stream = SocketStream(
            service,
            transport,
            owner,
            chunked=chunked,
            keep_alive=keep_alive,
            rest=self._buffer,
            address=self.address,
        )
        self._exchange = None
        service.connections.discard(self)
        service.streams.add(stream)
        stream.begin()
        return stream

    # Its end

    def _linger(self) -> None:
        """Close when the client has done so too, which by then has read what it was told.

        To close while it sends would let the system reset the connection, and take from it what it
        has not read.
        """
        pending = self._body is not None
        self._lingering = True
        self._body = None
        self._buffer = b""
        if self._transport.is_closing():
            return
        halves = self._transport.can_write_eof()
        if self._eof or not (halves or pending):
            self._close()
            return
        if halves:
            self._transport.write_eof()
        self._read_within(LINGER)
        self.flow.watch()

    def _close(self) -> None:
        """Close when what was written has left."""
        self._due = inf
        self._transport.close()
        self.flow.watch()

    def abort(self) -> None:
        """Cut the connection."""
        self._transport.abort()

    def leave(self) -> None:
        """The server ends: close, but for the request that is being answered or on its way."""
        if self._exchange is None and not self._transport.is_closing():
            self.service.loop.call_later(BELATED, self._leave_idle)

    def _leave_idle(self) -> None:
        if self._exchange is None and not self._lingering:
            self._close()

    @property
    def stalled(self) -> bool:
        """Whether it waits for its client to read."""
        return self.flow.full or self._lingering or self._transport.is_closing()

    # Time

    def _read_within(self, seconds: float) -> None:
        self._due = self.service.loop.time() + seconds

    def _idle(self) -> None:
        self._read_within(self.service.limits.keep_alive)

    def pause_writing(self) -> None:
        self.flow.pause()

    def resume_writing(self) -> None:
        self.flow.resume()

    def check(self, now: float) -> None:
        """Part with a client that is late."""
        if self.flow.stuck(now):
            self.abort()
        elif now >= self._due:
            self._late()

    def _late(self) -> None:
        if self._lingering and not self.flow.unsent:
            self.abort()
        elif self._lingering:
            self._read_within(LINGER)
        elif self._body is not None and self._exchange is not None:
            text = "The body of the request comes too slowly."
            self.refuse(RequestError(HTTPStatus.REQUEST_TIMEOUT, text))
        else:
            self._close()
