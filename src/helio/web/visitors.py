"""Visitors: the cookie by which one is known again."""

import asyncio
from weakref import WeakValueDictionary

from starlette.requests import Request

from helio.live.hub import Hub
from helio.live.recorder import forbid
from helio.live.rights import Visitor
from helio.web.refusals import BadRequest
from helio.web.sessions import ENDED, LIFETIME, SessionTopic, Store, hashed, new_id
from helio.web.users import Known

SECURE_COOKIE = "__Host-helio"
PLAIN_COOKIE = "helio"
_LOOPBACK = {"localhost", "127.0.0.1", "::1", "testserver"}


class Visitors:
    """Finds and begins sessions."""

    def __init__(self, store: Store, hub: Hub, *, plain_http: bool) -> None:
        """`plain_http` permits sessions over unencrypted connections from other machines."""
        self.store = store
        self.hub = hub
        self.plain_http = plain_http
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def lock(self, key: str) -> asyncio.Lock:
        """Held while a command of this visitor reads and assigns session values."""
        lock = self._locks.get(key)
        if lock is None:
            lock = self._locks[key] = asyncio.Lock()
        return lock

    def cookie(self, request: Request) -> str | None:
        """The session id as the browser sent it."""
        name = SECURE_COOKIE if _secure(request) else PLAIN_COOKIE
        return request.cookies.get(name)

    async def known(self, request: Request) -> tuple[str | None, str | None]:
        """The key of the session that the request belongs to, if it is one of ours.

        Beside it the header of its cookie, if that must be set again so as not to expire.
        """
        told = self.cookie(request)
        if not told or len(told) > 128:
            return None, None
        key = hashed(told)
        left = await self.store.remaining(key)
        if left is None:
            return None, None
        if left > LIFETIME / 2:
            return key, None
        await self.store.renew(key)
        return key, _header(request, told)

    async def begin(self, request: Request) -> tuple[str, str]:
        """A new session: its key, and the header that sets its cookie.

        Refuses plain http from another machine unless it was permitted: the id could be read on
        the way.
        """
        secure = _secure(request)
        if not secure and not self.plain_http and request.url.hostname not in _LOOPBACK:
            raise BadRequest(
                "This page needs a session, and sessions need https. For a trusted network, "
                "start with App(plain_http=True)."
            )
        told = new_id()
        key = hashed(told)
        await self.store.create(key)
        return key, _header(request, told)

    async def revoke(self, key: str) -> None:
        """End a session (`session.key`) now: its pages are loaded again, by somebody unknown.

        Whoever had it open in this process is turned away at once; other processes see it as they
        see all changes of the store. RenderError inside a render.
        """
        forbid("visitors.revoke")
        await self.store.delete(key)
        self.hub.publish([SessionTopic(key, ENDED)])

        def is_his(visitor: Visitor) -> bool:
            return isinstance(visitor, Known) and visitor.session == key

        self.hub.turn_away(is_his)


def _header(request: Request, told: str) -> str:
    """The header that sets a session's cookie."""
    secure = _secure(request)
    name = SECURE_COOKIE if secure else PLAIN_COOKIE
    cookie = f"{name}={told}; Path=/; Max-Age={LIFETIME}; HttpOnly; SameSite=Lax"
    return f"{cookie}; Secure" if secure else cookie


def _secure(request: Request) -> bool:
    return request.url.scheme == "https"
