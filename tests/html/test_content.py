"""Elements whose content the parser reads in a way of its own."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from helio.html import h, raw
from helio.html.marks import hole

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\x01\r"))


def parsed(html: str, selector: str) -> str:
    node = LexborHTMLParser(f"<body>{html}").css_first(selector)
    assert node is not None
    return node.text(deep=True)


@given(TEXT)
def test_text_is_read_back_as_it_was(text: str) -> None:
    for made in (h.p, h.pre, h.textarea, h.option):
        assert parsed(made(id="x")[text], "#x") == text
    assert h.div["a", text][5:-6] == h["a", text]


@given(TEXT)
def test_values_are_read_back_as_they_were(text: str) -> None:
    made = h.p(title=text, data_x=text, id="x")
    node = LexborHTMLParser(f"<body>{made}").css_first("#x")
    assert node is not None
    assert node.attributes == {"title": text, "data-x": text, "id": "x"}


def test_a_leading_line_feed_is_kept() -> None:
    assert h.pre["\nx"] == "<pre>\n\nx</pre>"
    assert h.textarea["\nx"] == "<textarea>\n\nx</textarea>"
    assert h.pre["x"] == "<pre>x</pre>"


def test_a_title_shows_tags_as_text() -> None:
    assert h.title["a ", h.b["c"]] == "<title>a &lt;b>c&lt;/b></title>"


def test_text_in_a_script_would_run() -> None:
    with pytest.raises(TypeError, match=r"text in <script> would run"):
        _ = h.script["alert(1)"]
    assert h.script[raw("if (1 < 2 && x) {}")] == "<script>if (1 < 2 && x) {}</script>"
    assert h.script(src="/x.js") == '<script src="/x.js"></script>'


@pytest.mark.parametrize("ending", ["</script>", "</SCRIPT >", "<!-- x"])
def test_code_cannot_end_its_element(ending: str) -> None:
    with pytest.raises(ValueError, match="would end the element"):
        _ = h.script[raw(f"x = '{ending}'")]


@given(
    st.recursive(TEXT | st.integers() | st.none(), lambda x: st.lists(x) | st.dictionaries(TEXT, x))
)
def test_json_in_a_script_is_read_back(value: object) -> None:
    made = h.script(type="application/json", id="x")[json.dumps(value, ensure_ascii=False)]
    assert json.loads(parsed(made, "#x")) == value


@given(TEXT)
def test_a_style_sheet_cannot_end_its_element(text: str) -> None:
    html = h.style[text + "</style><p id=out>"]
    assert LexborHTMLParser(f"<body>{html}").css_first("#out") is None


def test_comparisons_in_style_sheets_stay() -> None:
    assert h.style["@media (400px <= width) {}"] == "<style>@media (400px <= width) {}</style>"


@pytest.mark.parametrize("tag", ["title", "textarea", "script", "style"])
def test_a_region_cannot_stand_in_text(tag: str) -> None:
    with pytest.raises(ValueError, match=f"a region stands in <{tag}>"):
        _ = getattr(h, tag)[hole("k")]
