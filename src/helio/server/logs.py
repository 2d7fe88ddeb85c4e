"""Where the process's own messages go when the application configures no logging."""

import logging
import sys
from pathlib import Path
from types import TracebackType

from helio.server.report import Report

_FORMAT = "%(levelname)s %(name)s: %(message)s"
_LEVELS = {
    "helio": logging.WARNING,
    "python_multipart": logging.ERROR,
}


class _Console(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to standard error, and steps back once the application has handlers of its own."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not logging.getLogger().handlers and bool(super().filter(record))


class _Brief(logging.Formatter):
    """Shows of a traceback what is the author's, if anything is."""

    def __init__(self, start: Path) -> None:
        super().__init__(_FORMAT)
        self._start = start

    def formatException(  # noqa: N802 (the name is logging's)
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        report = Report(ei[1], self._start) if ei[1] is not None else None
        return report.text() if report and report.concerns_author else super().formatException(ei)


def configure_logs(start: Path | None = None) -> None:
    """Show Helio's warnings and errors, and the errors of what reads forms.

    Its warnings tell of malformed requests, which anybody can send at any rate. With `start`,
    the directory of an application in development, tracebacks begin at its own code.
    """
    console = _Console(sys.stderr)
    console.setFormatter(_Brief(start) if start else logging.Formatter(_FORMAT))
    for name, level in _LEVELS.items():
        logger = logging.getLogger(name)
        logger.setLevel(level)
        logger.addHandler(console)
