"""Attributes: names, values, what is joined and what is refused."""

from collections.abc import Mapping

import pytest
from markupsafe import Markup

from helio.html import h, raw


class Writes:
    """A helper that writes what it is given."""

    def __init__(self, attributes: Mapping[str, object], inside: str = "") -> None:
        self.attributes = attributes
        self.inside = inside

    def __attrs__(self, tag: str) -> Mapping[str, object]:
        return self.attributes

    def __inside__(self, tag: str) -> str:
        return self.inside


class Source:
    """An expression."""

    def __init__(self, source: str) -> None:
        self.source = source

    def __script__(self) -> str:
        return self.source

    def __declare__(self, rendering: object) -> None: ...


def test_names_of_keywords() -> None:
    assert h.p(for_="a", aria_label="b", http_equiv="c", data_x="d") == (
        '<p for="a" aria-label="b" http-equiv="c" data-x="d"></p>'
    )


def test_names_of_mappings_stand_as_they_are() -> None:
    assert h.p({"data-a_b": 1, "viewBox": "x"}) == '<p data-a_b="1" viewBox="x"></p>'


@pytest.mark.parametrize(
    "name", ["", "a b", "a>", 'a"', "a'", "a=b", "a/", "\x01a", "ä", "1a", "<a"]
)
def test_a_name_that_would_end_itself_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is not an attribute's name"):
        h.p({name: "x"})


def test_values() -> None:
    assert h.p(title="<\"'&>") == '<p title="&lt;&#34;&#39;&amp;&gt;"></p>'
    assert h.input(value=3, step=0.5, min="") == '<input value="3" step="0.5" min="">'
    assert h.input(required=True, disabled=False, title=None) == "<input required>"


def test_markup_as_a_value_cannot_end_it() -> None:
    assert h.p(title=Markup('a &amp; "b"')) == '<p title="a &amp; &#34;b&#34;"></p>'
    assert h.p(title=h.b(id="x")["y"]) == '<p title="<b id=&#34;x&#34;>y</b>"></p>'


def test_words_for_flags_where_words_are_meant() -> None:
    assert h.p(aria_expanded=False, draggable=True) == (
        '<p aria-expanded="false" draggable="true"></p>'
    )
    assert h.p(aria_label=None) == "<p></p>"


def test_a_value_without_one_way_to_write_it_is_refused() -> None:
    with pytest.raises(TypeError, match=r"title= of <p> takes text.*not list"):
        h.p(title=["a"])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a b", ' class="a b"'),
        (["a", None, False, ["b", ("c",)], {"d": True, "e": 0}], ' class="a b c d"'),
        ({"a": 1, "b c": True, "d": None}, ' class="a b c"'),
        ({"a": False}, ""),
        ([], ""),
        (None, ""),
    ],
)
def test_classes(value: object, expected: str) -> None:
    assert h.p(class_=value) == f"<p{expected}></p>"


def test_classes_from_everywhere_are_joined() -> None:
    made = h.p(".a", Writes({"class": "b"}), {"class": ["c"]}, class_={"d": True})
    assert made == '<p class="a b c d"></p>'


def test_styles() -> None:
    assert h.p(style="color: red") == '<p style="color: red"></p>'
    assert h.p(style={"font_size": "1em", "--gap": 2, "color": None}) == (
        '<p style="font-size: 1em; --gap: 2"></p>'
    )
    assert h.p(style={}) == "<p></p>"


def test_a_style_cannot_bring_another_with_it() -> None:
    with pytest.raises(ValueError, match="would end its declaration"):
        h.p(style={"color": "red; background: url(//x)"})
    with pytest.raises(ValueError, match="no property of the name"):
        h.p(style={"color: red; x": "1"})


def test_shorthand() -> None:
    assert h.p("#a.b.c") == '<p id="a" class="b c"></p>'
    assert h.p(".b") == '<p class="b"></p>'
    assert h.p('#"x') == '<p id="&#34;x"></p>'
    for wrong in ("text", "", "#a#b", "a.b", ".a b"):
        with pytest.raises(ValueError, match="children go in brackets"):
            h.p(wrong)


def test_the_last_of_several_wins() -> None:
    made = h.p("#a", {"title": "1"}, Writes({"title": "2"}), attrs=[{"title": "3"}], id="b")
    assert made == '<p id="b" title="3"></p>'
    assert h.p({"ID": "1"}, id="2") == '<p id="2"></p>'
    assert h.p(**{"class": "a"}, class_="b") == '<p class="a b"></p>'


