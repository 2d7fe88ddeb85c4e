"""Elements: a start tag that takes attributes in parentheses and children in brackets."""

from collections.abc import Iterable, Mapping
from datetime import date, time
from decimal import Decimal
from types import GeneratorType
from typing import Any, NamedTuple, Protocol, Self, TypeAlias, cast
from uuid import UUID

from markupsafe import Markup

from helio.html import marks
from helio.html.attributes import (
    NOTHING,
    PLAIN,
    USUAL,
    Attribute,
    Given,
    again,
    attribute,
    part_name,
    positional,
    start,
)
from helio.html.escape import escape
from helio.html.marks import EDGE
from helio.html.values import PLAIN_TYPES, Script


class SupportsHtml(Protocol):
    """Anything that knows its own safe markup."""

    def __html__(self) -> str:
        """The markup."""
        ...


Node: TypeAlias = (
    "str | bool | int | float | Decimal | date | time | UUID | SupportsHtml | Iterable[Node] | None"
)
"""What may stand between brackets."""

_new = str.__new__


class Whole(Markup):
    """Finished markup that is exactly one element: what brackets give."""

    __slots__ = ()

    def __new__(cls, text: object = "") -> Markup:  # pyright: ignore[reportInconsistentConstructor]
        """Markup: the methods of `str` that build new strings return plain markup by this."""
        return Markup(text)  # noqa: S704 - called by Markup's own methods with escaped text

    def __reduce__(self) -> tuple[type[Markup], tuple[str]]:
        return Markup, (str(self),)


