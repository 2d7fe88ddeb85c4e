"""The opening of a page's stream: what the tab says it shows, has mounted, and where it is."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeVar

import msgspec

from helio.live.presences import MOST_ENTRIES
from helio.web.incoming import Incoming
from helio.web.refusals import BadRequest
from helio.wire import MountMode

MOUNTS = 100
"""Mounts that one tab may have."""

SIZE = 512 * 1024
"""Bytes of what a tab says: enough for all that it may have, each grant as long as it may be."""

T = TypeVar("T")
Errand = Literal["open", "presence"]


class Mounted(msgspec.Struct, frozen=True):
    """A region that the tab has mounted: where, how, and its grant."""

    into: str
    mode: MountMode
    grant: str


class Present(msgspec.Struct, frozen=True):
    """A place where the tab is, and what it does there."""

    token: str
    values: dict[str, Any] = {}


class Attending(msgspec.Struct, frozen=True):
    """Where the tab is."""

    presence: list[Present] = []


class Opening(Attending, frozen=True):
    """What the tab says when it opens its stream: also the versions it shows, by address, and
    its mounts.
    """

    have: dict[str, str] = {}
    mounts: list[Mounted] = []


def errand(method: str, headers: Mapping[str, str]) -> Errand | None:
    """What a POST of our runtime has to do with the page's stream; None for a command."""
    told = headers.get("helio-stream")
    own = headers.get("datastar-request") == "true" and "helio-request" in headers
    if method == "POST" and own and (told == "open" or told == "presence"):
        return told
    return None


async def opening(incoming: Incoming) -> Opening:
    """What the request that opens a stream says, in headers or in its body.

    Raises BadRequest for a body that is no opening, or says too much.
    """
    if incoming.request.method != "POST":
        return Opening(have=versions(incoming.request.headers.get("helio-have", "")))
    told = await _told(incoming, _opening)
    if len(told.presence) > MOST_ENTRIES:
        raise BadRequest(
            f"The tab is at {len(told.presence)} places; at most {MOST_ENTRIES} are accepted."
        )
    if not all(mounted.into for mounted in told.mounts):
        raise BadRequest("The tab has a mount without a target.")
    return told


async def attendance(incoming: Incoming) -> list[Present]:
    """Where the tab is, as it says while its stream is open. Raises BadRequest."""
    return (await _told(incoming, _attending)).presence


async def _told(incoming: Incoming, decoder: msgspec.json.Decoder[T]) -> T:
    try:
        return decoder.decode(await incoming.body(SIZE))
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise BadRequest(f"What the tab says of itself cannot be read: {error}.") from None


def versions(text: str) -> dict[str, str]:
    """The versions by address, from `address=version address=version …`.

    An address that is named twice with different versions is not had: one of its copies is old.
    """
    pairs = (pair.partition("=") for pair in text.split()[:1000])
    return _agreed((key, version) for key, equals, version in pairs if equals)


def _agreed(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    differing: set[str] = set()
    for key, version in pairs:
        if found.setdefault(key, version) != version:
            differing.add(key)
    return {key: version for key, version in found.items() if key not in differing}


_opening = msgspec.json.Decoder(Opening)
_attending = msgspec.json.Decoder(Attending)
