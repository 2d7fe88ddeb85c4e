"""A browser window as its user sees it, and what it complained about."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Response

_NETWORK = re.compile(r"Failed to load resource: |net::ERR_")
"""What Chromium itself logs about a request that failed or was refused."""


@dataclass
class Window:
    """One tab of one visitor."""

    page: Page
    errors: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    @property
    def cookie(self) -> str:
        """The cookies of this visitor, as a request carries them."""
        return "; ".join(f"{each['name']}={each['value']}" for each in self.context.cookies())

    def beside(self, url: str = "") -> "Window":
        """Another tab of the same visitor."""
        tab = self.watch(self.context.new_page())
        if url:
            tab.visit(url)
        return tab

    def watch(self, page: Page) -> "Window":
        """A tab that this visitor has opened; its errors are this window's."""
        return Window(page, self.errors)

    def visit(self, url: str) -> None:
        """Go there, and wait until the page is shown and its stream open."""
        self.page.goto(url)
        self.connected()

    def connected(self) -> None:
        """Wait until the page's stream is open."""
        self.page.wait_for_selector("html[data-helio-connection=online]")

    def submit(self, selector: str) -> Response:
        """Click, and wait for the page that a plain form or link leads to. Gives its answer."""
        with self.page.expect_navigation() as arrived:
            self.page.click(selector)
        assert arrived.value is not None
        return arrived.value

    def until(self, expression: str) -> None:
        """Wait until a JavaScript expression is true."""
        self.page.wait_for_function(expression)

    def value(self, expression: str) -> Any:
        """The value of a JavaScript expression."""
        return self.page.evaluate(expression)

    def locate(self, selector: str) -> Locator:
        return self.page.locator(selector)

    def texts(self, selector: str) -> list[str]:
        """The texts of all elements, in the order of the page."""
        return self.page.locator(selector).all_inner_texts()

    def shows(self, selector: str, *texts: str) -> None:
        """Wait until these are the texts of the elements, in this order."""
        told = "([selector, texts]) => JSON.stringify([...document.querySelectorAll(selector)]"
        told += ".map(el => el.innerText)) === JSON.stringify(texts)"
        try:
            self.page.wait_for_function(told, arg=[selector, list(texts)])
        except Exception:
            assert self.texts(selector) == list(texts)
            raise

    def sent(self, method: str = "", path: str = "") -> list[Request]:
        """The requests this window has made, by method and end of the path."""
        return [
            request
            for request in self.requests
            if request.method.startswith(method) and request.url.endswith(path)
        ]

    def forgive(self, *patterns: str) -> None:
        """These errors were meant to happen: each pattern must be found, and is taken out."""
        for pattern in patterns:
            found = [text for text in self.errors if re.search(pattern, text)]
            assert found, f"no error like {pattern!r} was heard; heard were {self.errors}"
            self.errors[:] = [text for text in self.errors if text not in found]

    def forgive_network(self) -> None:
        """The server was away or refused: what Chromium logs about that is not our error."""
        self.errors[:] = [text for text in self.errors if not _NETWORK.search(text)]


Open = Callable[..., Window]
"""`open(url="", **options of the context)`: a new visitor, with cookies of his own."""
