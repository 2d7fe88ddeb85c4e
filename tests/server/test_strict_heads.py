"""Heads of requests: what is malformed, or could be read in two ways, is refused and cut."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helio.server.head import RequestError, read_head
from server.standin import Serve, StandIn

HOST = b"Host: x\r\n"
GET = b"GET / HTTP/1.1\r\n"
POST = b"POST / HTTP/1.1\r\n" + HOST

MALFORMED = {
    # Lines
    "only LF": b"GET / HTTP/1.1\nHost: x\n\n",
    "LF after the first line": b"GET / HTTP/1.1\nHost: x\r\n\r\n",
    "LF after a field": GET + b"Host: x\nA: b\r\n\r\n",
    "LF at the end": GET + HOST + b"\n\r\n",
    "CR after a field": GET + b"Host: x\rA: b\r\n\r\n",
    "CR in a value": GET + HOST + b"A: b\rc\r\n\r\n",
    "LF first": b"\n" + GET + HOST + b"\r\n",
    "CR first": b"\r" + GET + HOST + b"\r\n",
    "a space first": b" " + GET + HOST + b"\r\n",
    # The request line
    "no version": b"GET /\r\n" + HOST + b"\r\n",
    "HTTP/0.9": b"GET / HTTP/0.9\r\n" + HOST + b"\r\n",
    "HTTP/1.2": b"GET / HTTP/1.2\r\n" + HOST + b"\r\n",
    "HTTP/2.0": b"GET / HTTP/2.0\r\n" + HOST + b"\r\n",
    "HTTP/1.10": b"GET / HTTP/1.10\r\n" + HOST + b"\r\n",
    "HTTP/11": b"GET / HTTP/11\r\n" + HOST + b"\r\n",
    "http/1.1": b"GET / http/1.1\r\n" + HOST + b"\r\n",
    "HTTP/2's preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "another protocol": b"SOURCE / ICE/1.0\r\n" + HOST + b"\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "two spaces after the method": b"GET  / HTTP/1.1\r\n" + HOST + b"\r\n",
    "two spaces after the target": b"GET /  HTTP/1.1\r\n" + HOST + b"\r\n",
    "a space after the version": b"GET / HTTP/1.1 \r\n" + HOST + b"\r\n",
    "a tab for a space": b"GET\t/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "a space in the target": b"GET /a b HTTP/1.1\r\n" + HOST + b"\r\n",
    "no method": b"/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "a method in lower case": b"get / HTTP/1.1\r\n" + HOST + b"\r\n",
    "an unknown method": b"FETCH / HTTP/1.1\r\n" + HOST + b"\r\n",
    "a method with a NUL": b"GE\0T / HTTP/1.1\r\n" + HOST + b"\r\n",
    "a target without a slash": b"GET todos HTTP/1.1\r\n" + HOST + b"\r\n",
    "a target with a fragment": b"GET /#here HTTP/1.1\r\n" + HOST + b"\r\n",
    "a target with UTF-8": b"GET /\xc3\xa4 HTTP/1.1\r\n" + HOST + b"\r\n",
    "a target with a NUL": b"GET /\0 HTTP/1.1\r\n" + HOST + b"\r\n",
    "a target with a tab": b"GET /\t HTTP/1.1\r\n" + HOST + b"\r\n",
    "a target with DEL": b"GET /\x7f HTTP/1.1\r\n" + HOST + b"\r\n",
    "a star for a page": b"GET * HTTP/1.1\r\n" + HOST + b"\r\n",
    "another scheme": b"GET ftp://x/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "another host": b"GET http://y/ HTTP/1.1\r\n" + HOST + b"\r\n",
    # Fields
    "a folded field": GET + HOST + b"A: b\r\n c\r\n\r\n",
    "a field folded by a tab": GET + HOST + b"A: b\r\n\tc\r\n\r\n",
    "a fold at the beginning": GET + b" " + HOST + b"\r\n",
    "a space before the colon": GET + b"Host : x\r\n\r\n",
    "a tab before the colon": GET + b"Host\t: x\r\n\r\n",
    "a space in a name": GET + HOST + b"a b: c\r\n\r\n",
    "an empty name": GET + HOST + b": c\r\n\r\n",
    "no colon": GET + HOST + b"abc\r\n\r\n",
    "a parenthesis in a name": GET + HOST + b"a(b: c\r\n\r\n",
    "UTF-8 in a name": GET + HOST + b"\xc3\xa4: c\r\n\r\n",
    "NUL in a name": GET + HOST + b"a\0: c\r\n\r\n",
    "NUL in a value": GET + HOST + b"a: b\0c\r\n\r\n",
    "a control character in a value": GET + HOST + b"a: b\x01c\r\n\r\n",
    "DEL in a value": GET + HOST + b"a: b\x7fc\r\n\r\n",
    # Host
    "no host": GET + b"\r\n",
    "two hosts": GET + HOST + HOST + b"\r\n",
    "two hosts in HTTP/1.0": b"GET / HTTP/1.0\r\n" + HOST + HOST + b"\r\n",
    "a list of hosts": GET + b"Host: x, y\r\n\r\n",
    "a host with a user": GET + b"Host: x@y\r\n\r\n",
    "a host with a path": GET + b"Host: x/y\r\n\r\n",
    "a port that is no number": GET + b"Host: x:y\r\n\r\n",
    # The body's length
    "two equal lengths": POST + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\na",
    "two lengths": POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\na",
    "a list of lengths": POST + b"Content-Length: 1, 1\r\n\r\na",
    "a signed length": POST + b"Content-Length: +1\r\n\r\na",
    "a negative length": POST + b"Content-Length: -1\r\n\r\na",
    "a hexadecimal length": POST + b"Content-Length: 0x1\r\n\r\na",
    "a length in two parts": POST + b"Content-Length: 1 2\r\n\r\na",
    "an empty length": POST + b"Content-Length:\r\n\r\na",
    "an endless length": POST + b"Content-Length: 99999999999999999999\r\n\r\na",
    "length, then chunks": POST + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    "chunks, then length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
    "chunks in HTTP/1.0": b"POST / HTTP/1.0\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n",
    "gzip": POST + b"Transfer-Encoding: gzip\r\n\r\n",
    "gzip, then chunked": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n",
    "chunked, then gzip": POST + b"Transfer-Encoding: chunked, gzip\r\n\r\n",
    "chunked twice": POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n",
    "chunked in two fields": POST + b"Transfer-Encoding: chunked\r\n" * 2 + b"\r\n",
    "identity": POST + b"Transfer-Encoding: identity\r\n\r\n",
    "nearly chunked": POST + b"Transfer-Encoding: xchunked\r\n\r\n",
    "chunked after a control character": POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n",
    "an empty coding": POST + b"Transfer-Encoding:\r\n\r\n",
}


@pytest.mark.parametrize("request_", MALFORMED.values(), ids=MALFORMED.keys())
async def test_a_malformed_head_is_refused(serve: Serve, request_: bytes):
    async with serve(StandIn()) as serving:
        # What follows must not be taken for a request of its own.
        said = await serving.exchange(request_ + b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n")
        assert said.startswith(b"HTTP/1.1 400 Bad Request\r\n")
        assert b"\r\nconnection: close\r\n" in said
        assert said.count(b"HTTP/1.1 ") == 1 + said.partition(b"\r\n\r\n")[2].count(b"HTTP/1.1 ")
        await serving.gone()
        assert serving.app.scopes == []


@pytest.mark.parametrize("request_", MALFORMED.values(), ids=MALFORMED.keys())
@pytest.mark.asyncio(loop_factories=["uvloop"])
async def test_a_malformed_head_is_refused_also_byte_by_byte(serve: Serve, request_: bytes):
    async with serve(StandIn()) as serving:
        said = await serving.exchange(*[request_[at : at + 1] for at in range(len(request_))])
        assert said.startswith(b"HTTP/1.1 400 Bad Request\r\n")
        await serving.gone()
        assert serving.app.scopes == []


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"CONNECT x:80 HTTP/1.1\r\nHost: x:80\r\n\r\n", 501),
        (POST + b"Content-Length: 1\r\nExpect: 200-ok\r\n\r\n", 417),
        (GET + HOST + b"a: b\r\n" * 100 + b"\r\n", 431),
    ],
    ids=["CONNECT", "an expectation", "many fields"],
)
async def test_what_is_not_done_here_says_so(serve: Serve, request_: bytes, status: int):
    async with serve(StandIn()) as serving:
        assert (await serving.exchange(request_)).startswith(b"HTTP/1.1 %d " % status)
        assert serving.app.scopes == []


async def test_a_websocket_is_told_that_there_are_none(serve: Serve):
    upgrade = b"Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
    async with serve(StandIn()) as serving:
        said = await serving.exchange(GET + HOST + upgrade + b"\r\n\x81\x05hello")
        assert said.startswith(b"HTTP/1.1 501 Not Implemented\r\n")
        assert said.endswith(
            b"\r\n\r\nWebSockets are not spoken here; live pages are event streams.\n"
        )


async def test_other_upgrades_are_not_taken_up(serve: Serve):
    upgrade = b"Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n"
    async with serve(StandIn()) as serving:
        said = await serving.exchange(GET + HOST + upgrade + b"\r\n")
        assert said.startswith(b"HTTP/1.1 200 OK\r\n")
        assert said.endswith(b"\r\n\r\nhello")


WELL_FORMED = {
    "the least": (GET + HOST, b"/", b""),
    "an empty line first": (b"\r\n" + GET + HOST, b"/", b""),
    "a query": (b"GET /a%20b?c=d?e HTTP/1.1\r\n" + HOST, b"/a%20b", b"c=d?e"),
    "all that browsers leave as it is": (
        b'GET /[]{}|^`\\"<>?[]{}|^`\\ HTTP/1.1\r\n' + HOST,
        b'/[]{}|^`\\"<>',
        b"[]{}|^`\\",
    ),
    "two slashes": (b"GET //x/y HTTP/1.1\r\n" + HOST, b"//x/y", b""),
    "a URL": (b"GET http://X/a?b HTTP/1.1\r\n" + HOST, b"/a", b"b"),
    "a URL without a path": (b"GET http://x?b HTTP/1.1\r\n" + HOST, b"/", b"b"),
    "a star": (b"OPTIONS * HTTP/1.1\r\n" + HOST, b"*", b""),
    "a port": (GET + b"Host: x:80\r\n", b"/", b""),
    "an address": (GET + b"Host: [::1]:80\r\n", b"/", b""),
    "an empty host": (GET + b"Host:\r\n", b"/", b""),
    "HTTP/1.0": (b"GET / HTTP/1.0\r\n", b"/", b""),
    "space around a value": (GET + b"Host:\t x \t\r\n", b"/", b""),
    "bytes in a value": (GET + HOST + b"a: \xe4\xff\r\n", b"/", b""),
    "many fields": (GET + HOST + b"a: b\r\n" * 98, b"/", b""),
}


@pytest.mark.parametrize(("head", "path", "query"), WELL_FORMED.values(), ids=WELL_FORMED.keys())
async def test_a_well_formed_head_is_answered(serve: Serve, head: bytes, path: bytes, query: bytes):
    async with serve(StandIn()) as serving:
        said = await serving.exchange(head + b"Connection: close\r\n\r\n")
        assert said.startswith(b"HTTP/1.1 200 OK\r\n")
        (scope,) = serving.app.scopes
        assert (scope["raw_path"], scope["query_string"]) == (path, query)
        assert scope["headers"][-1] == (b"connection", b"close")


async def test_values_lose_the_space_around_them(serve: Serve):
    async with serve(StandIn()) as serving:
        fields = b"Empty:\r\nA-B: \t b  c \t \r\nconnection: close\r\n"
        await serving.exchange(GET + HOST + fields + b"\r\n")
        assert serving.app.scopes[0]["headers"] == [
            (b"host", b"x"),
            (b"empty", b""),
            (b"a-b", b"b  c"),
            (b"connection", b"close"),
        ]


_FIELD = re.compile(rb"([^\x00-\x20:\x7f-\xff]+):[ \t]*(.*?)[ \t]*")
_ODD = st.sampled_from(
    [b"\r", b"\n", b"\r\n", b" ", b"\t", b":", b"\0", b",", b"\x0b", b"\x85", b"Host: y", b"1"]
)


@given(
    base=st.sampled_from([GET + HOST + b"A: b\r\n\r\n", POST + b"Content-Length: 1\r\n\r\n"]),
    changes=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 3), _ODD), max_size=3),
)
def test_what_is_accepted_can_be_read_in_one_way_only(
    base: bytes, changes: list[tuple[int, int, bytes]]
):
    """Line by line, without a parser, as the simplest of readers would."""
    for at, drop, odd in changes:
        base = base[:at] + odd + base[at + drop :]
    end = base.find(b"\r\n\r\n")
    if end < 0:
        return
    try:
        head = read_head(base[: end + 4], 100)
    except RequestError:
        return
    first, *lines = base[:end].split(b"\r\n")
    assert not re.search(rb"[\r\n\0]", b"".join(lines))
    assert first.count(b" ") == 2
    assert first.startswith(head.method.encode() + b" ")
    read = [_FIELD.fullmatch(line) for line in lines]
    assert [(each[1].lower(), each[2]) for each in read if each] == head.headers
    assert len(lines) == len(head.headers)
    lengths = [value for name, value in head.headers if name == b"content-length"]
    assert lengths in ([], [b"%d" % (head.length or 0)], [b"0%d" % (head.length or 0)])
    assert [name for name, _ in head.headers].count(b"host") == 1
