"""Presence: what tabs say of where they are reaches those who read it."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager

from starlette.responses import Response

from helio.live.guest import Guest
from helio.live.hub import Hub
from helio.live.places import are_there_places
from helio.live.presences import Entry, PresenceError, Presences, presences
from helio.live.signing import Signer, signer
from helio.web.answers import NO_STORE
from helio.web.incoming import Incoming
from helio.web.opening import Present, attendance
from helio.web.refusals import BadRequest, Reject
from helio.web.trust import Trust


class Attendance:
    """Who is present in one application: nobody, unless it has a class of presence."""

    def __init__(self, hub: Hub, trust: Trust) -> None:
        self._hub = hub
        self._trust = trust
        self._known: tuple[Signer, Presences] | None = None

    async def prepare(self) -> None:
        """Let renders know who is present, from now on. Repeated calls are harmless.

        An application without presence is not asked for its secret.
        """
        if self._known is None and are_there_places():
            signs = await self._trust.signer()
            if self._known is None:  # as it was before
                self._known = signs, Presences(self._hub.publish, signs)
                self.equip(self._hub)

    def stop(self) -> None:
        """Forget everybody."""
        if self._known is not None:
            self._known[1].stop()

    def equip(self, hub: Hub) -> None:
        """Let the renders of this hub know who is present."""
        if self._known is not None:
            hub.provide(signer, self._known[0])
            hub.provide(presences, self._known[1])

    @contextmanager
    def around(self) -> Generator[None]:
        """Inside, a handler knows who is present."""
        if self._known is None:
            yield
            return
        tokens = signer.set(self._known[0]), presences.set(self._known[1])
        try:
            yield
        finally:
            signer.reset(tokens[0])
            presences.reset(tokens[1])

    # What tabs say

    async def guest(self, incoming: Incoming) -> Guest:
        """Whose the tab is."""
        if self._known is None:
            return Guest()
        return Guest(await incoming.visit.user(), await incoming.visit.known())

    def resume(self, tab: str | None, guest: Guest, told: Sequence[Present]) -> None:
        """The tab's stream has been opened, and said where the tab is."""
        if self._known is not None and tab is not None:
            self._known[1].resume(tab, guest, _entries(told))

    async def update(self, incoming: Incoming) -> Response:
        """The tab says where it is now, while its stream is open.

        Raises Reject if that is not this process's: the tab opens it again, which says the same.
        """
        told = _entries(await attendance(incoming))
        guest = await self.guest(incoming)
        # Only now: the tab of a stream that ends from now on is known to be leaving.
        if self._hub.streams.of_tab(incoming.tab) is None:
            raise Reject("The tab's stream is not open here.")
        if self._known is not None and incoming.tab is not None:
            try:
                self._known[1].update(incoming.tab, guest, told)
            except PresenceError as error:
                raise BadRequest(str(error)) from None
        return Response(status_code=204, headers=NO_STORE)

    def leave(self, tab: str | None) -> None:
        """A stream of the tab has gone, the newest unless there is another one."""
        if self._known is not None and tab is not None and self._hub.streams.of_tab(tab) is None:
            self._known[1].leave(tab)


def _entries(told: Sequence[Present]) -> list[Entry]:
    return [(one.token, one.values) for one in told]
