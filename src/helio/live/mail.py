"""Mail: short messages between the processes of an application.

Each is heard by all the others, soon and at most once. It is for what costs no more than latency
when it is lost: a process that was away or has just been started has not heard it.
"""

from collections.abc import Callable
from typing import Protocol

from helio.live.topics import Source

Hear = Callable[[str, str], None]
"""Takes a message's kind and text, on the loop."""


class Mailbox(Protocol):
    """Where a process posts messages, and hears those of the others.

    It is watched like a topic: its source finds messages while it is told that somebody watches.
    """

    @property
    def source(self) -> Source:
        """Whose attention brings the messages."""
        ...

    def listen(self, hear: Hear) -> None:
        """Call `hear` on the running loop for every message of others, until the source stops.

        What its sender had committed before posting has been published by then.
        """
        ...

    async def post(self, kind: str, text: str) -> bool:
        """Tell all others; whether it could be done. It is stored: keep secrets out of it."""
        ...

    async def catch_up(self) -> bool:
        """Whether all that others had committed before the call has now been published."""
        ...
