"""Where the process's own messages go when the application configures no logging."""

import logging
import sys

_FORMAT = "%(levelname)s %(name)s: %(message)s"
_LOGGERS = ("helio", "uvicorn.error")


class _Console(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to standard error, and steps back once the application has handlers of its own."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not logging.getLogger().handlers and bool(super().filter(record))


def configure_logs() -> None:
    """Show warnings and errors of Helio and its HTTP server, one line each with its traceback."""
    console = _Console(sys.stderr)
    console.setFormatter(logging.Formatter(_FORMAT))
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.setLevel(logging.WARNING)
        logger.addHandler(console)
