"""A `helio` command as a process of its own, and what it has printed."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

PATIENCE = 10.0
"""Seconds until something that should happen at once is taken for not happening."""

APP = """
import asyncio

class App:
    development = False

    def __init__(self):
        self.draining = asyncio.Event()

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        stream = scope["path"] == "/stream"
        if scope["path"] == "/slow":
            await asyncio.sleep(60)
        body = b"data: WORD %d\\n\\n" % self.development
        await send({"type": "http.response.body", "body": body, "more_body": stream})
        if stream:
            await self.draining.wait()
            await send({"type": "http.response.body", "body": b"retry: 5\\n\\n", "more_body": True})

    async def drain(self, deadline):
        self.draining.set()

app = App()
"""
"""An application that answers `WORD` and whether it is in development."""


def app(word: str = "hello") -> str:
    """The text of an application that answers with `word`."""
    return APP.replace("WORD", word)


class Command:
    """A running `helio …`, in `place`."""

    def __init__(self, place: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "helio.cli", *arguments],
            cwd=place,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "200"},
            start_new_session=True,
        )
        self.out: list[str] = []
        self.err: list[str] = []
        self._readers = [
            threading.Thread(target=self._read, args=pair, daemon=True)
            for pair in ((self.process.stdout, self.out), (self.process.stderr, self.err))
        ]
        for reader in self._readers:
            reader.start()

    @staticmethod
    def _read(pipe, lines: list[str]) -> None:
        for line in pipe:
            lines.append(line.rstrip("\n"))

    @property
    def url(self) -> str:
        """Where it serves, once it has said so."""
        line = self.says("http://")
        return line[line.index("http://") :].partition(",")[0]

    def says(self, text: str, times: int = 1) -> str:
        """The line with `text` that it prints, or has printed, for the given time."""
        return until(lambda: [line for line in self._lines() if text in line][times - 1 :])[0]

    def _lines(self) -> list[str]:
        if self.process.poll() is not None:
            for reader in self._readers:
                reader.join()
        return [*self.out, *self.err]

    def get(self, path: str = "/") -> tuple[int, str]:
        """Status and body of an answer."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=PATIENCE) as answer:  # noqa: S310
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def open(self, path: str) -> socket.socket:
        """A connection on which `path` was asked for and began to be answered."""
        port = int(self.url.rpartition(":")[2])
        sock = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        sock.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        return sock

    def signal(self, number: int = signal.SIGTERM) -> None:
        """Send it a signal."""
        self.process.send_signal(number)

    def wait(self) -> int:
        """Its exit status, when it ends."""
        status = self.process.wait(PATIENCE)
        self._lines()
        return status

    def children(self) -> list[int]:
        """The processes that it has started and that still run."""
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(number) for number in found.split()]

    def end(self) -> None:
        """Make sure that nothing is left of it."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)
        for reader in self._readers:
            reader.join(PATIENCE)
        assert self.process.stdout
        assert self.process.stderr
        self.process.stdout.close()
        self.process.stderr.close()


def until(question):
    """The answer of `question`, asked again and again until it is true."""
    end = time.monotonic() + PATIENCE
    while not (answer := question()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)
    return answer


def rest(sock: socket.socket) -> bytes:
    """Everything until the other side closes."""
    with sock:
        return b"".join(iter(lambda: sock.recv(65536), b""))
