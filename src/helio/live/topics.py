"""Topics: the hashable names that data lives under.

`publish(topic)` says "what lived here has changed"; it never carries the data. Whoever read under
the topic reads again, so a repeated wake-up is harmless and a late one only costs latency.
"""

from collections.abc import Awaitable, Callable, Hashable, Iterable
from contextvars import ContextVar
from typing import Protocol, runtime_checkable

from helio.live.recorder import forbid, record

Publish = Callable[[Iterable[Hashable]], object]
"""Takes topics, from any thread, and returns at once."""

publisher: ContextVar[Publish | None] = ContextVar("publisher", default=None)
"""Where `publish` goes: set by the application around every handler."""


@runtime_checkable
class Source(Protocol):
    """What turns changes of the outside world into published topics.

    A topic names its source by an attribute `source`; the source is then told whether anybody
    watches, so that it may rest while nobody does.
    """

    def start(self, publish: Publish) -> None:
        """Begin: `publish` may be called from any thread from now on."""
        ...

    def attend(self, watched: bool) -> None:
        """The first watcher of one of its topics has come, or the last has gone."""
        ...

    def stop(self) -> Awaitable[None]:
        """End: release threads and connections."""
        ...


class Topic:
    """A family of topics with typed arguments, or, without arguments, a topic itself.

    `TODOS = Topic("todos", int)` declares, `TODOS(3)` is the topic of list 3. Two topics are
    equal when name and arguments are, in every process.
    """

    __slots__ = ("_hash", "arguments", "name", "types")

    source: Source | None = None

    def __init__(self, name: str, *types: type, arguments: tuple[Hashable, ...] = ()) -> None:
        self.name = name
        self.types = types
        self.arguments = arguments
        self._hash = hash((name, arguments))

    def __call__(self, *arguments: Hashable) -> "Topic":
        """The topic of these arguments; TypeError when they do not fit the declaration."""
        if self.arguments:
            raise TypeError(f"{self!r} has its arguments already")
        if len(arguments) != len(self.types):
            wanted = ", ".join(kind.__name__ for kind in self.types) or "none"
            raise TypeError(
                f"Topic {self.name!r} takes {len(self.types)} argument(s) ({wanted}), "
                f"got {len(arguments)}: {arguments!r}"
            )
        for value, kind in zip(arguments, self.types, strict=True):
            if not isinstance(value, kind):
                raise TypeError(
                    f"Topic {self.name!r} takes {kind.__name__}, "
                    f"got {type(value).__name__} {value!r}"
                )
        return Topic(self.name, *self.types, arguments=arguments)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Topic)
            and self.name == other.name
            and self.arguments == other.arguments
        )

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        inside = ", ".join(map(repr, self.arguments))
        return f"{self.name}({inside})" if self.arguments or self.types else f"Topic({self.name!r})"


def complete(topic: Hashable) -> Hashable:
    """The topic, if it is one; TypeError for a family that still lacks its arguments."""
    if isinstance(topic, Topic) and topic.types and not topic.arguments:
        wanted = ", ".join(kind.__name__ for kind in topic.types)
        raise TypeError(f"Topic {topic.name!r} needs its arguments: {topic.name}({wanted})")
    return topic


def watch(topic: Hashable) -> None:
    """Render again when this topic is published. Call it before reading what lives there."""
    record(complete(topic))


def publish(*topics: Hashable) -> None:
    """Say that what lives under these topics has changed. For handlers and what they call.

    Raises RenderError inside a render, and LookupError outside of any request (there,
    `app.publish` is the call: it works from any thread).
    """
    forbid("publish")
    send = publisher.get()
    if send is None:
        raise LookupError("publish() was called outside of a request. Call app.publish(…) there.")
    send([complete(topic) for topic in topics])
