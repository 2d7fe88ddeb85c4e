"""The process that `helio dev` starts anew on every change: imports the target and serves it.

`python -P -m helio.server.child ORDER`, with ORDER the JSON of `Order`. On the control socket it
waits for GO, which comes when the process before it has ended, and reports READY or BROKEN. The
socket's end means that the parent is gone, and ends this process too.
"""

import asyncio
import os
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec

from helio.server.application import Application
from helio.server.broken import Broken
from helio.server.lifespan import StartError
from helio.server.listener import Listener
from helio.server.logs import configure_logs
from helio.server.options import Options
from helio.server.process import Server, run_until_done
from helio.server.report import Report
from helio.server.target import Target, TargetError, TargetImportError

GO = b"g"
READY = b"r"
BROKEN = b"b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the parent wants served. `failure`: only show this text, import nothing."""

    target: str
    host: str
    sockets: list[int]
    control: int
    options: Options
    failure: str | None = None


class Child:
    """One application process under `helio dev`."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._control = socket.socket(fileno=order.control)
        sockets = tuple(socket.socket(fileno=number) for number in order.sockets)
        self._listener = Listener(sockets, order.host)

    def run(self) -> None:
        """Serve the target, or the reason why it cannot be served."""
        app = self._load()
        if self._control.recv(1) != GO:
            return
        run_until_done(self._serve(app))

    def _load(self) -> Application:
        if self._order.failure is not None:
            return Broken(f"{self._order.target} has stopped", self._order.failure)
        try:
            app = Target.parse(self._order.target).load()
        except TargetError as error:
            return self._broken(str(error), traced=isinstance(error, TargetImportError))
        app.development = True
        return app

    async def _serve(self, app: Application) -> None:
        state = BROKEN if isinstance(app, Broken) else READY
        try:
            await self._server(app, state).serve(self._listener.sockets)
        except StartError as error:
            page = self._broken(self._explain(error), traced=error.__cause__ is not None)
            await self._server(page, BROKEN).serve(self._listener.sockets)

    def _server(self, app: Application, state: bytes) -> Server:
        def ready() -> None:
            self._control.send(state)

        server = Server(app, self._order.options, ready)
        asyncio.get_running_loop().add_reader(self._control.fileno(), self._orphaned, server)
        return server

    def _orphaned(self, server: Server) -> None:
        asyncio.get_running_loop().remove_reader(self._control.fileno())
        server.leave()

    def _explain(self, error: StartError) -> str:
        if error.__cause__ is None:
            return str(error)
        return Report(error.__cause__, Target.parse(self._order.target).start).text()

    def _broken(self, report: str, *, traced: bool) -> Broken:
        title = f"{self._order.target} does not start"
        sys.stderr.write(f"{report}\n" if traced else f"{title}: {report}\n")
        sys.stderr.flush()
        return Broken(title, report)


def _directory(order: Order) -> Path | None:
    try:
        return Target.parse(order.target).directory
    except TargetError:
        return None


def main() -> None:
    """The process's entry."""
    order = msgspec.json.decode(sys.argv[1], type=Order)
    sys.argv = [order.target]
    configure_logs(_directory(order))
    try:
        Child(order).run()
    except KeyboardInterrupt:
        os._exit(130)


if __name__ == "__main__":
    main()
