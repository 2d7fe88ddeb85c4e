"""Presences: who is present in one process, as tabs say it and regions read it."""

import asyncio
from collections.abc import Iterable, Mapping
from contextvars import ContextVar

import msgspec

from helio.live.gathering import Times
from helio.live.guest import Guest
from helio.live.places import places_of
from helio.live.roll import Roll
from helio.live.signing import Signer
from helio.live.topics import Publish

PURPOSE = "presence"
"""What tokens of places are signed for."""

MOST_ENTRIES = 32
"""Places of one tab."""

MOST_VALUES = 1024
"""Bytes of the values that a tab says at one place, as JSON."""

Entry = tuple[object, object]
"""What a tab says of one place: the token from the markup, and its values by name (JSON)."""


class PresenceError(ValueError):
    """What a tab says of itself cannot be accepted: the fault is the client's."""


class Presences:
    """All tabs that are present, on one event loop. Nothing is stored."""

    def __init__(self, publish: Publish, signer: Signer, times: Times | None = None) -> None:
        """`publish` hears of what is to be read again; `signer` knows the tokens of places."""
        self._times = times or Times()
        self.roll = Roll(self._times)
        self._publish = publish
        self._signer = signer
        self._timer: asyncio.TimerHandle | None = None

    def update(self, tab: str, guest: Guest, entries: Iterable[Entry]) -> None:
        """The tab is at these places and nowhere else, and it is this guest's.

        Raises PresenceError, and changes nothing, for a token that this application did not
        sign, values that do not fit, more than 32 entries, or values above 1 KiB.
        """
        self._check_number(entries := list(entries))
        self._put(tab, guest, dict(self._accepted(*entry) for entry in entries))

    def resume(self, tab: str, guest: Guest, entries: Iterable[Entry]) -> None:
        """The same when the tab's stream opens: entries that cannot be accepted are passed over.

        A page that was rendered under another secret or by an older build says what is not known
        any more. Its stream brings what is, and the tab then says that. PresenceError for more
        than 32 entries.
        """
        self._check_number(entries := list(entries))
        accepted: dict[str, object] = {}
        for entry in entries:
            try:
                place, values = self._accepted(*entry)
            except PresenceError:
                continue
            accepted[place] = values
        self._put(tab, guest, accepted)

    def leave(self, tab: str) -> None:
        """The tab's newest stream has gone. It stays present for 5 s: it may come back."""
        self.roll.leave(tab, self._now())
        self._step()

    def stop(self) -> None:
        """Forget everybody. It may be used again, on another loop too."""
        self._cancel()
        self.roll = Roll(self._times)

    # What tabs say

    def _check_number(self, entries: list[Entry]) -> None:
        if len(entries) > MOST_ENTRIES:
            raise PresenceError(
                f"The tab names {len(entries)} places; at most {MOST_ENTRIES} are accepted."
            )

    def _accepted(self, token: object, values: object) -> tuple[str, object]:
        """The place's key and the values in their types."""
        payload = self._signer.verify(PURPOSE, token)
        if payload is None:
            raise PresenceError(f"The token {_short(token)} was not signed by this application.")
        key = payload.decode()
        places = places_of(key)
        if places is None:
            raise PresenceError(f"The token {_short(token)} is of a class that is not there.")
        try:
            said = msgspec.json.encode(values)
            if len(said) <= MOST_VALUES:
                return key, places.values(said)
            reason = f"they are {len(said):,} bytes, and at most {MOST_VALUES:,} are accepted"
        except (msgspec.MsgspecError, ValueError, TypeError, RecursionError) as error:
            reason = str(error)[:100]
        raise PresenceError(f"The values of {places.prefix!r} cannot be accepted: {reason}.")

    # Time

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _put(self, tab: str, guest: Guest, entries: Mapping[str, object]) -> None:
        self.roll.put(tab, guest, entries, self._now())
        self._step()

    def _step(self) -> None:
        """Publish what is due, and come back when something will be."""
        topics = self.roll.take(self._now())
        due = self.roll.next
        timer = self._timer
        if timer is None or timer.when() != due:
            self._cancel()
            if due is not None:
                self._timer = asyncio.get_running_loop().call_at(due, self._tick)
        if topics:
            self._publish(topics)

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _tick(self) -> None:
        self._timer = None
        self._step()


def _short(value: object) -> str:
    shown = repr(value) if isinstance(value, str) else type(value).__name__
    return shown if len(shown) <= 40 else shown[:39] + "…"


presences: ContextVar[Presences | None] = ContextVar("presences", default=None)
"""Who is present in this application: set around every render and every handler."""
