"""A served application: its start, what requests look like, its end."""

import re

import pytest

from helio.server.application import Receive, Scope, Send
from helio.server.lifespan import StartError
from server.standin import Serve, StandIn


async def test_the_application_lives_as_long_as_the_process(serve: Serve):
    app = StandIn()
    async with serve(app):
        assert app.told == ["lifespan.startup"]
    assert app.told == ["lifespan.startup", "lifespan.shutdown"]


async def test_what_the_start_leaves_in_the_state_reaches_requests(serve: Serve):
    async with serve(StandIn()) as serving:
        await serving.fetch("GET / HTTP/1.1")
        assert serving.app.scopes[0]["state"] == {"greeting": "hello"}


async def test_an_application_that_raises_at_its_start_is_not_served(serve: Serve):
    class Failing(StandIn):
        async def live(self, scope: Scope, receive: Receive, send: Send) -> None:
            raise LookupError("no database")

    with pytest.raises(StartError) as caught:
        async with serve(Failing()):
            pass
    assert isinstance(caught.value.__cause__, LookupError)


async def test_an_application_may_refuse_to_start_with_a_message(serve: Serve):
    class Refusing(StandIn):
        async def live(self, scope: Scope, receive: Receive, send: Send) -> None:
            await receive()
            await send({"type": "lifespan.startup.failed", "message": "no secret"})

    with pytest.raises(StartError, match="no secret"):
        async with serve(Refusing()):
            pass


async def test_a_failure_at_the_end_is_told(serve: Serve, caplog: pytest.LogCaptureFixture):
    class Failing(StandIn):
        async def live(self, scope: Scope, receive: Receive, send: Send) -> None:
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            raise LookupError("lost")

    async with serve(Failing()):
        pass
    assert "The application failed while it ended." in caplog.text


async def test_answers_carry_a_date_and_no_name_of_the_server(serve: Serve):
    async with serve(StandIn()) as serving:
        head = (await serving.fetch("GET / HTTP/1.1")).partition(b"\r\n\r\n")[0].lower()
    assert b"\r\ndate: " in head
    assert b"\r\nserver:" not in head


@pytest.mark.parametrize(("trusted", "scheme"), [(None, "https"), ("10.0.0.1", "http")])
async def test_forwarded_headers_are_believed_from_trusted_proxies_only(
    serve: Serve, trusted: str | None, scheme: str
):
    async with serve(StandIn(), forwarded_allow_ips=trusted) as serving:
        await serving.fetch("GET / HTTP/1.1\r\nX-Forwarded-Proto: https")
        assert serving.app.scopes[0]["scheme"] == scheme


async def test_the_request_log_has_one_line_a_request(
    serve: Serve, capsys: pytest.CaptureFixture[str]
):
    async with serve(StandIn(), request_log=True) as serving:
        await serving.fetch("GET /todos?page=2&datastar=%7B%22secret%22%3A1%7D HTTP/1.1")
        await serving.fetch("GET /_helio/helio.js HTTP/1.1")
        await serving.fetch("GET /a%1b%5B2J HTTP/1.1")
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("200 GET /todos?page=2 ")
    assert second.startswith("200 GET /a\\x1b[2J ")


async def test_the_request_log_names_streams_and_failures(
    serve: Serve, capsys: pytest.CaptureFixture[str]
):
    async def boom(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("boom")

    async with serve(StandIn(boom=boom), request_log=True) as serving:
        connection = await serving.ask("GET /stream HTTP/1.1")
        await connection.until(b": open")
        assert (await serving.fetch("GET /boom HTTP/1.1")).startswith(b"HTTP/1.1 500")
        await serving.stop()
        connection.close()
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "200 GET /stream stream"
    assert lines[1] == "500 GET /boom failed"


async def test_the_access_log_has_time_and_client(serve: Serve, capsys: pytest.CaptureFixture[str]):
    async with serve(StandIn(), access_log=True) as serving:
        await serving.fetch("GET /_helio/x?y HTTP/1.1\r\nX-Forwarded-For: 203.0.113.7")
    (line,) = capsys.readouterr().err.splitlines()
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ 203\.0\.113\.7 200 GET /_helio/x\?y \d+ ms", line
    )


async def test_nothing_is_logged_unless_asked_for(serve: Serve, capsys: pytest.CaptureFixture[str]):
    async with serve(StandIn()) as serving:
        await serving.fetch("GET / HTTP/1.1")
        await serving.fetch("nonsense")
    assert capsys.readouterr() == ("", "")
