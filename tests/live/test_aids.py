"""Warnings of development: each once, with the place to look at."""

import logging
from itertools import count

import pytest

from helio import SQLite, region
from helio import html as h
from helio.data.topics import Key, Table
from helio.live.aids import Aids
from live.standin import Visit, running

numbers = count()


@region
def restless() -> object:
    return h.ul[h.li["always"], h.li[f"number {next(numbers)}"]]


@region
def twins() -> object:
    return h.ul[h.li(id="a"), h.li(id="a")]


@region
def leaf(number: int) -> object:
    return h.li[number]


def restless_page() -> object:
    return h.main[restless()]


def twins_page() -> object:
    return h.main[twins()]


def crowded_page() -> object:
    return h.main[map(leaf, range(201))]


def empty_page() -> object:
    h.main[leaf(1)]
    return None


def quiet_page() -> object:
    return h.main[leaf(1), leaf(2)]


async def warnings_of(page: object, caplog: pytest.LogCaptureFixture) -> list[str]:
    """What is said when the page is visited twice in development."""
    with caplog.at_level(logging.WARNING, "helio.aids"):
        async with running() as hub:
            hub.aids = Aids()
            await hub.document(Visit(page))  # type: ignore[arg-type]
            await hub.document(Visit(page))  # type: ignore[arg-type]
    return [record.getMessage() for record in caplog.records]


async def test_a_render_that_is_not_repeatable(caplog: pytest.LogCaptureFixture) -> None:
    [text] = await warnings_of(restless_page, caplog)
    assert "restless" in text
    assert "test_aids.py:" in text
    assert "-<li>number 0</li>" in text
    assert "+<li>number 1</li>" in text
    assert "always" not in text


async def test_two_parts_of_one_name(caplog: pytest.LogCaptureFixture) -> None:
    [text] = await warnings_of(twins_page, caplog)
    assert "#a" in text
    assert "test_aids.py:" in text


async def test_too_many_regions(caplog: pytest.LogCaptureFixture) -> None:
    [text] = await warnings_of(crowded_page, caplog)
    assert "201 regions" in text
    assert "part=" in text


async def test_a_page_that_forgets_to_return(caplog: pytest.LogCaptureFixture) -> None:
    [text] = await warnings_of(empty_page, caplog)
    assert "empty_page" in text
    assert "returned None" in text


async def test_a_database_that_the_application_does_not_know(
    caplog: pytest.LogCaptureFixture,
) -> None:
    known, forgotten = SQLite(":memory:"), SQLite("forgotten.db")
    with caplog.at_level(logging.WARNING, "helio.aids"):
        aids = Aids(lambda: [known])
        for source in (known, forgotten, forgotten):
            aids.read(Visit(quiet_page), [Table(source, "todo"), "a topic without a source"])  # type: ignore[arg-type]
    [record] = caplog.records
    assert "quiet_page reads SQLite('forgotten.db')" in record.getMessage()
    assert "App(db=db)" in record.getMessage()


async def test_a_page_of_each_visitor_that_reads_what_all_share(
    caplog: pytest.LogCaptureFixture,
) -> None:
    db = SQLite(":memory:")
    private, shared = Visit(quiet_page), Visit(quiet_page)
    private.key += "-of-ann"
    with caplog.at_level(logging.WARNING, "helio.aids"):
        aids = Aids()
        aids.read(shared, [Table(db, "todo")])
        aids.read(private, [Key(db, "todo", "user_id", 3), "a topic"])
        assert not caplog.records
        aids.read(private, [Table(db, "todo"), Table(db, "list")])
    [record] = caplog.records
    assert "reads the table list, the table todo" in record.getMessage()
    assert "SQLite(keys=" in record.getMessage()


async def test_nothing_to_say(caplog: pytest.LogCaptureFixture) -> None:
    assert await warnings_of(quiet_page, caplog) == []


def test_a_parameter_that_splits_the_key_for_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def page(used: str, unused: str, inner: str) -> object:
        return [used, lambda: inner]

    with caplog.at_level(logging.WARNING, "helio.aids"):
        aids = Aids()
        for name in ("used", "unused", "inner", "unused"):
            aids.unused(page, name, "page test")
    [record] = caplog.records
    assert "takes unused and does not use it" in record.getMessage()
