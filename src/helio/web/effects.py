"""Answers that do something beside the page's content: move, focus, tell."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from helio.live.recorder import RenderError, recorder
from helio.wire import EffectName, Mode

Tone = Literal["error", "info", "success"]


@dataclass(frozen=True, slots=True)
class Effect:
    """Something the browser does, carried as data."""

    name: EffectName
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Redirect:
    """The browser goes to another URL."""

    url: str
    external: bool = False


@dataclass(frozen=True, slots=True)
class Patch:
    """Markup put where `selector` says, instead of where its id says.

    `mode` is how: outer (default), inner, replace, prepend, append, before, after, remove.
    """

    html: Markup | str = ""
    selector: str | None = None
    mode: Mode = "outer"


_WRITTEN = "%/:?#[]@!$&'()*+,;=~"
"""What may stand in a URL beside letters, digits, `_.-`; all else is percent-encoded."""


def redirect(url: str, *, external: bool = False) -> Redirect:
    """Send the visitor to another page of this site; `external=True` permits other sites.

    Spaces and letters of other alphabets in it are encoded. Raises ValueError for a URL of
    another site without `external`.
    """
    if not external and not _local(url):
        raise ValueError(
            f"redirect({url!r}) leaves this site. If that is meant: redirect(url, external=True)."
        )
    return Redirect(quote(url, safe=_WRITTEN), external)


def _local(url: str) -> bool:
    parts = urlsplit(url)
    plain = not parts.scheme and not parts.netloc
    return plain and url.startswith("/") and not url.startswith(("//", "/\\"))


def toast(text: str, tone: Tone = "info") -> Effect:
    """A short message that goes away by itself."""
    return Effect("toast", {"text": text, "tone": tone})


def focus(selector: str) -> Effect:
    """Put the keyboard's focus on the first element that the selector names."""
    return Effect("focus", {"selector": selector})


def dispatch(name: str, detail: object = None) -> Effect:
    """Dispatch a CustomEvent of this name on the document."""
    return Effect("dispatch", {"name": name, "detail": detail})


def title(text: str) -> Effect:
    """The document's title. In a page it stays current; returned by a command it is set once.

    RenderError in a region, which may stand on many pages.
    """
    active = recorder()
    if active is not None:
        if active.of.kind == "region":
            raise RenderError(
                f"title({text!r}) inside {active.of.name}: a region may stand on many pages. "
                "Call it in the page."
            )
        active.title = text
    return Effect("title", {"title": text})
