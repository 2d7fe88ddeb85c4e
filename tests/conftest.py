"""One Chromium for all browser tests: Playwright runs one event loop in its thread, not two."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

FLAGS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The installed Chromium: `$HELIO_CHROMIUM`, else one in PATH. In CI there must be one."""
    names = filter(None, (os.environ.get("HELIO_CHROMIUM"), *NAMES))
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        missing = "the browser tests need a Chromium, and none is installed"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return path


@pytest.fixture(scope="session")
def playwright(chromium_path: str) -> "Iterator[Playwright]":
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def launch(playwright: "Playwright", chromium_path: str) -> "Callable[..., Browser]":
    """`launch(**options)`: a Chromium with an empty profile; whoever starts it closes it."""

    def start(**options: Any) -> "Browser":
        return playwright.chromium.launch(executable_path=chromium_path, args=FLAGS, **options)

    return start


@pytest.fixture(scope="session")
def chromium(launch: "Callable[..., Browser]") -> "Iterator[Browser]":
    browser = launch()
    yield browser
    browser.close()
