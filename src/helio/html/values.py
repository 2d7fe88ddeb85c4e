"""What a value becomes in one attribute: classes joined, styles written, dangerous text refused."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, time
from decimal import Decimal
from typing import Protocol, cast, runtime_checkable
from uuid import UUID

from markupsafe import Markup

from helio.html.rendering import Rendering
from helio.html.tags import words

PLAIN_TYPES = (int, float, Decimal, date, time, UUID)
"""Types besides text that are written with `str` (dates in ISO 8601)."""


@runtime_checkable
class Script(Protocol):
    """JavaScript that may stand in a runtime attribute, such as an expression of `helio.js`."""

    def __script__(self) -> str:
        """The source text."""
        ...

    def __declare__(self, rendering: Rendering) -> None:
        """Declare the signals it reads."""
        ...


# A guard receives the tag, the attribute's name and the value; it returns what is to be written.
Guard = Callable[[str, str, object], object]


def classes(tag: str, name: str, value: object) -> object:
    """Join a text, a list (nested, with conditions) or a mapping of name to condition."""
    if type(value) is str or value is None or value is False:
        return value
    found: list[str] = []
    _collect_classes(value, found)
    return " ".join(found) or None


def _collect_classes(value: object, found: list[str]) -> None:
    if isinstance(value, str):
        found.append(str.__str__(value))
    elif isinstance(value, (dict, Mapping)):
        for names, wanted in cast("Mapping[str, object]", value).items():
            if wanted:
                found.append(names)
    elif isinstance(value, (list, tuple, Iterable)):
        for each in cast("Iterable[object]", value):
            _collect_classes(each, found)
    elif value is not None and not isinstance(value, bool):
        raise TypeError(
            f"class_ takes text, a list or a mapping of name to condition, not {value!r}"
        )


_PROPERTY = re.compile(r"--[\w-]+|-?[a-z][a-z-]*", re.ASCII)


def style(tag: str, name: str, value: object) -> object:
    """Write a mapping of property to value; text stands as the author wrote it."""
    if not isinstance(value, Mapping):
        return value
    written: list[str] = []
    for key, each in cast("Mapping[str, object]", value).items():
        if each is None or each is False or each == "":
            continue
        known = key if key.startswith("--") else key.replace("_", "-")
        text = str(each)
        if _PROPERTY.fullmatch(known) is None:
            raise ValueError(f"style= has no property of the name {key!r}")
        if any(mark in text for mark in (";", "{", "}", "/*", "\n")):
            raise ValueError(
                f"the value of {known!r} in style= would end its declaration: {text!r}; "
                "write CSS of your own as text, style='…'"
            )
        written.append(f"{known}: {text}")
    return "; ".join(written) or None


_JAVASCRIPT = re.compile(r"[\x00-\x20]*" + r"[\t\r\n]*".join("javascript") + r"[\t\r\n]*:", re.I)


def url(tag: str, name: str, value: object) -> object:
    """Refuse an address that is a program. `raw` vouches for one."""
    if isinstance(value, str) and not isinstance(value, Markup):
        first = value[:1]
        if (first in "jJ" or first <= " ") and _JAVASCRIPT.match(value) is not None:
            raise ValueError(
                f"{name}={value!r} on <{tag}> would run as JavaScript; "
                "use on.click(…), or raw('…') if you wrote it yourself"
            )
    return value


def event(tag: str, name: str, value: object) -> object:
    """Refuse an inline handler: it is JavaScript. `raw` vouches for one."""
    if value is None or value is False or isinstance(value, Markup):
        return value
    raise ValueError(
        f"{name}= on <{tag}> is JavaScript in the page's own scope: "
        f"use on.{name[2:]}(handler) or on.{name[2:]}(js('…')), "
        "or raw('…') if you wrote it yourself"
    )


def document(tag: str, name: str, value: object) -> object:
    """`srcdoc` holds a document: only markup may stand there, and it is escaped whole."""
    if value is None or isinstance(value, Markup):
        return None if value is None else str(value)
    raise TypeError(f"{name}= on <{tag}> is markup: give an element or raw('…'), not {value!r}")


def spelled(tag: str, name: str, value: object) -> object:
    """Attributes whose values are the words true and false (ARIA, draggable …)."""
    if value is True:
        return "true"
    return "false" if value is False else value


def runtime(tag: str, name: str, value: object) -> object:
    """Runtime attributes are JavaScript: only expressions, never plain text."""
    if value is None or isinstance(value, (bool, Script, Markup)):
        return value
    plugin = re.split(r"__|:|=", name.removeprefix("data-"), maxsplit=1)[0]
    helper = _HELPERS.get(plugin)
    hint = f"use the helper {helper}, or js('…')" if helper else "write it with js('…')"
    raise TypeError(
        f"{name}= on <{tag}> is read as JavaScript by the browser runtime, so a plain "
        f"{type(value).__name__} cannot stand there: {value!r}; {hint}"
    )


_HELPERS = {
    "signals": "signals(…)",
    "computed": "computed(…)",
    "bind": "bind(…)",
    "attr": "attr(…)",
    "class": "classes(…)",
    "style": "style(…)",
    "text": "text(…)",
    "show": "show(…)",
    "on": "on.EVENT(…)",
    "init": "init(…)",
    "effect": "effect(…)",
    "ref": "ref(…)",
    "indicator": "indicator(…)",
}

# Plugins of the browser runtime whose attribute values it evaluates or takes as a signal's name.
_RUNTIME = words(
    """
    signals computed bind attr class style text show on on-intersect on-interval
    on-signal-patch on-signal-patch-filter on-raf on-resize on-keys on-remove init effect ref
    indicator json-signals animate custom-validity match-media persist query-string
    replace-url view-transition for
    """
)
# Plugins that are also read in the older spelling with a hyphen, data-on-click.
_HYPHENED = tuple(
    f"data-{plugin}-"
    for plugin in words("signals bind computed on class attr style ref indicator persist")
)

_URLS = words(
    """
    href src action formaction xlink:href data to from by
    """
)
_SPELLED = words(
    """
    draggable contenteditable spellcheck writingsuggestions
    """
)


def is_runtime(name: str) -> bool:
    """Whether the browser runtime reads the value of the attribute `name` (in lower case)."""
    if not name.startswith("data-"):
        return False
    plugin = re.split(r"__|:", name[5:], maxsplit=1)[0]
    return plugin in _RUNTIME or name.startswith(_HYPHENED)


def guard(name: str) -> Guard | None:
    """The guard of the attribute `name` (in lower case), if its values need one."""
    if name == "class":
        return classes
    if name == "style":
        return style
    if name in _URLS:
        return url
    if name == "srcdoc":
        return document
    if name in _SPELLED or name.startswith("aria-"):
        return spelled
    if is_runtime(name):
        return runtime
    if name.startswith("on") and name.isalpha():
        return event
    return None
