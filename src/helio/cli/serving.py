"""What `run` and `dev` do once their arguments are read."""

import asyncio
import sys
from pathlib import Path
from typing import NoReturn, Protocol

from helio.server import AddressError, Listener, Options, Target, TargetError
from helio.server.lifespan import StartError
from helio.server.logs import configure_logs
from helio.server.proxies import Proxies, ProxiesError
from helio.server.report import Report
from helio.server.tls import CertificateError, tls_context

Place = tuple[str, int] | Path
"""Where to listen: at host and port, or at a path of the file system."""


class Fail(Protocol):
    """Ends the command with a message and a failing exit status."""

    def __call__(self, message: str) -> NoReturn: ...


def run_target(text: str, place: Place, options: Options, fail: Fail) -> None:
    """Serve the target in this process until SIGINT or SIGTERM."""
    from helio.server.process import serve

    configure_logs()
    target, listener = _prepare(text, place, options, fail)
    try:
        app = target.load()
        serve(app, listener, options, ready=lambda: _say(_served(text, listener)))
    except (TargetError, AddressError) as error:
        fail(str(error))
    except StartError as error:
        cause = error.__cause__
        fail(Report(cause, target.start).text() if cause else str(error))
    finally:
        listener.close()


def develop_target(text: str, place: Place, options: Options, fail: Fail) -> None:
    """Serve the target in child processes, a fresh one on every change."""
    from helio.server.reload import Reloader, WatchError

    target, listener = _prepare(text, place, options, fail)
    try:
        asyncio.run(Reloader(target, listener, options, say=_say).run())
    except WatchError as error:
        fail(str(error))


def _prepare(text: str, place: Place, options: Options, fail: Fail) -> tuple[Target, Listener]:
    """Find out all that cannot be before the application is imported."""
    try:
        Proxies(options.forwarded_allow_ips)
        if options.certificate is not None:
            tls_context(options.certificate)
        return Target.parse(text), _bind(place, "https" if options.certificate else "http")
    except (TargetError, AddressError, ProxiesError, CertificateError) as error:
        fail(str(error))


def _bind(place: Place, scheme: str) -> Listener:
    if isinstance(place, Path):
        return Listener.bind_unix(place, scheme)
    return Listener.bind(*place, scheme)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _served(text: str, listener: Listener) -> str:
    """Where a person finds what is served."""
    network = listener.network_url
    also = f" and, in the network, at {network}" if network else ""
    return f"{text} is served at {listener.url}{also}"
