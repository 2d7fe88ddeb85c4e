"""Where the process's own messages go when the application configures no logging."""

import logging
import sys

_FORMAT = "%(levelname)s %(name)s: %(message)s"
_LEVELS = {"helio": logging.WARNING, "uvicorn.error": logging.ERROR}


class _Console(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to standard error, and steps back once the application has handlers of its own."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not logging.getLogger().handlers and bool(super().filter(record))


def configure_logs() -> None:
    """Show Helio's warnings and errors, and the HTTP server's errors.

    Its warnings tell of malformed requests, which anybody can send at any rate.
    """
    console = _Console(sys.stderr)
    console.setFormatter(logging.Formatter(_FORMAT))
    for name, level in _LEVELS.items():
        logger = logging.getLogger(name)
        logger.setLevel(level)
        logger.addHandler(console)
