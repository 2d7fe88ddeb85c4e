"""Mounts: regions that one tab shows in a slot, and pages that it goes to, for our own runtime."""

from typing import Literal
from urllib.parse import quote

from . import fields

MountMode = Literal["inner", "append", "prepend"]
"""How a region comes into its target: instead of all else there, or after or before it."""

_SAFE = "#~/:;,.!*'()_-+=?&$"


def mount(into: str, mode: MountMode, key: str, grant: str, html: str | None = None) -> bytes:
    """A region is shown in a target of this tab: a slot's name, `#` and an id, `~` and a part.

    The runtime names the grant whenever it opens its stream. Without `html` it opens it now, and
    the region comes by it.
    """
    parts = [
        b"event: helio-mount\n",
        b"data: into %b\n" % _target(into),
        b"data: mode %b\n" % mode.encode(),
        b"data: key %b\n" % fields.text("key", key),
        b"data: grant %b\n" % fields.text("grant", grant),
        _html(html),
        b"\n",
    ]
    return b"".join(parts)


def unmount(into: str, key: str | None = None) -> bytes:
    """What is mounted in a target leaves it; with `key` only that region."""
    only = b"data: key %b\n" % fields.text("key", key) if key is not None else b""
    return b"event: helio-unmount\ndata: into %b\n%b\n" % (_target(into), only)


def grant(key: str, token: str) -> bytes:
    """A mounted region's new grant, in the place of one that will expire."""
    return b"event: helio-grant\ndata: key %b\ndata: grant %b\n\n" % (
        fields.text("key", key),
        fields.text("grant", token),
    )


def goto(url: str, title: str, html: str) -> bytes:
    """Another page in the place of this one: its opener and its root, its URL, its title."""
    head = b"event: helio-goto\ndata: url %b\ndata: title %b\n"
    titled = fields.html_bytes(" ".join(title.split()))
    return head % (fields.text("url", url), titled) + _html(html) + b"\n"


def _target(into: str) -> bytes:
    return quote(into, safe=_SAFE, errors="replace").encode()


def _html(html: str | None) -> bytes:
    if not html:
        return b""
    line = b"data: html "
    return line + fields.lines(fields.html_bytes(html), b"\n" + line) + b"\n"
