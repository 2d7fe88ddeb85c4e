"""SQLite access that records what is read, and publishes what is written.

A render that fetches is subscribed to the tables it read, or to the keys of them that its statement
keeps to; a commit wakes whom it concerns, whoever made it.
"""

from .errors import ConstraintError, DatabaseError, LockedError
from .rows import Row
from .sqlite import SQLite
from .topics import EveryKey, Everything, Key, Table

__all__ = [
    "ConstraintError",
    "DatabaseError",
    "EveryKey",
    "Everything",
    "Key",
    "LockedError",
    "Row",
    "SQLite",
    "Table",
]
