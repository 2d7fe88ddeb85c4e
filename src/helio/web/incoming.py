"""One request on its way to a handler: its signals, form fields, session and state."""

import re
from typing import Any, cast
from urllib.parse import unquote, urlencode

import msgspec
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive, Scope

from helio.live.acknowledgements import promised
from helio.signals import Signals
from helio.web.forms import Form
from helio.web.refusals import BadRequest
from helio.web.sessions import (
    Session,
    SessionState,
    SessionTopic,
    Values,
    hashed,
    read_state,
    recorded,
    state_name,
)
from helio.web.visitors import Visitors
from helio.wire import MAX_SIZE, SignalsError, decode_signals

FORM_SIZE = 1024 * 1024
"""Bytes of a form without files."""

UPLOAD_SIZE = 16 * 1024 * 1024
"""Bytes of a form with files, if the handler takes any."""

_OF_BODY = {b"content-type", b"content-length", b"transfer-encoding"}

_TAB = re.compile(r"[A-Za-z0-9_-]{8,64}")


class Incoming:
    """One request and what a handler may take from it.

    `runtime`: it comes from a browser runtime (ours or stock Datastar), which wants patches.
    `own`: it comes from ours. `plain`: it comes from a form or link without a runtime.
    """

    def __init__(self, request: Request, visitors: Visitors) -> None:
        self.request = request
        self.visitors = visitors
        self.runtime = request.headers.get("datastar-request") == "true"
        self.own = "helio-request" in request.headers
        self.cookies: list[str] = []
        self._signals: dict[str, msgspec.Raw] = {}
        self._form: FormData | None = None
        self.pairs: list[tuple[str, str]] = []  # the text fields of a form
        self._hashed: str | None = None
        self._values: Values | None = None
        self._session: Session | None = None
        self._states: dict[type[SessionState], tuple[SessionState, SessionState]] = {}

    # What the client says of itself

    @property
    def plain(self) -> bool:
        return not self.runtime and not self._has_json

    @property
    def _has_json(self) -> bool:
        return self._content_type == "application/json"

    @property
    def _content_type(self) -> str:
        return self.request.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def tab(self) -> str | None:
        """The tab that asks, bound to its session; None for a stock runtime.

        It is a hash of both, which other processes may be told.
        """
        tab = self.request.headers.get("helio-tab", "")
        if not _TAB.fullmatch(tab):
            return None
        return hashed(f"{tab} {self.visitors.cookie(self.request) or ''}")

    @property
    def acks(self) -> list[str]:
        """The acknowledgements that the tab was promised and has not yet heard."""
        return promised(self.request.headers.get("helio-acks", ""))

    @property
    def have(self) -> dict[str, str]:
        """The versions that the page of the client shows, by key."""
        told = self.request.headers.get("helio-have", "")
        pairs = (pair.partition("=") for pair in told.split()[:1000])
        return {key: version for key, equals, version in pairs if equals}

    @property
    def query(self) -> str:
        """The query without the page's signals, in one spelling for all orders of names."""
        pairs = self.request.query_params.multi_items()
        return urlencode(sorted(pair for pair in pairs if pair[0] != "datastar"))

    # Body and query

    async def load(self, *, files: bool = False) -> None:
        """Read query and body. Refuses what is too large, malformed or of an unknown type."""
        if self.request.method in ("GET", "HEAD", "DELETE"):
            told = self.request.query_params.get("datastar")
            if told:
                self._signals = _decoded(told.encode("utf-8", "surrogatepass"))
            elif self.plain:
                self.pairs = self.request.query_params.multi_items()
            if self.request.method != "DELETE" or not self._content_type:
                return
        kind = self._content_type
        if kind == "application/json":
            body = await self._body(MAX_SIZE)
            self._signals = _decoded(body) if body else {}
        elif kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
            await self._read_form(UPLOAD_SIZE if files else FORM_SIZE)
        elif await self._body(1):
            raise BadRequest(
                f"The content type {kind or '(none)'} is not understood. "
                "Send application/json, or a form.",
                415,
            )

    async def _body(self, limit: int) -> bytes:
        parts: list[bytes] = []
        size = 0
        try:
            async for part in self.request.stream():
                size += len(part)
                if size > limit:
                    if limit == 1:
                        return part
                    raise _too_large(limit)
                parts.append(part)
        except ClientDisconnect:
            raise BadRequest("The request was not sent completely.") from None
        return b"".join(parts)

    async def _read_form(self, limit: int) -> None:
        request = Request(_plainly_typed(self.request.scope), _limited(self.request.receive, limit))
        try:
            self._form = await request.form(max_files=100, max_fields=1000, max_part_size=limit)
        except ClientDisconnect:
            raise BadRequest("The form was not sent completely.") from None
        except (MultiPartException, ValueError) as error:
            raise BadRequest(f"The form cannot be read: {error}.") from None
        except Exception as error:
            # Starlette answers a broken form by an exception of its own router.
            detail = getattr(error, "detail", None)
            if isinstance(error, BadRequest) or detail is None:
                raise
            raise BadRequest(f"The form cannot be read: {detail}.") from None
        self.pairs = [
            (name, value) for name, value in self._form.multi_items() if isinstance(value, str)
        ]

    @property
    def method(self) -> str:
        """The method that is meant: a plain form says PUT, PATCH and DELETE in `_method`."""
        told = self.values.get("_method", "").upper()
        known = told in ("PUT", "PATCH", "DELETE")
        return told if self.request.method == "POST" and known else self.request.method

    @property
    def values(self) -> dict[str, str]:
        """The text fields of a plain form; of a repeated one the last."""
        return dict(self.pairs)

    def again(self) -> "Incoming":
        """The same request, before anything was read of its session and state."""
        other = Incoming(self.request, self.visitors)
        other._hashed = self._hashed
        return other

    def elsewhere(self, path: str, query: str, arguments: dict[str, str]) -> "Incoming":
        """A visit by the same visitor of a page at this path."""
        scope = {
            **self.request.scope,
            "method": "GET",
            "path": unquote(path),
            "raw_path": path.encode("latin-1", "replace"),
            "query_string": query.encode("latin-1", "replace"),
            "path_params": arguments,
            "headers": [pair for pair in self.request.scope["headers"] if pair[0] not in _OF_BODY],
        }
        other = Incoming(Request(scope), self.visitors)
        other._hashed = self._hashed
        return other

    async def close(self) -> None:
        """Let go of uploaded files."""
        if self._form is not None:
            await self._form.close()

    # What handlers take

    def struct(self, kind: type[Signals]) -> Signals:
        """A signals struct: from the page's signals or the fields of a plain form.

        Raises Invalid with the messages of all fields that do not fit.
        """
        if self._form is not None or self._is_in_query(kind):
            return kind.read_form(self.pairs)
        return kind.receive(self._signals)

    def _is_in_query(self, kind: type[Signals]) -> bool:
        """Whether a form that was sent by GET has a field of the struct."""
        prefix = kind.signals_prefix()
        names = {f"{prefix}.{name}" if prefix else name for name in kind.__struct_fields__}
        return any(name in names for name, _ in self.pairs)

    @property
    def tells_errors(self) -> bool:
        """Whether the error signals of the page were sent along."""
        return "errors" in self._signals

    def has_errors(self, path: tuple[str, ...]) -> bool:
        """Whether the page shows a message under this path of error signals."""
        raw = self._signals.get("errors")
        found: Any = msgspec.json.decode(raw) if raw is not None else None
        for name in path:
            found = cast("dict[str, Any]", found).get(name) if isinstance(found, dict) else None
        return _says_something(found)

    def field(self, name: str) -> object | None:
        """A value by name: from the query, a form field, or the top level of the signals."""
        if name in self._signals:
            return msgspec.json.decode(self._signals[name])
        found = [value for field, value in self.pairs if field == name]
        if found:
            return found[0] if len(found) == 1 else found
        return self.request.query_params.get(name)

    def form(self, kind: type[Form]) -> Form:
        """A form struct. Raises Invalid with the messages of all fields that do not fit."""
        if self._form is not None:
            return kind.from_pairs(self.pairs)
        names = kind.__struct_encode_fields__
        return kind.from_values(
            {
                name: msgspec.json.decode(self._signals[name])
                for name in self._signals.keys() & set(names)
            }
        )

    def upload(self, name: str) -> UploadFile:
        """A file that a multipart form brings."""
        found = self._form.get(name) if self._form is not None else None
        if not isinstance(found, UploadFile):
            raise BadRequest(f"The file {name!r} is missing.", 422)
        return found

    # Session and state

    async def identify(self) -> str:
        """The key of the visitor's session, which is begun if there is none."""
        if self._hashed is None:
            self._hashed, renewed = await self.visitors.known(self.request)
            if renewed:
                self.cookies.append(renewed)
        if self._hashed is None:
            self._hashed, cookie = await self.visitors.begin(self.request)
            self.cookies.append(cookie)
        return self._hashed

    async def _load_values(self) -> Values:
        if self._values is None:
            self._values = await self.visitors.store.load(await self.identify()) or {}
        return self._values

    async def session(self) -> Session:
        key = await self.identify()
        recorded(key)
        if self._session is None:
            self._session = Session(key, dict(await self._load_values()))
        return self._session

    async def state(self, kind: type[SessionState]) -> SessionState:
        key = await self.identify()
        recorded(key, state_name(kind))
        if kind not in self._states:
            values = await self._load_values()
            self._states[kind] = (read_state(kind, values), read_state(kind, values))
        return self._states[kind][0]

    async def save(self) -> list[SessionTopic]:
        """Keep what the handler assigned to session and state; the topics that this changes."""
        changes: Values = {}
        topics: list[SessionTopic] = []
        key = self._hashed or ""
        if self._session is not None and self._session.changes:
            changes |= self._session.changes
            self._session.changes = {}
            topics.append(SessionTopic(key))
        for kind, (now, before) in self._states.items():
            if now != before:
                changes[state_name(kind)] = msgspec.to_builtins(now)
                self._states[kind] = (now, msgspec.convert(msgspec.to_builtins(now), kind))
                topics.append(SessionTopic(key, state_name(kind)))
        if changes:
            await self.visitors.store.save(key, changes)
        return topics


