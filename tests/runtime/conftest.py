"""A real Chromium and a scripted HTTP server: the built runtime is tested from the outside."""

import json
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from runtime.events import DOCUMENT

BUNDLE = Path(__file__).parents[2] / "src" / "helio" / "static" / "helio.js"


@dataclass
class Call:
    """One request as it arrived, and the ways to answer it byte by byte."""

    handler: BaseHTTPRequestHandler
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    @property
    def signals(self) -> Any:
        """The signals of the request, from its body or its query."""
        if self.method in ("GET", "DELETE"):
            return json.loads(self.query["datastar"][0]) if "datastar" in self.query else None
        return json.loads(self.body)

    def answer(
        self,
        body: str | bytes = b"",
        content_type: str | None = "text/html",
        status: int = 200,
        **headers: str,
    ) -> None:
        """Send a whole answer; underscores in header names become hyphens."""
        data = body.encode() if isinstance(body, str) else body
        self.handler.send_response(status)
        if content_type:
            self.handler.send_header("Content-Type", content_type)
        self.handler.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.end_headers()
        self.handler.wfile.write(data)

    def stream(self, status: int = 200) -> None:
        """Begin an event stream; the end of the connection is its end."""
        self.handler.send_response(status)
        self.handler.send_header("Content-Type", "text/event-stream")
        self.handler.send_header("Cache-Control", "no-store")
        self.handler.send_header("Connection", "close")
        self.handler.end_headers()
        self.handler.wfile.flush()
        self.handler.close_connection = True

    def write(self, data: str | bytes) -> None:
        self.handler.wfile.write(data.encode() if isinstance(data, str) else data)
        self.handler.wfile.flush()

    def drop(self) -> None:
        """Break the connection without an answer."""
        self.handler.close_connection = True
        with suppress(OSError):
            self.handler.connection.shutdown(2)


Answer = Callable[[Call], None]


@dataclass
class Server:
    """Answers by method and path, in the thread of each request."""

    url: str = ""
    routes: dict[tuple[str, str], Answer] = field(default_factory=dict)
    calls: "queue.Queue[Call]" = field(default_factory=queue.Queue)
    log: list[Call] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)
    """Whether the runtime itself may be sent."""

    def on(self, method: str, path: str, answer: Answer) -> None:
        self.routes[method, path] = answer

    def answers(self, method: str, path: str, body: str | bytes = b"", **options: Any) -> None:
        """Give the same whole answer every time."""
        self.on(method, path, lambda call: call.answer(body, **options))

    def page(self, body: str, html: str = "", head: str = "", path: str = "/") -> None:
        text = DOCUMENT.format(body=body, html=f" {html}" if html else "", head=head)
        self.answers("GET", path, text)

    def next(self, path: str | None = None, timeout: float = 15) -> Call:
        """The next request that is not for the page or the runtime."""
        while True:
            call = self.calls.get(timeout=timeout)
            if path is None or call.path == path:
                return call

    def count(self, path: str) -> int:
        return sum(call.path == path for call in self.log)


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            call = Call(
                self,
                self.command,
                parts.path,
                parse_qs(parts.query, keep_blank_values=True),
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(length),
            )
            if parts.path == "/helio.js":
                server.released.wait(20)
                call.answer(BUNDLE.read_bytes(), "text/javascript")
                return
            if parts.path == "/favicon.ico":
                call.answer(status=204)
                return
            server.log.append(call)
            if (call.method, call.path) != ("GET", "/"):
                server.calls.put(call)
            answer = server.routes.get((call.method, call.path))
            with suppress(OSError):
                if answer is None:
                    call.answer("nothing here", "text/plain", 404)
                else:
                    answer(call)

        # The names are the base class's.
        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


class _Threads(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """A dropped connection is part of the tests."""


@pytest.fixture
def server() -> Iterator[Server]:
    scripted = Server()
    scripted.released.set()
    http = _Threads(("127.0.0.1", 0), _handler(scripted))
    scripted.url = f"http://127.0.0.1:{http.server_address[1]}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield scripted
    scripted.stopping.set()
    scripted.released.set()
    http.shutdown()
    thread.join()
    http.server_close()


@dataclass
class Streams:
    """The page's streams of one address, written by the test."""

    server: Server
    opened: "queue.Queue[Call]" = field(default_factory=queue.Queue)

    def __call__(self, call: Call) -> None:
        call.stream()
        call.write(": on\n\n")
        self.opened.put(call)
        self.server.stopping.wait(30)

    def next(self) -> Call:
        """The next stream that a page has opened."""
        return self.opened.get(timeout=15)

    @property
    def quiet(self) -> bool:
        """Whether every stream that was opened has been looked at."""
        return self.opened.empty()


@pytest.fixture
def streams(server: Server) -> Streams:
    """Streams at /live, opened by GET or POST."""
    made = Streams(server)
    server.on("GET", "/live", made)
    server.on("POST", "/live", made)
    return made


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    opened = chromium.new_context()
    opened.set_default_timeout(15_000)
    yield opened
    opened.close()


@dataclass
class Tab:
    """A page with what it wrote to its console."""

    page: Page
    errors: list[str]

    def value(self, expression: str) -> Any:
        return self.page.evaluate(expression)

    def until(self, expression: str) -> None:
        """Wait until a JavaScript expression is true."""
        self.page.wait_for_function(expression)

    def text(self, selector: str) -> str:
        return self.page.locator(selector).inner_text()


@pytest.fixture
def show(context: BrowserContext, server: Server) -> Callable[..., Tab]:
    """Open a page with the given body and the runtime running on it."""

    def open_page(body: str, html: str = "", head: str = "", ready: bool = True) -> Tab:
        server.page(body, html, head)
        page = context.new_page()
        errors: list[str] = []
        page.on(
            "console",
            lambda message: errors.append(message.text) if message.type == "error" else None,
        )
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(server.url, wait_until="load" if ready else "commit")
        if ready:
            page.wait_for_function("window.helio")
        return Tab(page, errors)

    return open_page
