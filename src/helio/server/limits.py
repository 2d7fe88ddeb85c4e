"""What a client may send, and how long it may take: nobody holds memory or a place for ever."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one server; every time is in seconds.

    `head_bytes`, `headers`: the size of a request's line and header fields together, and how many
    fields there may be; more is answered by 431.
    `head_time`: until a head is complete, from the connection's or the head's first byte.
    `body_time`: the longest silence within a body; `body_rate`: bytes a second that a body must
    bring on the average, with `body_time` of credit. Slower is answered by 408.
    `keep_alive`: how long an idle connection is kept; above the 60 s after which common proxies
    close theirs, so that they never send a request into a closing connection.
    `read_time`: how long a client may take nothing of what it is sent.
    `last_words`: how long it may take to read the end of a broken response.
    `connections`: how many there may be at a time, streams included; None: what the limit of open
    files leaves. More are answered by 503.
    `per_address`: how many one client's address may have; None: any number. Trusted proxies, which
    carry everybody, are not counted.

    The size of a body is bounded by the application, which reads it piece by piece.
    """

    head_bytes: int = 64 * 1024
    headers: int = 100
    head_time: float = 10.0
    body_time: float = 30.0
    body_rate: int = 1000
    keep_alive: float = 75.0
    read_time: float = 30.0
    last_words: float = 2.0
    connections: int | None = None
    per_address: int | None = None

    @property
    def step(self) -> float:
        """How often it must be looked whether a time has passed."""
        times = (self.head_time, self.body_time, self.keep_alive, self.read_time)
        return min(1.0, min(times) / 4)
