"""SQLite access that records what is read, and publishes what is written.

A render that fetches is subscribed to the tables it read; a commit wakes them, whoever made it.
"""

from .errors import ConstraintError, DatabaseError, LockedError
from .rows import Row
from .sqlite import SQLite
from .table import Table

__all__ = ["ConstraintError", "DatabaseError", "LockedError", "Row", "SQLite", "Table"]
