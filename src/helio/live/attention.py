"""Attention: sources and the clock learn whether anybody watches, so that they may rest."""

from collections.abc import Hashable

from helio.live.clock import Clock, Interval
from helio.live.topics import Publish, Source


class Attention:
    """Counts the watched topics of each source."""

    def __init__(self, publish: Publish) -> None:
        self._clock = Clock(lambda interval: publish([interval]))
        self._watched: dict[Source, int] = {}

    def attend(self, topic: Hashable, watched: bool) -> None:
        """The first reader of this topic has come, or its last has gone."""
        if isinstance(topic, Interval):
            self._clock.attend(topic, watched)
        source: Source | None = getattr(topic, "source", None)
        if source is None:
            return
        count = self._watched.pop(source, 0) + (1 if watched else -1)
        if count:
            self._watched[source] = count
        if count == (1 if watched else 0):
            source.attend(watched)

    def stop(self) -> None:
        """Nobody watches anything any more."""
        self._clock.stop()
        sources, self._watched = self._watched, {}
        for source in sources:
            source.attend(False)
