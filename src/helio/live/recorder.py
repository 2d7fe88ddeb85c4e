"""The recorder: what one render reads, shows and may not do.

It is the `Rendering` of a page or region while its function runs. Reads are noted *before* they
happen: a change between the note and the end of the render then makes the render stale, so
nothing is missed.
"""

from collections.abc import Callable, Generator, Hashable, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal, Protocol

from helio.html.rendering import FormState, Rendering, current
from helio.live.schedule import Schedule
from helio.live.user import User

Kind = Literal["page", "region", "rule"]


class RenderError(Exception):
    """A render did what a render must not do; the message names it and the fix."""


class Renderable(Protocol):
    """Something with a key that can be rendered: a call of a page, a region or a rule."""

    @property
    def key(self) -> str:
        """Names the call, the same in every process: function and canonical arguments."""
        ...

    @property
    def address(self) -> str:
        """Its name in the browser. A page has one for all visitors, a region its key."""
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

    @property
    def arguments(self) -> Mapping[str, object]:
        """What the function is called with, by name, as far as it is part of the address."""
        ...

    @property
    def user(self) -> User | None:
        """Whose data it shows; None if it is shared."""
        ...

    @property
    def rule(self) -> Callable[..., object] | None:
        """Who may see it; None: everybody."""
        ...

    @property
    def schedule(self) -> Schedule: ...

    async def render(self) -> object:
        """Run the author's function."""
        ...

    def fallback(self) -> object | None:
        """What is shown while its first render takes long; None: others wait for it."""
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
        if self.of.kind == "rule":
            raise RenderError(f"{self.of.name} called {child.name}: a rule shows nothing.")
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
