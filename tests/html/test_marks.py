"""Marks: placeholders of regions and the bounds of parts; data never forges one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from helio.html import Rendering, h, marks, raw, use
from helio.html.marks import EDGE, TOKEN, hole, split, strip

# Data that tries: the control character, mark-like text, and everything but the token.
DATA = st.lists(
    st.sampled_from(
        [EDGE, f"{EDGE}0123:k{EDGE}", f"{EDGE}(x{EDGE}", f"{EDGE}){EDGE}", "k", ":", "<", '"']
    )
    | st.text(max_size=5)
).map("".join)
KEY = st.from_regex(r"[\w.:~-]{1,20}", fullmatch=True).filter(str.isascii)


def parts(html: str) -> list[str]:
    """The part marks in order, each end as `/`; fails on bounds that do not match."""
    found: list[str] = []
    depth = 0
    for name, end in re.findall(f"{EDGE}{TOKEN}(?:\\(([^{EDGE}]*)|(\\))){EDGE}", html):
        depth += -1 if end else 1
        assert depth >= 0
        found.append("/" if end else name)
    assert depth == 0
    return found


def test_a_hole_splits_the_html() -> None:
    html = h.div["a", hole("one"), h.p[hole("two")], "b"]
    assert split(html) == (("<div>a", "<p>", "</p>b</div>"), ("one", "two"))
    assert strip(html) == "<div>a<p></p>b</div>"


def test_without_holes_there_is_one_piece() -> None:
    assert split("<p>x</p>") == (("<p>x</p>",), ())
    assert type(split(h.p["x"]).pieces[0]) is str


def test_a_hole_works_in_strings() -> None:
    region = hole("k")
    for html in (
        h.p[f"a < {region}!"],
        h.p["".join(["a < ", region, "!"])],
        h.p["a < ", region, "!"],
        h.p[Markup("{} {}!").format("a <", region)],
        h.p["a < %s!" % region],  # noqa: UP031
    ):
        assert split(html) == (("<p>a &lt; ", "!</p>"), ("k",))
    assert split(raw(f"<p>{region}</p>")) == (("<p>", "</p>"), ("k",))


@pytest.mark.parametrize("key", ["", "a b", "a<", "k\n", "x" * 201, "ä", f"a{EDGE}"])
def test_a_key_has_plain_characters(key: str) -> None:
    with pytest.raises(ValueError, match="a region's key"):
        hole(key)


def test_a_hole_in_an_attribute_is_an_error() -> None:
    region = hole("k")
    for value in (region, f"x {region}", Markup("{}").format(region), h.p[region]):
        with pytest.raises(ValueError, match="a region stands in the attribute title= of <a>"):
            h.a(title=value)
    with pytest.raises(ValueError, match="a region stands in"):
        h.a(class_=[f"x{region}"])
    with pytest.raises(ValueError, match="a region stands in"):
        h.a(href=f"/{region}")


def test_parts_are_marked_only_while_marks_are_written() -> None:
    def view() -> str:
        return h.ul("#list")[(h.li(part=f"row-{n}")[n] for n in range(2)), h.li(class_="x")]

    assert EDGE not in view()
    with use(Rendering()):
        assert EDGE not in view()
    with use(Rendering(marks=True)):
        marked = view()
    assert parts(marked) == ["#list", "row-0", "/", "row-1", "/", "/"]
    assert strip(marked) == split(marked).pieces[0] == view()
    assert EDGE not in view()


def test_a_part_is_named_on_the_wire() -> None:
    assert h.li(part="a") == '<li data-part="a"></li>'
    with use(Rendering(marks=True)):
        assert parts(h.li(part='"', id="x")) == ["&#34;", "/"]
        assert parts(h.li({"id": 7})) == ["#7", "/"]
        assert parts(h.input(id="x")) == ["#x", "/"]
        assert parts(h.li(id=None)) == []


def test_a_name_that_would_be_another_address_makes_no_part() -> None:
    with use(Rendering(marks=True)):
        for name in ("", "#x", "@key", "#", "@", "a\rb", "a\0", "\udce9"):
            assert parts(h.li(part=name)[name]) == [], name
        for name in ("", "a\rb", "\0"):
            assert parts(h.li(id=name)) == [], name
        assert parts(h.li(part="a#b@c ")) == ["a#b@c ", "/"]
        assert parts(h.li(id="#x")) == ["##x", "/"]
        assert parts(h.li(part=raw("a&amp;b"))) == ["a&amp;b", "/"]


def test_marks_of_parts_do_not_reach_attributes() -> None:
    with use(Rendering(marks=True)):
        made = h.iframe(srcdoc=h.p(id="x"))
    assert made == '<iframe srcdoc="&lt;p id=&#34;x&#34;&gt;&lt;/p&gt;"></iframe>'


@given(DATA, DATA, KEY)
def test_data_never_forges_a_mark(text: str, value: str, key: str) -> None:
    with use(Rendering(marks=True)):
        html = h.div(id=value, title=value, part=text, data_x=text)[
            text,
            f"{text}{hole(key)}",
            raw(text),
            h.p[[text]],
            h.pre[text],
            Markup("{}").format(value),
        ]
    begins = html.split(f"{TOKEN}(")[1:]
    assert parts(html) == [each for begin in begins for each in (begin.split(EDGE)[0], "/")]
    assert len(begins) <= 1
    found = split(html)
    assert found.holes == (key,)
    assert EDGE not in "".join(found.pieces)
    assert strip(html) == "".join(found.pieces)


@given(st.lists(DATA.map(lambda data: h[data]) | KEY.map(hole), max_size=8))
def test_splitting_finds_every_hole_in_order(children: list[Markup]) -> None:
    html = h[children]
    holes = [child for child in children if TOKEN in child]
    found = split(html)
    assert [str(hole(key)) for key in found.holes] == holes
    assert len(found.pieces) == len(found.holes) + 1
    rest = [str(child) for child in children if TOKEN not in child]
    assert "".join(found.pieces) == "".join(rest).replace(EDGE, marks.REPLACEMENT)


def test_a_broken_mark_becomes_a_replacement_character() -> None:
    assert split(f"a{str(hole('key'))[:-1]}b").holes == ()
    assert EDGE not in strip(f"a{EDGE}b")
    assert h.p[f"{EDGE}x"] == "<p>\ufffdx</p>"
