"""What a database can answer other than rows: one readable message with the SQL and the fix."""

import difflib

import apsw

from .driver import Connection


class DatabaseError(Exception):
    """A statement could not be run. `sql` is its text as the author wrote it."""

    def __init__(self, message: str, sql: str = "") -> None:
        super().__init__(message)
        self.sql = sql


class ConstraintError(DatabaseError):
    """The data would break a rule of the schema: unique, not null, check, a foreign key."""


class LockedError(DatabaseError):
    """Another connection kept the database locked for longer than the timeout."""


def explain(error: Exception, sql: str, connection: Connection) -> DatabaseError:
    """`error`, raised while `connection` ran `sql`, as a message for the author."""
    kind, advice = DatabaseError, ""
    reason = str(error)
    if isinstance(error, apsw.ConstraintError):
        kind = ConstraintError
    elif isinstance(error, apsw.BusyError | apsw.LockedError):
        kind = LockedError
        advice = (
            "Another connection is writing and did not finish in time. End its transaction, or "
            "wait longer: SQLite(path, timeout=seconds)."
        )
    elif isinstance(error, apsw.SQLError) and reason.startswith("no such table: "):
        advice = _advise_tables(reason.removeprefix("no such table: "), connection)
    elif isinstance(error, OverflowError):
        reason = "an argument is an integer of more than 64 bits, which SQLite cannot hold"
        advice = "Pass it as text."
    elif isinstance(error, UnicodeEncodeError):
        reason = f"an argument holds a lone surrogate: {error.object!r}"
        advice = "It has no UTF-8 form; refuse or replace it where it comes from."
    return kind(report(reason, sql, advice, getattr(error, "error_offset", -1)), sql)


def report(reason: str, sql: str, advice: str = "", offset: int = -1) -> str:
    """A message in the house's form: what happened, the SQL with the place marked, the fix."""
    lines = [reason, *_excerpt(sql, offset)]
    return "\n".join([*lines, f"  {advice}"] if advice else lines)


def _excerpt(sql: str, offset: int) -> list[str]:
    """The SQL, indented; where SQLite names a byte of it, that line with a mark below."""
    if offset < 0 or not sql.strip():
        return [f"  {line}" for line in sql.strip().splitlines()[:12]]
    before = sql.encode()[:offset].decode(errors="replace")
    start = before.rfind("\n") + 1
    line = sql[start:].split("\n", 1)[0]
    return [f"  {line}", "  " + " " * (len(before) - start) + "^"]


def _advise_tables(missing: str, connection: Connection) -> str:
    try:
        rows = connection.execute(
            "select name from sqlite_schema where type in ('table', 'view') "
            "and name not like 'sqlite_%' order by name"
        ).fetchall()
        known = [str(name) for (name,) in rows]
    except apsw.Error:
        return ""
    if not known:
        return "The database has no tables. Create them with SQLite(path, schema='create table …')."
    close = difflib.get_close_matches(missing, known, 1)
    guess = f" Did you mean {close[0]}?" if close else ""
    return f"The tables are: {', '.join(known[:20])}.{guess}"
