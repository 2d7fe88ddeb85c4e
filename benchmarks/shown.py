"""A page without an application: a function under a key."""

from collections.abc import Callable, Mapping

from helio.live.recorder import Kind
from helio.live.schedule import USUAL, Schedule


class Shown:
    """A page of the live core whose content a plain function makes."""

    kind: Kind = "page"
    schedule: Schedule = USUAL
    rule = None
    user = None

    def __init__(self, key: str, function: Callable[[], object]) -> None:
        self.name = self.key = self.address = key
        self.function = Shown
        self.arguments: Mapping[str, object] = {}
        self._render = function

    async def render(self) -> object:
        return self._render()

    def fallback(self) -> object | None:
        return None
