"""Mounts for those who know none: stock runtimes and plain forms; and what cannot be mounted."""

import logging
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from helio import App, goto, mount, refresh, unmount
from helio import html as h
from helio.web.grants import sealed
from web.mounting_site import details, serve, world
from web.visiting import STOCK, browser, events


@pytest.fixture(autouse=True)
def fresh() -> None:
    world.__init__()


@pytest.fixture
async def app() -> AsyncIterator[App]:
    made = serve()
    yield made
    await made.stop()


@pytest.fixture
async def visitor(app: App) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(app) as made:
        yield made


@pytest.mark.parametrize(("mode", "wire"), [("inner", "inner"), ("append", "append")])
async def test_stock_runtimes_get_it_once(visitor: httpx.AsyncClient, mode: str, wire: str) -> None:
    [event] = events(await visitor.post(f"/open/details/5?mode={mode}", headers=STOCK))
    assert event.event == "datastar-patch-elements"
    assert event.fields["selector"] == '[data-slot="dialog"]'
    assert event.fields["mode"] == wire
    assert "details of 5: old" in event.fields["elements"]
    [event] = events(await visitor.post("/into-part", headers=STOCK))
    assert event.fields["selector"] == '[data-part="list-1"]'
    declared, _ = events(await visitor.post("/ask", headers=STOCK))
    assert '"draft":{"title":""}' in declared.data
    [event] = events(await visitor.post("/close", headers=STOCK))
    assert event.fields == {"selector": '[data-slot="dialog"] > *', "mode": "remove"}
    world.refused = {5}
    refused = await visitor.post("/open/guarded/5", headers=STOCK)
    assert refused.headers["helio-status"] == "403"


@pytest.mark.parametrize(
    ("mode", "content"),
    [
        ("inner", "{}"),
        ("append", "<em>nothing yet</em>{}"),
        ("prepend", "{}<em>nothing yet</em>"),
    ],
)
async def test_a_plain_form_gets_its_page_with_the_slot_filled(
    visitor: httpx.AsyncClient, mode: str, content: str
) -> None:
    form = {"referer": "http://testserver/?x=1"}
    answer = await visitor.post(f"/open/details/5?mode={mode}", headers=form)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-cache"
    region = re.search(r"<article.*?</article>", answer.text)
    assert region is not None
    assert "details of 5: old" in region[0]
    mounted = (
        f'<helio-mount data-into="dialog" data-mode="{mode}" style="display:contents">'
        f"{region[0]}</helio-mount>"
    )
    slot = '<helio-slot data-slot="dialog" style="display:contents">{}</helio-slot>'
    assert slot.format(content.format(mounted)) in answer.text
    assert "page: old" in answer.text


async def test_a_plain_form_in_what_was_mounted_knows_its_page(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post("/ask", headers={"referer": "http://testserver/?x=1"})
    back = re.search(r'name="_back" value="([^"]*)"', answer.text)
    assert back is not None
    fields = {"_back": back[1], "draft.title": "x"}
    again = await visitor.post("/check", data=fields, headers={"referer": "http://testserver/ask"})
    assert (again.status_code, again.headers["location"]) == (303, "/?x=1")


async def test_a_plain_form_fills_a_part(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post("/into-part", headers={"referer": "http://testserver/"})
    assert re.search(
        r'<ul data-part="list-1"><li>first</li><helio-mount [^>]*>'
        r"<article[^>]*>details of 2: old</article></helio-mount></ul>",
        answer.text,
    )


async def test_the_other_answers_to_plain_forms(visitor: httpx.AsyncClient) -> None:
    for path in ("/close", "/refresh"):
        answer = await visitor.post(path, headers={"referer": "http://testserver/still"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/still")
    assert world.silent == 1
    assert "silently 1" in (await visitor.get("/still")).text
    world.refused = {5}
    refused = await visitor.post("/open/guarded/5")
    assert refused.status_code == 403
    assert "secret" not in refused.text


async def test_a_plain_form_whose_page_has_no_such_slot(
    visitor: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "helio.web"):
        answer = await visitor.post("/astray", headers={"referer": "http://testserver/still"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/still")
    assert "has no slot or part" in caplog.text


# What cannot be mounted


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        (lambda: mount(details, into="a"), r"mount\(details\): call the region"),
        (lambda: mount(h.p["x"], into="a"), "Decorate the function with @region"),
        (lambda: refresh(h.p["x"]), r"refresh\(.*Decorate"),
        (lambda: unmount("a", details), r"unmount\(details\): call the region"),
        (lambda: goto(details), "that is no page"),
    ],
)
def test_what_is_no_region(mistake: Any, told: str) -> None:
    with pytest.raises(TypeError, match=told):
        mistake()


def test_what_is_no_mode() -> None:
    with pytest.raises(ValueError, match="the mode is inner, append or prepend"):
        mount(details(1), into="a", mode="outer")


async def test_a_render_mounts_nothing(app: App, visitor: httpx.AsyncClient) -> None:
    made = sealed(details(1))

    @app.page("/mounting")
    def mounting():
        return h.p[str(mount(made.call, into="a"))]

    app.development = True
    answer = await visitor.get("/mounting")
    assert answer.status_code == 500
    assert "mount(…) inside page" in answer.text


def test_a_secret_that_is_none() -> None:
    with pytest.raises(ValueError, match="could be found by trying"):
        App(secret="short")  # noqa: S106
