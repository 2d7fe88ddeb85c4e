"""Answers: what a command returned, as a response to a runtime."""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any, Protocol, cast, runtime_checkable

import msgspec
from markupsafe import Markup
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Receive, Scope, Send

from helio import wire
from helio.html.marks import strip
from helio.web.effects import Effect, Patch, Redirect
from helio.web.incoming import Incoming
from helio.web.refusals import Refusal

log = logging.getLogger("helio.web")

_BY_ID = re.compile(r"#([\w-]+)")
_ID = re.compile(r'^\s*<[^<>]*\sid="([^"]*)"')

Answer = Callable[[Scope, Receive, Send], Awaitable[None]]
"""Sends the answer to a request."""

NO_STORE = {"cache-control": "no-store, no-transform", "x-accel-buffering": "no"}


@runtime_checkable
class SignalsAnswer(Protocol):
    """An instance of a Signals struct, or a patch of one."""

    def __signals__(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Ready:
    """What of an answer is encoded already."""

    data: bytes


class AnswerError(TypeError):
    """A command returned something that is no answer."""


def events(item: object, incoming: Incoming, where: str) -> bytes:
    """The events for one returned item. AnswerError for what is no answer."""
    stock = not incoming.own
    match item:
        case None:
            return b""
        case Ready():
            return item.data
        case Effect():
            return wire.effect(item.name, item.detail, stock=stock)
        case Redirect():
            return wire.effect("navigate", {"url": item.url, "mode": "push"}, stock=stock)
        case Patch():
            return wire.elements(strip(str(item.html)), selector=item.selector, mode=item.mode)
        case SignalsAnswer():
            return wire.signals(item.__signals__())
        case _ if hasattr(item, "__html__"):
            return wire.elements(placed(item, where))
        case list() | tuple():
            inner = cast("Sequence[object]", item)
            return b"".join(events(one, incoming, where) for one in inner)
        case _:
            raise AnswerError(
                f"{where} returned {type(item).__name__} {_short(item)}. A command returns None, "
                "signals, an element, Patch(…), mount(…), goto(…), redirect(…), toast(…), "
                "Invalid(…), a Starlette response, or a list of these."
            )


def placed(element: object, where: str) -> str:
    """The HTML of an element that the browser places by its id."""
    html = strip(str(cast("Markup", element).__html__()))
    head = html[: html.find(">") + 1]
    if " id=" not in head:
        raise AnswerError(
            f"{where} returned an element without an id: {_short(head)}. The browser places it by "
            "its id; give it one, or return Patch(element, selector=…, mode=…)."
        )
    return html


def addressed(item: object) -> str | None:
    """The id of the element that an item is sent to, if it says one."""
    html = item
    if isinstance(item, Patch):
        if item.selector is not None:
            found = _BY_ID.fullmatch(item.selector)
            return found[1] if found else None
        html = item.html
    found = _ID.search(str(html)) if hasattr(html, "__html__") else None
    return unescape(found[1]) if found else None


def runtime_answer(result: object, incoming: Incoming, where: str) -> Response:
    """The response to a runtime: nothing, HTML, JSON, or events."""
    items = [item for item in listed(result) if item is not None]
    if not items:
        return Response(status_code=204, headers=NO_STORE)
    if len(items) == 1:
        only = items[0]
        if isinstance(only, Response):
            return only
        if isinstance(only, SignalsAnswer):
            return JSONAnswer(only.__signals__())
        if hasattr(only, "__html__"):
            html = placed(only, where)
            return HTMLAnswer(html, headers=NO_STORE)
    return event_answer(events(items, incoming, where))


def event_answer(
    data: bytes, status: int = 200, extra: Mapping[str, str] | None = None
) -> Response:
    """A response of events that ends at once."""
    headers = {**NO_STORE, **(extra or {})}
    return Response(data, status, headers, media_type="text/event-stream; charset=utf-8")


class HTMLAnswer(HTMLResponse):
    """HTML whose text may come from anywhere: what UTF-8 or HTML cannot hold becomes U+FFFD."""

    def render(self, content: Any) -> bytes:
        return wire.html_bytes(content)


class JSONAnswer(JSONResponse):
    """A signals patch."""

    def __init__(
        self, patch: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(patch, status, {**NO_STORE, **(headers or {})})

    def render(self, content: Any) -> bytes:
        return msgspec.json.encode(content)


def invalid_answer(patch: Mapping[str, Any], incoming: Incoming) -> Response:
    """Messages about fields. Stock runtimes drop any status but 200, so they get that."""
    if incoming.runtime and not incoming.own:
        return JSONAnswer(patch, 200, {"helio-status": "422"})
    return JSONAnswer(patch, 422)


def refusal_answer(refusal: Refusal, incoming: Incoming) -> Response:
    """A refusal as a toast, with its status."""
    return problem_answer(refusal.status, refusal.text, incoming)


def problem_answer(status: int, text: str, incoming: Incoming) -> Response:
    """A message that the runtime shows, with a status where the runtime reads such answers."""
    return _told(problem_events(text, incoming), status, incoming)


def reload_answer(refusal: Refusal, incoming: Incoming) -> Response:
    """Who asks for the stream of a page that refuses him loads the page, and reads why."""
    data = wire.effect("navigate", {"mode": "reload"}, stock=not incoming.own)
    return _told(data + wire.close("refused"), refusal.status, incoming)


def _told(data: bytes, status: int, incoming: Incoming) -> Response:
    if incoming.runtime and not incoming.own:
        return event_answer(data, 200, {"helio-status": str(status)})
    return event_answer(data, status)


def problem_events(text: str, incoming: Incoming) -> bytes:
    """A message that the runtime shows."""
    return wire.effect("toast", {"text": text, "tone": "error"}, stock=not incoming.own)


def listed(result: object) -> list[object]:
    """The items of an answer, lists in lists made flat."""
    if isinstance(result, (list, tuple)):
        return [one for item in cast("Sequence[object]", result) for one in listed(item)]
    return [result]


def _short(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 80 else shown[:79] + "…"
