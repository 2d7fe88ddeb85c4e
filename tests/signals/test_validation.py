"""Signals on the way in: hostile input, and every problem at once in words for people."""

import json
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from helio.signals import Invalid, Signals


class Kind(Enum):
    NOTE = "note"
    TASK = "task"


class Address(msgspec.Struct, forbid_unknown_fields=True):
    city: Annotated[str, Meta(min_length=3)] = ""
    zip: Annotated[str, Meta(pattern=r"^\d{5}$", description="a post code of five digits")] = ""


class Order(Signals):
    title: Annotated[str, Meta(min_length=3, max_length=10)] = ""
    count: Annotated[int, Meta(ge=1, le=99)] = 1
    price: Annotated[float, Meta(gt=0)] = 1.0
    step: Annotated[int, Meta(multiple_of=5)] = 5
    paid: bool = False
    address: Address = Address()
    tags: Annotated[list[str], Meta(max_length=2)] = []  # noqa: RUF012
    rows: list[Address] = []  # noqa: RUF012
    kind: Kind = Kind.NOTE
    size: Literal["s", "m"] = "s"
    due: date | None = None
    at: datetime | None = None
    id: UUID = UUID(int=0)
    sum: Decimal = Decimal(0)


FILLED: dict[str, object] = {"title": "abc", "address": {"city": "Rome", "zip": "12345"}}
"""What has to be filled in, because its default is not accepted."""


def filled(**fields: object) -> bytes:
    return msgspec.json.encode(FILLED | fields)


def messages(value: object) -> dict[str, str]:
    if isinstance(value, dict):
        value = FILLED | value
    with pytest.raises(Invalid) as refused:
        Order.decode(json.dumps(value).encode())
    assert refused.value.struct is Order
    return refused.value.messages


def test_what_fits_is_decoded() -> None:
    order = Order.decode(filled(due="2025-01-31", kind="task", sum="1.5"))
    assert order == Order(
        title="abc",
        address=Address(city="Rome", zip="12345"),
        due=date(2025, 1, 31),
        kind=Kind.TASK,
        sum=Decimal("1.5"),
    )
    assert Span.decode(msgspec.Raw(b"{}")) == Span()


def test_a_field_that_must_be_filled_in_cannot_be_left_out() -> None:
    expected = {
        "title": "Expected at least 3 characters",
        "address.city": "Expected at least 3 characters",
        "address.zip": "Expected a post code of five digits",
    }
    for attempt in (
        lambda: Order.decode(b"{}"),
        lambda: Order.decode(b'{"count":2}'),
        lambda: Order.receive({}),
        lambda: Order.read_form([]),
    ):
        with pytest.raises(Invalid) as refused:
            attempt()
        assert refused.value.messages == expected
    with pytest.raises(Invalid) as refused:
        Order.decode(b'{"title":"abc","address":{"city":"Rome"},"count":0}')
    assert set(refused.value.messages) == {"address.zip", "count"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"title": "ab"}, {"title": "Expected at least 3 characters"}),
        ({"title": "a" * 11}, {"title": "Expected at most 10 characters"}),
        ({"title": 3}, {"title": "Expected text, got a whole number"}),
        ({"title": None}, {"title": "Expected text, got nothing"}),
        ({"count": 0}, {"count": "Expected a number of at least 1"}),
        ({"count": 100}, {"count": "Expected a number of at most 99"}),
        ({"count": "3"}, {"count": "Expected a whole number, got text"}),
        ({"count": 1.5}, {"count": "Expected a whole number, got a number"}),
        ({"price": 0}, {"price": "Expected a number greater than 0.0"}),
        ({"step": 3}, {"step": "Expected a multiple of 5"}),
        ({"paid": "yes"}, {"paid": "Expected true or false, got text"}),
        ({"tags": ["a", 1]}, {"tags": "Item 2: Expected text, got a whole number"}),
        ({"tags": list("abc")}, {"tags": "Expected at most 2 items"}),
        ({"rows": [{"city": "Rome"}, {"city": "x"}]},
         {"rows": "Item 2, city: Expected at least 3 characters"}),
        ({"rows": [{"x": 1}]}, {"rows": "Item 1: Unknown field x"}),
        ({"kind": "x"}, {"kind": "Expected one of: note, task"}),
        ({"size": "x"}, {"size": "Expected one of: s, m"}),
        ({"due": "soon"}, {"due": "Expected a date, such as 2025-01-31"}),
        ({"at": "soon"}, {"at": "Expected a date and time"}),
        ({"id": "1"}, {"id": "Expected an identifier (UUID)"}),
        ({"sum": "x"}, {"sum": "Expected a number"}),
        ({"address": {"city": "Rome", "zip": "1"}},
         {"address.zip": "Expected a post code of five digits"}),
        ({"address": {"city": "Rome", "zip": "12345", "town": "x"}},
         {"address.town": "Unknown field"}),
        ({"address": 3}, {"address": "Expected an object, got a whole number"}),
        ({"titel": "x"}, {"titel": "Unknown field"}),
        ([], {"": "Expected an object"}),
        (None, {"": "Expected an object"}),
    ],
)  # fmt: skip
def test_messages_can_be_read_by_the_one_who_typed(value: object, expected: dict[str, str]) -> None:
    assert messages(value) == expected


