"""State of one browser tab, kept in its session."""

import re
import time
from typing import Any, cast

import msgspec
from starlette.requests import Request

from helio.live.recorder import forbid
from helio.web.refusals import BadRequest
from helio.web.sessions import Values

MOST_TABS = 50
"""Tabs of one session whose state is kept; the oldest are forgotten first."""

MOST_BYTES = 64 * 1024
"""JSON of the state of all tabs of one session."""

_ID = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)
TAB_PREFIX = "tab:"
"""With what the names of all tabs' states begin in a session."""


class TabState(msgspec.Struct):
    """Typed state of one browser tab: `class Panel(TabState): open: bool = False`.

    Take it by type in pages and commands. A page that takes it is rendered for this tab alone, and
    a field that a command assigns is saved when the command ends, and the tab's page follows; it
    survives a reload. A document is made before its tab is known: it shows the defaults, and the
    stream corrects them. Every field has a default.

    All tabs of a visitor together keep 64 KiB and the 50 tabs that assigned last; a command that
    assigns more than that is refused with 413. Stock runtimes and plain forms have no tab: there,
    pages and commands get the defaults, and what is assigned is not kept.
    """

    __private__ = True

    def __setattr__(self, name: str, value: object) -> None:
        forbid(f"{type(self).__name__}.{name} = …")
        super().__setattr__(name, value)


def tab_id(request: Request) -> str | None:
    """The tab as its runtime calls it; None for a stock runtime. Anybody can say anything here."""
    told = request.headers.get("helio-tab", "")
    return told if _ID.fullmatch(told) else None


def tab_state_name(tab: str, kind: type[TabState]) -> str:
    """The name under which a session keeps this struct of the tab."""
    return f"{TAB_PREFIX}{tab}:{kind.__module__}.{kind.__qualname__}"


def wrapped(state: TabState) -> dict[str, Any]:
    """A state as a session keeps it, with the time."""
    return {"at": round(time.time(), 3), "value": msgspec.to_builtins(state)}


def unwrapped(kept: object) -> object:
    """The state's fields from what a session kept."""
    return cast("dict[str, object]", kept).get("value") if isinstance(kept, dict) else None


def crowded_out(values: Values, tab: str) -> list[str]:
    """The names of other tabs' states that must go to keep these values within bounds.

    Raises BadRequest (413) if this tab's state alone is too large.
    """
    tabs: dict[str, list[str]] = {}
    for name in values:
        if name.startswith(TAB_PREFIX):
            tabs.setdefault(name.split(":")[1], []).append(name)
    sizes = {one: sum(_size(name, values) for name in names) for one, names in tabs.items()}
    if sizes.get(tab, 0) > MOST_BYTES:
        raise BadRequest(
            f"This tab would keep {sizes[tab] / 1024:.0f} KiB; at most "
            f"{MOST_BYTES // 1024} KiB are kept.",
            413,
        )
    others = [one for one in tabs if one != tab]
    others.sort(key=lambda one: max(_at(values[name]) for name in tabs[one]))
    gone: list[str] = []
    while others and (len(sizes) > MOST_TABS or sum(sizes.values()) > MOST_BYTES):
        oldest = others.pop(0)
        del sizes[oldest]
        gone += tabs[oldest]
    return gone


def _size(name: str, values: Values) -> int:
    return len(name) + len(msgspec.json.encode(values[name]))


def _at(kept: object) -> float:
    told = cast("dict[str, object]", kept).get("at") if isinstance(kept, dict) else None
    return told if isinstance(told, int | float) else 0
