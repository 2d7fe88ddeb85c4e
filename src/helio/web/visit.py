"""A visit: who sends one request, and what is kept of him: session, state, tab, user."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import msgspec
from starlette.requests import Request

from helio.live.rights import NOBODY, Visitor
from helio.live.user import User
from helio.web.refusals import Forbidden
from helio.web.sessions import (
    Session,
    SessionState,
    SessionTopic,
    Values,
    recorded,
    restored,
    state_name,
)
from helio.web.tabs import (
    TAB_PREFIX,
    TabState,
    crowded_out,
    tab_id,
    tab_state_name,
    unwrapped,
    wrapped,
)
from helio.web.users import Known, Users
from helio.web.visitors import Visitors

U = TypeVar("U", bound=User)
K = TypeVar("K", bound=SessionState | TabState)


@dataclass(slots=True)
class _Kept:
    """A state struct as a handler has it, and as it was before."""

    now: SessionState | TabState
    before: SessionState | TabState

    def builtins(self) -> dict[str, Any]:
        """As the session keeps it."""
        if isinstance(self.now, TabState):
            return wrapped(self.now)
        return msgspec.to_builtins(self.now)


class Visit:
    """Who sends a request, found out as far as somebody asks."""

    def __init__(self, request: Request, visitors: Visitors, users: Users | None) -> None:
        self.tab = tab_id(request)
        self.cookies: list[str] = []  # Set-Cookie headers for the answer
        self.began = False  # a session, for this request
        self._request = request
        self._visitors = visitors
        self._users = users
        self._key: str | None = None
        self._asked = False
        self._values: Values | None = None
        self._session: Session | None = None
        self._states: dict[str, _Kept] = {}
        self._user: tuple[User | None] | None = None

    def again(self, request: Request | None = None) -> "Visit":
        """The same visitor, before anything of his was read; with another request, if told."""
        return self.known_to(self._users, request or self._request)

    def known_to(self, users: Users | None, request: Request) -> "Visit":
        """The same with another request, as an application that has these users knows him."""
        other = Visit(request, self._visitors, users)
        other._key = self._key
        other._asked = self._asked
        return other

    # Who it is

    async def known(self) -> str | None:
        """The key of the visitor's session; None if he has none."""
        if not self._asked:
            self._asked = True
            self._key, renewed = await self._visitors.known(self._request)
            if renewed:
                self.cookies.append(renewed)
        return self._key

    async def identify(self) -> str:
        """The key of the visitor's session, which is begun if there is none."""
        key = await self.known()
        if key is None:
            key, cookie = await self._visitors.begin(self._request)
            self._key, self.began = key, True
            self.cookies.append(cookie)
        return key

    async def visitor(self) -> Visitor:
        """Whose rights are asked for. Begins no session."""
        key = await self.known()
        return NOBODY if key is None else Known(key, self._visitors.store, self._users)

    async def user(self) -> User | None:
        """Who it is; None for a mere visitor. Asked for once, and begins no session."""
        if self._user is None:
            self._user = (cast("User | None", await (await self.visitor()).user()),)
        return self._user[0]

    async def user_of(self, kind: type[U], *, needed: bool) -> U | None:
        """The user as a parameter of this type; refused if there must be one and is none."""
        found = await self.user()
        if found is None and needed:
            raise Forbidden("Log in first.")
        if found is None or isinstance(found, kind):
            return found
        raise TypeError(f"the user is {type(found).__name__}, and {kind.__name__} was asked for")

    # What is kept of him

    async def session(self) -> Session:
        """His session, which is begun if there is none."""
        key = await self.identify()
        recorded(key)
        if self._session is None:
            self._session = Session(key, dict(await self._load(key)))
        return self._session

    async def state(self, kind: type[K], *, begin: bool = True) -> K:
        """The struct as it is kept of the session or tab.

        Where there is no session, one is begun; but not for a tab's state unless `begin`, nor
        where no tab is known. Then it is the defaults.
        """
        name = self._name(kind)
        if name is None or (issubclass(kind, TabState) and not begin and not await self.known()):
            recorded("", kind.__qualname__)  # so that the page is live: its stream knows the tab
            return kind()
        key = await self.identify()
        recorded(key, name)
        if name not in self._states:
            kept = (await self._load(key)).get(name)
            kept = unwrapped(kept) if issubclass(kind, TabState) else kept
            self._states[name] = _Kept(restored(kind, kept), restored(kind, kept))
        return cast("K", self._states[name].now)

    def _name(self, kind: type[object]) -> str | None:
        """The name under which a session keeps it; None for a tab's where no tab is known."""
        if issubclass(kind, SessionState):
            return state_name(kind)
        if issubclass(kind, TabState) and self.tab is not None:
            return tab_state_name(self.tab, kind)
        return None

    async def follow(self, kinds: Sequence[type[object]]) -> None:
        """Record what of these is kept in the session, before the first of them is read."""
        names = ["" if issubclass(kind, Session) else self._name(kind) for kind in kinds]
        if any(name is not None for name in names):
            key = await self.known()
            for name in names:
                if key is not None and name is not None:
                    recorded(key, name)

    async def _load(self, key: str) -> Values:
        """All values of the session, read once."""
        if self._values is None:
            self._values = await self._visitors.store.load(key)
        if self._values is None:
            raise Forbidden("Your session has ended.")
        return self._values

    async def save(self) -> list[SessionTopic]:
        """Keep what the handler assigned; the topics that this changes."""
        changes: Values = {}
        names: list[str] = []
        if self._session is not None and self._session.changes:
            changes |= self._session.changes
            self._session.changes = {}
            names.append("")
        for name, kept in self._states.items():
            if kept.now != kept.before:
                changes[name] = kept.builtins()
                kept.before = msgspec.convert(msgspec.to_builtins(kept.now), type(kept.now))
                names.append(name)
        if not changes:
            return []
        key = await self.identify()
        if self.tab is not None and any(name.startswith(TAB_PREFIX) for name in changes):
            gone = crowded_out({**await self._load(key), **changes}, self.tab)
            changes |= dict.fromkeys(gone)
            names += gone
        await self._visitors.store.save(key, changes)
        return [SessionTopic(key, name) for name in names]
