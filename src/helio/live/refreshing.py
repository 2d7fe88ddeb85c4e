"""Refreshing: a region is rendered again in every process that shows it.

For regions whose data says nothing of its changes. What a process does not hear of this it shows
when it next renders the region, as with any wake-up that is lost.
"""

import asyncio

from helio.live.hub import Hub

_KIND = "refresh"


class Refreshing:
    """Refreshes the regions of one application."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def start(self) -> None:
        """Hear what other processes refresh, from now on."""
        if self._hub.mail is not None:
            self._hub.mail.listen(self._heard)

    async def refresh(self, key: str) -> None:
        """Render the region of this key again, here and wherever else it is shown."""
        self._hub.refresh(key)
        if self._hub.mail is not None:
            try:
                async with asyncio.timeout(self._hub.pace.posting):
                    await self._hub.mail.post(_KIND, key)
            except TimeoutError:
                pass

    def _heard(self, kind: str, text: str) -> None:
        if kind == _KIND:
            self._hub.refresh(text)
