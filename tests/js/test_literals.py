"""Values as literals: the same in JSON, in JavaScript and in HTML."""

import json
import math
import re
from datetime import UTC, date, datetime
from enum import Enum
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from helio.html import h
from helio.js import Expression, js, literal

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
NUMBER = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
VALUE = st.recursive(
    st.none() | st.booleans() | NUMBER | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=10,
)


def attribute(source: str) -> str:
    """What the browser's parser reads from a runtime attribute with this source."""
    node = LexborHTMLParser(f"<body>{h.p({'data-text': Expression(source)})}").css_first("p")
    assert node is not None
    return node.attributes["data-text"] or ""


@given(VALUE)
def test_a_parser_of_json_reads_it_back(value: object) -> None:
    assert json.loads(literal(value)) == value


@given(VALUE)
def test_a_browser_reads_it_back_from_an_attribute(value: object) -> None:
    assert json.loads(attribute(literal(value))) == value


@given(VALUE)
def test_a_browser_reads_it_back_from_a_script(value: object) -> None:
    html = h.script(type="application/json")[literal(value)]
    node = LexborHTMLParser(f"<body>{html}").css_first("script")
    assert node is not None
    assert json.loads(node.text()) == value


@given(TEXT)
def test_text_in_an_expression_is_one_literal_in_single_quotes(text: str) -> None:
    source = attribute(str(js("{}", text)))
    assert re.fullmatch(r"'[^'\\]*(?:\\(?:u[0-9a-f]{4}|[bfnrt])[^'\\]*)*'", source)
    assert json.loads(f'"{source[1:-1]}"') == text


@given(TEXT)
def test_nothing_in_text_is_read_as_markup_signals_or_actions(text: str) -> None:
    assert not set("<>&'$@\u2028\u2029") & set(literal(text))
    assert '"' not in literal(text)[1:-1]
    assert r"\\" not in literal(text)


def test_types_are_written_as_json_writes_them() -> None:
    class Kind(Enum):
        NOTE = "note"

    class Point(msgspec.Struct):
        x: int = 1
        when: date = date(2025, 1, 31)

    value = [Kind.NOTE, Point(), UUID(int=1), datetime(2025, 1, 31, 12, tzinfo=UTC), (1, 2)]
    assert json.loads(literal(value)) == [
        "note",
        {"x": 1, "when": "2025-01-31"},
        "00000000-0000-0000-0000-000000000001",
        "2025-01-31T12:00:00Z",
        [1, 2],
    ]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_numbers_that_json_does_not_have_are_refused(value: float) -> None:
    for each in (value, [value], {"a": {"b": value}}):
        with pytest.raises(ValueError, match="has no literal in JSON"):
            literal(each)


def test_numbers_that_a_browser_would_round_are_refused() -> None:
    assert literal(2**53 - 1) == "9007199254740991"
    for value in (2**53, -(2**53), [2**60], 2**70):
        with pytest.raises(ValueError, match="a browser would round it"):
            literal(value)
    assert literal("12345678901234567890") == '"12345678901234567890"'


def test_a_lone_surrogate_is_not_text() -> None:
    with pytest.raises(ValueError, match="lone surrogate"):
        literal(["\ud800"])


def test_a_value_that_holds_itself_is_refused() -> None:
    value: list[object] = []
    value.append(value)
    with pytest.raises(ValueError, match="nested too deeply"):
        literal(value)
