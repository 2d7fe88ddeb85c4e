"""Sessions: who a visitor is, by a random id in a cookie; the values stay on the server.

The id has 256 random bits and is stored hashed, so a copy of the store opens no session.
"""

import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import msgspec

from helio.data import Everything, SQLite
from helio.live.recorder import forbid, forbid_private, record, untracked

S = TypeVar("S", bound=msgspec.Struct)

Values = dict[str, Any]
"""What a session holds: JSON values by name."""

LIFETIME = 30 * 24 * 3600
"""Seconds after its last use that a session is kept."""


SECRET_SIZE = 32
"""Bytes of a store's secret."""


ENDED = "ended"
"""What of a session changes only when it ends; no state struct has such a name."""


@dataclass(frozen=True, slots=True)
class SessionTopic:
    """The topic of a session's values, of one state struct in it, or of its end."""

    session: str
    state: str = ""


class Store(Protocol):
    """Where sessions are kept, by the hash of their id."""

    async def load(self, hashed: str) -> Values | None:
        """The values, or None for an unknown or expired session."""
        ...

    async def remaining(self, hashed: str) -> float | None:
        """Seconds until the session expires, or None for an unknown or expired one."""
        ...

    async def create(self, hashed: str) -> None: ...

    async def renew(self, hashed: str) -> None:
        """Keep the session for a whole lifetime from now."""
        ...

    async def save(self, hashed: str, changes: Mapping[str, Any]) -> None:
        """Set these names; None as value removes one. An unknown session is left alone."""
        ...

    async def delete(self, hashed: str) -> None: ...

    async def secret(self) -> bytes:
        """32 random bytes to sign with, the same for all who use the store, as long as it lasts."""
        ...


class MemoryStore:
    """Sessions of one process, gone with it."""

    def __init__(self) -> None:
        # By hash: when it expires, and its values as JSON, as any store would keep them.
        self._sessions: dict[str, tuple[float, bytes]] = {}
        self._crowded = 1000
        self._secret = secrets.token_bytes(SECRET_SIZE)

    async def load(self, hashed: str) -> Values | None:
        found = self._found(hashed)
        return None if found is None else msgspec.json.decode(found[1], type=Values)

    async def remaining(self, hashed: str) -> float | None:
        found = self._found(hashed)
        return None if found is None else found[0] - time.time()

    async def create(self, hashed: str) -> None:
        self._sessions[hashed] = (time.time() + LIFETIME, b"{}")
        if len(self._sessions) > self._crowded:
            now = time.time()
            self._sessions = {key: it for key, it in self._sessions.items() if it[0] >= now}
            self._crowded = 2 * len(self._sessions) + 1000

    async def renew(self, hashed: str) -> None:
        found = self._found(hashed)
        if found is not None:
            self._sessions[hashed] = (time.time() + LIFETIME, found[1])

    async def save(self, hashed: str, changes: Mapping[str, Any]) -> None:
        values = await self.load(hashed)
        if values is not None:
            _merge(values, changes)
            self._sessions[hashed] = (time.time() + LIFETIME, msgspec.json.encode(values))

    async def delete(self, hashed: str) -> None:
        self._sessions.pop(hashed, None)

    async def secret(self) -> bytes:
        return self._secret

    def _found(self, hashed: str) -> tuple[float, bytes] | None:
        found = self._sessions.get(hashed)
        return found if found is not None and found[0] >= time.time() else None


