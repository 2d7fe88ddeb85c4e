"""An endpoint: all that stands at one path, and how a request becomes an answer."""

import asyncio
import logging
import secrets
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing
from inspect import isasyncgen
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from helio import wire
from helio.live.outcome import Refused
from helio.live.region import called
from helio.live.renders import LOGGED
from helio.live.topics import publisher
from helio.signals import Invalid
from helio.web import plain
from helio.web.admission import admit
from helio.web.answers import (
    NO_STORE,
    Answer,
    HTMLAnswer,
    events,
    invalid_answer,
    listed,
    problem_answer,
    problem_events,
    refusal_answer,
    runtime_answer,
)
from helio.web.commands import Command
from helio.web.effects import Effect, Redirect
from helio.web.execution import Executed, Execution
from helio.web.generated import Generated
from helio.web.going import Goto
from helio.web.incoming import Incoming
from helio.web.messages import by_path, clearing, message_patch
from helio.web.opening import errand
from helio.web.pages import Page
from helio.web.paths import Path
from helio.web.plain import PAGE_HEADERS
from helio.web.problems import problem_page, traced
from helio.web.refusals import NotFound, Refusal, refusal
from helio.web.security import check_origin
from helio.web.showing import Showing

if TYPE_CHECKING:
    from helio.web.app import App

T = TypeVar("T")

log = logging.getLogger("helio.web")
Headers = list[tuple[bytes, bytes]]

VARY: Headers = [(b"vary", b"Datastar-Request")]
"""A page's URL has two answers, the document and the stream: Back must not show the other one."""


class Done(NamedTuple):
    """What a command has come to: its answer, and the cookies of a session it began."""

    response: Response
    cookies: Headers


