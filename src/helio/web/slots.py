"""Slots and parts: the places of a page that a tab fills for itself."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from helio.html import Node, element
from helio.web.paths import text

_SLOT = element("helio-slot")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}", re.ASCII)


class PartName(str):
    """The name of a part, for `part=` and for `into=`."""

    __slots__ = ()


def slot(name: str, default: Node = None) -> Markup:
    """A named place, in a page, region or layout: `mount(…, into=name)` fills it in one tab.

    `default` is what stands there until then. A name is a letter and up to 63 letters, digits,
    hyphens and underscores, once in a document; ValueError for another one.
    """
    if not is_slot_name(name):
        raise ValueError(
            f"slot({name!r}): a slot's name is a letter, then at most 63 letters, digits, - and _. "
            "Write the id of a row behind it: slot(f'detail-{row.id}')."
        )
    return _SLOT(data_slot=name, style="display:contents")[default]


def is_slot_name(name: object) -> bool:
    """Whether a slot may have this name."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def part(name: str | Callable[..., object], *arguments: object) -> PartName:
    """A stable name of a part: `part(card, 5)` is `"card-5"`.

    For `part=` on the element that a function makes of these arguments, and for `into=`: a part
    is a slot while something is mounted in it. Other arguments make another name.
    """
    told: object = name if isinstance(name, str) else getattr(name, "__name__", None)
    if not isinstance(told, str) or not told or told[0] in "#@~":
        raise ValueError(
            f"part({name!r}): a part's name is text that does not begin with #, @ or ~, "
            "or the function that makes the element"
        )
    return PartName("-".join([told, *map(_argument, arguments)]))


def _argument(value: Any) -> str:
    """An argument as it stands in a part's name."""
    if isinstance(value, str):
        # What joins the arguments must not come from one of them.
        return quote(value, safe="").replace("-", "%2D")
    return quote(text(value), safe=":+")


def target(into: object, where: str) -> str:
    """A place as the wire names it. TypeError if it is neither a slot's name nor a part's."""
    if isinstance(into, PartName):
        return f"~{into}"
    if isinstance(into, str) and is_slot_name(into):
        return into
    raise TypeError(
        f"{where}: into={into!r} is no place that is kept for a tab. Give the name of a slot, "
        "which slot('name') puts into the markup, or a part: into=part(card, id)."
    )


def selector(target: str) -> str:
    """The place as CSS names it, for runtimes that know no mounts."""
    name, value = ("data-part", target[1:]) if target.startswith("~") else ("data-slot", target)
    written = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'[{name}="{written}"]'
