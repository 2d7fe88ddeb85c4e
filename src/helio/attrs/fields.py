"""Fields of a form: `bind` ties one to a signal, `errors` shows what is wrong with it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import cast

from helio.attrs.helper import reference
from helio.attrs.state import Named, path_name
from helio.html import Markup, current, h
from helio.html.attributes import Attribute
from helio.html.escape import escape
from helio.js import Ref
from helio.signals.spec import ERRORS

_NEVER_SHOWN = frozenset(("password", "file", "hidden"))


@dataclass(frozen=True, slots=True)
class Bind:
    """Ties a form field to a signal, and to the field of that name in a plain form."""

    signal: Ref
    attribute: str

    def __attrs__(self, tag: str) -> Mapping[str, object]:
        return {self.attribute: Named(self.signal), "name": path_name(self.signal)}

    def __settle__(self, tag: str, attributes: Mapping[str, object]) -> Mapping[str, object]:
        """What was typed into a refused plain form stands in the field again, else its default:
        a form without JavaScript sends what it shows."""
        typed = self._typed()
        if tag in ("textarea", "select"):
            return {}
        kind = str(attributes.get("type") or "text").lower()
        if tag != "input" or kind in _NEVER_SHOWN:
            return {}
        box = kind in ("checkbox", "radio")
        if typed is None:
            typed = self.signal.__default__()
            if (
                typed in (None, "", False)
                or attributes.get("checked" if box else "value") is not None
            ):
                return {}
        if box:
            return {"checked": _chosen(typed, kind, attributes.get("value"))}
        return {} if isinstance(typed, (list, dict)) else {"value": typed}

    def __inside__(self, tag: str) -> str:
        typed = self._typed() if tag == "textarea" else None
        # The parser drops the line feed; it tells an emptied field from an untouched one.
        return "" if typed is None else "\n" + escape(str(typed))

    def __content__(self, html: str) -> str:
        """The options of a select, the one that was chosen marked."""
        typed = self._typed()
        if typed is None:
            return html
        wanted = set(map(str, _many(typed)))
        return _OPTION.sub(lambda option: _option(option, wanted), html)

    def _typed(self) -> object:
        rendering = current()
        if rendering is None or rendering.form is None:
            return None
        return rendering.form.values.get(path_name(self.signal))


_OPTION = re.compile(r"<option(?P<attributes>[^>]*)>(?P<text>[^<]*)")
_VALUE = re.compile(r'\svalue="([^"]*)"')


def _option(option: re.Match[str], wanted: set[str]) -> str:
    attributes, text = option.groups()
    own = _VALUE.search(attributes)
    value = unescape(own[1] if own else text.strip())
    attributes = re.sub(r'\sselected(?:="[^"]*")?(?=\s|$)', "", attributes)
    return f"<option{attributes}{' selected' if value in wanted else ''}>{text}"


def _many(typed: object) -> Sequence[object]:
    return cast("Sequence[object]", typed) if isinstance(typed, (list, tuple)) else [typed]


def _chosen(typed: object, kind: str, own: object) -> bool:
    if own is None or own is True:
        return typed not in (False, "", "false")
    return str(own) in map(str, _many(typed)) or (kind == "checkbox" and typed is True)


def bind(signal: object, *, prop: str | None = None, event: str | None = None) -> Bind:
    """Tie a form field to a signal: both change together, and the field has its name.

    `prop` is the property to bind instead of the value, `event` the events that report a change,
    several separated by spaces.
    """
    attribute = "data-bind"
    if prop is not None:
        attribute += f"__prop.{prop}"
    if event is not None:
        attribute += "__event." + ".".join(event.split())
    return Bind(reference(signal, "bind(…)"), attribute)


def errors(signal: object, *attributes: Attribute) -> Markup:
    """The place for a field's message: empty and hidden until the field is refused."""
    field = reference(signal, "errors(…)")
    message = Ref((ERRORS, *field.__path__()), default="")
    rendering = current()
    form = rendering.form if rendering is not None else None
    said = form.messages.get(path_name(field), "") if form is not None else ""
    shown = {"data-show": message, "data-text": message}
    return h.small({"role": "alert", "class": "helio-error"}, shown, *attributes)[said]
