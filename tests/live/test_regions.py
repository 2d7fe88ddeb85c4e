"""Regions: what may be their arguments, what one is, and where it may stand."""

import enum
import threading
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import jinja2
import msgspec
import pytest
from markupsafe import Markup

from helio import RenderError, Request, Session, SessionState, Topic, publish, region, watch
from helio import html as h
from helio.live.naming import canonical
from live.standin import Tab, Visit, bare, have, quiet, running, show, until

NEWS = Topic("news")


@region
def cell(value: object = None, other: object = 0):
    return h.p[str(value)]


def key(*args: object, **kwargs: object) -> str:
    return cell(*args, **kwargs).key  # type: ignore[attr-defined]


class Color(enum.Enum):
    RED = 1


class Size(enum.IntEnum):
    ONE = 1


@dataclass(frozen=True)
class Point:
    x: int
    tags: tuple[str, ...] = ()


class Card(msgspec.Struct, frozen=True):
    title: str


def test_values_that_differ_in_kind_have_keys_that_differ() -> None:
    values = [
        *(1, 1.0, True, "1", "True", None, "None", Decimal(1), Size.ONE, Color.RED, "RED"),
        *((), (1,), ("1",), ((1,),), "(1,)", "", "a,b", ("a", "b"), ("a,b",), ("a', 'b",)),
        *(date(2024, 1, 2), datetime(2024, 1, 2), "2024-01-02", time(1), timedelta(1)),
        *(uuid.UUID(int=1), str(uuid.UUID(int=1)), Point(1), Point(1, ("x",)), Card("1")),
        *(Markup("1"), "\x00", "\ud800"),
    ]
    assert len({key(value) for value in values}) == len(values)


def test_a_call_has_one_key_however_it_is_written() -> None:
    assert key(1, 2) == key(1, other=2) == key(other=2, value=1)
    assert key(1) == key(value=1, other=0)


def test_keys_are_the_same_in_every_process() -> None:
    assert key("a", 3) == "cell-" + key("a", 3).partition("-")[2]
    assert canonical(("a", 1, None), "here") == "('a',1,None,)"


@pytest.mark.parametrize(
    "value",
    [[1], {"a": 1}, {1}, object(), (1, [2]), bytearray(b"x"), lambda: None],
    ids=lambda value: type(value).__name__,
)
def test_what_can_change_is_refused_as_an_argument(value: object) -> None:
    with pytest.raises(RenderError) as refused:
        cell(value)
    assert "test_regions.cell was called with" in str(refused.value)
    assert "Pass an id and read the rest inside, or a tuple for a list." in str(refused.value)


def test_a_frozen_value_that_holds_what_can_change_is_refused() -> None:
    @dataclass(frozen=True)
    class Box:
        inside: list[int] = field(default_factory=list)

    with pytest.raises(RenderError, match="was called with list"):
        cell(Box())


def test_a_call_that_does_not_fit_is_a_type_error_naming_the_region() -> None:
    with pytest.raises(TypeError, match=r"test_regions\.cell\(value.*too many positional"):
        cell(1, 2, 3)
    with pytest.raises(TypeError, match="unexpected keyword argument 'nothing'"):
        cell(nothing=1)


def test_a_region_that_takes_what_belongs_to_one_visitor_is_refused_at_once() -> None:
    class Prefs(SessionState):
        sort: str = "name"

    for kind in (Request, Session, Prefs):

        def private(it: kind):  # type: ignore[valid-type]
            return h.p[it]

        with pytest.raises(TypeError, match="a region's HTML is shared by everybody"):
            region(private)


def test_a_region_names_each_argument() -> None:
    with pytest.raises(TypeError, match="name each argument"):
        region(lambda *rest: h.p[rest])
    with pytest.raises(TypeError, match="remove the slash"):

        @region
        def slash(a: int, /):
            return h.p[a]


def test_outside_of_a_render_a_region_is_a_value_that_cannot_be_written() -> None:
    call = cell(1)
    assert repr(call) == f"<region {__name__}.cell(1, 0)>"
    for write in (str, lambda it: h.p[it], lambda it: f"{it}"):
        with pytest.raises(RenderError, match="was called outside of a render"):
            write(call)


