"""Commands: run to their end, once for each action, for those who may."""

import asyncio

import pytest
from starlette.responses import PlainTextResponse, Response

from helio import (
    App,
    Invalid,
    NotFound,
    Reject,
    RenderError,
    Session,
    Topic,
    publish,
    region,
)
from helio import html as h
from web.visiting import browser, events, own, until

NEWS = Topic("news")


async def test_a_command_outlives_its_client(app: App) -> None:
    entered, proceed, done = asyncio.Event(), asyncio.Event(), asyncio.Event()

    @app.post("/slow")
    async def slow():
        entered.set()
        await proceed.wait()
        done.set()

    async with browser(app) as visitor:
        asking = asyncio.create_task(visitor.post("/slow"))
        await entered.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        proceed.set()
        async with asyncio.timeout(10):
            await done.wait()
    await until(lambda: not app.commands_running)


async def test_a_drain_waits_for_commands(app: App) -> None:
    entered, proceed = asyncio.Event(), asyncio.Event()

    @app.post("/slow")
    async def slow():
        entered.set()
        await proceed.wait()

    async with browser(app) as visitor:
        asking = asyncio.create_task(visitor.post("/slow"))
        await entered.wait()
        draining = asyncio.create_task(app.drain(60))
        await asyncio.sleep(0)
        assert not draining.done()
        proceed.set()
        await draining
        assert (await asking).status_code == 303


async def test_a_drain_waits_no_longer_than_it_may(app: App) -> None:
    @app.post("/slow")
    async def slow():
        await asyncio.sleep(60)

    async with browser(app) as visitor:
        asking = asyncio.create_task(visitor.post("/slow"))
        await until(lambda: app.commands_running)
        await app.drain(0.01)
        asking.cancel()
    for task in app.commands_running:
        task.cancel()


class Counter:
    """An application that counts what it did."""

    def __init__(self, app: App) -> None:
        self.done = 0
        self.proceed = asyncio.Event()
        self.proceed.set()

        @app.post("/count")
        async def count(how: str = ""):
            self.done += 1
            await self.proceed.wait()
            match how:
                case "reject":
                    raise Reject("No.")
                case "missing":
                    raise NotFound()
                case "invalid":
                    return Invalid(how="wrong")
                case "fail":
                    raise RuntimeError("broken")
                case "cancelled":
                    raise asyncio.CancelledError
                case "events":
                    return generated()
                case _:
                    return h.p(id="count")[self.done]

        async def generated():
            yield h.p(id="count")[self.done]


@pytest.mark.parametrize("how", ["", "reject", "missing", "invalid"])
async def test_a_repeated_action_gets_the_first_answer(app: App, how: str) -> None:
    counter = Counter(app)
    action = own(helio_tab="tab-00001")
    async with browser(app) as visitor:
        first = await visitor.post("/count", json={"how": how}, headers=action)
        again = await visitor.post("/count", json={"how": how}, headers=action)
        assert counter.done == 1
        assert (first.status_code, first.content) == (again.status_code, again.content)
        other = await visitor.post("/count", json={"how": how}, headers=own())
        assert counter.done == 2
        assert other.status_code == first.status_code


@pytest.mark.parametrize("how", ["", "reject", "missing"])
async def test_an_action_repeated_while_it_runs_waits_for_the_first_answer(
    app: App, how: str
) -> None:
    counter = Counter(app)
    counter.proceed.clear()
    action = own(helio_tab="tab-00001")
    async with browser(app) as visitor:
        asking = [
            asyncio.create_task(visitor.post("/count", json={"how": how}, headers=action))
            for _ in range(3)
        ]
        await until(lambda: counter.done)
        counter.proceed.set()
        answers = await asyncio.gather(*asking)
    assert counter.done == 1
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize("how", ["fail", "cancelled"])
async def test_an_action_that_failed_may_be_tried_again(app: App, how: str) -> None:
    counter = Counter(app)
    action = own()
    async with browser(app) as visitor:
        for done in (1, 2):
            answer = await visitor.post("/count", json={"how": how}, headers=action)
            assert (answer.status_code, counter.done) == (500, done)


async def test_a_repeated_action_that_answers_by_events_is_done_once(app: App) -> None:
    counter = Counter(app)
    action = own()
    async with browser(app) as visitor:
        first = await visitor.post("/count", json={"how": "events"}, headers=action)
        again = await visitor.post("/count", json={"how": "events"}, headers=action)
    assert (first.status_code, again.status_code, counter.done) == (200, 204, 1)


async def test_an_action_s_id_counts_for_its_own_command(app: App) -> None:
    counter = Counter(app)
    action = own()

    @app.put("/count")
    async def other():
        return h.p(id="other")

    async with browser(app) as visitor:
        await visitor.post("/count", json={}, headers=action)
        answer = await visitor.put("/count", json={}, headers=action)
    assert (answer.text, counter.done) == ('<p id="other"></p>', 1)


