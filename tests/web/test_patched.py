"""In development: an element that a command sends to where a region will undo it."""

import logging
from collections.abc import AsyncIterator

import pytest

from helio import App, Patch, Topic, region, slot, watch
from helio import html as h
from web.visiting import BRISK, browser, own, stream

NEWS = Topic("news")
ANSWERS = {
    "element": h.li("#row-1")["new"],
    "root": h.ul("#rows")["new"],
    "list": [None, h.li("#row-1")["new"]],
    "patch": Patch(h.b["new"], "#row-1", "append"),
    "patch-by-id": Patch(h.li("#row-1")["new"]),
    "page": h.h1("#head")["new"],
    "slot": h.em("#empty")["new"],
    "after-slot": h.em("#last")["new"],
    "elsewhere": Patch(h.b["new"], ".row", "append"),
    "nowhere": h.p("#nowhere")["new"],
}


@region
def rows():
    watch(NEWS)
    return h.ul("#rows")[
        h.li("#row-1")["one"], slot("detail", h.em("#empty")["nothing"]), h.em("#last")["end"]
    ]


@pytest.fixture
async def app() -> AsyncIterator[App]:
    app = App(pace=BRISK)
    app.development = True

    @app.page("/")
    def index():
        return h.main[h.h1("#head")["rows"], rows()]

    @app.post("/{what}")
    def command(what: str):
        return ANSWERS[what]

    yield app
    await app.stop()


@pytest.mark.parametrize(
    ("what", "name"),
    [
        ("element", "row-1"),
        ("root", "rows"),
        ("list", "row-1"),
        ("patch", "row-1"),
        ("patch-by-id", "row-1"),
        ("after-slot", "last"),
        ("page", None),
        ("slot", None),
        ("elsewhere", None),
        ("nowhere", None),
    ],
)
async def test_it_is_told_once_with_the_fix(
    app: App, caplog: pytest.LogCaptureFixture, what: str, name: str | None
) -> None:
    with caplog.at_level(logging.WARNING, "helio.aids"):
        async with browser(app) as visitor, stream(app, "/") as opened:
            await opened.says("one")
            for _ in range(2):
                answer = await visitor.post(f"/{what}", headers=own())
                assert "new" in answer.text
    told = [record.getMessage() for record in caplog.records]
    if name is None:
        assert told == []
        return
    [warning] = told
    assert warning.startswith("command ")
    assert (
        f"command (POST /{{what}}) sends an element to #{name}, which stands in region" in warning
    )
    assert "return mount(…, into=…) and put a slot(…) there" in warning


async def test_it_is_not_told_in_production(app: App, caplog: pytest.LogCaptureFixture) -> None:
    app.development = False
    async with browser(app) as visitor, stream(app, "/") as opened:
        await opened.says("one")
        assert (await visitor.post("/element", headers=own())).status_code == 200
    assert not caplog.records