class Element(Whole):
    """An element. As a string it is the whole of it, `<div></div>`.

    `element(…)` returns one with more attributes, `element[…]` the finished markup.
    """

    __slots__ = ("_given", "_head", "_shape", "_tail")

    _shape: "Shape"
    _head: str
    _tail: str
    _given: Given

    @classmethod
    def of(cls, tag: str) -> "Element":
        """The element `<tag>` without attributes."""
        shape = Shape(tag, f"{cls._before}<{tag}", "" if issubclass(cls, Void) else f"</{tag}>")
        return cls._made(shape, "", "", None, NOTHING)

    _before = ""  # what is written before the start tag

    @classmethod
    def _made(
        cls, shape: "Shape", attributes: str, inside: str, part: str | None, given: Given
    ) -> Self:
        head = f"{shape.opening}{attributes}>{inside}"
        tail = shape.closing
        if part is not None:
            head = marks.part_begin(part) + head
            tail += marks.PART_END
        element = _new(cls, head + tail)
        element._shape = shape
        element._head = head
        element._tail = tail
        element._given = given
        return element

    @property
    def _tag(self) -> str:
        return self._shape.tag

    def __call__(self, *given: Attribute, attrs: Iterable[Attribute] = (), **keywords: Any) -> Self:
        """The element with these attributes added to those it has."""
        if given or attrs or self._given is not NOTHING:
            return self._mixed(given, attrs, keywords)
        shape = self._shape
        tag, opening, closing = shape
        written = ""
        for raw, value in keywords.items():
            if type(value) is str and raw in PLAIN:
                text = escape(value)
                if EDGE not in text:
                    written += f'{PLAIN[raw]}{text}"'
                    continue
            name = USUAL.get(raw)
            if name is None:  # New, or one of several spellings.
                return self._made(shape, *start(tag, (), keywords), ((), keywords))
            written += attribute(tag, name, value)
        if "id" in keywords or "part" in keywords:
            part = part_name(keywords.get("part"), keywords.get("id"))
            if part is not None:
                return self._made(shape, written, "", part, ((), keywords))
        head = f"{opening}{written}>"
        element = _new(type(self), head + closing)
        element._shape = shape
        element._head = head
        element._tail = closing
        element._given = ((), keywords)
        return element

    def _mixed(
        self, given: tuple[Attribute, ...], attrs: Iterable[Attribute], keywords: dict[str, Any]
    ) -> Self:
        """The same where more than keywords was given, or something was given before."""
        if attrs:
            given = positional(given, attrs)
        before, named = self._given
        if before or named:
            given, keywords = again(before, named, given, keywords)
        return self._made(self._shape, *start(self._shape.tag, given, keywords), (given, keywords))

    def __getitem__(self, children: Node) -> Whole:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The finished element around `children`."""
        kind = type(children)
        if kind is str:
            inner = escape(children)  # pyright: ignore[reportArgumentType]
            if EDGE in inner:
                inner = marks.text(children)  # pyright: ignore[reportArgumentType]
        elif kind is int:
            inner = str(children)
        else:
            inner = inner_markup(children)
        return _new(Whole, f"{self._head}{inner}{self._tail}")

    def _around(self, inner: str) -> Whole:
        return _new(Whole, f"{self._head}{inner}{self._tail}")


class Shape(NamedTuple):
    """What all elements of one name share."""

    tag: str
    opening: str  # `<div`
    closing: str  # `</div>`, or nothing


class Void(Element):
    """An element that has no content: `<input>`, `<br>`."""

    __slots__ = ()

    def __getitem__(self, children: Node) -> Whole:  # pyright: ignore[reportIncompatibleMethodOverride]
        raise TypeError(
            f"<{self._tag}> has no content, so brackets have no meaning: h.{self._tag}(…) is whole"
        )


class Document(Element):
    """The root element, with the document type before it."""

    __slots__ = ()

    _before = "<!doctype html>"


SAFE: set[type] = {Markup, marks.Hole, Whole, Element, Void, Document}
"""Types whose instances are finished markup: the first test in the loop below."""


_MANY = frozenset((tuple, list, GeneratorType))


def inner_markup(children: Node) -> str:
    """The markup of what stands between brackets."""
    out: list[str] = []
    write(children if type(children) in _MANY else (children,), out)  # pyright: ignore[reportArgumentType, reportUnknownArgumentType]
    return "".join(out)


def write(children: Iterable[Node], out: list[str]) -> None:
    """Append the markup of each child. `None`, `True`, `False` and `""` leave nothing."""
    append = out.append
    for child in children:
        kind = type(child)
        if kind is str:
            text = escape(child)  # pyright: ignore[reportArgumentType]
            append(text if EDGE not in text else marks.text(child))  # pyright: ignore[reportArgumentType]
        elif kind in SAFE:
            append(child)  # pyright: ignore[reportArgumentType]
        elif child is None or child is False or child is True:
            continue
        elif kind in _MANY:
            write(child, out)  # pyright: ignore[reportArgumentType]
        elif kind is int:
            append(str(child))
        else:
            _write_other(child, out)


def _write_other(child: object, out: list[str]) -> None:
    html = getattr(type(child), "__html__", None)
    if html is not None:
        out.append(marks.markup(str(html(child))))
    elif isinstance(child, str):
        out.append(marks.text(str.__str__(child)))
    elif isinstance(child, PLAIN_TYPES):
        out.append(escape(str(child)))
    elif isinstance(child, Iterable) and not isinstance(child, _UNORDERED):
        write(child, out)  # pyright: ignore[reportUnknownArgumentType]
    else:
        raise TypeError(_refusal(cast("object", child)))


_UNORDERED = (Mapping, set, frozenset, bytes, bytearray, memoryview)

_ADVICE: dict[str, str] = {
    "coroutine": "await it first, or decorate its function with @region",
    "async_generator": "collect it first: [x async for x in …]",
    "function": "call it",
    "method": "call it",
    "type": "it is a class",
    "set": "a set has no order; sort it",
    "frozenset": "a set has no order; sort it",
    "bytes": "decode it first",
}


def _refusal(child: object) -> str:
    kind = type(child).__name__
    if isinstance(child, Script):
        advice = f"only the browser knows its value; text({child.__script__()}) shows it there"
    elif hasattr(child, "__attrs__"):
        advice = "it writes attributes, so it belongs in the parentheses"
    elif isinstance(child, Mapping):
        advice = "attributes go in parentheses"
    else:
        advice = _ADVICE.get(kind, "write it as text")
    shown = repr(cast("object", child))
    shown = shown if len(shown) <= 80 else shown[:77] + "…"
    return f"{shown} ({kind}) cannot stand in brackets: {advice}"
