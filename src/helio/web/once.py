"""Commands that are sent twice and done once.

The runtime names each user action by a random id and repeats the id when it repeats the request
(a network fault may hide that the first one arrived). A repeated id gets the first answer.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")

KEPT = 10_000
"""Answers that are remembered; the oldest are forgotten first."""

WEIGHT = 16 * 1024 * 1024
"""Bytes of all of them together."""


class Once(Generic[T]):
    """The latest answers by the id of the action."""

    def __init__(self) -> None:
        self._weight = 0
        self._answers: dict[str, asyncio.Future[T]] = {}
        self._weights: dict[str, int] = {}

    async def answer(
        self,
        key: str,
        make: Callable[[], Awaitable[T]],
        repeated: Callable[[T], T | None],
        weigh: Callable[[T], int],
    ) -> T:
        """The first answer under this key; whoever repeats it while it is made waits for it.

        `repeated` says what later ones get; None, and the next one makes a new answer.
        `weigh` says how many bytes such an answer keeps.
        """
        known = self._answers.get(key)
        if known is not None:
            return await asyncio.shield(known)
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._answers[key] = future
        try:
            answer = await make()
        except BaseException:
            self._answers.pop(key, None)
            future.cancel()
            raise
        kept = repeated(answer)
        if kept is None:
            self._answers.pop(key, None)
        else:
            self._keep(key, weigh(kept))
        future.set_result(answer if kept is None else kept)
        return answer

    def _keep(self, key: str, weight: int) -> None:
        """Make room for an answer. What is still being made has no weight yet, and stays."""
        self._weights[key] = weight
        self._weight += weight
        while len(self._weights) > KEPT or self._weight > WEIGHT:
            oldest = next(iter(self._weights))
            self._weight -= self._weights.pop(oldest)
            self._answers.pop(oldest, None)