async def test_regions_stand_inside_regions() -> None:
    value = 0

    @region
    def inner():
        watch(NEWS)
        return h.i[value]

    @region
    def outer():
        return h.div["around ", inner()]

    def page():
        return h.main[outer()]

    async with running() as hub:
        tab, _ = await show(hub, Visit(page))
        document = await hub.document(Visit(page))
        assert bare(document.html) == "<main><div>around <i>0</i></div></main>"
        value = 1
        hub.publish([NEWS])
        await until(lambda: tab.patches == ["<i>1</i>"])


async def test_a_region_that_comes_into_sight_is_sent_with_what_brought_it() -> None:
    open_ = False

    @region
    def detail():
        watch(Topic("detail"))
        return h.i["detail"]

    @region
    def panel():
        watch(NEWS)
        return h.div[detail() if open_ else "closed"]

    def page():
        return h.main[panel()]

    async with running() as hub:
        tab, _ = await show(hub, Visit(page))
        open_ = True
        hub.publish([NEWS])
        await until(lambda: tab.patches == ["<div><i>detail</i></div>"])
        open_ = False
        hub.publish([NEWS])
        await until(lambda: tab.patches[1:] == ["<div>closed</div>"])


async def test_two_copies_are_one_render_and_one_patch() -> None:
    value = 0

    @region
    def one():
        watch(NEWS)
        return h.i[value]

    def page():
        return h.main[one(), one()]

    async with running() as hub:
        document = await hub.document(Visit(page))
        assert bare(document.html) == "<main><i>0</i><i>0</i></main>"
        tab, _ = await show(hub, Visit(page))
        value = 1
        hub.publish([NEWS])
        await until(lambda: tab.patches == ["<i>1</i>"])


async def test_a_region_that_is_called_and_not_shown_counts_for_nothing() -> None:
    value = 0

    @region
    def unused():
        watch(NEWS)
        return h.p[value]

    def page():
        unused()
        return h.main["empty"]

    async with running() as hub:
        tab, _ = await show(hub, Visit(page))
        document = await hub.document(Visit(page))
        assert (bare(document.html), document.live) == ("<main>empty</main>", False)
        value = 1
        hub.publish([NEWS])
        await quiet(hub)
        assert tab.writes == 0


@pytest.mark.parametrize("wrapped", [False, True], ids=["alone", "in an f-string"])
async def test_a_region_cannot_stand_in_an_attribute(wrapped: bool) -> None:
    def page():
        inside = cell(1)
        return h.p(title=f"see {inside}" if wrapped else inside)

    async with running() as hub:
        with pytest.raises(ValueError, match="put it between the brackets of an element"):
            await hub.document(Visit(page))


async def test_a_region_works_in_f_strings_joins_and_template_engines() -> None:
    template = jinja2.Environment(autoescape=True).from_string(
        "<section>{{ first }}<hr>{{ text }}{% for one in rest %}{{ one }}{% endfor %}</section>\n"
    )

    def page():
        rest = [cell("b"), cell("c")]
        html = template.render(first=cell("a"), text="<script>", rest=rest)
        return h.main[Markup(html), f"x{cell('d')}y", Markup("|").join([cell("e"), cell("f")])]  # noqa: S704

    async with running() as hub:
        document = await hub.document(Visit(page))
        assert bare(document.html).replace("\n", "") == (
            "<main><section><p>a</p><hr>&lt;script&gt;<p>b</p><p>c</p></section>"
            "x<p>d</p>y<p>e</p>|<p>f</p></main>"
        )


async def test_markup_of_a_template_engine_is_a_region_of_its_own() -> None:
    @region
    def card(value: str):
        watch(NEWS)
        return Markup("\n<article class='a'>\n<article>{}</article></article>\n").format(value)

    def page():
        return h.main[card("<b>")]

    async with running() as hub:
        document = await hub.document(Visit(page))
        assert "&lt;b&gt;" in document.html
        assert set(have(document.html)) == {Visit(page).key, card("<b>").key}  # type: ignore[attr-defined]


