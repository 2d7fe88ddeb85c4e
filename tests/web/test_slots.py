"""Slots and parts: the places of a page that a tab fills for itself."""

import logging
from uuid import UUID

import pytest

from helio import App, Shell, Topic, mount, part, region, slot, unmount, watch
from helio import html as h
from web.visiting import browser

NEWS = Topic("news")


@region
def note(number: int):
    return h.p[number]


def test_a_slot_is_an_element_that_takes_no_room() -> None:
    empty = '<helio-slot data-slot="dialog" style="display:contents"></helio-slot>'
    assert slot("dialog") == empty
    assert slot("dialog", [h.p["<none>"], "&"]) == empty.replace(
        "></", "><p>&lt;none&gt;</p>&amp;</"
    )


@pytest.mark.parametrize("name", ["", "#x", "~x", "a b", 'a"', "1a", "ä", "a" * 65, "a\n", 5])
def test_what_no_slot_is_named(name: str) -> None:
    with pytest.raises(ValueError, match="a slot's name is a letter"):
        slot(name)


@pytest.mark.parametrize("where", ["page", "region", "layout"])
async def test_slots_stand_in_pages_regions_and_layouts(app: App, where: str) -> None:
    @region
    def inner():
        return h.div[slot("in-region", "r")]

    def shell(page: Shell):
        return h.html[h.head[page.head], h.body[page.body, slot("in-layout", "l")]]

    @app.page("/", layout=shell)
    def index():
        return h.main[inner(), slot("in-page", "p")]

    async with browser(app) as visitor:
        document = (await visitor.get("/")).text
    assert f'<helio-slot data-slot="in-{where}" style="display:contents">{where[0]}</' in document


async def test_development_names_slots_of_one_name(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:
    @region
    def row(number: int):
        return h.li[slot("detail")]

    @app.page("/rows")
    def rows():
        watch(NEWS)
        return h.ul[row(1), row(2)]

    @app.page("/render")
    def render():
        watch(NEWS)
        return h.main[slot("one"), slot("one"), slot("two")]

    @app.page("/fine")
    def fine():
        return h.main[slot("one"), slot("two")]

    app.development = True
    with caplog.at_level(logging.WARNING, "helio.aids"):
        async with browser(app) as visitor:
            for path in ("/rows", "/render", "/rows", "/render", "/fine"):
                assert (await visitor.get(path)).status_code == 200
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 2
    assert "rows at /rows has more than one slot of the name 'detail'" in told[0]
    assert "render at /render has more than one slot of the name 'one'" in told[1]


def card() -> None: ...


@pytest.mark.parametrize(
    ("named", "name"),
    [
        (part("card"), "card"),
        (part("card", 5), "card-5"),
        (part(card, 5, True), "card-5-true"),
        (part(note, -3), "note--3"),
        (part(card, UUID(int=7)), "card-00000000-0000-0000-0000-000000000007"),
        (part(card, "a b/ä"), "card-a%20b%2F%C3%A4"),
    ],
)
def test_names_of_parts(named: str, name: str) -> None:
    assert named == name
    assert h.li(part=named) == f'<li data-part="{name}"></li>'


def test_other_arguments_make_another_name() -> None:
    assert part(card, "a", "b") != part(card, "a-b") != part(card, "a%2Db")


@pytest.mark.parametrize("name", ["", "#x", "@x", "~x", object()])
def test_what_no_part_is_named(name: str) -> None:
    with pytest.raises(ValueError, match="a part's name is text"):
        part(name)


@pytest.mark.parametrize("into", ["#dialog", "~x", "", ".x", slot("dialog"), None, 3])
def test_nothing_is_mounted_elsewhere(into: str) -> None:
    with pytest.raises(TypeError, match=r"is no place that is kept for a tab\. Give the name"):
        mount(note(1), into=into)
    with pytest.raises(TypeError, match="no place"):
        unmount(into)
