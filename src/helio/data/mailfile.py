"""The mail file: what the processes on one database tell each other, in a file beside it.

It is no table of the database because every commit there tells all other processes that anything
may have changed: each message would have all their pages rendered again.

The first message makes the file; a database that only one process uses never has one.
"""

import logging
import os
import secrets
import time
from collections.abc import Callable
from typing import NamedTuple

import apsw

from .changes import data_version
from .connections import File
from .driver import Connection
from .errors import LockedError, explain

SUFFIX = "-mail"

KEPT = 30.0
"""Seconds that a message is kept for others to read."""

_REST = 0.003
"""Seconds between two looks: many writes in a row are not held up by one each."""

_TIMEOUT = 0.05
"""Seconds that a message may keep its process's writes waiting."""

_SCHEMA = """
create table if not exists helio_mail (
  id integer primary key,
  sender text not null,
  posted real not null,
  kind text not null,
  text text not null
)
"""

_POST = "insert into helio_mail (sender, posted, kind, text) values (?, ?, ?, ?)"

# The newest message always stays: the next one's id is higher.
_PURGE = """
delete from helio_mail where posted < ? and id in (select id from helio_mail order by id limit 100)
"""

_NEWEST = "select coalesce(max(id), 0) from helio_mail where posted < ?"

_READ = "select id, sender, kind, text from helio_mail where id > ? order by id"

log = logging.getLogger("helio.data")


class Letter(NamedTuple):
    """One message."""

    kind: str
    text: str


class Ears(NamedTuple):
    """Somebody who listens."""

    since: float
    """Seconds by the clock: what was posted before is no news."""
    tell: Callable[[list[Letter]], None]
    """Takes messages on the writer's thread."""


class Unread(NamedTuple):
    """Messages that were found and not yet told."""

    ears: Ears
    letters: list[Letter]
    last: int
    version: int


class MailFile:
    """The messages beside one database. Used on its writer's thread only."""

    def __init__(self, ears: Callable[[], Ears | None]) -> None:
        """`ears` says who listens, if anybody does."""
        self._ears = ears
        self._sender = secrets.token_hex(8)
        self._path = ""
        self._connection: Connection | None = None
        self._version = 0  # of the file, when it was last read
        self._last: int | None = None  # the newest message that is no news
        self._looked = 0.0
        self._broken = False

    def begin(self, database: str) -> None:
        """The database is open. Its path is as SQLite has resolved it."""
        self._path = database + SUFFIX

    def post(self, kind: str, text: str) -> None:
        """Raises DatabaseError."""
        connection = self._opened()
        now = time.time()
        try:
            connection.execute("begin immediate")
            connection.execute(_POST, (self._sender, now, kind, text))
            connection.execute(_PURGE, (now - KEPT,))
            connection.execute("commit")
        except (apsw.Error, UnicodeError) as error:
            if connection.in_transaction:
                connection.execute("rollback")
            raise explain(error, _POST, connection) from error

    def unread(self) -> Unread | None:
        """The messages that others have posted since the last ones told."""
        now = time.monotonic()
        if self._broken or now - self._looked < _REST:
            return None
        self._looked = now
        ears = self._ears()
        if ears is None or not self._is_there():
            return None
        try:
            return self._read(ears)
        except (apsw.BusyError, LockedError):
            return None  # It is being made, or cleared up after a crash.
        except Exception:
            self._broken = True
            log.exception(
                "Messages of other processes cannot be read from %s. Stop them all and delete it: "
                "it holds nothing that lasts.",
                self._path,
            )
            return None

    def told(self, unread: Unread) -> None:
        """Hand the messages on, and do not find them again."""
        self._last, self._version = unread.last, unread.version
        if unread.letters:
            unread.ears.tell(unread.letters)

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection:
            connection.close()

    def _is_there(self) -> bool:
        return self._connection is not None or os.path.exists(self._path)

    def _read(self, ears: Ears) -> Unread | None:
        connection = self._opened()
        version = data_version(connection)  # Our own posts do not change it.
        if version == self._version:
            return None
        last = _newest(connection, ears.since) if self._last is None else self._last
        rows = connection.execute(_READ, (last,)).fetchall()
        letters = [Letter(*message) for _, sender, *message in rows if sender != self._sender]
        return Unread(ears, letters, rows[-1][0] if rows else last, version)

    def _opened(self) -> Connection:
        if self._connection is None:
            self._connection = File(self._path, _SCHEMA, None, _TIMEOUT, "normal").open_writer()
        return self._connection


def _newest(connection: Connection, before: float) -> int:
    """The last message that was posted before this time."""
    [(newest,)] = connection.execute(_NEWEST, (before,)).fetchall()
    return int(newest)
