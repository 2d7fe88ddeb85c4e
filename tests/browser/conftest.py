"""Stories in a real browser, told to real processes."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from browser.proxy import Proxy
from browser.serving import PATIENCE, Served
from browser.streams import Stream
from browser.windows import Open, Window

APPS = Path(__file__).parent / "apps"
GALLERY = Path(__file__).parents[2] / "gallery"

NONE: Mapping[str, bytes] = {}

Serve = Callable[..., Served]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """`serve("todo.py")`: the application of `apps/`, else of the gallery, under `helio run`.

    It runs in a directory that is empty but for `files`, or in that of another process (`beside`),
    with which it shares its database. It is ended with the test.
    """
    running: list[Served] = []

    def start(
        name: str,
        verb: str = "run",
        files: Mapping[str, bytes] = NONE,
        beside: Served | None = None,
    ) -> Served:
        target = APPS / name
        if beside is not None:
            running.append(Served(Path(name), beside.place, verb))
            return running[-1]
        place = tmp_path / f"run-{len(running)}"
        place.mkdir()
        for path, data in files.items():
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).write_bytes(data)
        shutil.copy(target if target.exists() else GALLERY / name, place)
        running.append(Served(Path(name), place, verb))
        return running[-1]

    yield start
    for served in running:
        served.end()


@pytest.fixture
def gallery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """The gallery under `helio run`, with a database of its own: `gallery.db`."""
    monkeypatch.setenv("HELIO_GALLERY_DB", str(tmp_path / "gallery.db"))
    served = Served(GALLERY / "app.py", tmp_path)
    yield served
    served.end()


@pytest.fixture
def before() -> Iterator[Callable[..., Proxy]]:
    """`before(served, others)`: one address before two processes; see `Proxy`."""
    proxies: list[Proxy] = []

    def start(streams: Served, others: Served | None = None) -> Proxy:
        proxies.append(Proxy(streams, others))
        return proxies[-1]

    yield start
    for proxy in proxies:
        proxy.close()


@pytest.fixture
def window(chromium: Browser) -> Iterator[Open]:
    """`window(url)`: a new visitor's window. At the end none may have heard of an error."""
    contexts: list[BrowserContext] = []
    windows: list[Window] = []

    def open_window(url: str = "", browser: Browser = chromium, **options: object) -> Window:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE * 1000)
        contexts.append(context)
        windows.append(Window(context.new_page()))
        if url and options.get("java_script_enabled") is False:
            windows[-1].page.goto(url)
        elif url:
            windows[-1].visit(url)
        return windows[-1]

    yield open_window
    for context in contexts:
        context.close()
    assert [error for window in windows for error in window.errors] == []


@pytest.fixture
def listen() -> Iterator[Callable[..., Stream]]:
    """`listen(url, **headers)`: a page's stream over plain HTTP, without a browser."""
    streams: list[Stream] = []

    def open_stream(url: str, **headers: str) -> Stream:
        streams.append(Stream(url, **headers))
        return streams[-1]

    yield open_stream
    for stream in streams:
        stream.close()
