"""Other places to serve at: https, and Unix sockets."""

import asyncio
import ssl
import stat
from pathlib import Path

import pytest

from cli.commands import Command, app, until
from helio.server import AddressError, Certificate, Limits, Listener, Options
from helio.server.process import Server
from helio.server.tls import CertificateError, tls_context
from server.standin import Connection, Echo, Serve, Serving, StandIn
from server.test_streams_on_sockets import Streaming

PEM = Path(__file__).parent / "localhost.pem"
CERTIFICATE = Certificate(chain=str(PEM))
GET = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


async def secure(serving: Serving) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection over TLS."""
    context = ssl.create_default_context(cafile=str(PEM))
    context.set_alpn_protocols(["h2", "http/1.1"])
    port = serving.port
    return await asyncio.open_connection("localhost", port, ssl=context, family=2)


async def test_https(serve: Serve):
    async with serve(Echo(), certificate=CERTIFICATE) as serving:
        reader, writer = await secure(serving)
        assert writer.get_extra_info("ssl_object").selected_alpn_protocol() == "http/1.1"
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n")
        writer.write(b"x" * 300_000 + GET)
        said = await reader.read()
        assert said.count(b"HTTP/1.1 200 OK\r\n") == 2
        assert serving.app.scopes[0]["scheme"] == "https"
        assert serving.app.scopes[0]["client"][0] == "127.0.0.1"
        writer.close()


async def test_who_speaks_no_tls_is_not_answered(serve: Serve):
    async with serve(StandIn(), certificate=CERTIFICATE) as serving:
        assert b"200 OK" not in await serving.exchange(GET)
        await serving.gone()


async def test_who_never_finishes_a_handshake_is_cut(serve: Serve):
    limits = Limits(head_time=0.2)
    async with serve(StandIn(), certificate=CERTIFICATE, limits=limits) as serving:
        assert await serving.exchange(b"\x16\x03\x01") == b""


async def test_a_stream_over_https(serve: Serve):
    app = Streaming()
    async with serve(app, certificate=CERTIFICATE) as serving:
        reader, writer = await secure(serving)
        writer.write(b"GET /live HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readuntil(b":\n\r\n")
        owner = app.owners[0]
        sink = app.sink(owner)
        sink.write(b"data: x\n\n")
        assert await reader.readuntil(b"\n\n\r\n") == b"9\r\ndata: x\n\n\r\n"
        sink.close()
        assert await reader.readuntil(b"0\r\n\r\n") == b"0\r\n\r\n"
        writer.write(GET)
        assert (await reader.read()).endswith(b"hello")
        writer.close()
        await asyncio.wait_for(owner.ended.wait(), 10)


async def test_a_stream_over_https_is_broken_and_drained(serve: Serve):
    app = Streaming()
    async with serve(app, certificate=CERTIFICATE) as serving:
        reader, writer = await secure(serving)
        writer.write(b"GET /live HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readuntil(b":\n\r\n")
        owner = app.owners[0]
        sink = app.sink(owner)
        while sink.buffered <= 64 * 1024:
            sink.write(b"x" * 10_000)
        while not owner.drains:
            await reader.readuntil(b"\r\n")
            await reader.readexactly(10_002)
        await serving.stop()
        rest = await reader.read()
        assert rest.endswith(b"retry: 5\n\n\r\n")
        writer.close()


def test_a_certificate_that_cannot_be_used_is_explained(tmp_path: Path):
    with pytest.raises(CertificateError, match=r"There is no file missing\.pem\."):
        tls_context(Certificate(chain="missing.pem"))
    (tmp_path / "odd.pem").write_text("nothing")
    with pytest.raises(CertificateError, match=r"odd\.pem cannot be used for https: .*PEM form"):
        tls_context(Certificate(chain=str(tmp_path / "odd.pem")))


def test_the_command_line_serves_https(tmp_path: Path):
    (tmp_path / "todo.py").write_text(app())
    command = Command(tmp_path, "run", "todo.py", "--port", "0", "--certificate", str(PEM))
    try:
        assert "https://127.0.0.1:" in command.says("is served at")
        missing = Command(tmp_path, "run", "todo.py", "--certificate", "missing.pem")
        assert missing.wait() == 1
        assert missing.err == ["There is no file missing.pem."]
        missing.end()
    finally:
        command.end()


async def test_a_unix_socket(tmp_path: Path):
    path = tmp_path / "app.sock"
    listener = Listener.bind_unix(path)
    assert listener.url == f"unix:{path}"
    assert listener.network_url is None
    standin, ready = StandIn(), asyncio.Event()
    server = Server(standin, Options(), ready.set)
    task = asyncio.create_task(server.serve(listener.sockets))
    await ready.wait()
    assert stat.S_IMODE(path.stat().st_mode) == 0o666
    connection = Connection(*await asyncio.open_unix_connection(str(path)))
    told = b"X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: https\r\n"
    connection.send(GET.replace(b"Connection", told + b"Connection"))
    assert (await connection.rest()).endswith(b"hello")
    connection = Connection(*await asyncio.open_unix_connection(str(path)))
    connection.send(GET)
    await connection.rest()
    first, second = standin.scopes
    assert (first["client"], first["scheme"]) == (("203.0.113.7", 0), "https")
    assert (second["client"], second["server"]) == (None, (str(path), None))
    server.leave()
    await task
    listener.close()
    assert not path.exists()


def test_a_unix_socket_that_was_left_behind_is_replaced(tmp_path: Path):
    path = tmp_path / "app.sock"
    first = Listener.bind_unix(path)
    first.listen()
    with pytest.raises(AddressError, match="is in use by another program"):
        Listener.bind_unix(path)
    for sock in first.sockets:
        sock.close()  # as a process that was killed
    second = Listener.bind_unix(path)
    second.listen()
    first.close()  # takes nothing from its successor
    assert path.exists()
    second.close()
    assert not path.exists()


def test_a_file_is_not_taken_for_a_socket(tmp_path: Path):
    (tmp_path / "notes").write_text("mine")
    with pytest.raises(AddressError, match="is in use by another program, or is no socket"):
        Listener.bind_unix(tmp_path / "notes")
    assert (tmp_path / "notes").read_text() == "mine"
    with pytest.raises(AddressError, match="No such file or directory"):
        Listener.bind_unix(tmp_path / "missing" / "app.sock")
    with pytest.raises(AddressError, match="too long for a socket"):
        Listener.bind_unix(tmp_path / ("x" * 200))


def test_the_command_line_serves_at_a_unix_socket(tmp_path: Path):
    (tmp_path / "todo.py").write_text(app())
    command = Command(tmp_path, "run", "todo.py", "--unix", "app.sock")
    try:
        command.says("todo.py is served at unix:app.sock")
        assert (tmp_path / "app.sock").is_socket()
        command.signal()
        assert command.wait() == 0
        until(lambda: not (tmp_path / "app.sock").exists())
    finally:
        command.end()
