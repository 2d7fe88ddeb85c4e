"""The recorder: what one render reads, shows and may not do.

It is the `Rendering` of a page or region while its function runs. Reads are noted *before* they
happen: a change between the note and the end of the render then makes the render stale, so
nothing is missed.
"""

from collections.abc import Generator, Hashable
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal, Protocol

from helio.html.rendering import FormState, Rendering, current

Kind = Literal["page", "region"]


class RenderError(Exception):
    """A render did what a render must not do; the message names it and the fix."""


class Renderable(Protocol):
    """Something with a key whose HTML can be rendered: a call of a page or region."""

    @property
    def key(self) -> str:
        """Names the call, the same in every process: function and canonical arguments."""
        ...

    @property
    def name(self) -> str:
        """How messages call it, e.g. `region todo.todo_list(1)`."""
        ...

    @property
    def kind(self) -> Kind: ...

    @property
    def function(self) -> object:
        """The author's function: two functions must never share a key."""
        ...

    async def render(self) -> object:
        """Run the author's function."""
        ...


class Desk(Protocol):
    """Where a recorder's notes go."""

    def read(self, topic: Hashable) -> None:
        """A topic is about to be read."""
        ...

    def call(self, child: Renderable) -> None:
        """A region was called: begin to render it."""
        ...


class Recorder(Rendering):
    """What one running render gathers."""

    def __init__(self, of: Renderable, desk: Desk, form: FormState | None = None) -> None:
        super().__init__(marks=True, form=form)
        self.of = of
        self.title: str | None = None
        self._desk = desk
        self._closed = False

    def read(self, topic: Hashable) -> None:
        if not self._closed:
            self._desk.read(topic)

    def call(self, child: Renderable) -> None:
        if self._closed:
            raise RenderError(
                f"{child.name} was called by a task that outlived {self.of.name}. "
                "Await everything that builds HTML inside the function."
            )
        self._desk.call(child)

    def close(self) -> None:
        """The function has returned: a task it left behind records nothing more."""
        self._closed = True

    @property
    def closed(self) -> bool:
        return self._closed


_tracking: ContextVar[bool] = ContextVar("tracking", default=True)


def recorder() -> Recorder | None:
    """The render under way in this context, if any."""
    rendering = current()
    if isinstance(rendering, Recorder) and not rendering.closed:
        return rendering
    return None


def record(topic: Hashable) -> None:
    """Note that the render under way is about to read `topic`; outside of renders, nothing."""
    active = recorder()
    if active is not None and _tracking.get():
        active.read(topic)


def forbid(what: str) -> None:
    """Refuse `what` (a write, a publication) while a page or region is being rendered."""
    active = recorder()
    if active is not None:
        raise RenderError(
            f"{what} inside {active.of.name}: a render only reads, because it runs whenever "
            "something changes and for everybody at once. Do it in a command."
        )


def forbid_private(what: str) -> None:
    """Refuse `what` (the request, the session) inside a region, whose HTML many visitors share."""
    active = recorder()
    if active is not None and active.of.kind == "region":
        raise RenderError(
            f"{what} is out of reach inside {active.of.name}: its HTML is shared by everybody who "
            "shows it. Read it in the page and pass on a plain value as an argument."
        )


@contextmanager
def untracked() -> Generator[None]:
    """Read inside without recording: a change of what is read here wakes nothing."""
    token = _tracking.set(False)
    try:
        yield
    finally:
        _tracking.reset(token)