@pytest.mark.parametrize("markup", ["<img src='a.png'>", "<input>", "<hr/>"])
async def test_markup_that_is_one_void_element_is_one_element(markup: str) -> None:
    @region
    def picture():
        return Markup(markup)  # noqa: S704

    def page():
        return h.main[picture()]

    async with running() as hub:
        document = await hub.document(Visit(page))
        assert "helio-failed" not in document.html


@pytest.mark.parametrize(
    "returned",
    [
        Markup("<p>a</p><p>b</p>"),
        Markup("text"),
        Markup("text <p>a</p>"),
        Markup("<p>a</p> text"),
        Markup(""),
        [h.p["a"], h.p["b"]],
        h[h.p["a"], h.p["b"]],
        "text",
        5,
        {"a": 1},
    ],
    ids=repr,
)
async def test_a_region_is_exactly_one_element(
    returned: object, caplog: pytest.LogCaptureFixture
) -> None:
    @region
    def wrong():
        return returned

    def page():
        return h.main[wrong()]

    async with running() as hub:
        document = await hub.document(Visit(page))
        assert "helio-failed" in document.html
    [logged] = caplog.records
    assert logged.exc_info
    assert isinstance(logged.exc_info[1], RenderError)
    assert "wrong()" in str(logged.exc_info[1])


async def test_a_region_that_returns_nothing_keeps_its_place() -> None:
    value = None

    @region
    def maybe():
        watch(NEWS)
        return value

    def page():
        return h.main[maybe()]

    async with running() as hub:
        document = await hub.document(Visit(page))
        assert bare(document.html) == "<main><template></template></main>"
        tab = Tab()
        await hub.open(Visit(page), have(document.html), tab, None)
        value = h.p["something"]
        hub.publish([NEWS])
        await until(lambda: tab.patches == ["<p>something</p>"])


async def test_a_region_may_be_a_region() -> None:
    value = 0

    @region
    def inner():
        watch(NEWS)
        return h.p[value]

    @region
    def outer():
        return inner()

    def page():
        return outer()

    async with running() as hub:
        document = await hub.document(Visit(page))
        tab, _ = await show(hub, Visit(page))
        assert "<p>0</p>" in bare(document.html)
        assert len(have(document.html)) == 3
        value = 1
        hub.publish([NEWS])
        await until(lambda: tab.patches == ["<p>1</p>"])


async def test_the_place_of_a_region_is_no_argument_of_another() -> None:
    @region
    def frame(inside: object):
        return h.div[inside]

    def page():
        return h.main[frame(cell(1))]

    async with running() as hub:
        with pytest.raises(RenderError, match="Pass an id"):
            await hub.document(Visit(page))


@pytest.mark.parametrize("kind", ["page", "region"])
async def test_a_render_writes_and_publishes_nothing(kind: str) -> None:
    said: list[str] = []

    def attempt():
        try:
            publish(NEWS)
        except RenderError as error:
            said.append(str(error))
        return h.p["x"]

    @region
    def inside():
        return attempt()

    def page():
        return attempt() if kind == "page" else h.main[inside()]

    async with running() as hub:
        await hub.document(Visit(page))
    assert len(said) == 1
    assert said[0].startswith(f"publish inside {kind} ")
    assert said[0].endswith("Do it in a command.")


async def test_renders_know_no_thread_but_their_own() -> None:
    """A render that hands work to a thread still records nothing false."""

    def page():
        worker = threading.Thread(target=lambda: watch(NEWS))
        worker.start()
        worker.join()
        return h.p["x"]

    async with running() as hub:
        assert not (await hub.document(Visit(page))).live


async def test_a_region_that_is_awaited_says_how_it_is_written() -> None:
    @region
    async def cell():
        return h.p["x"]

    async def page():
        return h.main[await cell()]

    async with running() as hub:
        with pytest.raises(TypeError, match="a region is not awaited: write it where"):
            await hub.document(Visit(page))