def test_conditional_helpers() -> None:
    assert h.p(None, False, attrs=[None, {"title": "x"}]) == '<p title="x"></p>'


def test_helpers_write_after_the_start_tag() -> None:
    made = h.form(Writes({}, inside='<input type="hidden">'))["x"]
    assert made == '<form><input type="hidden">x</form>'


def test_parentheses_say_what_they_take() -> None:
    with pytest.raises(TypeError, match="children go in brackets"):
        h.p(3)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["onclick", "ONLOAD", "onpointerrawupdate"])
def test_inline_handlers_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"is JavaScript.*on\."):
        h.p({name: "alert(1)"})
    assert h.p({name: raw("go()")}) == f'<p {name}="go()"></p>'


@pytest.mark.parametrize(
    "address",
    ["javascript:x", " JavaScript:x", "java\nscript:x", "\x00javascript:x", "jav\tascript\t:x"],
)
@pytest.mark.parametrize("name", ["href", "src", "action", "formaction", "xlink:href", "HREF"])
def test_addresses_that_are_programs_are_refused(name: str, address: str) -> None:
    with pytest.raises(ValueError, match="would run as JavaScript"):
        h.a({name: address})


def test_other_addresses_are_free() -> None:
    for address in ("/a", "https://x/?a=b", "#x", "", "mailto:a@b", "java", "/javascript:x"):
        assert h.a(href=address) == f'<a href="{address}"></a>'
    assert h.a(href=raw("javascript:go()")) == '<a href="javascript:go()"></a>'


def test_a_document_in_an_attribute_is_markup() -> None:
    assert h.iframe(srcdoc=h.p["<"]) == '<iframe srcdoc="&lt;p&gt;&amp;lt;&lt;/p&gt;"></iframe>'
    with pytest.raises(TypeError, match="is markup"):
        h.iframe(srcdoc="<p>")


@pytest.mark.parametrize(
    "name",
    ["data-text", "data-on:click__prevent", "data-on-click", "data-signals", "data-bind:x",
     "data-class", "data-signals__ifmissing", "DATA-SHOW", "data-on-intersect", "data-init"],
)  # fmt: skip
def test_text_cannot_stand_where_the_runtime_reads_javascript(name: str) -> None:
    with pytest.raises(TypeError, match="is read as JavaScript by the browser runtime"):
        h.p({name: "x"})
    with pytest.raises(TypeError, match="is read as JavaScript"):
        h.p({name: 3})
    assert f"{name}=" in h.p({name: Source("$x")})
    assert f"{name}=" in h.p(Writes({name: "$x"}))


def test_the_refusal_names_the_helper() -> None:
    with pytest.raises(TypeError, match=r"use the helper show\(…\), or js"):
        h.p(data_show="$x")


def test_other_data_attributes_are_free() -> None:
    assert h.p(data_id="x", data_texture="y", data_online="z", data_ignore=True) == (
        '<p data-id="x" data-texture="y" data-online="z" data-ignore></p>'
    )


def test_sources_stand_in_the_quotes_that_leave_them_readable() -> None:
    assert h.p({"data-text": Source("@get('/a')")}) == "<p data-text=\"@get('/a')\"></p>"
    assert h.p({"data-text": Source('f("a")')}) == "<p data-text='f(\"a\")'></p>"
    assert h.p({"data-text": Source("""a < '"' && b""")}) == (
        "<p data-text=\"a &lt; '&#34;' &amp;&amp; b\"></p>"
    )


def test_an_expression_elsewhere_is_refused() -> None:
    with pytest.raises(TypeError, match=r"attr\(\{'title': …\}\)"):
        h.p(title=Source("$x"))


def test_one_of_two_behaviours_is_never_lost() -> None:
    with pytest.raises(ValueError, match="given data-text twice"):
        h.p(Writes({"data-text": "$a"}), Writes({"data-text": "$b"}))
    with pytest.raises(ValueError, match="given data-to-click twice"):
        h.p(Writes({"data-to-click": "/1"}), Writes({"data-to-click": "/2"}))
    assert h.p(Writes({"data-text": "$a"}), Writes({"data-text": "$a"})) == (
        '<p data-text="$a"></p>'
    )


def test_a_helper_may_correct_the_whole() -> None:
    class Settles(Writes):
        def __settle__(self, tag: str, attributes: Mapping[str, object]) -> Mapping[str, object]:
            return {"title": f"{tag} {attributes['value']}"}

    assert h.input(Settles({"title": "x"}), value="v") == '<input title="input v" value="v">'
