"""Topics: names that are equal in every process, and sources that rest while nobody watches."""

from collections.abc import Hashable

import pytest

from helio import RenderError, Topic, publish, region, watch
from helio import html as h
from helio.live.pace import Pace
from helio.live.topics import Publish, Source, publisher
from live.standin import Visit, running, show, until


class Wire:
    """A source that notes whether it is watched."""

    def __init__(self) -> None:
        self.told: list[bool] = []

    def start(self, publish: Publish) -> None: ...

    def attend(self, watched: bool) -> None:
        self.told.append(watched)

    async def stop(self) -> None: ...


class Reading(Topic):
    """A topic of a source."""

    def __init__(self, name: str, source: Source) -> None:
        super().__init__(name)
        self.source = source


def test_topics_are_equal_by_name_and_arguments() -> None:
    todos = Topic("todos", int)
    assert todos(3) == Topic("todos", int)(3)
    assert hash(todos(3)) == hash(Topic("todos", int)(3))
    assert todos(3) != todos(4)
    assert todos(3) != Topic("others", int)(3)
    assert todos(3) != "todos"
    assert repr(todos(3)) == "todos(3)"


def test_arguments_that_do_not_fit_are_named() -> None:
    todos = Topic("todos", int)
    with pytest.raises(TypeError, match=r"takes int, got str '3'"):
        todos("3")
    with pytest.raises(TypeError, match=r"takes 1 argument\(s\) \(int\), got 2"):
        todos(1, 2)
    with pytest.raises(TypeError, match="has its arguments already"):
        todos(1)(2)


def test_a_family_is_no_topic() -> None:
    todos = Topic("todos", int)
    token = publisher.set(lambda topics: None)
    try:
        for use in (watch, publish):
            with pytest.raises(TypeError, match=r"needs its arguments: todos\(int\)"):
                use(todos)
    finally:
        publisher.reset(token)


def test_publish_outside_of_a_request_names_the_other_call() -> None:
    with pytest.raises(LookupError, match=r"Call app\.publish"):
        publish("x")


def test_watching_outside_of_a_render_does_nothing() -> None:
    watch("x")


async def test_a_source_hears_of_the_first_watcher_and_of_the_last() -> None:
    wire = Wire()
    one, two = Reading("one", wire), Reading("two", wire)

    @region
    def cell(name: str):
        watch(one if name == "one" else two)
        return h.p[name]

    def page(name: str):
        return h.main[cell(name)]

    async with running(Pace(linger=0)) as hub:
        _, first = await show(hub, Visit(page, "one"))
        _, second = await show(hub, Visit(page, "two"))
        assert wire.told == [True]
        hub.drop(first)
        await until(lambda: len(hub.graph.views) == 2)
        assert wire.told == [True]
        hub.drop(second)
        await until(lambda: wire.told == [True, False])
        await show(hub, Visit(page, "one"))
        assert wire.told == [True, False, True]
    assert wire.told == [True, False, True, False]


async def test_a_source_is_not_told_to_rest_between_two_renders() -> None:
    wire = Wire()
    topic = Reading("one", wire)
    value = 0

    def page():
        watch(topic)
        return h.p[value]

    async with running() as hub:
        tab, _ = await show(hub, Visit(page))
        for value in (1, 2):
            hub.publish([topic])
            await until(lambda value=value: len(tab.patches) == value)
        assert wire.told == [True]


@pytest.mark.parametrize("topic", ["text", 5, ("a", 1), Topic("t")])
async def test_any_hashable_value_is_a_topic(topic: Hashable) -> None:
    value = 0

    def page():
        watch(topic)
        return h.p[value]

    async with running() as hub:
        tab, _ = await show(hub, Visit(page))
        value = 1
        hub.publish([topic])
        await until(lambda: tab.patches == ["<p>1</p>"])


async def test_publishing_inside_a_render_is_refused() -> None:
    def page():
        publish("x")
        return h.p["x"]

    async with running() as hub:
        with pytest.raises(RenderError, match="publish inside page page: a render only reads"):
            await hub.document(Visit(page))