async def test_an_action_is_bound_to_its_visitor_and_tab(app: App) -> None:
    counter = Counter(app)
    for who, tab in (("ann", "tab-00001"), ("bob", "tab-00001"), ("ann", "tab-00002")):
        async with browser(app) as visitor:
            headers = own(helio_request="same", helio_tab=tab, cookie=f"helio={who}")
            await visitor.post("/count", headers=headers)
    assert counter.done == 3


async def test_plain_forms_and_stock_runtimes_have_no_actions(app: App) -> None:
    counter = Counter(app)
    async with browser(app) as visitor:
        for _ in range(2):
            await visitor.post("/count")
            await visitor.post("/count", headers={"datastar-request": "true"})
    assert counter.done == 4


async def test_methods_and_the_field_that_overrides_them(app: App) -> None:
    done: list[str] = []

    @app.page("/thing")
    def thing():
        return h.p["thing"]

    for method in ("post", "put", "patch", "delete"):

        def handle(method: str = method):
            done.append(method)

        handle.__qualname__ = method
        getattr(app, method)("/thing")(handle)

    async with browser(app) as visitor:
        for method in ("post", "put", "patch", "delete"):
            assert (await visitor.request(method, "/thing")).status_code == 303
        for method in ("put", "patch", "delete"):
            await visitor.post("/thing", data={"_method": method.upper()})
        await visitor.post("/thing", data={"_method": "GET"})
    assert done == ["post", "put", "patch", "delete", "put", "patch", "delete", "post"]


async def test_a_method_nobody_answers_is_named(app: App) -> None:
    @app.page("/page")
    def page():
        return h.p["x"]

    @app.delete("/thing")
    def remove(): ...

    @app.get("/action")
    def action(): ...

    async with browser(app) as visitor:
        for path, method, allow in (
            ("/page", "POST", "GET, HEAD"),
            ("/thing", "GET", "DELETE"),
            ("/thing", "POST", "DELETE"),
            ("/action", "PUT", "GET, HEAD"),
        ):
            for headers in ({}, own()):
                answer = await visitor.request(method, path, headers=headers)
                assert (answer.status_code, answer.headers["allow"]) == (405, allow)
                assert f"{method} is not possible here." in answer.text


async def test_a_path_that_nobody_serves(app: App) -> None:
    async with browser(app) as visitor:
        page = await visitor.get("/nowhere")
        toast = await visitor.post("/nowhere", headers=own())
        stock = await visitor.post("/nowhere", headers={"datastar-request": "true"})
    assert (page.status_code, page.headers["vary"]) == (404, "Datastar-Request")
    assert "This page does not exist." in page.text
    assert toast.status_code == 404
    assert toast.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert [event.event for event in events(toast)] == ["helio-toast"]
    assert (stock.status_code, stock.headers["helio-status"]) == (200, "404")


async def test_an_earlier_path_gives_way_to_a_later_one_that_answers(app: App) -> None:
    @app.post("/cards/{card}")
    def change(card: int): ...

    @app.page("/cards/new")
    def new():
        return h.p["new"]

    @app.page("/cards/{number}")
    def card(number: int):
        return h.p[f"card {number}"]

    async with browser(app) as visitor:
        assert "new" in (await visitor.get("/cards/new")).text
        assert "card 3" in (await visitor.get("/cards/3")).text
        assert (await visitor.post("/cards/3")).status_code == 303
        assert (await visitor.put("/cards/3")).status_code == 405


async def test_handlers_may_publish_and_renders_may_not(app: App) -> None:
    said: list[str] = []

    @region
    def cell():
        for call in (lambda: app.publish(NEWS), lambda: publish(NEWS)):
            try:
                call()
            except RenderError as error:
                said.append(str(error))
        return h.p["x"]

    @app.page("/")
    def index():
        return h.main[cell()]

    @app.post("/")
    def change():
        publish(NEWS)
        return h.p(id="x")

    async with browser(app) as visitor:
        await visitor.get("/")
        assert (await visitor.post("/", headers=own())).status_code == 200
    assert [text.partition(" inside ")[0] for text in said] == ["app.publish", "publish"]


async def test_app_publish_refuses_a_family(app: App) -> None:
    with pytest.raises(TypeError, match="needs its arguments"):
        app.publish(Topic("todos", int))


async def test_an_authors_own_response_is_never_written_to(app: App) -> None:
    shared = PlainTextResponse("shared", headers={"x-own": "1"})

    @app.post("/")
    def answer(session: Session) -> Response:
        session["name"] = "ann"
        return shared

    async with browser(app) as ann, browser(app) as bob:
        first, second = await ann.post("/"), await bob.post("/")
    assert first.headers["set-cookie"] != second.headers["set-cookie"]
    assert "set-cookie" not in shared.headers
    assert first.text == second.text == "shared"


async def test_a_command_that_is_called_is_its_function(app: App) -> None:
    @app.post("/")
    def double(number: int):
        return number * 2

    assert double(3) == 6
