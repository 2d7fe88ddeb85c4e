"""Who a request comes from: the connection's ends, and what trusted proxies say of them."""

from ipaddress import ip_address
from pathlib import Path

import pytest

from cli.commands import Command
from helio.server.proxies import Proxies, ProxiesError
from server.standin import Serve, StandIn


async def test_the_scope_says_all_that_asgi_asks_for(serve: Serve):
    async with serve(StandIn()) as serving:
        reader, writer = await serving.connect()
        writer.write(b"GET /a%20b%C3%A4/%zz?x=%20 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        await reader.read()
        mine = writer.get_extra_info("sockname")
        writer.close()
        (scope,) = serving.app.scopes
    extensions = scope.pop("extensions")
    assert list(extensions) == ["helio.stream"]
    assert scope == {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/a bä/%zz",
        "raw_path": b"/a%20b%C3%A4/%zz",
        "query_string": b"x=%20",
        "root_path": "",
        "headers": [(b"host", b"x"), (b"connection", b"close")],
        "client": tuple(mine),
        "server": ("127.0.0.1", serving.port),
        "state": {"greeting": "hello"},
    }


async def test_the_state_is_each_request_s_own(serve: Serve):
    async with serve(StandIn()) as serving:
        for _ in range(2):
            await serving.fetch("GET / HTTP/1.1")
            assert serving.app.scopes[-1]["state"] == {"greeting": "hello"}
            serving.app.scopes[-1]["state"]["more"] = "words"


@pytest.mark.parametrize(
    ("trusted", "told", "client"),
    [
        (None, "203.0.113.7", ("203.0.113.7", 0)),
        (None, "203.0.113.7:4711", ("203.0.113.7", 4711)),
        (None, "2001:db8::7", ("2001:db8::7", 0)),
        (None, "[2001:db8::7]:4711", ("2001:db8::7", 4711)),
        (None, "203.0.113.7, 127.0.0.1", ("203.0.113.7", 0)),
        # What is before an address that is not trusted may be made up.
        (None, "10.0.0.1, 203.0.113.7", ("203.0.113.7", 0)),
        ("127.0.0.1, 203.0.113.0/24", "10.0.0.1, 203.0.113.7", ("10.0.0.1", 0)),
        ("127.0.0.1, 203.0.113.0/24", "me, 203.0.113.7", ("203.0.113.7", 0)),
        ("*", "10.0.0.1, 203.0.113.7", ("10.0.0.1", 0)),
        (None, "unknown", None),
        (None, "", None),
        (None, "127.0.0.1.evil.example", None),
        ("10.0.0.1", "203.0.113.7", None),
        ("", "203.0.113.7", None),
    ],
)
async def test_a_trusted_proxy_says_who_the_client_is(
    serve: Serve, trusted: str | None, told: str, client: tuple[str, int] | None
):
    async with serve(StandIn(), forwarded_allow_ips=trusted) as serving:
        await serving.fetch(f"GET / HTTP/1.1\r\nX-Forwarded-For: {told}")
        found = serving.app.scopes[0]["client"]
    assert found == client or (client is None and found[0] == "127.0.0.1")


async def test_the_last_of_several_fields_is_the_nearest(serve: Serve):
    async with serve(StandIn()) as serving:
        fields = "X-Forwarded-For: 10.0.0.1\r\nX-Forwarded-For: 203.0.113.7, 127.0.0.1"
        await serving.fetch(f"GET / HTTP/1.1\r\n{fields}")
        assert serving.app.scopes[0]["client"] == ("203.0.113.7", 0)


@pytest.mark.parametrize(
    ("trusted", "told", "scheme"),
    [
        (None, "https", "https"),
        (None, "HTTPS", "https"),
        (None, "http, https", "https"),
        (None, "https, http", "http"),
        (None, "javascript", "http"),
        (None, "wss", "http"),
        ("10.0.0.1", "https", "http"),
    ],
)
async def test_a_trusted_proxy_says_how_it_was_spoken_to(
    serve: Serve, trusted: str | None, told: str, scheme: str
):
    async with serve(StandIn(), forwarded_allow_ips=trusted) as serving:
        await serving.fetch(f"GET / HTTP/1.1\r\nX-Forwarded-Proto: {told}")
        assert serving.app.scopes[0]["scheme"] == scheme


async def test_who_is_trusted_may_stand_in_the_environment(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "10.0.0.1")
    async with serve(StandIn()) as serving:
        await serving.fetch("GET / HTTP/1.1\r\nX-Forwarded-Proto: https")
        assert serving.app.scopes[0]["scheme"] == "http"


@pytest.mark.parametrize(
    ("trusted", "host", "is_"),
    [
        (None, "127.0.0.1", True),
        (None, "127.8.9.10", True),
        (None, "::1", True),
        (None, "::ffff:127.0.0.1", True),
        (None, "10.0.0.1", False),
        (None, None, True),  # a Unix socket
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.0.0.7/8", "10.1.2.3", True),
        ("10.0.0.0/8", "11.0.0.1", False),
        ("10.0.0.0/8", "127.0.0.1", False),
        ("2001:db8::/32", "2001:db8::7", True),
        ("2001:db8::/32", "127.0.0.1", False),
        ("*", "203.0.113.7", True),
        ("", "127.0.0.1", False),
        ("", None, False),
    ],
)
def test_who_is_trusted(trusted: str | None, host: str | None, is_: bool):
    assert host is None or ip_address(host)
    assert Proxies(trusted).trusts(host) is is_


def test_proxies_that_are_no_addresses_are_refused_at_the_start(tmp_path: Path):
    with pytest.raises(ProxiesError, match=r"names 'nginx', which is neither"):
        Proxies("10.0.0.1, nginx")
    command = Command(tmp_path, "run", "todo.py", "--forwarded-allow-ips", "nginx")
    try:
        assert command.wait() == 1
        assert command.err[0].startswith("--forwarded-allow-ips names 'nginx', which is neither")
    finally:
        command.end()
