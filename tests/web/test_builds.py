"""Builds: which state of the code a document was made by, and what a stream of another one does."""

import importlib.util
import re
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from helio import App, Topic, region, watch
from helio import html as h
from web.visiting import BRISK, browser, stream

NEWS = Topic("news")
RELOAD = 'detail {"url":"","mode":"reload","when":"idle"}'


@region
def cell():
    watch(NEWS)
    return h.p["the cell"]


def serve(**options: object) -> App:
    app = App(pace=BRISK, **options)

    @app.page("/")
    def index():
        return h.main[cell()]

    @app.page("/{number}")
    def numbered(number: int):
        return h.main[cell()]

    return app


@pytest.fixture
async def app() -> AsyncIterator[App]:
    made = serve()
    yield made
    await made.stop()


async def build_of(app: App, path: str = "/") -> str:
    async with browser(app) as visitor:
        found = re.search(r'data-build="([0-9a-f-]+)"', (await visitor.get(path)).text)
    assert found is not None
    return found[1]


def versions(document: str) -> str:
    found = re.findall(r'data-region="([^"]+)" data-v="([^"]+)"', document)
    return " ".join(f"{key}={version}" for key, version in found)


async def test_the_same_in_all_processes_and_on_all_pages(app: App) -> None:
    assert await build_of(app) == await build_of(app, "/5") == await build_of(serve())


async def test_another_with_other_files_to_load(app: App) -> None:
    options = ({"css": "/a.css"}, {"css": ["/a.css", "/b.css"]}, {"runtime": "/x.js"})
    builds = [await build_of(one) for one in (app, *(serve(**each) for each in options))]
    assert len({build.partition("-")[0] for build in builds}) == 4
    assert len({build.partition("-")[2] for build in builds}) == 1


SOURCE = """
from helio import App, html as h
from {parts} import part
app = App()

@app.page("/")
def index():
    return h.main[part()]
"""
PARTS = """
from helio import html as h, region

@region
def part():
    return h.p["part"]
"""
COMMANDS = """
from helio import Routes
routes = Routes()

@routes.post("/do")
def do():
    pass
"""


class Files:
    """An application of several modules."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names = {name: f"helio_build_{name}" for name in ("site", "parts", "commands")}
        self.write("site", SOURCE.format(parts=self.names["parts"]))
        self.write("parts", PARTS)
        self.write("commands", COMMANDS)

    def write(self, name: str, source: str) -> None:
        (self.folder / f"{self.names[name]}.py").write_text(source)

    def edit(self, name: str) -> None:
        file = self.folder / f"{self.names[name]}.py"
        file.write_text(file.read_text() + "\n# edited\n")

    async def build(self) -> str:
        """The build of a new process that serves the files as they are now."""
        self.forget()
        for name in ("parts", "commands", "site"):
            self._load(self.names[name])
        app: App = sys.modules[self.names["site"]].app
        app.include(sys.modules[self.names["commands"]].routes)
        return await build_of(app)

    def _load(self, name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(name, self.folder / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def forget(self) -> None:
        for name in self.names.values():
            sys.modules.pop(name, None)


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Files]:
    made = Files(tmp_path)
    yield made
    made.forget()


async def test_another_after_an_edit(files: Files) -> None:
    first = await files.build()
    assert await files.build() == first
    seen = {first}
    for name in files.names:
        files.edit(name)
        seen.add(await files.build())
    assert len(seen) == 4
    assert len({build.partition("-")[0] for build in seen}) == 1


async def test_a_stream_of_the_same_build_brings_nothing_that_is_there(app: App) -> None:
    async with browser(app) as visitor:
        have = versions((await visitor.get("/")).text)
    for told in ({"helio_build": await build_of(app)}, {}):
        async with stream(app, "/", helio_have=have, **told) as opened:
            await opened.says(":\n\n")
            assert opened.events == []


async def test_a_stream_of_another_build_brings_all_again(app: App) -> None:
    async with browser(app) as visitor:
        have = versions((await visitor.get("/")).text)
    head = (await build_of(app)).partition("-")[0]
    async with stream(app, "/", helio_have=have, helio_build=f"{head}-000000000000") as opened:
        await opened.says("the cell")
        assert "helio-navigate" not in opened.text


@pytest.mark.parametrize("build", ["000000000000-000000000000", "x", "", "-", "\x7f\xff"])
async def test_a_page_with_another_runtime_is_loaded_again_when_it_is_idle(
    app: App, build: str
) -> None:
    async with stream(app, "/", helio_build=build) as opened:
        await opened.says("the cell")
        first = opened.events[0]
        assert (first.event, first.data) == ("helio-navigate", RELOAD)
        assert not opened.task.done(), "until then it is kept current"


async def test_a_page_whose_address_is_another_one_is_loaded_again(app: App) -> None:
    async with browser(app) as visitor:
        have = versions((await visitor.get("/5")).text)
    async with stream(app, "/5", helio_have=have) as opened:
        await opened.says(":\n\n")
        assert opened.events == []
    for path in ("/", "/6"):
        async with stream(app, path, helio_have=have) as opened:
            await opened.says("helio-navigate")
            assert opened.events[0].data == RELOAD


async def test_a_client_that_says_nothing_of_itself_is_sent_nowhere(app: App) -> None:
    async with stream(app, "/") as opened:
        await opened.says("the cell")
        assert "helio-navigate" not in opened.text


async def test_an_address_with_two_versions_is_not_had(app: App) -> None:
    async with browser(app) as visitor:
        have = versions((await visitor.get("/")).text)
    [page, region] = have.split()
    key = region.partition("=")[0]
    async with stream(app, "/", helio_have=f"{page} {region} {key}=old {region}") as opened:
        await opened.says("the cell")
    async with stream(app, "/", helio_have=f"{page} {region} {region}") as opened:
        await opened.says(":\n\n")
        assert opened.events == []
