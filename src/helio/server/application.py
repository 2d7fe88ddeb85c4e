"""What the process asks of an application."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol, runtime_checkable

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


@runtime_checkable
class Application(Protocol):
    """An ASGI 3 application that can end its streams so that the browsers come back."""

    development: bool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...

    async def drain(self, deadline: float) -> None:
        """Give each stream its own `retry:` and end it broken, now; then wait for commands.

        Returns when all commands have ended, `deadline` seconds later at the latest.
        """
        ...


def is_application(value: object) -> bool:
    """Whether `value` can be served (the class of applications cannot, its objects can)."""
    return isinstance(value, Application) and not isinstance(value, type)