class SQLiteStore:
    """Sessions in a table `helio_session` of an SQLite database, and their `helio_secret`."""

    _TABLE = (
        "create table if not exists helio_session "
        "(hashed text primary key, expires integer not null, data text not null) without rowid"
    )
    _TABLE_OF_ONE = (
        "create table if not exists helio_secret "
        "(id integer primary key check (id = 1), secret blob not null)"
    )

    def __init__(self, db: SQLite) -> None:
        self._db = db
        self._ready = False
        self._secret: bytes | None = None

    async def _prepare(self) -> None:
        if not self._ready:
            await self._db.execute(self._TABLE)
            await self._db.execute("delete from helio_session where expires < $1", int(time.time()))
            self._ready = True

    async def load(self, hashed: str) -> Values | None:
        await self._prepare()
        # What this process assigns is published by itself; of others' commits the source tells.
        record(Everything(self._db))
        with untracked():
            row = await self._db.fetch_one(
                "select data from helio_session where hashed = $1 and expires >= $2",
                hashed,
                int(time.time()),
            )
        return None if row is None else msgspec.json.decode(row.data, type=Values)

    async def remaining(self, hashed: str) -> float | None:
        await self._prepare()
        with untracked():
            expires = await self._db.fetch_value(
                "select expires from helio_session where hashed = $1 and expires >= $2",
                hashed,
                int(time.time()),
            )
        return None if expires is None else expires - time.time()

    async def renew(self, hashed: str) -> None:
        await self._db.execute(
            "update helio_session set expires = $1 where hashed = $2",
            int(time.time()) + LIFETIME,
            hashed,
        )

    async def create(self, hashed: str) -> None:
        await self._prepare()
        await self._db.execute(
            "insert into helio_session (hashed, expires, data) values ($1, $2, '{}')",
            hashed,
            int(time.time()) + LIFETIME,
        )

    async def save(self, hashed: str, changes: Mapping[str, Any]) -> None:
        async with self._db.transaction():
            values = await self.load(hashed)
            if values is None:
                return
            _merge(values, changes)
            await self._db.execute(
                "update helio_session set data = $1, expires = $2 where hashed = $3",
                msgspec.json.encode(values).decode(),
                int(time.time()) + LIFETIME,
                hashed,
            )

    async def delete(self, hashed: str) -> None:
        await self._prepare()
        await self._db.execute("delete from helio_session where hashed = $1", hashed)

    async def secret(self) -> bytes:
        """Raises DatabaseError; RenderError if it is first asked for inside a render."""
        if self._secret is None:
            await self._db.execute(self._TABLE_OF_ONE)
            # Of processes that begin at the same time, the first one's stays.
            await self._db.execute(
                "insert or ignore into helio_secret (id, secret) values (1, $1)",
                secrets.token_bytes(SECRET_SIZE),
            )
            with untracked():
                [row] = await self._db.fetch("select secret from helio_secret")
            self._secret = bytes(row.secret)
        return self._secret


def _merge(values: Values, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        if value is None:
            values.pop(name, None)
        else:
            values[name] = value


class Session:
    """The values of one visitor, for pages and commands: `session["name"]`, JSON values.

    What a command assigns is saved when it ends. A page that takes the session is rendered for
    this visitor alone, and again when the values change.
    """

    __private__ = True

    def __init__(self, hashed: str, values: Values) -> None:
        self.key = hashed
        self.changes: Values = {}
        self._values = values

    def __getitem__(self, name: str) -> Any:
        forbid_private("The session")
        return self._values[name]

    def get(self, name: str, default: Any = None) -> Any:
        """The value of this name, or `default`."""
        forbid_private("The session")
        return self._values.get(name, default)

    def __contains__(self, name: object) -> bool:
        forbid_private("The session")
        return name in self._values

    def __setitem__(self, name: str, value: Any) -> None:
        forbid(f"session[{name!r}] = …")
        self._values[name] = self.changes[name] = value

    def __delitem__(self, name: str) -> None:
        forbid(f"del session[{name!r}]")
        del self._values[name]
        self.changes[name] = None

    def __repr__(self) -> str:
        return f"<session {self.key[:6]}…>"


class SessionState(msgspec.Struct):
    """Typed state of one visitor: `class Prefs(SessionState): sort: str = "name"`.

    Take it by type in pages and commands. A page that takes it is rendered for this visitor
    alone; a field that a command assigns is saved when the command ends, and the page follows.
    Every field has a default.
    """

    __private__ = True

    def __setattr__(self, name: str, value: object) -> None:
        forbid(f"{type(self).__name__}.{name} = …")
        super().__setattr__(name, value)


def state_name(kind: type[SessionState]) -> str:
    """The name under which a session keeps this struct."""
    return f"state:{kind.__module__}.{kind.__qualname__}"


def restored(kind: type[S], kept: object) -> S:
    """The struct from what was kept of it; what no longer fits its fields takes their defaults."""
    try:
        return msgspec.convert(kept or {}, kind)
    except msgspec.ValidationError:
        return kind()


def new_id() -> str:
    """A fresh session id: 256 random bits."""
    return secrets.token_urlsafe(32)


def hashed(session_id: str) -> str:
    """What is stored in the place of an id."""
    return hashlib.sha256(session_id.encode("utf-8", "surrogatepass")).hexdigest()


def recorded(key: str, state: str = "") -> None:
    """Note, before they are loaded, that the render under way reads these values."""
    record(SessionTopic(key, state))
    record(SessionTopic(key, ENDED))
