"""Expressions: JavaScript that the author wrote, with values and signals put in safely."""

import re
from collections.abc import Callable, Mapping
from typing import Any, LiteralString, NoReturn, Protocol, cast

from helio.html.rendering import Path, Rendering
from helio.js.action import Action, Call, called
from helio.js.literal import key, literal, quoted
from helio.js.template import pieces


class Expression:
    """JavaScript source, and the signals it reads.

    Made by `js(…)`, by comparing (`Draft.kind == "note"`) and by joining with `&`, `|`, `~`.
    It has no truth in Python: only the browser knows its value.
    """

    __slots__ = ("_atomic", "_refs", "_source")

    def __init__(self, source: str, refs: "tuple[Ref, ...]" = (), *, atomic: bool = False) -> None:
        self._source = source
        self._refs = refs
        self._atomic = atomic

    def __script__(self) -> str:
        return self._source

    def __refs__(self) -> "tuple[Ref, ...]":
        """The signals that the expression names."""
        return self._refs

    def __declare__(self, rendering: Rendering) -> None:
        for ref in self.__refs__():
            ref.__declare__(rendering)

    def __operand__(self) -> str:
        """The source as it may stand beside an operator."""
        if self._atomic:
            return self._source
        return f"({self._source.rstrip().rstrip(';')})"

    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"{self.__script__()} has no truth in Python: only the browser knows its value. "
            "Combine with & | ~ instead of and, or, not; or write js('{} ? … : …', ref)"
        )

    def __str__(self) -> str:
        return self.__script__()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.__script__()}>"

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> "Expression":  # type: ignore[override]
        return _joined(self, "===", other)

    def __ne__(self, other: object) -> "Expression":  # type: ignore[override]
        return _joined(self, "!==", other)

    def __lt__(self, other: object) -> "Expression":
        return _joined(self, "<", other)

    def __le__(self, other: object) -> "Expression":
        return _joined(self, "<=", other)

    def __gt__(self, other: object) -> "Expression":
        return _joined(self, ">", other)

    def __ge__(self, other: object) -> "Expression":
        return _joined(self, ">=", other)

    def __and__(self, other: object) -> "Expression":
        return _joined(self, "&&", other)

    def __or__(self, other: object) -> "Expression":
        return _joined(self, "||", other)

    def __invert__(self) -> "Expression":
        return Expression(f"!{self.__operand__()}", self.__refs__(), atomic=True)


class Owner(Protocol):
    """Declares the signals that belong together: the struct a reference comes from."""

    def __declare__(self, rendering: Rendering) -> None:
        """Declare all of them, each with its default."""
        ...

    def default_of(self, path: Path) -> object:
        """The default of one of them, as JSON."""
        ...


class Ref(Expression):
    """A signal by its path; `$draft.title` in expressions."""

    __slots__ = ("_default", "_owner", "_path")

    def __init__(self, path: Path, owner: Owner | None = None, default: object = None) -> None:
        super().__init__(_named(path), atomic=True)
        self._path = path
        self._owner = owner
        self._default = default

    @property
    def path(self) -> Path:
        """The signal's path, `("draft", "title")`."""
        return self._path

    def __path__(self) -> Path:
        """The same, for references whose struct has a field named `path`."""
        return self._path

    def __default__(self) -> object:
        """What the signal is before anybody has changed it, as JSON; None if that is not known."""
        return self._default if self._owner is None else self._owner.default_of(self._path)

    def __refs__(self) -> "tuple[Ref, ...]":
        return (self,)

    def __declare__(self, rendering: Rendering) -> None:
        if self._owner is not None:
            self._owner.__declare__(rendering)
        elif self._default is not None:
            rendering.declare(self._path, self._default)

    def __getattr__(self, name: str) -> NoReturn:
        if not name.startswith("_"):
            raise AttributeError(
                f"the signal {self._source} has no field {name!r}; what it has in JavaScript is "
                f"written js('{{}}.{name}', …)"
            )
        raise AttributeError(name)


class Chain(Expression):
    """A browser object and what it has: `evt.key`, `el.value.length`."""

    __slots__ = ()

    def __getattr__(self, name: str) -> "Chain":
        if name.startswith("__"):
            raise AttributeError(name)
        return Chain(f"{self._source}.{name}", atomic=True)


evt = Chain("evt", atomic=True)
"""The event that a handler runs for: `on.keydown(search, key=evt.key)`."""

el = Chain("el", atomic=True)
"""The element that an expression stands on."""


def js(template: LiteralString, *values: object) -> Expression:
    """JavaScript you wrote; each `{}` is a place for a value.

    A value is written as a literal, a signal or an expression as itself, a command as the request
    to it. `{{}}` writes an empty object. A hole inside a string is an error, because a value
    brings its own quotes.
    """
    if not isinstance(template, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"js takes JavaScript as text, then values; not {template!r}")
    code = pieces(template)
    if len(code) != len(values) + 1:
        raise ValueError(
            f"js({template!r}) has {len(code) - 1} holes {{}} and was given {len(values)} values"
        )
    refs: list[Ref] = []
    if template == "{}":
        text = source(values[0], refs)
        return Expression(text, tuple(refs), atomic=write(values[0], []) == text)
    written = [code[0]]
    for value, after in zip(values, code[1:], strict=True):
        written.append(write(value, refs))
        # `$count-1` is one name to the stock runtime.
        written.append(f" {after}" if after.startswith("-") else after)
    return Expression("".join(written), tuple(refs))


def write(value: object, refs: list[Ref]) -> str:
    """A value as it stands beside other code; the signals it reads are added to `refs`."""
    if isinstance(value, Expression):
        refs.extend(value.__refs__())
        return value.__operand__()
    text = source(value, refs)
    return f"({text})" if text[0] in "{-" else text


def source(value: object, refs: list[Ref]) -> str:
    """A value alone."""
    if isinstance(value, Expression):
        refs.extend(value.__refs__())
        return value.__script__()
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Action):
        return request(value.__action__({}), refs)
    if _holds_expression(value):
        return record(cast("dict[str, object]", value), refs)
    try:
        return literal(value)
    except TypeError as error:
        raise TypeError(f"{value!r} cannot stand in an expression: {error}") from None


def record(fields: Mapping[str, object], refs: list[Ref]) -> str:
    """An object literal whose values may be expressions."""
    pairs = (f"{key(name)}: {write(value, refs)}" for name, value in fields.items())
    return "{" + ", ".join(pairs) + "}"


def request(call: Call, refs: list[Ref], url: str | None = None) -> str:
    """The action of the runtime that makes `call`; `url` overrides the source of its address."""
    address = url or write(call.url, refs)
    if call.payload is None:
        return called(call, address)
    return called(call, address, record(call.payload, refs))


def _holds_expression(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    fields = cast("dict[str, object]", value).values()
    return any(isinstance(each, Expression) or _holds_expression(each) for each in fields)


def _joined(left: Expression, operator: str, right: object) -> Expression:
    refs = list(left.__refs__())
    source = f"({left.__operand__()} {operator} {write(right, refs)})"
    return Expression(source, tuple(refs), atomic=True)


_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def _named(path: Path) -> str:
    if not path:
        raise ValueError("a signal's path has at least one name")
    first, *rest = path
    if _NAME.fullmatch(first) is None:
        raise ValueError(f"{first!r} cannot begin a signal's path: letters, digits and _")
    return f"${first}" + "".join(
        f".{name}" if _NAME.fullmatch(name) else f"[{quoted(name)}]" for name in rest
    )


Handler = Callable[..., Any] | Action | Expression
"""What an event may be answered with: a command, or JavaScript."""
