"""Commands that are async generators: events as they yield, to their end."""

import asyncio
import logging

import pytest

from helio import App, Forbidden, Invalid, Reject, Signals, Topic, publish, watch
from helio import html as h
from web.visiting import browser, events, own, stream, until

NEWS = Topic("news")


async def test_what_they_yield_is_sent_as_it_comes(app: App) -> None:
    step = asyncio.Event()

    @app.post("/job")
    async def job():
        yield h.p(id="state")["begun"]
        await step.wait()
        publish(NEWS)
        yield [h.p(id="state")["done"], h.p(id="more")["more"]]

    async with browser(app) as visitor:
        asking = asyncio.create_task(visitor.post("/job", headers=own()))
        await asyncio.sleep(0)
        step.set()
        answer = await asking
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store, no-transform"
    texts = [event.data for event in events(answer)]
    assert ["begun" in texts[0], "done" in texts[1], "more" in texts[2]] == [True] * 3


async def test_they_may_publish_and_a_page_follows(app: App) -> None:
    value = 0

    @app.page("/")
    def index():
        watch(NEWS)
        return h.p[f"value {value}"]

    @app.post("/job")
    async def job():
        nonlocal value
        yield None
        value = 7
        publish(NEWS)

    async with stream(app, "/") as opened, browser(app) as visitor:
        await opened.says("value 0")
        answer = await visitor.post("/job", headers=own())
        assert answer.content == b""
        await opened.says("value 7")


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (Reject("Too late."), "Too late."),
        (Forbidden(), "You may not do this."),
        (RuntimeError("secret"), "Something went wrong on the server"),
    ],
)
async def test_what_they_raise_is_told(
    app: App, raised: Exception, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)

    @app.post("/job")
    async def job():
        yield h.p(id="state")["begun"]
        raise raised

    async with browser(app) as visitor:
        answer = await visitor.post("/job", headers=own())
    first, last = events(answer)
    assert "begun" in first.data

    assert last.event == "helio-toast"
    assert told in last.data
    assert "secret" not in last.data


@pytest.mark.parametrize("raises", [True, False])
async def test_what_they_refuse_stands_at_its_field(app: App, raises: bool) -> None:
    class Draft(Signals):
        title: str = ""

    @app.post("/job")
    async def job(draft: Draft):
        yield h.p(id="state")["begun"]
        if raises:
            raise Invalid(title="wrong")
        yield Invalid(title="wrong")

    async with browser(app) as visitor:
        answer = await visitor.post("/job", json={}, headers=own())
        plain = await visitor.post("/job", data={"draft.title": "x"})
    assert events(answer)[1].data == 'signals {"errors":{"draft":{"title":"wrong"}}}'
    assert plain.status_code == 422


async def test_a_plain_form_waits_for_the_end(app: App) -> None:
    done = False

    @app.post("/job", back="/done")
    async def job():
        nonlocal done
        yield h.p(id="state")["begun"]
        done = True

    async with browser(app) as visitor:
        answer = await visitor.post("/job")
    assert (answer.status_code, answer.headers["location"], done) == (303, "/done", True)


async def test_a_client_that_goes_does_not_end_a_command(app: App) -> None:
    step, done = asyncio.Event(), asyncio.Event()

    @app.post("/job")
    async def job():
        yield h.p(id="state")["begun"]
        await step.wait()
        for _ in range(100):
            yield h.p(id="state")["more"]
        done.set()

    asked = asyncio.create_task(_post_and_go(app, "/job"))
    await asked
    step.set()
    async with asyncio.timeout(10):
        await done.wait()
    await until(lambda: not app.commands_running)


async def test_a_client_that_goes_ends_what_it_only_asked_for(app: App) -> None:
    closed = asyncio.Event()

    @app.get("/clock")
    async def clock():
        try:
            while True:
                yield h.p(id="clock")["tick"]
                await asyncio.sleep(0.001)
        finally:
            closed.set()

    async with stream(app, "/clock") as opened:
        await opened.says("tick")
    async with asyncio.timeout(10):
        await closed.wait()
    await until(lambda: not app.commands_running)


async def _post_and_go(app: App, path: str) -> None:
    """Ask, read the first event, and leave."""
    gone = asyncio.Event()

    async def receive() -> dict[str, object]:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, object]) -> None:
        if message.get("body"):
            gone.set()

    headers = [(name.encode(), value.encode()) for name, value in own().items()]
    scope = {
        "type": "http",
        "method": "POST",
        "scheme": "http",
        "server": ("testserver", 80),
        "path": path,
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"testserver"), *headers],
    }
    sent = False

    async def receive_all() -> dict[str, object]:
        nonlocal sent
        if not sent:
            sent = True
            return {"type": "http.request", "body": b"", "more_body": False}
        return await receive()

    await app(scope, receive_all, send)  # type: ignore[arg-type]
