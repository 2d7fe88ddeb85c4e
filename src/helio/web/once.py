"""Commands that are sent twice and done once.

The runtime names each user action by a random id and repeats the id when it repeats the request
(a network fault may hide that the first one arrived). A repeated id gets the first answer.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from starlette.responses import Response, StreamingResponse

KEPT = 10_000
"""Answers that are remembered; the oldest are forgotten first."""


class Once:
    """The latest answers by the id of the action."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, asyncio.Future[Response]] = OrderedDict()

    async def answer(self, key: str, make: Callable[[], Awaitable[Response]]) -> Response:
        """The first answer under this key; whoever repeats it while it is made waits for it."""
        known = self._answers.get(key)
        if known is not None:
            return await asyncio.shield(known)
        future: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        self._answers[key] = future
        while len(self._answers) > KEPT:
            self._answers.popitem(last=False)
        try:
            response = await make()
        except BaseException:
            self._answers.pop(key, None)
            future.cancel()
            raise
        if isinstance(response, StreamingResponse) or response.status_code >= 500:
            self._answers.pop(key, None)
        future.set_result(response)
        return response
