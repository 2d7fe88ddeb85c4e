"""The limit of a render: nobody waits for ever for what never ends."""

import asyncio

from helio.live.recorder import Renderable, RenderError


async def limited(spec: Renderable, seconds: float) -> object:
    """What the author's function returns.

    RenderError when it takes longer, or when what it awaits is cancelled by somebody else: that
    is a failure like others, while a render that is cancelled itself just ends.
    """
    waiting = asyncio.timeout(seconds)
    try:
        async with waiting:
            return await spec.render()
    except TimeoutError:
        if not waiting.expired():
            raise
        raise RenderError(
            f"{spec.name} has not ended within {seconds:g} s. Render what is there already, and "
            "publish a topic when the rest has come."
        ) from None
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise RenderError(f"{spec.name} awaited something that was cancelled.") from error
