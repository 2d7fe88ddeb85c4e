"""Trust: what an application has signed, and knows again when a tab brings it back."""

from helio.live.hub import Hub
from helio.live.signing import Signer
from helio.web.grants import Grants
from helio.web.regions import Regions
from helio.web.sessions import Store


class Trust:
    """The signer of an application, of a given secret or its session store's."""

    def __init__(self, secret: str | None, store: Store, hub: Hub) -> None:
        """ValueError for a secret that is too short to be one."""
        self._signer = Signer(secret.encode()) if secret is not None else None
        self._store = store
        self._hub = hub

    async def signer(self) -> Signer:
        """What signs. The store is asked for its secret when it is first needed."""
        if self._signer is None:
            self._signer = Signer(await self._store.secret())
        return self._signer

    async def grants(self) -> Grants:
        """What gives mounts to tabs and takes them back."""
        return Grants(await self.signer(), Regions(self._hub.graph.views).find)
