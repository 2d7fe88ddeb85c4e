"""How many connections there may be at a time."""

from collections import Counter
from contextlib import suppress

RESERVED = 64
"""Descriptors left for databases, files and the process itself."""

SPARE = 32
"""Connections too many that are told so at a time; more are cut without a word."""

MOST_DESCRIPTORS = 1 << 20


class Capacity:
    """Counts connections, in all and of each address."""

    __slots__ = ("_addresses", "_most", "_most_of_one", "_there")

    def __init__(self, most: int | None, most_of_one: int | None) -> None:
        """None: what the limit of open files leaves; as many of one address as there may be."""
        self._most = most if most is not None else _descriptors() - RESERVED
        self._most_of_one = most_of_one
        self._there = 0
        self._addresses = Counter[str]()

    def enter(self, address: str | None) -> str | None:
        """Count one more, from this address unless that does not matter; why it is too many."""
        self._there += 1
        if address is not None and self._most_of_one is not None:
            self._addresses[address] += 1
            if self._addresses[address] > self._most_of_one:
                return "There are too many connections from your address."
        if self._there > self._most:
            return "There are too many connections. Try again later."
        return None

    @property
    def crowded(self) -> bool:
        """Whether there is no room even to say so."""
        return self._there > self._most + SPARE

    def leave(self, address: str | None) -> None:
        """One that was counted, admitted or not, has ended."""
        self._there -= 1
        if address is not None and self._most_of_one is not None:
            self._addresses[address] -= 1
            if not self._addresses[address]:
                del self._addresses[address]


def _descriptors() -> int:
    try:
        import resource
    except ImportError:  # Windows, where sockets are no descriptors
        return MOST_DESCRIPTORS
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return soft if 0 < soft < MOST_DESCRIPTORS else MOST_DESCRIPTORS


def raise_descriptors() -> None:
    """Let this process open as many files as it may: each connection is one."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = hard if 0 < hard < MOST_DESCRIPTORS else MOST_DESCRIPTORS
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
