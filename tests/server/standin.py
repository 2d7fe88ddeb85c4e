"""The least application, served on a real socket within the test's own loop."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from helio.server.application import Receive, Scope, Send
from helio.server.process import Server

Handler = Callable[[Scope, Receive, Send], Awaitable[None]]


class StandIn:
    """The least application: `/stream` stays open until the drain, other paths are given."""

    development = False

    def __init__(self, **handlers: Handler) -> None:
        self.handlers = handlers
        self.draining = asyncio.Event()
        self.told: list[str] = []
        self.scopes: list[Scope] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.live(scope, receive, send)
            return
        self.scopes.append(scope)
        name = scope["path"].strip("/") or "index"
        handler = self.handlers.get(name) or {"stream": self.stream}.get(name, self.index)
        await handler(scope, receive, send)

    async def live(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.told.append((await receive())["type"])
        scope["state"]["greeting"] = "hello"
        await send({"type": "lifespan.startup.complete"})
        self.told.append((await receive())["type"])
        await send({"type": "lifespan.shutdown.complete"})

    async def index(self, scope: Scope, receive: Receive, send: Send) -> None:
        await answer(send, b"hello")

    async def stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b": open\n\n", "more_body": True})
        await self.draining.wait()
        await send({"type": "http.response.body", "body": b"retry: 5\n\n", "more_body": True})

    async def drain(self, deadline: float) -> None:
        self.draining.set()


async def answer(send: Send, body: bytes) -> None:
    """A whole plain response."""
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class Connection:
    """One connection of a client: what it still has to read."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def until(self, text: bytes) -> bytes:
        """Read up to and with `text`."""
        return await self._reader.readuntil(text)

    async def rest(self) -> bytes:
        """Read until the server ends the connection."""
        try:
            return await self._reader.read()
        finally:
            self.close()

    def send(self, data: bytes) -> None:
        """Say something."""
        self._writer.write(data)

    def close(self) -> None:
        """Leave."""
        self._writer.close()

    def finish(self) -> None:
        """Say that no more is said."""
        self._writer.write_eof()

    def reset(self) -> None:
        """Leave without a word: the other side finds the connection reset."""
        sock = self._writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()


class Echo(StandIn):
    """Answers with what it was asked: method, URL, header fields and body, as they arrived."""

    async def index(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await whole(receive)
        told = [scope["method"], scope["raw_path"], scope["query_string"], scope["headers"], body]
        await answer(send, repr(told).encode())


async def whole(receive: Receive) -> bytes:
    """The body of a request."""
    pieces: list[bytes] = []
    while (message := await receive())["type"] == "http.request":
        pieces.append(message["body"])
        if not message["more_body"]:
            return b"".join(pieces)
    raise ConnectionError("the client has gone")


@dataclass
class Serving:
    """A running server and how to talk to it."""

    app: StandIn
    server: Server
    port: int
    task: asyncio.Task[None]

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection on which nothing was said yet."""
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def exchange(self, *pieces: bytes, pause: float = 0) -> bytes:
        """Everything that the server says to these pieces until it ends the connection.

        Each piece arrives by itself. What cannot be sent, because the server has ended the
        connection before, is not.
        """
        reader, writer = await self.connect()
        said = asyncio.create_task(reader.read())
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                for _ in range(3):  # turns of the loop that both ends share
                    await asyncio.sleep(pause)
            return await asyncio.wait_for(said, 10)
        except ConnectionError:
            return b""
        finally:
            said.cancel()
            writer.close()

    async def gone(self) -> None:
        """Wait until the server holds no connection any more."""
        async with asyncio.timeout(10):
            while self.server.connections:
                await asyncio.sleep(0.01)

    async def ask(self, *heads: str) -> Connection:
        """Send the head of one request, or of several at once, on a connection of their own."""
        reader, writer = await self.connect()
        writer.write("".join(f"{head}\r\nHost: x\r\n\r\n" for head in heads).encode())
        return Connection(reader, writer)

    async def fetch(self, head: str) -> bytes:
        """The whole answer to one request."""
        return await (await self.ask(f"{head}\r\nConnection: close")).rest()

    async def stop(self) -> None:
        """Leave, and wait until everything has ended."""
        self.server.leave()
        await asyncio.wait_for(asyncio.shield(self.task), 10)


Serve = Callable[..., AbstractAsyncContextManager[Serving]]