def test_all_problems_are_told_at_once() -> None:
    told = messages({"title": "", "count": 0, "address": {"city": "x", "zip": "y"}, "more": 1})
    assert set(told) == {"title", "count", "address.city", "address.zip", "more"}


def test_an_emptied_field_is_none_where_only_that_fits() -> None:
    assert Order.decode(filled(due="", at="")) == Order.decode(filled())
    assert messages({"due": "", "title": ""}) == {"title": "Expected at least 3 characters"}
    assert messages({"id": ""}) == {"id": "Expected an identifier (UUID)"}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b'{"title":"abc"}x',
        b'{"title":"\\ud800abc"}',
        b'{"title":"\xff\xfe"}',
        b'{"title":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"count":NaN}',
    ],
    ids=["empty", "cut", "more", "surrogate", "bytes", "deep", "nan"],
)
def test_what_is_not_json_text_is_refused(raw: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        Order.decode(raw)
    assert refused.value.messages == {"": "The input could not be read: it is not valid JSON text"}


def test_very_many_unknown_fields_are_not_all_told() -> None:
    assert len(messages({f"x{n}" * 50: n for n in range(1000)})) == 50


class Span(Signals):
    start: int = 0
    end: int = 0

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise Invalid(end="Must not be before the start")


class Odd(Signals):
    x: int = 1

    def __post_init__(self) -> None:
        if self.x % 2 == 0:
            raise ValueError("The number must be odd")


def test_a_struct_may_refuse_by_itself() -> None:
    with pytest.raises(Invalid) as refused:
        Span.decode(b'{"start":2,"end":1}')
    assert refused.value.messages == {"end": "Must not be before the start"}
    with pytest.raises(Invalid) as refused:
        Odd.decode(b'{"x":2}')
    assert refused.value.messages == {"": "The number must be odd"}


def test_all_signals_of_a_page_are_sorted_by_struct() -> None:
    class Top(Signals, prefix=""):
        query: str = ""

    signals = msgspec.json.decode(
        b'{"span":{"end":3},"query":"x","other":{"y":1}}', type=dict[str, msgspec.Raw]
    )
    assert Span.receive(signals) == Span(end=3)
    assert Top.receive(signals) == Top(query="x")
    assert Odd.receive(signals) == Odd()


def test_messages_become_signals_and_clear_the_others() -> None:
    assert Span.error_signals({"end": "no"}) == {"errors": {"span": {"start": "", "end": "no"}}}
    told = Order.error_signals({"address.city": "no", "tags": "bad"})["errors"]["order"]
    assert told["address"] == {"city": "no", "zip": ""}
    assert told["tags"] == "bad"
    assert told["title"] == ""


def test_invalid_reads_as_a_sentence() -> None:
    assert str(Invalid({"": "Not now"}, title="too short")) == "Not now; title: too short"
    assert Invalid(title="x").struct is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*Order.__struct_fields__, "x", "__proto__"]), JSON))
def test_any_json_is_decoded_or_refused_by_field(value: dict[str, Any]) -> None:
    try:
        order = Order.decode(filled(**value))
    except Invalid as refused:
        fields = {name.partition(".")[0] for name in refused.messages}
    else:
        fields = set[str]()
        assert order == Order.decode(msgspec.json.encode(order))
    assert fields <= set(value)
