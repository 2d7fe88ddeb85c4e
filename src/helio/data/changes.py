"""Changes of a file: which commits to tell of, our own and those of other connections."""

import logging
from collections.abc import Callable

import apsw

from .driver import Connection
from .written import Written

Changed = Callable[[Written | None], None]
"""Takes what has been written, or None for anything, on the writer's thread."""

log = logging.getLogger("helio.data")


class Changes:
    """What the writer's connection knows of its file's history. Used on its thread only.

    `pragma data_version` on the connection that makes all of our writes changes for commits of
    others alone: another process, or another connection of this one. On a reading connection it
    would change for our own as well.
    """

    def __init__(self, changed: Changed) -> None:
        self._publish = changed
        self._data = 0
        self.schema = -1
        """The schema's version, as last seen. Read by other threads."""

    def begin(self, connection: Connection) -> None:
        """Take the base line, before anybody has read anything."""
        self._data = data_version(connection)
        self.schema = _schema_version(connection)

    def look(self, connection: Connection) -> bool:
        """Has another connection committed? Then everything of the file may have changed.

        Returns whether it could be seen.
        """
        try:
            now = data_version(connection)
            if now != self._data:
                self._data = now
                self.schema = _schema_version(connection)
                self._changed(None)
        except apsw.BusyError:
            return False  # Somebody holds the file for himself; his commits are seen the next time.
        except Exception:
            log.exception("Looking for other connections' commits failed")
            return False
        return True

    def refresh(self, connection: Connection) -> None:
        """A reader met another schema than the one last seen: look at the schema itself too."""
        self.look(connection)
        self._read_schema(connection)

    def committed(self, connection: Connection, written: Written, schema_changed: bool) -> None:
        """Our own commit has returned: tell of what it changed."""
        if schema_changed and self._read_schema(connection):
            return
        if written.tables:
            self._changed(written)

    def _changed(self, written: Written | None) -> None:
        try:
            self._publish(written)
        except Exception:  # The write has happened; whoever made it must not be told otherwise.
            log.exception("Publishing changes failed")

    def _read_schema(self, connection: Connection) -> bool:
        now = _schema_version(connection)
        if now == self.schema:
            return False
        self.schema = now
        self._changed(None)
        return True


def data_version(connection: Connection) -> int:
    """A number that changes when another connection than this one commits to the file."""
    return int(connection.pragma("data_version"))


def _schema_version(connection: Connection) -> int:
    return int(connection.pragma("schema_version"))
