"""Signals from requests are hostile input: read, or refused with a status and a reason."""

import contextlib
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helio.wire import MAX_KEYS, MAX_SIZE, SignalsError, decode_signals


def read(data: bytes | str) -> dict[str, Any]:
    raw = decode_signals(data.encode() if isinstance(data, str) else data)
    assert all(isinstance(value, msgspec.Raw) for value in raw.values())
    return {key: msgspec.json.decode(value) for key, value in raw.items()}


@pytest.mark.parametrize(
    "data",
    [
        '{"draft":{"title":"x"},"n":1}',
        '{"datastar":{"signals":{"draft":{"title":"x"},"n":1}}}',
        '{"signals":{"draft":{"title":"x"},"n":1}}',
        ' {"draft" : {"title":"\\u0078"}, "n" : 1} ',
    ],
)
def test_plain_and_in_an_envelope(data: str):
    assert read(data) == {"draft": {"title": "x"}, "n": 1}


@pytest.mark.parametrize(
    "signals",
    [
        {"datastar": 1},
        {"datastar": {"signals": 1}},
        {"datastar": {"signals": {}}, "more": 1},
        {"signals": [], "more": 1},
        {"signals": "x"},
        {"datastar": {}},
    ],
)
def test_what_only_resembles_an_envelope_is_left_alone(signals: dict[str, Any]):
    assert read(json.dumps(signals)) == signals


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the body is empty"),
        (b"{", "not JSON"),
        (b"{'a':1}", "not JSON"),
        (b'{"a":1}x', "not JSON"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b"null", "not null"),
        (b"true", "not a boolean"),
        (b"[1]", "not a list"),
        (b'"x"', "not a string"),
        (b"1.5", "not a number"),
        (b'{"a":NaN}', "not JSON"),
        (b'{"a":Infinity}', "not JSON"),
        (b'{"a":-Infinity}', "not JSON"),
        (b'{"a":1e999}', "not JSON"),
        (b'{"a":"\xff"}', "0xff is not UTF-8"),
        (b'{"a":{"b":"\xed\xa0\x80"}}', "not UTF-8"),
        (b'{"\xff":1}', "not UTF-8"),
        (b'{"a":"\\ud800"}', "not JSON"),
        (b'{"a":["\\udc00x"]}', "not JSON"),
        (b'{"\\ud800":1}', "not JSON"),
        (b'{"a":"\\ud800\\u0041"}', "not JSON"),
        (b'{"a":"\n"}', "not JSON"),
        (b'{"a":"\0"}', "not JSON"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "deeper than 32"),
        (b'{"a":' + b"[" * 32 + b"]" * 32 + b"}", "deeper than 32"),
        (b'{"a":' + b"[" * 30_000 + b"]" * 30_000 + b"}", "deeper than 32"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "deeper than 32"),
        (json.dumps({str(n): n for n in range(MAX_KEYS + 1)}).encode(), "more than 1000 keys"),
        (json.dumps({"a": [{"b": 1}] * (MAX_KEYS + 1)}).encode(), "more than 1000 keys"),
    ],
)
def test_what_cannot_be_read_is_a_bad_request(data: bytes, reason: str):
    with pytest.raises(SignalsError, match=reason) as caught:
        decode_signals(data)
    assert caught.value.status == 400
    assert caught.value.message == str(caught.value)
    assert "\n" not in caught.value.message


def test_limits_themselves_are_allowed():
    assert read(b'{"a":' * 32 + b"1" + b"}" * 32)
    assert len(read(json.dumps({str(n): n for n in range(MAX_KEYS)}))) == MAX_KEYS
    padding = "x" * (MAX_SIZE - len('{"a":""}'))
    assert read(f'{{"a":"{padding}"}}') == {"a": padding}


def test_too_large_says_so_before_reading():
    with pytest.raises(SignalsError, match="65,537 bytes; at most 65,536") as caught:
        decode_signals(b"x" * (MAX_SIZE + 1))
    assert caught.value.status == 413


def test_poisonous_keys_vanish_at_every_depth():
    assert read(
        '{"__proto__":{"admin":true},"constructor":1,"prototype":2,'
        '"a":{"__proto__":{"x":1},"b":[{"constructor":{"prototype":{}},"c":1}]},'
        '"\\u005f_proto__":1}'
    ) == {"a": {"b": [{"c": 1}]}}


def test_of_a_repeated_key_the_last_counts_and_nothing_hides_behind_it():
    deep = "[" * 500 + "]" * 500
    raw = decode_signals(f'{{"a":{{"b":{deep},"b":1}},"c":0,"c":2}}'.encode())
    assert {key: bytes(value) for key, value in raw.items()} == {"a": b'{"b":1}', "c": b"2"}


def test_near_the_end_of_the_stack_it_is_still_a_bad_request():
    def at_depth(left: int) -> None:
        if left:
            at_depth(left - 1)
        else:
            decode_signals(b'{"a":' * 31 + b"{}" + b"}" * 31)

    refused = 0
    for left in range(850, 990):
        try:
            at_depth(left)
        except SignalsError:
            refused += 1
        except RecursionError:
            break  # The stack ended in this test's own frames.
    assert refused


keys = st.text(st.characters(codec="utf-8")).filter(
    lambda key: key not in ("signals", "datastar", "__proto__", "constructor", "prototype")
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(keys, inner),
    max_leaves=20,
)  # fmt: skip


@given(signals=st.dictionaries(keys, json_values), ascii_only=st.booleans())
def test_what_a_page_sends_is_what_is_read(signals: dict[str, Any], ascii_only: bool):
    assert read(json.dumps(signals, ensure_ascii=ascii_only)) == signals


soup = st.lists(
    st.sampled_from(
        [
            *(
                b"{",
                b"}",
                b"[",
                b"]",
                b'"',
                b":",
                b",",
                b"\\",
                b"\\u",
                b"d800",
                b"a",
                b"1",
                b"-",
                b"e9",
            ),
            *(
                b"null",
                b"NaN",
                b'"__proto__":',
                b'"datastar":',
                b'"signals":',
                b"\xff",
                b"\xed\xa0",
            ),
        ]
    ),
    max_size=40,
).map(b"".join)


@given(data=soup | st.binary() | soup.map(lambda inside: b'{"a":' + inside + b"}"))
def test_no_input_does_anything_but_be_read_or_refused(data: bytes):
    with contextlib.suppress(SignalsError):
        read(data)