def _decoded(data: bytes) -> dict[str, msgspec.Raw]:
    try:
        return decode_signals(data)
    except SignalsError as error:
        raise BadRequest(error.message, error.status) from None


def _says_something(messages: object) -> bool:
    if isinstance(messages, dict):
        return any(map(_says_something, cast("dict[str, object]", messages).values()))
    return bool(messages)


def _too_large(limit: int) -> BadRequest:
    return BadRequest(f"The request is too large: at most {limit // 1024} KiB are accepted.", 413)


_BOUNDARY = re.compile(rb"boundary=\"?([\w'()+,./:=? -]{1,70})", re.IGNORECASE)


def _plainly_typed(scope: Scope) -> Scope:
    """The request, whose content type says nothing but kind and boundary.

    The parser would decode fields by any of Python's codecs that a sender names, some of which
    take quadratic time. Browsers name none: RFC 7578 and HTML send UTF-8.
    """
    headers: list[tuple[bytes, bytes]] = []
    for name, value in scope["headers"]:
        if name == b"content-type":
            boundary = _BOUNDARY.search(value)
            value = value.partition(b";")[0]
            if boundary is not None:
                value += b'; boundary="' + boundary[1].rstrip() + b'"'
        headers.append((name, value))
    return {**scope, "headers": headers}


def _limited(receive: Receive, limit: int) -> Receive:
    size = 0

    async def limited() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > limit:
            raise _too_large(limit)
        return message

    return limited
