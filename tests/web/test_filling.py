"""Filling: a region's HTML in a slot of a finished document."""

from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from helio import Markup, part, slot
from helio import html as h
from helio.web.filling import filled
from helio.web.slots import target

TEXTS = st.text(alphabet="ab<>&\"' =-/", max_size=8)
INNER = st.recursive(
    TEXTS,
    lambda inner: st.builds(
        lambda kind, word, children: {
            "div": h.div(title=word)[children],
            "slot": slot("inner", children),
            "part": h.div(part=f"inner-{word}")[children],
            "custom": h.helio_slotted(data_slot_name="place")[children],
        }[kind],
        st.sampled_from(["div", "slot", "part", "custom"]),
        TEXTS,
        st.lists(inner, max_size=3),
    ),
    max_leaves=8,
)
PLACES = st.sampled_from(["place", part("place", 1), part('a "quoted" <place> & more')])
MODES = st.sampled_from(["inner", "append", "prepend"])
MOUNTED = '<article data-region="x">mounted</article>'


def document(place: str, inside: object, before: object, after: object) -> str:
    held = h.div(part=place)[inside] if target(place, "")[0] == "~" else slot(place, inside)
    return str(h.html[h.body[h.main[before, held, after]]])


@given(PLACES, MODES, INNER, INNER, INNER)
def test_it_stands_in_the_place_and_nowhere_else(
    place: str, mode: str, inside: object, before: object, after: object
) -> None:
    html = filled(document(place, inside, before, after), target(place, "test"), mode, MOUNTED)
    assert html is not None
    [holder] = LexborHTMLParser(html).css("helio-mount")
    assert holder.attributes["data-into"] == target(place, "test")
    assert holder.attributes["data-mode"] == mode
    there = holder.parent
    assert there is not None
    if isinstance(place, type(part("x"))):
        assert there.attributes["data-part"] == str(place)
    else:
        assert there.attributes["data-slot"] == place
    # Without what was mounted, or what it replaces, all is as it was.
    left = "" if mode == "inner" else inside
    holder.decompose()
    html = there.parent.html
    plain = LexborHTMLParser(document(place, left, before, after)).css_first("main")
    assert plain is not None
    assert html == plain.html


@given(PLACES, MODES, INNER)
def test_without_the_place_there_is_nothing_to_fill(place: str, mode: str, rest: object) -> None:
    html = str(h.html[h.body[h.main[rest, Markup("<!-- x -->"), str(place)]]])
    assert filled(html, target(place, "test"), mode, MOUNTED) is None
