"""Effects: what a server tells a page to do, carried as data so that a strict CSP keeps working.

Our runtime understands the events `helio-<name>`. A stock Datastar client gets, with `stock=True`,
patches that have the same effect: a script that removes itself, or an element.
"""

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any, Literal

import msgspec

from . import events, fields

EffectName = Literal["navigate", "title", "focus", "dispatch", "reconnect", "toast"]

_CONTROLS = re.compile(r"[\x00-\x20\x7f]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_TOAST_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


class _Navigate(msgspec.Struct, forbid_unknown_fields=True):
    url: str = ""
    mode: Literal["push", "replace", "reload"] = "push"
    when: Literal["idle"] | msgspec.UnsetType = msgspec.UNSET

    def __post_init__(self) -> None:
        if self.mode != "reload" and not self.url:
            raise ValueError("a url is needed unless the mode is reload")
        if _CONTROLS.search(self.url):
            raise ValueError(f"the url {self.url!r} holds a space or control character; quote it")
        scheme = _SCHEME.match(self.url)
        # A browser runs `javascript:` in the page, whoever wrote the address.
        if scheme and scheme[1].lower() not in ("http", "https"):
            raise ValueError(f"the url {self.url!r} is neither http nor https nor a path")


class _Title(msgspec.Struct, forbid_unknown_fields=True):
    title: str


class _Focus(msgspec.Struct, forbid_unknown_fields=True):
    selector: str


class _Dispatch(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    detail: Any = None
    selector: str | msgspec.UnsetType = msgspec.UNSET


class _Reconnect(msgspec.Struct, forbid_unknown_fields=True):
    pass


class _Toast(msgspec.Struct, forbid_unknown_fields=True):
    text: str
    tone: Literal["error", "info", "success"] = "info"
    id: str | msgspec.UnsetType = msgspec.UNSET

    def __post_init__(self) -> None:
        if self.id is not msgspec.UNSET and not _TOAST_ID.fullmatch(self.id):
            raise ValueError(f"the id {self.id!r} is not a letter, then letters, digits, _ and -")


def effect(name: EffectName, detail: Mapping[str, object], *, stock: bool = False) -> bytes:
    """The event for one effect, or for a stock client the patches that have the same effect.

    | name | detail |
    | --- | --- |
    | navigate | `url` (http, https or a path), `mode`: push (default), replace, reload; `when`: |
    | | idle waits until nothing that somebody is writing would be lost |
    | title | `title` |
    | focus | `selector` |
    | dispatch | `name` of the CustomEvent, its `detail`, `selector` (the document when left out) |
    | reconnect | nothing: the page's stream is opened again |
    | toast | `text`, `tone`: info (default), error, success; `id` (replaces an older toast) |

    Raises ValueError, naming the key, for an unknown effect or a detail that does not fit.
    """
    kind = _KINDS.get(name)
    if kind is None:
        raise ValueError(f"effect: {name!r} is unknown. It is one of {', '.join(_KINDS)}.")
    try:
        checked = msgspec.convert(dict(detail), kind.struct)
    except msgspec.ValidationError as error:
        raise ValueError(f"effect {name}: {error}. The detail: {dict(detail)!r}") from None
    if stock:
        return kind.stock(checked)
    values: dict[str, object] = msgspec.structs.asdict(checked)
    present = {key: value for key, value in values.items() if value is not msgspec.UNSET}
    data = fields.json_bytes(f"effect {name}", present)
    return b"event: helio-%b\ndata: detail %b\n\n" % (name.encode(), data)


def _script(source: str) -> bytes:
    return events.elements(
        f'<script data-effect="el.remove()">{source}</script>', selector="body", mode="append"
    )


def _js(value: object) -> str:
    """`value` as a JavaScript literal that cannot end a script element or a line of source."""
    data = fields.json_bytes("effect", {"": value})[4:-1].decode()
    for character in "<>&\u2028\u2029":
        data = data.replace(character, f"\\u{ord(character):04x}")
    return data


def _stock_navigate(detail: _Navigate) -> bytes:
    if detail.mode == "reload":
        return _script("location.reload()")
    call = "assign" if detail.mode == "push" else "replace"
    return _script(f"location.{call}({_js(detail.url)})")


def _stock_title(detail: _Title) -> bytes:
    return _script(f"document.title={_js(detail.title)}")


def _stock_focus(detail: _Focus) -> bytes:
    return _script(f"document.querySelector({_js(detail.selector)})?.focus()")


def _stock_dispatch(detail: _Dispatch) -> bytes:
    target = "document"
    if detail.selector is not msgspec.UNSET:
        target = f"document.querySelector({_js(detail.selector)})?"
    init = f"{{detail:{_js(detail.detail)},bubbles:true,composed:true}}"
    return _script(f"{target}.dispatchEvent(new CustomEvent({_js(detail.name)},{init}))")


def _stock_reconnect(_detail: _Reconnect) -> bytes:
    # The stream belongs to this element: a copy in its place opens a new one, ending the old.
    return _script(
        'const page=document.getElementById("helio-page");page?.replaceWith(page.cloneNode(true))'
    )


def _stock_toast(detail: _Toast) -> bytes:
    role = "alert" if detail.tone == "error" else "status"
    older, own_id = b"", ""
    if detail.id is not msgspec.UNSET:
        older = events.elements(selector=f"#{detail.id}", mode="remove")
        own_id = f' id="{detail.id}"'
    html = (
        f'<div{own_id} class="helio-toast helio-toast-{detail.tone}" role="{role}" '
        f'data-init__delay.6s="el.remove()">{escape(detail.text)}</div>'
    )
    return older + events.elements(html, selector="body", mode="append")


class _Kind(msgspec.Struct, frozen=True):
    struct: type[msgspec.Struct]
    stock: Callable[[Any], bytes]


_KINDS: dict[str, _Kind] = {
    "navigate": _Kind(_Navigate, _stock_navigate),
    "title": _Kind(_Title, _stock_title),
    "focus": _Kind(_Focus, _stock_focus),
    "dispatch": _Kind(_Dispatch, _stock_dispatch),
    "reconnect": _Kind(_Reconnect, _stock_reconnect),
    "toast": _Kind(_Toast, _stock_toast),
}
