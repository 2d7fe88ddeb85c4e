"""Parameters: what a page or command takes, found by type and name once, at registration."""

import inspect
import types
import typing
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.datastructures import UploadFile
from starlette.requests import Request

from helio.live.user import User
from helio.signals import Signals
from helio.signals.messages import readable
from helio.web.forms import Form
from helio.web.incoming import Incoming
from helio.web.refusals import BadRequest, NotFound
from helio.web.sessions import Session, SessionState
from helio.web.tab import Tab
from helio.web.tabs import TabState

Read = Callable[[Incoming], Awaitable[object] | object]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a handler and how its value is found.

    `source` says where it comes from; `scalar` ones (path and query) are part of a page's key.
    """

    name: str
    source: str
    hint: Any
    default: Any
    read: Read

    @property
    def private(self) -> bool:
        """Whether it tells who the visitor is."""
        return self.source in ("request", "session", "state", "tab state", "user")


class Parameters:
    """All parameters of one handler."""

    def __init__(self, items: list[Parameter]) -> None:
        self.items = items
        self.names = {item.name: item for item in items}

    def stateful(self, tab: str | None) -> bool:
        """Whether the handler reads what is kept of the session, or of this tab in it."""
        of_tab = tab is not None and self.of("tab state")
        return bool(of_tab or self.of("session") or self.of("state"))

    @property
    def structs(self) -> list[type[Signals]]:
        return [item.hint for item in self.items if item.source == "signals"]

    @property
    def fields(self) -> set[str]:
        """What comes in the body beside signals, by name."""
        names = {item.name for item in self.of("body")}
        for form in self.of("form"):
            names |= set(form.hint.__struct_fields__)
        return names

    def of(self, source: str) -> list[Parameter]:
        return [item for item in self.items if item.source == source]

    async def read(self, incoming: Incoming) -> dict[str, Any]:
        """The arguments of a call; a refusal (`Refusal`, `Invalid`) when they cannot be had."""
        arguments: dict[str, Any] = {}
        for item in self.items:
            value = item.read(incoming)
            arguments[item.name] = await value if inspect.isawaitable(value) else value
        return arguments


def parameters(
    function: Callable[..., object], path_names: set[str], method: str, where: str
) -> Parameters:
    """Find out what a handler takes. TypeError names what cannot be found, and the fix."""
    signature = inspect.signature(function)
    try:
        hints = typing.get_type_hints(function, include_extras=True)
    except NameError as error:
        raise TypeError(
            f"{where}: an annotation cannot be read: {error}. What handlers are annotated with "
            "is defined or imported at the top of their module, also for type checkers only."
        ) from None
    items = [
        _parameter(item, hints.get(item.name, str), path_names, method, where)
        for item in signature.parameters.values()
    ]
    missing = path_names - {item.name for item in items}
    if missing:
        raise TypeError(
            f"{where}: the path names {_listed(missing)}, which the function does not take. "
            f"Add the parameter, e.g. {sorted(missing)[0]}: int."
        )
    return Parameters(items)


def _parameter(
    item: inspect.Parameter, hint: Any, path_names: set[str], method: str, where: str
) -> Parameter:
    name, default = item.name, item.default
    if item.kind in (item.VAR_POSITIONAL, item.VAR_KEYWORD, item.POSITIONAL_ONLY):
        raise TypeError(f"{where}: parameter {item}: name each parameter, without * and /")
    if name in path_names:
        return Parameter(name, "path", hint, default, _path(name, hint))
    plain = _plain_type(hint)
    if isinstance(plain, type):
        told = _of_visitor(plain, hint, method) or _of_request(name, plain, hint, method, where)
        if told is not None:
            source, read = told
            return Parameter(name, source, plain, default, read)
    if not _is_scalar(hint):
        raise TypeError(_unknown(name, hint, where))
    if method in ("PAGE", "GET", "DELETE"):
        return Parameter(name, "query", hint, default, _query(name, hint, default))
    return Parameter(name, "body", hint, default, _body(name, hint, default))


def _of_visitor(kind: type, hint: Any, method: str) -> tuple[str, Read] | None:
    """Source and value of a parameter whose type says that it is about the visitor."""
    needed = not _admits_none(hint)
    if issubclass(kind, User):
        return "user", lambda incoming: incoming.visit.user_of(kind, needed=needed)
    if issubclass(kind, SessionState):
        return "state", lambda incoming: incoming.visit.state(kind)
    if issubclass(kind, TabState):
        begin = method != "PAGE"
        return "tab state", lambda incoming: incoming.visit.state(kind, begin=begin)
    if issubclass(kind, Session):
        return "session", lambda incoming: incoming.visit.session()
    if issubclass(kind, Request):
        return "request", lambda incoming: incoming.request
    return None


def _of_request(
    name: str, kind: type, hint: Any, method: str, where: str
) -> tuple[str, Read] | None:
    """Source and value of a parameter whose type says that one request brings it."""
    if issubclass(kind, Signals):
        if method == "PAGE":
            raise TypeError(
                f"{where}: parameter {name}: {kind.__name__}. A page is shared and kept current, "
                "so it cannot depend on the signals of one request. Keep the choice in a "
                "SessionState struct, or in the query of the URL (a str or int parameter)."
            )
        return "signals", lambda incoming: incoming.struct(kind)
    if issubclass(kind, Form):
        _refuse_in_page(name, kind, method, where)
        return "form", lambda incoming: incoming.form(kind)
    if issubclass(kind, UploadFile):
        _refuse_in_page(name, kind, method, where)
        return "upload", lambda incoming: incoming.upload(name)
    if issubclass(kind, Tab):
        if method == "PAGE":
            raise TypeError(
                f"{where}: parameter {name}: Tab. A page is kept current for many tabs, and only a "
                "command is sent from one. Keep what is the tab's own in a TabState struct."
            )
        return "tab", _tab(needed=not _admits_none(hint))
    return None


def _tab(*, needed: bool) -> Read:
    def read(incoming: Incoming) -> Tab | None:
        if incoming.tab is not None:
            return Tab(incoming.tab, incoming.encode, incoming.visitors.hub.streams.tell)
        if needed:
            raise BadRequest("This works only from a page with its own runtime.")
        return None

    return read


def _refuse_in_page(name: str, kind: type, method: str, where: str) -> None:
    if method in ("PAGE", "GET", "DELETE"):
        raise TypeError(
            f"{where}: parameter {name}: {kind.__name__} comes in a body, which this request does "
            "not have. Take it in a command: @app.post(path)."
        )


def _path(name: str, hint: Any) -> Read:
    def read(incoming: Incoming) -> object:
        try:
            # As text, also where the path's own converter has made something of it.
            return msgspec.convert(str(incoming.request.path_params[name]), hint, strict=False)
        except msgspec.ValidationError:
            raise NotFound() from None

    return read


def _query(name: str, hint: Any, default: Any) -> Read:
    many = _is_list(hint)

    def read(incoming: Incoming) -> object:
        values = incoming.request.query_params.getlist(name)
        if not values:
            return _absent(name, default, "query parameter")
        return _converted(values if many else values[-1], name, hint, "query parameter")

    return read


def _body(name: str, hint: Any, default: Any) -> Read:
    many = _is_list(hint)

    def read(incoming: Incoming) -> object:
        value = incoming.field(name)
        if value is None:
            return _absent(name, default, "field")
        if many and isinstance(value, str):
            value = [value]
        return _converted(value, name, hint, "field")

    return read


def _is_list(hint: Any) -> bool:
    plain = _plain_type(hint)
    return (typing.get_origin(plain) or plain) in (list, tuple, set, frozenset)


def _absent(name: str, default: Any, what: str) -> object:
    if default is inspect.Parameter.empty:
        raise BadRequest(f"The {what} {name!r} is missing.")
    return default


def _converted(value: object, name: str, hint: Any, what: str) -> object:
    try:
        return msgspec.convert(value, hint, strict=False)
    except msgspec.ValidationError as error:
        said = readable(str(error), hint)
        raise BadRequest(f"The {what} {name!r} does not fit: {said}.") from None


def _plain_type(hint: Any) -> Any:
    """The type inside `X | None` and `Annotated[X, …]`."""
    if typing.get_origin(hint) is typing.Annotated:
        return _plain_type(typing.get_args(hint)[0])
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        inside = [one for one in typing.get_args(hint) if one is not type(None)]
        return _plain_type(inside[0]) if len(inside) == 1 else hint
    return hint


def _admits_none(hint: Any) -> bool:
    if typing.get_origin(hint) is typing.Annotated:
        return _admits_none(typing.get_args(hint)[0])
    return type(None) in typing.get_args(hint)


def _is_scalar(hint: Any) -> bool:
    """Whether text can become a value of this type."""
    if hint is inspect.Parameter.empty:
        return True
    plain = _plain_type(hint)
    if plain in (Any, object) or (isinstance(plain, type) and issubclass(plain, bytes)):
        return False
    try:
        info = msgspec.inspect.type_info(hint)
    except TypeError:
        return False
    return not isinstance(
        info, (msgspec.inspect.CustomType, msgspec.inspect.StructType, msgspec.inspect.AnyType)
    )


def _unknown(name: str, hint: Any, where: str) -> str:
    told = getattr(hint, "__name__", None) or str(hint)
    return (
        f"{where}: parameter {name}: {told} cannot be found in a request. A parameter is named in "
        "the path, or is a plain value from the query or body (str, int, bool, date …), a Signals "
        "struct, a Form, a User, a SessionState or TabState, Session, Tab, Request or UploadFile."
    )


def _listed(names: set[str]) -> str:
    return ", ".join(repr(name) for name in sorted(names))
