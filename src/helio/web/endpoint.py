"""An endpoint: all that stands at one path, and how a request becomes an answer."""

import asyncio
import logging
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable
from inspect import isasyncgen
from typing import TYPE_CHECKING, cast

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from helio.html import FormState
from helio.live.hub import Hub
from helio.live.region import called
from helio.live.topics import publisher
from helio.signals import Invalid
from helio.web.answers import (
    invalid_answer,
    problem_answer,
    refusal_answer,
    reload_answer,
    runtime_answer,
    streamed_answer,
)
from helio.web.commands import Command
from helio.web.effects import Redirect
from helio.web.incoming import Incoming
from helio.web.messages import by_path, clearing, message_patch
from helio.web.pages import Page
from helio.web.problems import problem_page, traced
from helio.web.refusals import Refusal
from helio.web.security import check_origin, local_path, same_origin_path
from helio.web.sink import AsgiSink, StreamAnswer

if TYPE_CHECKING:
    from helio.web.app import App

log = logging.getLogger("helio.web")
Answer = Callable[[Scope, Receive, Send], Awaitable[None]]

PAGE_HEADERS = {"vary": "Datastar-Request", "cache-control": "private, no-cache"}


class Endpoint:
    """The page and the commands at one path, as an ASGI application."""

    def __init__(self, app: "App") -> None:
        self.app = app
        self.page: Page[...] | None = None
        self.commands: dict[str, Command[...]] = {}

    def add_page(self, page: Page[...]) -> None:
        """ValueError if another page stands here."""
        if self.page is not None or "GET" in self.commands:
            raise ValueError(f"{page.where}: something else answers GET at this path")
        self.page = page

    def add_command(self, command: Command[...]) -> None:
        """ValueError if another command of this method stands here."""
        method = command.method.upper()
        if method in self.commands or (method == "GET" and self.page is not None):
            raise ValueError(f"{command.where}: something else answers {method} at this path")
        self.commands[method] = command

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        incoming = Incoming(request, self.app.visitors)
        token = publisher.set(self.app.publisher)
        try:
            answer = await self._answer(incoming)
        finally:
            publisher.reset(token)
            await incoming.close()
        await answer(scope, receive, send)

    async def _answer(self, incoming: Incoming) -> Answer:
        try:
            return await self._dispatch(incoming)
        except Refusal as refusal:
            return self._refused(refusal, incoming)
        except Exception as error:
            return self._broken(error, incoming)

    async def _dispatch(self, incoming: Incoming) -> Answer:
        method = incoming.request.method
        if method in ("GET", "HEAD") and self.page is not None:
            return await self._show(self.page, incoming)
        check_origin(incoming.request)
        files = any(command.parameters.of("upload") for command in self.commands.values())
        await incoming.load(files=files)
        method = incoming.method.replace("HEAD", "GET")
        command = self.commands.get(method)
        if command is None:
            return self._not_allowed(incoming)
        return await self._shielded(command, incoming)

    def _not_allowed(self, incoming: Incoming) -> Response:
        known = {*self.commands, *(["GET", "HEAD"] if self.page else [])}
        allow = {"allow": ", ".join(sorted(known))}
        text = f"{incoming.method} is not possible here."
        if incoming.plain:
            return HTMLResponse(problem_page(405, text), 405, allow)
        answer = problem_answer(405, text, incoming)
        answer.headers.update(allow)
        return answer

    # Pages

    async def _show(self, page: Page[...], incoming: Incoming) -> Answer:
        if not incoming.runtime:
            return await self._document(page, incoming)
        try:
            return await self._stream(page, incoming)
        except Refusal as refusal:
            return reload_answer(refusal, incoming)

    async def _document(self, page: Page[...], incoming: Incoming) -> Response:
        rendered = await self.app.hub.document(await page.call(incoming))
        html = self.app.frame.document(page, rendered, incoming.request)
        return self._html(html, 200, incoming)

    async def _stream(self, page: Page[...], incoming: Incoming) -> Answer:
        call = await page.call(incoming)
        hub = self.app.hub
        if hub.draining:
            return problem_answer(503, "The server is restarting.", incoming)
        sink = AsgiSink()
        # Rendered before the head is sent, so that a refusal has its status.
        stream = await hub.open(call, incoming.have, sink, incoming.tab, steps=incoming.own)
        return StreamAnswer(sink, stream, hub, _cookies(incoming))

    def _html(self, html: str, status: int, incoming: Incoming) -> Response:
        response = HTMLResponse(html, status, PAGE_HEADERS)
        response.raw_headers.extend(_cookies(incoming))
        return response

    # Commands

    async def _shielded(self, command: Command[...], incoming: Incoming) -> Response:
        """Run the command to its end, even if its client goes away meanwhile."""
        work = self._once(command, incoming)
        task: asyncio.Task[Response] = asyncio.ensure_future(work)
        running = self.app.commands_running
        running.add(task)
        task.add_done_callback(running.discard)
        return await asyncio.shield(task)

    async def _once(self, command: Command[...], incoming: Incoming) -> Response:
        action = incoming.request.headers.get("helio-request", "")
        if command.method == "get" or not action or len(action) > 64:
            return await self._run(command, incoming)
        key = f"{action} {incoming.tab} {self.app.visitors.cookie(incoming.request)}"
        return await self.app.once.answer(key, lambda: self._run(command, incoming))

    async def _run(self, command: Command[...], incoming: Incoming) -> Response:
        try:
            response = await self._result(command, incoming)
        except Invalid as invalid:
            response = await self._invalid(invalid, command, incoming)
        except Refusal as refusal:
            response = await self._rejected(refusal, command, incoming)
        except Exception as error:
            response = self._broken(error, incoming, command.where)
        response.raw_headers.extend(_cookies(incoming))
        return response

    async def _result(self, command: Command[...], incoming: Incoming) -> Response:
        if not command.parameters.stateful:
            return await self._called(command, incoming)
        # Two commands of one visitor must not overwrite what the other assigned.
        async with self.app.visitors.lock(await incoming.identify()):
            return await self._called(command, incoming)

    async def _called(self, command: Command[...], incoming: Incoming) -> Response:
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
            return self._back(result, command, incoming)
        cleared = clearing(command.parameters.structs, incoming)
        return runtime_answer([result, cleared], incoming, command.where)

    async def _save(self, incoming: Incoming) -> None:
        topics = await incoming.save()
        if topics:
            self.app.hub.publish(topics)

    async def _generated(
        self, items: AsyncGenerator[object, None], command: Command[...], incoming: Incoming
    ) -> Response:
        if not incoming.plain:
            return streamed_answer(
                items,
                incoming,
                command.where,
                failed=lambda error: self._logged(error, command.where),
                ended=lambda: self._save(incoming),
            )
        last: object = None
        async for item in items:
            last = item
        await self._save(incoming)
        return self._back(last, command, incoming)

    # Plain forms

    def _back(self, result: object, command: Command[...], incoming: Incoming) -> Response:
        """Where a plain form goes when all went well."""
        results = cast("list[object]", result) if isinstance(result, list) else [result]
        for item in results:
            if isinstance(item, Redirect):
                return RedirectResponse(item.url, 303)
        return RedirectResponse(self._origin(command, incoming), 303)

    def _origin(self, command: Command[...], incoming: Incoming) -> str:
        """The page that a plain form was sent from, as far as is known."""
        request = incoming.request
        told = local_path(incoming.values.get("_back", ""))
        referer = same_origin_path(request.headers.get("referer"), request)
        back = self.app.prefix + command.back if command.back else None
        return told or referer or back or f"{self.app.prefix}/"

    async def _invalid(
        self, invalid: Invalid, command: Command[...], incoming: Incoming
    ) -> Response:
        if incoming.plain:
            return await self._again(by_path(invalid, command), command, incoming)
        patch = message_patch(invalid, command)
        if patch is None:
            # The command's own words need no names of fields; what was not expected does.
            told = str(invalid) if invalid.struct else "; ".join(invalid.messages.values())
            return problem_answer(422, told, incoming)
        return invalid_answer(patch, incoming)

    async def _rejected(
        self, refusal: Refusal, command: Command[...], incoming: Incoming
    ) -> Response:
        if not incoming.plain or refusal.status == 404:
            raise refusal
        return await self._again({"": refusal.text}, command, incoming, refusal.status)

    async def _again(
        self,
        messages: dict[str, str],
        command: Command[...],
        incoming: Incoming,
        status: int = 422,
    ) -> Response:
        """The page that the form stands on, once more, with its values and the messages."""
        origin = self._origin(command, incoming)
        path, _, query = origin.partition("?")
        found = self.app.find_page(path)
        if found is None:
            text = "; ".join(messages.values())
            return HTMLResponse(problem_page(status, text), status)
        page, arguments = found
        form = FormState(incoming.values, messages, origin)
        shown = incoming.elsewhere(path, query, arguments)
        hub = Hub(form=form, failure=self.app.failure)
        try:
            rendered = await hub.document(await page.call(shown))
        finally:
            await hub.stop()
        incoming.cookies = shown.cookies
        html = self.app.frame.document(page, rendered, shown.request, form)
        return HTMLResponse(html, status, PAGE_HEADERS)

    # What goes wrong

    def _refused(self, refusal: Refusal, incoming: Incoming) -> Response:
        if not incoming.plain:
            return refusal_answer(refusal, incoming)
        return HTMLResponse(problem_page(refusal.status, refusal.text), refusal.status)

    def _logged(self, error: Exception, where: str) -> str:
        """Log an error under an id; the text that tells the visitor."""
        number = secrets.token_hex(4)
        log.error("%s failed (error %s)", where, number, exc_info=error)
        return f"Something went wrong on the server (error {number})."

    def _broken(self, error: Exception, incoming: Incoming, where: str = "") -> Response:
        text = self._logged(error, where or self._where())
        if not incoming.plain:
            shown = f"{type(error).__name__}: {error}" if self.app.development else text
            return problem_answer(500, shown, incoming)
        detail = traced(error) if self.app.development else ""
        return HTMLResponse(problem_page(500, text, detail), 500)

    def _where(self) -> str:
        return self.page.where if self.page is not None else "the endpoint"


def _cookies(incoming: Incoming) -> list[tuple[bytes, bytes]]:
    """Set-Cookie headers of a session that this request began."""
    found = [(b"set-cookie", cookie.encode("latin-1")) for cookie in incoming.cookies]
    incoming.cookies = []
    return found
