"""The WHATWG rules for event streams, at any chunking."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helio.wire import Event, Parser, elements, signals


def parse(data: bytes, cuts: list[int] | None = None) -> list[Event]:
    parser = Parser()
    edges = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts or [])})
    chunks = [data[a:b] for a, b in itertools.pairwise(edges)]
    return [event for chunk in [*chunks, b""] for event in parser.feed(chunk)]


@pytest.mark.parametrize(
    ("stream", "events"),
    [
        (b"data: YHOO\ndata: +2\ndata: 10\n\n", [("message", "YHOO\n+2\n10", "")]),
        (
            b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\n"
            b"data:  third event\n\n",
            [
                ("message", "first event", "1"),
                ("message", "second event", ""),
                ("message", " third event", ""),
            ],
        ),
        (b"data\n\ndata\ndata\n\ndata:", [("message", "", ""), ("message", "\n", "")]),
        (b"data:test\n\ndata: test\n\n", [("message", "test", ""), ("message", "test", "")]),
        (b"event: add\ndata: 73857293\n\n", [("add", "73857293", "")]),
        (b"event: add\n\ndata: 1\n\n", [("message", "1", "")]),
        (b"\xef\xbb\xbfdata: x\n\n", [("message", "x", "")]),
        (b"\xef\xbb\xbf\xef\xbb\xbfdata: x\n\n", []),
        (b"\n\xef\xbb\xbfdata: x\n\n", []),
        (b"data: a\r\rdata: b\r\n\r\ndata: c\n\n", [("message", c, "") for c in "abc"]),
        (b"id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n", [("message", "a", "1"), ("message", "b", "1")]),
        (b"id: 9\n\ndata: a\n\n", [("message", "a", "9")]),
        (b"data: a\n", []),
        (b"DATA: a\nx: y\n data: z\n\n", []),
        (b"data: a:b\n\n", [("message", "a:b", "")]),
        (b"data: \xff\xe2\x82\n\n", [("message", "\ufffd\ufffd", "")]),
        (b"event:\ndata: a\n\n", [("message", "a", "")]),
    ],
)
def test_the_rules(stream: bytes, events: list[tuple[str, str, str]]):
    for cuts in ([], range(len(stream))):
        assert [(e.event, e.data, e.id) for e in parse(stream, list(cuts))] == events


def test_retry_is_digits_only_and_belongs_to_its_block():
    parser = Parser()
    assert parser.retry is None
    (event,) = parser.feed(b"retry: 1500\ndata: a\n\n")
    assert (event.retry, parser.retry) == (1500, 1500)
    for bad in (b"", b"-1", b"1.5", b" 12", b"1e3", "١٢".encode(), b"9" * 5000):
        assert parser.feed(b"retry: " + bad + b"\n\n") == []
        assert parser.retry == 1500
    (event,) = parser.feed(b"data: b\n\n")
    assert (event.retry, parser.retry) == (None, 1500)


def test_the_last_id_counts_once_its_block_ends():
    parser = Parser()
    assert parser.feed(b"id: 5\n") == []
    assert parser.id == ""
    assert parser.feed(b"\n") == []
    assert parser.id == "5"


def by_the_letter(data: bytes) -> list[tuple[str, str, str]]:
    """The specification over a whole text: no chunks, no state between calls."""
    text = data.decode("utf-8", "replace")
    text = text.removeprefix("\ufeff") if data.startswith(b"\xef\xbb\xbf") else text
    lines = re.split("\r\n|\n|\r", text)[:-1]
    events: list[tuple[str, str, str]] = []
    last_id = id_buffer = kind = buffer = ""
    for line in lines:
        if line == "":
            last_id = id_buffer
            if buffer:
                events.append((kind or "message", buffer[:-1], last_id))
            kind = buffer = ""
            continue
        if line.startswith(":"):
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            kind = value
        elif field == "data":
            buffer += value + "\n"
        elif field == "id" and "\0" not in value:
            id_buffer = value
    return events


line_soup = st.lists(
    st.sampled_from(
        [
            *(b"data", b"id", b"event", b"retry", b":", b" ", b"\n", b"\r", b"\r\n", b"\n\n", b"1"),
            *(b"\xef\xbb\xbf", "é€😀".encode(), b"\xf0\x9f", b"\xff", b"\0"),
        ]
    )
).map(b"".join)


@given(data=line_soup | st.binary(), cuts=st.lists(st.integers(0, 10_000)))
def test_any_stream_at_any_chunking(data: bytes, cuts: list[int]):
    assert [(e.event, e.data, e.id) for e in parse(data, cuts)] == by_the_letter(data)


@given(
    texts=st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), min_size=1)),
    cuts=st.lists(st.integers(0, 10_000)),
)
def test_what_is_written_is_read_at_any_chunking(texts: list[str], cuts: list[int]):
    stream = b"".join(elements(text) + signals({"text": text}) for text in texts)
    events = parse(stream, cuts)
    assert [event.fields["elements"] for event in events[::2]] == texts
    assert len(events) == 2 * len(texts)
