"""Server-sent events of the Datastar protocol, as bytes ready to be written to a stream.

Every function returns one whole event, its blank line included. Fields at their default are left
out; names on the wire are Datastar's own.
"""

from collections.abc import Mapping
from typing import Final, Literal, get_args

from . import fields

Mode = Literal["outer", "inner", "replace", "prepend", "append", "before", "after", "remove"]
"""Where elements go: `outer` morphs the target itself, `inner` its children; `replace` swaps it
without morphing; the rest insert beside or inside it, or remove it."""

Namespace = Literal["html", "svg", "mathml"]

DEFAULT_MODE: Final = "outer"
MODES: Final[tuple[str, ...]] = get_args(Mode)
NAMESPACES: Final[tuple[str, ...]] = get_args(Namespace)

_ELEMENTS = b"event: datastar-patch-elements\n"
_SIGNALS = b"event: datastar-patch-signals\n"
# Without a selector these find their targets by the ids of the sent elements.
_BY_ID = {"outer", "replace"}


def elements(
    html: str = "",
    *,
    selector: str | None = None,
    mode: Mode = DEFAULT_MODE,
    namespace: Namespace = "html",
    view_transition: bool = False,
    view_transition_selector: str | None = None,
    id: str | None = None,  # noqa: A002 - the field's name on the wire
    retry: int | None = None,
) -> bytes:
    """Patch elements into the page.

    `html` may have any number of lines; line breaks arrive as LF, NUL and lone surrogates as
    U+FFFD. Without `selector` the targets are found by the id of each top-level element, which
    only `outer` and `replace` can do. `retry` is in milliseconds.

    Raises ValueError for an unknown mode or namespace, for a mode that needs a selector and has
    none, and for a field that holds a line break, NUL or lone surrogate.
    """
    parts = [_ELEMENTS]
    if id is not None or retry is not None:
        parts.append(_head(id, retry))
    if selector is not None:
        parts.append(b"data: selector %b\n" % fields.text("selector", selector))
    elif mode not in _BY_ID and mode in MODES:
        raise ValueError(
            f"mode {mode!r} needs a selector: only outer and replace find their targets by the "
            "id of the elements themselves. Pass selector='#target'."
        )
    if mode != DEFAULT_MODE:
        parts.append(b"data: mode %b\n" % _one_of("mode", mode, MODES))
    if namespace != "html":
        parts.append(b"data: namespace %b\n" % _one_of("namespace", namespace, NAMESPACES))
    if view_transition:
        parts.append(b"data: useViewTransition true\n")
    if view_transition_selector is not None:
        name = "view_transition_selector"
        parts.append(
            b"data: viewTransitionSelector %b\n" % fields.text(name, view_transition_selector)
        )
    if html:
        parts.append(b"data: elements ")
        parts.append(fields.lines(fields.html_bytes(html), b"\ndata: elements "))
        parts.append(b"\n\n")
    else:
        parts.append(b"\n")
    return b"".join(parts)


def signals(
    patch: Mapping[str, object] | bytes,
    *,
    only_if_missing: bool = False,
    id: str | None = None,  # noqa: A002 - the field's name on the wire
    retry: int | None = None,
) -> bytes:
    """Merge `patch` into the page's signals (RFC 7386: null deletes, lists are replaced).

    `patch` is a mapping, or one already encoded as a JSON object. With `only_if_missing`, signals
    that exist keep their value. `retry` is in milliseconds.

    Raises ValueError for NaN, infinities and lone surrogates, TypeError for what has no JSON form.
    """
    if isinstance(patch, bytes):
        data = fields.lines(_json_object(patch), b"\ndata: signals ")
    else:
        data = fields.json_bytes("signals", patch)
    parts = [_SIGNALS]
    if id is not None or retry is not None:
        parts.append(_head(id, retry))
    if only_if_missing:
        parts.append(b"data: onlyIfMissing true\n")
    parts += (b"data: signals ", data, b"\n\n")
    return b"".join(parts)


def comment(text: str = "") -> bytes:
    """A comment: keeps the connection busy, is seen by nobody. `text` is one line."""
    return b": %b\n\n" % fields.text("comment", text) if text else b":\n\n"


def retry(milliseconds: int) -> bytes:
    """How long a client waits before it reconnects, in milliseconds. Dispatches no event."""
    return b"retry: %b\n\n" % fields.milliseconds(milliseconds)


def ack(number: str) -> bytes:
    """The page now shows what the command of this acknowledgement has changed (our runtime's)."""
    return b"event: helio-ack\ndata: ack %b\n\n" % fields.text("ack", number)


def close(reason: str) -> bytes:
    """End the stream for good: the runtime does not reconnect. `reason` is one line."""
    return b"event: datastar-close\ndata: reason %b\n\n" % fields.text("reason", reason)


def _head(event_id: str | None, milliseconds: int | None) -> bytes:
    head = b""
    if event_id is not None:
        head = b"id: %b\n" % fields.event_id(event_id)
    if milliseconds is not None:
        head += b"retry: %b\n" % fields.milliseconds(milliseconds)
    return head


def _one_of(name: str, value: str, known: tuple[str, ...]) -> bytes:
    if value not in known:
        raise ValueError(f"{name}: {value!r} is unknown. It is one of {', '.join(known)}.")
    return value.encode()


def _json_object(data: bytes) -> bytes:
    if not data.strip().startswith(b"{"):
        raise ValueError(f"signals: encoded signals are a JSON object, not {data[:80]!r}.")
    if b"\0" in data:
        raise ValueError("signals: the encoded JSON holds a NUL; JSON writes it as \\u0000.")
    if not data.isascii():
        data.decode()  # UnicodeDecodeError is a ValueError and names the byte.
    return data
