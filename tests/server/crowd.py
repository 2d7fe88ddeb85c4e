"""Clients as a crowd of browsers: raw HTTP, frames applied to a small DOM, faults of their own."""

import asyncio
import json
import re
import secrets
from collections.abc import Callable
from contextlib import suppress

from helio.wire import Event, Parser
from live.dom import Page

_BODY = re.compile(r"<body>(?:<template [^>]*></template>)?(.*)</body>", re.DOTALL)
_TITLE = re.compile(r"<title>(.*?)</title>")


class Visitor:
    """One visitor with one tab. `port` says which process answers him at this moment."""

    def __init__(self, path: str, port: Callable[[], int], *, own: bool = True) -> None:
        """`own`: with our runtime, which understands steps and tells what it has."""
        self.path = path
        self.port = port
        self.own = own
        self.tab = secrets.token_hex(8)
        self.cookie = ""
        self.page = Page("")
        self.title = ""
        self.rest = 0.0  # seconds between two reads: a slow reader
        self.streams = 0
        self.events = 0
        self.leaving = False
        self._writer: asyncio.StreamWriter | None = None

    # Plain requests

    async def load(self) -> None:
        """Load the document."""
        document = await self.document()
        self.page, self.title = _shown(document), _title(document)

    async def document(self) -> str:
        return (await self._whole("GET", self.path, {}, b"")).decode()

    async def fresh(self) -> tuple[str, str]:
        """What the page and its title are to somebody who has just come."""
        document = await self.document()
        return _shown(document).bare(), _title(document)

    @property
    def shown(self) -> tuple[str, str]:
        return self.page.bare(), self.title

    async def act(self, path: str, **values: object) -> None:
        """Send a command."""
        headers = {
            "Datastar-Request": "true",
            "Helio-Request": secrets.token_hex(8),
            "Helio-Tab": self.tab,
            "Content-Type": "application/json",
        }
        await self._whole("POST", path, headers, json.dumps(values).encode())

    async def _whole(self, method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
        reader, writer = await self._ask(method, path, {**headers, "Connection": "close"}, body)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith((b"HTTP/1.1 2", b"HTTP/1.1 3")), head + await reader.read(2000)
            self._keep_cookie(head)
            return await reader.read()
        finally:
            writer.close()

    async def _ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes = b""
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port(), limit=4096)
        told = {"Host": "127.0.0.1", "Content-Length": str(len(body)), **headers}
        if self.cookie:
            told["Cookie"] = self.cookie
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {told[name]}" for name in told)]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        return reader, writer

    def _keep_cookie(self, head: bytes) -> None:
        found = re.search(rb"set-cookie: ([^;\r]+)", head)
        if found:
            self.cookie = found[1].decode()

    # The stream

    async def stay(self) -> None:
        """Follow the page until `leave`, coming back whenever the stream ends."""
        while not self.leaving:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await self._follow()
            await asyncio.sleep(0.02)

    def drop(self) -> None:
        """Lose the connection, without a word."""
        if self._writer is not None:
            self._writer.transport.abort()

    def leave(self) -> None:
        self.leaving = True
        self.drop()

    async def _follow(self) -> None:
        headers = {"Datastar-Request": "true"}
        if self.own:
            have = " ".join(f"{key}={version}" for key, version in self.page.have.items())
            headers |= {"Helio-Request": "stream", "Helio-Tab": self.tab, "Helio-Have": have}
        reader, self._writer = await self._ask("GET", self.path, headers)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                return  # it is restarting
            self._keep_cookie(head)
            self.streams += 1
            parser = Parser()
            while size := int(await reader.readline(), 16):
                for event in parser.feed(await reader.readexactly(size)):
                    self._take(event)
                await reader.readline()
                await asyncio.sleep(self.rest)
        except ValueError:
            return  # the last line is cut off
        finally:
            self._writer.close()

    def _take(self, event: Event) -> None:
        self.events += 1
        if event.event == "helio-title":
            self.title = json.loads(event.data.removeprefix("detail "))["title"]
        elif event.event == "datastar-patch-elements" and "document.title=" in event.data:
            found = re.search(r'document\.title="([^"]*)"', event.data)
            assert found
            self.title = found[1]
        else:
            self.page.apply(event)


def _shown(document: str) -> Page:
    found = _BODY.search(document)
    assert found, document
    return Page(found[1])


def _title(document: str) -> str:
    found = _TITLE.search(document)
    assert found, document
    return found[1]
