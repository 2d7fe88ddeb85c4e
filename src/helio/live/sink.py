"""Where a stream's bytes go."""

from typing import Protocol


class Sink(Protocol):
    """The writing end of one stream, whatever carries it.

    `write` never waits: what the transport does not take at once is buffered here, and the core
    skips a sink whose buffer is high until it has drained.
    """

    @property
    def writes(self) -> int:
        """How many times `write` was called."""
        ...

    @property
    def buffered(self) -> int:
        """Bytes written and not yet taken by the transport."""
        ...

    def write(self, data: bytes) -> None:
        """Send these bytes, whole events, after all earlier ones."""
        ...

    def close(self) -> None:
        """End the response in the ordinary way, after what is buffered."""
        ...

    def break_(self) -> None:
        """End it so that the client sees a broken answer and reconnects, after what is buffered."""
        ...
