"""One request and its response, as the application sees them (ASGI 3, HTTP 2.3)."""

import asyncio
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote

from starlette.requests import ClientDisconnect

from helio.server.answer import Answer, Framing, answer
from helio.server.application import Message
from helio.server.frames import LAST, chunk
from helio.server.head import Head, Headers, RequestError
from helio.server.peer import Peer
from helio.server.scope import http_scope
from helio.server.stream import Owner, SocketStream

if TYPE_CHECKING:
    from helio.server.connection import Connection

logger = logging.getLogger("helio.server")

JOINED = 64 * 1024
"""Bytes up to which a head and a body are copied together into one write."""


class ClientGoneError(OSError):
    """Raised where the application goes on to send to a client that has left."""


class Exchange:
    """Carries a request's body to the application, and its response to the client."""

    __slots__ = (
        "_answer",
        "_asked",
        "_begun",
        "_complete",
        "_connection",
        "_gone",
        "_handed",
        "_head",
        "_headers",
        "_hushed",
        "_left",
        "_pieces",
        "_received",
        "_status",
        "_told",
        "_waiting",
        "buffered",
    )

    def __init__(self, connection: "Connection", head: Head) -> None:
        self._head = head
        self._connection = connection
        # The request
        self.buffered = 0  # bytes of the body that the application has not taken
        self._pieces: list[bytes] = []
        self._received = head.length == 0  # all of the body
        self._told = False  # the application knows that it has all of it
        self._asked = not head.expects_continue  # the client to send the body
        self._waiting: list[asyncio.Future[None]] = []
        self._hushed = False  # the client says no more
        self._gone = False  # the client
        # The response
        self._status: int | None = None
        self._headers: Headers = []
        self._answer: Answer | None = None
        self._begun = False  # something of it has been written
        self._left = 0  # bytes of the body that Content-Length has promised
        self._complete = False
        self._handed = False

    # The connection's

    def feed(self, data: bytes) -> None:
        """Bytes of the request's body."""
        self._asked = True
        self._pieces.append(data)
        self.buffered += len(data)
        self._wake()

    def feed_eof(self) -> None:
        """The request's body is complete."""
        self._received = True
        self._wake()

    def hush(self) -> None:
        """The client says nothing more, but may still listen."""
        self._hushed = True
        self._wake()

    def disconnect(self) -> None:
        """The client has left."""
        self._gone = self._hushed = True
        self._wake()

    def _wake(self) -> None:
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)

    @property
    def begun(self) -> bool:
        """Whether something of the response has been written."""
        return self._begun

    # The application's

    async def run(self, peer: Peer) -> None:
        """Let the application answer what this peer has asked for."""
        service = self._connection.service
        extensions = {"helio.stream": self.hand_over}
        scope = http_scope(self._head, peer, service.proxies, service.state, extensions)
        try:
            await service.app(scope, self.receive, self.send)
        except (Exception, SystemExit) as error:
            self._failed(error)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                return  # the process ends, and has cut the connection before
            self._failed(RuntimeError("the application awaited something that was cancelled"))
        else:
            self._returned()

    async def receive(self) -> Message:
        """A piece of the request's body; after the last, wait until the client has gone."""
        self._ask()
        while True:
            if self._pieces or (self._received and not self._told):
                return self._piece()
            if self._hushed or self._complete or self._handed:
                return {"type": "http.disconnect"}
            waiter = self._connection.service.loop.create_future()
            self._waiting.append(waiter)
            try:
                await waiter
            finally:
                self._waiting.remove(waiter)

    def _ask(self) -> None:
        """Tell a client that waits for it to send the body (RFC 9110, 10.1.1)."""
        if not self._asked and not self._gone and not self._begun:
            self._asked = True
            self._connection.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self._connection.expect_body()

    def _piece(self) -> Message:
        data = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces.clear()
        self.buffered = 0
        self._told = self._received
        self._connection.regulate()
        return {"type": "http.request", "body": data, "more_body": not self._received}

    async def send(self, message: Message) -> None:
        """Send the response's head, or a piece of its body.

        Raises RuntimeError for messages that do not make a response, and `ClientGoneError` for a
        piece with more to come when nobody is there to take it.
        """
        if self._handed:
            return  # what middleware adds to a stream that has left it
        match message["type"]:
            case "http.response.start":
                self._start(message)
            case "http.response.body":
                more = bool(message.get("more_body", False))
                self._send(message.get("body", b""), more=more)
                if self._connection.flow.full and not self._gone:
                    await self._connection.flow.drained()
            case "http.response.trailers":
                pass
            case other:
                raise RuntimeError(f"{other!r} is no message of a response")

    def _start(self, message: Message) -> None:
        if self._status is not None:
            raise RuntimeError("the response has begun already")
        self._status = message["status"]
        self._headers = list(message.get("headers", ()))

    def _send(self, body: bytes, *, more: bool) -> None:
        if self._status is None:
            raise RuntimeError("a response begins with http.response.start")
        if self._complete:
            raise RuntimeError("the response is complete already")
        if self._gone:
            self._complete = not more
            if more:
                raise ClientGoneError("the client has left")
            return
        head = b""
        if self._answer is None:
            head = self._begin(self._status, None if more else len(body))
        data = self._framed(body, more=more)
        if not more and self._left:
            raise _lacking(self._left)
        self._write(head, data)
        if not more:
            self._complete = True
            self._connection.finished(close=self._answer is not None and self._answer.close)

    def _begin(self, status: int, size: int | None) -> bytes:
        """The response's head. `size` is its body's, if that is there already."""
        # A client that was not asked for the body may send it or not.
        close = not self._head.keep_alive or not self._asked or self._connection.ends
        self._answer = answer(status, self._headers, size, self._head, close=close)
        self._left = self._answer.length if self._answer.framing is Framing.SIZED else 0
        return self._answer.head

    def _framed(self, body: bytes, *, more: bool) -> bytes:
        """These bytes of the body as they go over the wire."""
        assert self._answer is not None  # noqa: S101
        match self._answer.framing:
            case Framing.EMPTY:
                return b""
            case Framing.CHUNKED:
                return chunk(body) if more else chunk(body) + LAST
            case Framing.SIZED:
                if len(body) > self._left:
                    raise RuntimeError("the response is longer than its Content-Length")
                self._left -= len(body)
                return body
            case Framing.UNTIL_CLOSE:
                return body

    def _write(self, head: bytes, body: bytes) -> None:
        self._begun = True
        if len(body) <= JOINED:
            self._connection.write(head + body)
        else:
            self._connection.write(head)
            self._connection.write(body)

    # Its end

    def hand_over(self, owner: Owner) -> SocketStream | None:
        """Leave the rest of the response to its owner, who writes it to what is returned.

        The application may return then; what is sent by `send` from now on is dropped. None where
        the response is none that goes on, or what was written is not what is sent: the application
        sends it by `send` as it would on any other server. The first piece of the body must have
        been sent, so that this is known.
        """
        made = self._answer
        if (
            not self._begun
            or made is None
            or made.framing not in (Framing.CHUNKED, Framing.UNTIL_CLOSE)
        ):
            return None
        if self._complete or self._gone or self._handed or not self._received:
            return None
        if any(name.lower() == b"content-encoding" for name, _ in self._headers):
            return None
        stream = self._connection.hand_over(
            owner, chunked=made.framing is Framing.CHUNKED, keep_alive=not made.close
        )
        self._handed = stream is not None
        self._wake()
        return stream

    def _returned(self) -> None:
        if self._complete or self._handed or self._gone:
            return
        if not self._begun:
            self._failed(RuntimeError("the application returned without an answer"))
        elif self._left:
            self._failed(_lacking(self._left))
        else:
            # A response that the application leaves open is meant to be taken for broken.
            self._connection.break_()

    def _failed(self, error: BaseException) -> None:
        """Log it once, and tell the client if that is still possible."""
        if self._gone and _concerns_client(error):
            return
        path = unquote(self._head.path.decode("ascii"))
        logger.error("%s %.200r failed", self._head.method, path, exc_info=error)
        if self._complete or self._handed or self._gone:
            return
        if not self._begun:
            self._connection.refuse(_FAILURE)
        else:
            self._connection.break_()


_FAILURE = RequestError(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong on the server.")


def _lacking(left: int) -> RuntimeError:
    return RuntimeError(f"the response lacks {left} bytes of its Content-Length")


def _concerns_client(error: BaseException) -> bool:
    """Whether it says nothing but that the client has left."""
    if isinstance(error, BaseExceptionGroup):
        inner = cast("BaseExceptionGroup[BaseException]", error).exceptions
        return all(map(_concerns_client, inner))
    return isinstance(error, ClientGoneError | ClientDisconnect)
