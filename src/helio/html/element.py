"""Elements: a start tag that takes attributes in parentheses and children in brackets."""

from collections.abc import Iterable, Mapping
from datetime import date, time
from decimal import Decimal
from types import GeneratorType
from typing import Any, Protocol, Self, TypeAlias, cast
from uuid import UUID

from markupsafe import Markup

from helio.html import marks
from helio.html.attributes import Attribute, Start, positional, start
from helio.html.escape import escape
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

    __slots__ = ("_given", "_head", "_tag", "_tail")

    _tag: str
    _head: str
    _tail: str
    _given: tuple[tuple[Attribute, ...], dict[str, Any]]

    @classmethod
    def of(cls, tag: str) -> "Element":
        """The element `<tag>` without attributes."""
        return cls._made(tag, Start("", "", None), ((), {}))

    @classmethod
    def _made(
        cls, tag: str, start: Start, given: tuple[tuple[Attribute, ...], dict[str, Any]]
    ) -> Self:
        attributes, inside, part = start
        head = f"{cls._opening(tag)}{attributes}>{inside}"
        tail = cls._closing(tag)
        if part is not None:
            head = marks.part_begin(part) + head
            tail += marks.PART_END
        element = _new(cls, head + tail)
        element._tag = tag
        element._head = head
        element._tail = tail
        element._given = given
        return element

    @staticmethod
    def _opening(tag: str) -> str:
        return f"<{tag}"

    @staticmethod
    def _closing(tag: str) -> str:
        return f"</{tag}>"

    def __call__(self, *given: Attribute, attrs: Iterable[Attribute] = (), **keywords: Any) -> Self:
        """The element with these attributes added to those it has."""
        if attrs:
            given = positional(given, attrs)
        before, named = self._given
        if before or named:
            return self._again(before, named, given, keywords)
        return self._made(self._tag, start(self._tag, given, keywords), (given, keywords))

    def _again(
        self,
        before: tuple[Attribute, ...],
        named: Mapping[str, Any],
        given: tuple[Attribute, ...],
        keywords: dict[str, Any],
    ) -> Self:
        classes = [(each.get("class_"), each.get("class")) for each in (named, keywords)]
        merged = {**named, **keywords}
        merged.pop("class", None)
        merged["class_"] = classes
        everything = (*before, *given)
        return self._made(self._tag, start(self._tag, everything, merged), (everything, merged))

    def __getitem__(self, children: Node) -> Whole:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The finished element around `children`."""
        if type(children) is str:
            inner = escape(children)
            if marks.EDGE in inner:
                inner = marks.text(children)
        else:
            out: list[str] = []
            write(children if type(children) is tuple else (children,), out)  # pyright: ignore[reportUnknownArgumentType]
            inner = "".join(out)
        return _new(Whole, f"{self._head}{inner}{self._tail}")

    def _around(self, inner: str) -> Whole:
        return _new(Whole, f"{self._head}{inner}{self._tail}")


class Void(Element):
    """An element that has no content: `<input>`, `<br>`."""

    __slots__ = ()

    @staticmethod
    def _closing(tag: str) -> str:
        return ""

    def __getitem__(self, children: Node) -> Markup:  # pyright: ignore[reportIncompatibleMethodOverride]
        raise TypeError(
            f"<{self._tag}> has no content, so brackets have no meaning: h.{self._tag}(…) is whole"
        )


class Document(Element):
    """The root element, with the document type before it."""

    __slots__ = ()

    @staticmethod
    def _opening(tag: str) -> str:
        return f"<!doctype html><{tag}"


SAFE: set[type] = {Markup, Whole, Element, Void, Document}
"""Types whose instances are finished markup: the first test in the loop below."""


def write(children: Iterable[Node], out: list[str]) -> None:
    """Append the markup of each child. `None`, `True`, `False` and `""` leave nothing."""
    append = out.append
    for child in children:
        kind = type(child)
        if kind is str:
            text = escape(child)  # pyright: ignore[reportArgumentType]
            append(text if marks.EDGE not in text else marks.text(child))  # pyright: ignore[reportArgumentType]
        elif kind in SAFE:
            append(child)  # pyright: ignore[reportArgumentType]
        elif child is None or child is False or child is True:
            continue
        elif kind is GeneratorType or kind is list or kind is tuple:
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
    "coroutine": "await it first",
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
