"""Commands that are sent twice and done once.

The runtime names each user action by a random id and repeats the id when it repeats the request
(a network fault may hide that the first one arrived). A repeated id gets the first answer.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")

KEPT = 10_000
"""Answers that are remembered; the oldest are forgotten first."""


class Once(Generic[T]):
    """The latest answers by the id of the action."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, asyncio.Future[T]] = OrderedDict()

    async def answer(
        self, key: str, make: Callable[[], Awaitable[T]], repeated: Callable[[T], T | None]
    ) -> T:
        """The first answer under this key; whoever repeats it while it is made waits for it.

        `repeated` says what later ones get; None, and the next one makes a new answer.
        """
        known = self._answers.get(key)
        if known is not None:
            return await asyncio.shield(known)
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._answers[key] = future
        while len(self._answers) > KEPT:
            self._answers.popitem(last=False)
        try:
            answer = await make()
        except BaseException:
            self._answers.pop(key, None)
            future.cancel()
            raise
        kept = repeated(answer)
        if kept is None:
            self._answers.pop(key, None)
        future.set_result(answer if kept is None else kept)
        return answer
