"""Expressions: templates with holes, references, comparisons, requests."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helio.html import Rendering, h, use
from helio.js import Call, Expression, Ref, el, evt, js

TITLE = Ref(("draft", "title"))
COUNT = Ref(("count",), default=0)


class Command:
    """Stands in for a command."""

    def __init__(self, call: Call) -> None:
        self.call = call

    def __action__(self, arguments: Mapping[str, object]) -> Call:
        return self.call


def test_source_without_holes_stands_as_it_is() -> None:
    assert str(js("$open = !$open; if (x) { f({a: 1}) }")) == (
        "$open = !$open; if (x) { f({a: 1}) }"
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("O'Brien", r"'O\u0027Brien'"),
        (3, "3"),
        (-3, "(-3)"),
        (None, "null"),
        (True, "true"),
        ([1, "a"], '[1,"a"]'),
        ({"a": 1}, '({"a":1})'),
        (TITLE, "$draft.title"),
        (js("$a + 1"), "($a + 1)"),
        (js("f();"), "(f())"),
        (evt.key, "evt.key"),
        ({"a": TITLE, "b-c": [1]}, "({a: $draft.title, 'b-c': [1]})"),
        (Command(Call("post", "/todos")), "@post('/todos')"),
        (Command(Call("get", js("{} + {}", "/t/", COUNT))), "@get(('/t/' + $count))"),
        (Command(Call("put", "/t", {"x": TITLE})), "@put('/t', {payload: {x: $draft.title}})"),
    ],
)
def test_what_a_hole_takes(value: object, written: str) -> None:
    assert str(js("x = {};", value)) == f"x = {written};"


def test_a_value_alone_needs_no_brackets() -> None:
    assert str(js("{}", {"a": 1})) == '{"a":1}'
    assert str(js("{} + {}", js("{}", {"a": 1}), 1)) == '({"a":1}) + 1'


def test_an_empty_object_is_doubled() -> None:
    assert str(js("f({{}}, {})", 1)) == "f({}, 1)"


def test_a_name_is_not_continued_by_what_follows() -> None:
    assert str(js("{}-1", COUNT)) == "$count -1"
    assert str(js("{}.length", TITLE)) == "$draft.title.length"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("`a ${} b`", "`a ${1} b`"),
        ("`a ${ f({}) } b` + {}", None),
        ("'\\'' + {}", "'\\'' + 1"),
        ("/[/'\"]{}/.test(x)", None),
        ("a / {} / b", "a / 1 / b"),
        ("x.replace(/'/g, {})", "x.replace(/'/g, 1)"),
        ("return /\\//.test({})", "return /\\//.test(1)"),
        ("(a) / 2 + '/' + {}", "(a) / 2 + '/' + 1"),
        ("`${`${ {} }`}`", "`${`${ 1 }`}`"),
    ],
)
def test_strings_patterns_and_divisions_are_told_apart(template: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(ValueError, match=r"js\("):
            js(template, 1)  # pyright: ignore[reportArgumentType]
    else:
        assert str(js(template, 1)) == expected  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("template", "place"),
    [
        ("f('{}')", "string"),
        ('f("a {} b")', "string"),
        ("`a {} b`", "template literal"),
        ("/{}/", "regular expression"),
        ("a // {}", "comment"),
        ("a /* {} */", "comment"),
    ],
)
def test_a_hole_inside_a_text_is_an_error(template: str, place: str) -> None:
    with pytest.raises(ValueError, match=f"a hole stands inside a {place}"):
        js(template, "x")  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("template", ["'a", '"a\n"', "`a", "`${a"])
def test_what_is_not_closed_is_named(template: str) -> None:
    with pytest.raises(ValueError, match="is not closed"):
        js(template)  # pyright: ignore[reportArgumentType]


def test_holes_and_values_are_counted() -> None:
    with pytest.raises(ValueError, match=r"has 2 holes {} and was given 1 values"):
        js("{} + {}", 1)
    with pytest.raises(ValueError, match=r"has 0 holes {} and was given 1 values"):
        js("x", 1)


def test_what_has_no_literal_is_named() -> None:
    with pytest.raises(TypeError, match="cannot stand in an expression"):
        js("{}", object())


@given(st.text(alphabet="ab{}'\"`/\\$ ;()+*\n"))
def test_any_template_is_read_or_refused(template: str) -> None:
    try:
        made = js(template)  # pyright: ignore[reportArgumentType]
    except ValueError:
        return
    assert str(made).replace("{}", "{{}}") == template.replace("{}", "{{}}") or "{{}}" in template


def test_an_expression_has_no_truth() -> None:
    for made in (TITLE, js("$x"), TITLE == "a", evt.key):
        with pytest.raises(TypeError, match="has no truth in Python"):
            bool(made)
    with pytest.raises(TypeError, match="has no truth"):
        _ = "a" if TITLE == "x" else "b"


def test_comparing_makes_an_expression() -> None:
    assert str(TITLE == "x") == "($draft.title === 'x')"
    assert str(TITLE != COUNT) == "($draft.title !== $count)"
    assert str((COUNT > 1) & ~(COUNT >= 5) | (TITLE <= "a")) == (
        "((($count > 1) && !($count >= 5)) || ($draft.title <= 'a'))"
    )
    assert str(COUNT < -1) == "($count < (-1))"
    assert str(~js("$a && $b")) == "!($a && $b)"


def test_references_are_keys() -> None:
    assert {TITLE: 1, COUNT: 2}[TITLE] == 1


def test_chains_of_browser_objects() -> None:
    assert str(evt.target.value) == "evt.target.value"
    assert str(el.dataset.id) == "el.dataset.id"


def test_a_path_names_a_signal() -> None:
    assert TITLE.path == ("draft", "title")
    assert str(Ref(("rows", "12", "a-b"))) == "$rows['12']['a-b']"
    with pytest.raises(ValueError, match="cannot begin a signal's path"):
        Ref(("a b",))


def test_a_reference_says_how_to_reach_into_it() -> None:
    with pytest.raises(AttributeError, match=r"js\('{}.length', …\)"):
        _ = TITLE.length


def test_what_an_expression_reads_is_declared() -> None:
    with use(Rendering()) as rendering:
        h.p({"data-text": js("{} + {}", COUNT, js("{} * 2", Ref(("n",), default=1)))})
    assert rendering.declared == {("count",): 0, ("n",): 1}


def test_one_signal_has_one_default() -> None:
    rendering = Rendering()
    rendering.declare(("a",), 1)
    rendering.declare(("a",), 1)
    with pytest.raises(ValueError, match="the signal 'a' is declared twice"):
        rendering.declare(("a",), 2)


def test_an_expression_shows_itself() -> None:
    assert repr(js("$a")) == "<Expression $a>"
    assert isinstance(TITLE, Expression)
