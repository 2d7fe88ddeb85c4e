"""Elements as strings: children, fragments, documents, and what is refused."""

import copy
import pickle
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from uuid import UUID

import pytest
from markupsafe import Markup

from helio.html import Whole, element, h, raw


def test_an_element_is_a_string_as_soon_as_it_is_named() -> None:
    assert h.div == "<div></div>"
    assert h.br == "<br>"
    assert isinstance(h.div, str)


def test_children_stand_between_the_tags_and_text_is_escaped() -> None:
    assert h.p["a < b & c"] == "<p>a &lt; b &amp; c</p>"
    assert h.p[h.b["bold"], " and ", h.i["italic"]] == "<p><b>bold</b> and <i>italic</i></p>"


def test_nothing_is_left_by_none_flags_and_empty_text() -> None:
    assert h.p[None, True, False, "", "x"] == "<p>x</p>"
    assert h.p[None] == h.p[True] == h.p[""] == "<p></p>"


def test_zero_is_text() -> None:
    assert h.p[0] == "<p>0</p>"
    assert h.p[1, 2.5] == "<p>12.5</p>"


@pytest.mark.parametrize(
    "many",
    [
        ["a", ["b", ("c", None)]],
        ("a", ("b", "c")),
        (text for text in "abc"),
        {"a": 1, "b": 2, "c": 3}.keys(),
        map(str, "abc"),
    ],
    ids=["nested list", "tuple", "generator", "keys", "map"],
)
def test_many_children(many: Iterable[str]) -> None:
    assert h[h.p[many]] == "<p>abc</p>"


def test_values_with_one_way_to_write_them_are_text() -> None:
    identity = UUID("12345678-1234-5678-1234-567812345678")
    assert h.p[date(2025, 1, 31), " ", Decimal("1.50"), " ", identity] == (
        "<p>2025-01-31 1.50 12345678-1234-5678-1234-567812345678</p>"
    )


def test_a_text_of_another_class_is_escaped_as_the_text_it_is() -> None:
    class Plain(str, Enum):  # noqa: UP042 - `str` of it is another text
        LESS = "<"

    class Fancy(StrEnum):
        LESS = "<"

    assert h.p[Plain.LESS] == h.p[Fancy.LESS] == "<p>&lt;</p>"


def test_markup_is_not_escaped_again() -> None:
    class Card:
        def __html__(self) -> str:
            return "<hr>"

    assert h.p[raw("<b>x</b>"), Markup("<i>y</i>"), Card()] == "<p><b>x</b><i>y</i><hr></p>"
    assert raw("<b>x</b>") == h[raw("<b>x</b>")]


def test_a_fragment_has_no_element_around_it() -> None:
    assert h["<", h.br] == "&lt;<br>"


def test_a_document_begins_with_its_type() -> None:
    assert h.html(lang="en")[h.body["x"]] == '<!doctype html><html lang="en"><body>x</body></html>'


def test_names_of_elements() -> None:
    assert h.my_widget["x"] == "<my-widget>x</my-widget>"
    assert h.del_["x"] == "<del>x</del>"
    assert h.svg(viewBox="0 0 1 1")[h.linearGradient] == (
        '<svg viewBox="0 0 1 1"><linearGradient></linearGradient></svg>'
    )
    assert element("x-chart.v2")["x"] == "<x-chart.v2>x</x-chart.v2>"


def test_an_element_is_made_once() -> None:
    assert h.section is h.section


def test_an_unknown_name_says_what_may_be_meant() -> None:
    with pytest.raises(AttributeError, match=r"no element <dvi>: did you mean h\.div\?"):
        _ = h.dvi
    with pytest.raises(ValueError, match="not an element's name"):
        element("a><script")


def test_void_elements_have_no_content() -> None:
    assert h.input(name="x") == '<input name="x">'
    with pytest.raises(TypeError, match="<br> has no content"):
        _ = h.br["x"]


@pytest.mark.parametrize(
    ("child", "advice"),
    [
        ({"a": 1}, "attributes go in parentheses"),
        ({"a"}, "a set has no order; sort it"),
        (b"x", "decode it first"),
        (object(), "write it as text"),
        (lambda: "x", "call it"),
        (int, "it is a class"),
    ],
    ids=["mapping", "set", "bytes", "object", "function", "class"],
)
def test_what_cannot_be_a_child_is_refused_with_the_way_out(child: object, advice: str) -> None:
    with pytest.raises(TypeError, match=f"cannot stand in brackets: {advice}"):
        _ = h.p["x", child]  # type: ignore[index]


async def test_a_coroutine_is_to_be_awaited() -> None:
    async def late() -> str:
        return "x"

    coroutine = late()
    with pytest.raises(TypeError, match="await it first"):
        _ = h.p[coroutine]  # type: ignore[index]
    coroutine.close()


def test_attributes_may_be_added_in_steps() -> None:
    card = h.div(".card", id="one", title="a")
    assert card(title="b", class_="wide")["x"] == (
        '<div class="card wide" id="one" title="b">x</div>'
    )
    assert card["x"] == '<div class="card" id="one" title="a">x</div>'


def test_strings_methods_keep_markup_safe() -> None:
    joined = h.br.join(["<", h.b["x"]])
    assert joined == "&lt;<br><b>x</b>"
    assert h.b["x"] + "<" == "<b>x</b>&lt;"
    assert type(h.br * 2) is Markup
    assert f"{h.b['x']}!" == "<b>x</b>!"


def test_copies_are_plain_markup() -> None:
    made = h.div(id="x")
    for other in (copy.copy(made), copy.deepcopy(made), pickle.loads(pickle.dumps(made))):  # noqa: S301
        assert other == made
        assert isinstance(other, Markup)


def test_brackets_give_exactly_one_element() -> None:
    assert isinstance(h.p["x"], Whole)
    assert isinstance(h.br, Whole)
    assert not isinstance(h[h.p["x"], "y"], Whole)
    assert not isinstance(h.p["x"] + h.p["y"], Whole)
