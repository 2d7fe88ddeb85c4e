"""`helio run` on a real port, which a test may kill and start again."""

import signal
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import httpx

from cli.commands import Command, until

PATIENCE = 15.0
"""Seconds until something that should happen at once is taken for not happening."""

_INSERT = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=10)
connection.execute(sys.argv[2], sys.argv[3:])
connection.commit()
"""


class Served:
    """An application under `helio run` or `dev`, in a directory of its own, at one address."""

    def __init__(self, target: Path, place: Path, verb: str = "run") -> None:
        self.verb = verb
        self.target = target
        self.place = place
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.said: list[str] = []
        self._command = self._start()

    def _start(self) -> Command:
        command = Command(self.place, self.verb, str(self.target), "--port", str(self.port))
        try:
            command.says("is served at")
        except AssertionError:
            command.end()
            raise AssertionError(f"{self.target.name} does not start:\n{command.err}") from None
        return command

    def kill(self) -> None:
        """The process is gone, without a word to anybody."""
        self._command.signal(signal.SIGKILL)
        self._ended()

    def terminate(self) -> None:
        """The process is asked to end (SIGTERM) and does."""
        self._command.signal(signal.SIGTERM)
        self._ended()

    def _ended(self) -> None:
        self._command.wait()
        self.said += self._command.err
        self._command.end()

    def restart(self) -> None:
        """Start again at the same address; only after `kill` or `terminate`."""
        self._command = self._start()

    def end(self) -> None:
        """Make sure that nothing is left of it."""
        self._command.end()

    @property
    def log(self) -> str:
        """What it has written to its standard error."""
        return "\n".join([*self.said, *self._command.err])

    def logs(self, text: str) -> None:
        """Wait until it has written this to its standard error, which a thread reads."""
        until(lambda: text in self.log)

    # The database, seen from outside

    def rows(self, sql: str, *values: object, file: str = "todo.db") -> list[tuple[object, ...]]:
        """What is in the database, read past the application."""
        connection = sqlite3.connect(self.place / file)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def elsewhere(self, sql: str, *values: str, file: str = "todo.db") -> None:
        """Write to the database by Python's `sqlite3` module, in a process of its own."""
        subprocess.run(
            [sys.executable, "-c", _INSERT, str(self.place / file), sql, *values], check=True
        )

    # Plain HTTP

    def get(self, path: str, **headers: str) -> httpx.Response:
        """A visit without a browser; underscores in header names become hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.get(self.url + path, headers=named, timeout=PATIENCE)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


__all__ = ["PATIENCE", "Served", "until"]