class Endpoint:
    """The page and the commands at one path, as an ASGI application."""

    def __init__(self, app: "App", path: Path) -> None:
        self.app = app
        self.path = path
        self.page: Page[...] | None = None
        self.commands: dict[str, Command[...]] = {}

    def answers(self, method: str) -> bool:
        """Whether something here answers the method, as the request states it."""
        if method in ("GET", "HEAD"):
            return self.page is not None or "GET" in self.commands
        if method == "POST" and not self.commands.keys().isdisjoint(("PUT", "PATCH", "DELETE")):
            return True  # a plain form, which says in a field what it means
        return method in self.commands

    def knows(self, method: str) -> bool:
        """Whether a handler of this method stands here."""
        return method in self.commands or (method == "GET" and self.page is not None)

    def add_page(self, page: Page[...]) -> None:
        """ValueError if something else is visited here."""
        self._refuse_second("GET", page.where)
        self.page = page

    def add_command(self, command: Command[...]) -> None:
        """ValueError if something else answers this method here."""
        method = command.method.upper()
        self._refuse_second(method, command.where)
        self.commands[method] = command

    def _refuse_second(self, method: str, where: str) -> None:
        first = self.page if method == "GET" and self.page else self.commands.get(method)
        if first is not None:
            raise ValueError(f"{where}: {first.where} answers {method} at this path already")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        incoming = Incoming(request, self.app.visitors, self.app.users)
        token = publisher.set(self.app.publisher)
        try:
            answer = await self._answer(incoming)
            vary = VARY if self.page is not None else []
            await answer(scope, receive, _adding(send, [*vary, *_cookies(incoming)]))
        finally:
            publisher.reset(token)
            await incoming.close()

    async def _answer(self, incoming: Incoming) -> Answer:
        attendance = self.app.attendance
        try:
            await attendance.prepare()
            with attendance.around():
                return await self._dispatch(incoming)
        except Refused as refused:
            return self._refused(refusal(refused), incoming)
        except Exception as error:
            return self._broken(error, incoming, self._where())

    async def _dispatch(self, incoming: Incoming) -> Answer:
        request = incoming.request
        concerns = errand(request.method, request.headers)
        check_origin(request)
        if concerns is not None or request.method in ("GET", "HEAD"):
            if self.page is not None:
                return await Showing(self.app, self.page).answer(incoming, concerns)
            if concerns is not None:
                raise NotFound()
        files = any(command.parameters.of("upload") for command in self.commands.values())
        await incoming.load(files=files)
        method = incoming.method.replace("HEAD", "GET")
        command = self.commands.get(method)
        if command is None:
            return self._not_allowed(incoming)
        return await self._shielded(command, incoming)

    def _not_allowed(self, incoming: Incoming) -> Response:
        visited = self.page is not None or "GET" in self.commands
        known = {*self.commands, *(["GET", "HEAD"] if visited else [])}
        allow = {"allow": ", ".join(sorted(known))}
        text = f"{incoming.method} is not possible here."
        if incoming.plain:
            return HTMLAnswer(problem_page(405, text), 405, allow)
        answer = problem_answer(405, text, incoming)
        answer.headers.update(allow)
        return answer

    # Commands

    async def _shielded(self, command: Command[...], incoming: Incoming) -> Answer:
        """Run the command to its end, even if its client goes away meanwhile."""
        done = await asyncio.shield(self._running(self._once(command, incoming)))
        incoming.visit.cookies.clear()  # they belong to the answer, also when it is repeated
        return lambda scope, receive, send: done.response(
            scope, receive, _adding(send, done.cookies)
        )

    def _running(self, work: Coroutine[object, object, T]) -> asyncio.Task[T]:
        """Work that a drain waits for."""
        task = asyncio.ensure_future(work)
        running = self.app.commands_running
        running.add(task)
        task.add_done_callback(running.discard)
        return task

    async def _once(self, command: Command[...], incoming: Incoming) -> Done:
        action = incoming.request.headers.get("helio-request", "")
        if command.method == "get" or not action or len(action) > 64:
            return await self._run(command, incoming)
        request = incoming.request
        what = f"{command.method} {request.scope['path']}"
        key = f"{action} {what} {incoming.tab} {self.app.visitors.cookie(request)}"
        return await self.app.once.answer(
            key, lambda: self._run(command, incoming), _repeated, _weight
        )

    async def _run(self, command: Command[...], incoming: Incoming) -> Done:
        try:
            response = await self._judged(command, incoming)
        except Refused as refused:
            response = self._refused(refusal(refused), incoming)
        except Exception as error:
            response = self._broken(error, incoming, command.where)
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            cancelled = RuntimeError("The command awaited something that was cancelled.")
            cancelled.__cause__ = error
            response = self._broken(cancelled, incoming, command.where)
        return Done(response, _cookies(incoming))

    async def _judged(self, command: Command[...], incoming: Incoming) -> Response:
        try:
            return await self._result(command, incoming)
        except Invalid as invalid:
            return await self._invalid(invalid, command, incoming)
        except Refusal as refused:
            if not incoming.plain or refused.status == 404:
                raise
            messages = {"": refused.text}
            return await plain.again(self.app, messages, command, incoming, refused.status)

    async def _result(self, command: Command[...], incoming: Incoming) -> Response:
        await admit(command, self.app, incoming)
        if not command.parameters.stateful(incoming.visit.tab):
            return await self._called(command, incoming)
        # Two commands of one visitor must not overwrite what the other assigned.
        async with self.app.visitors.lock(await incoming.visit.identify()):
            return await self._called(command, incoming)

    async def _called(self, command: Command[...], incoming: Incoming) -> Response:
        incoming.encode = lambda patch: events(patch, incoming, command.where)
        arguments = await command.parameters.read(incoming)
        result = await called(command.function, **arguments)
        if isasyncgen(result):
            items = cast("AsyncGenerator[object, None]", result)
            return await self._generated(items, command, incoming)
        if isinstance(result, Invalid):
            raise result
        await self._save(incoming)
        if isinstance(result, Response):
            return result
        if incoming.plain:
            return await plain.answer(self.app, result, command, incoming)
        items = await Execution(self.app, incoming, command).done(result)
        cleared = clearing(command, incoming)
        known = _recognized(result, incoming)
        answer = runtime_answer([*items, cleared, known], incoming, command.where)
        if incoming.own and command.method != "get":
            number = await self.app.acknowledgements.promise(incoming.tab)
            if number is not None:
                answer.headers["helio-ack"] = number
        return answer

    async def _save(self, incoming: Incoming) -> None:
        topics = await incoming.visit.save()
        if topics:
            self.app.hub.publish(topics)

    async def _generated(
        self, items: AsyncGenerator[object, None], command: Command[...], incoming: Incoming
    ) -> Response:
        if not incoming.plain:
            generated = Generated(
                items,
                lambda item: self._events(item, command, incoming),
                lambda: self._save(incoming),
                lasting=command.method != "get",
            )
            self._running(generated.run())
            return generated.response()
        results: list[object] = []
        async with aclosing(items):
            async for item in items:
                if isinstance(item, Invalid):
                    raise item
                results.append(item)
        await self._save(incoming)
        return await plain.answer(self.app, results, command, incoming)

    async def _events(self, item: object, command: Command[...], incoming: Incoming) -> bytes:
        """The events for what a generator has yielded or raised."""
        match item:
            case Invalid():
                patch = message_patch(item, command)
                if patch is None:
                    return problem_events("; ".join(item.messages.values()), incoming)
                return wire.signals(patch)
            case Refused():
                return problem_events(refusal(item).text, incoming)
            case Exception():
                return problem_events(self._logged(item, command.where), incoming)
            case _:
                if any(isinstance(one, Executed) for one in listed(item)):
                    await self._save(incoming)
                items = await Execution(self.app, incoming, command).done(item)
                return events(items, incoming, command.where)

    async def _invalid(
        self, invalid: Invalid, command: Command[...], incoming: Incoming
    ) -> Response:
        if incoming.plain:
            return await plain.again(self.app, by_path(invalid, command), command, incoming)
        patch = message_patch(invalid, command)
        if patch is None:
            # The command's own words need no names of fields; what was not expected does.
            told = str(invalid) if invalid.struct else "; ".join(invalid.messages.values())
            return problem_answer(422, told, incoming)
        return invalid_answer(patch, incoming)

    # What goes wrong

    def _refused(self, refused: Refusal, incoming: Incoming) -> Response:
        if not incoming.plain:
            return refusal_answer(refused, incoming)
        html = problem_page(refused.status, refused.text)
        return HTMLAnswer(html, refused.status, PAGE_HEADERS)

    def _logged(self, error: Exception, where: str) -> str:
        """Log an error under an id; the text that tells the visitor."""
        number = secrets.token_hex(4)
        trace = None if getattr(error, LOGGED, False) else error
        log.error("%s failed (error %s)", where, number, exc_info=trace)
        return f"Something went wrong on the server (error {number})."

    def _broken(self, error: Exception, incoming: Incoming, where: str) -> Response:
        text = self._logged(error, where)
        if not incoming.plain:
            shown = f"{type(error).__name__}: {error}" if self.app.development else text
            return problem_answer(500, shown, incoming)
        detail = traced(error) if self.app.development else ""
        return HTMLAnswer(problem_page(500, text, detail), 500, PAGE_HEADERS)

    def _where(self) -> str:
        return self.page.where if self.page is not None else "the endpoint"


def _recognized(result: object, incoming: Incoming) -> Effect | None:
    """The tab's stream knows nothing of a session that its command began, and is opened again."""
    leaves = any(isinstance(item, Redirect | Goto) for item in listed(result))
    began = incoming.visit.began and incoming.own and not leaves
    return Effect("reconnect", {}) if began else None


def _repeated(done: Done) -> Done | None:
    """What a repeated request gets. Events cannot be sent twice; a failure may be tried again."""
    if isinstance(done.response, StreamingResponse):
        return Done(Response(status_code=204, headers=NO_STORE), done.cookies)
    return done if done.response.status_code < 500 else None


def _weight(done: Done) -> int:
    """Bytes that a remembered answer keeps."""
    return len(getattr(done.response, "body", b""))


def _cookies(incoming: Incoming) -> Headers:
    """Set-Cookie headers of a session that this request began."""
    found = [(b"set-cookie", cookie.encode("latin-1")) for cookie in incoming.visit.cookies]
    incoming.visit.cookies.clear()
    return found


def _adding(send: Send, headers: Headers) -> Send:
    """`send` with more headers. The response itself may be an author's, and sent to others."""
    if not headers:
        return send

    async def adding(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *headers]}
        await send(message)

    return adding
