"""Handlers: what pages and commands have in common, a function at a path."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Generic, ParamSpec, Protocol

from helio.live.naming import qualified
from helio.live.rule import Rule
from helio.web.parameters import Parameters, parameters
from helio.web.paths import Path

P = ParamSpec("P")


class Home(Protocol):
    """What a handler belongs to."""

    @property
    def rule(self) -> Rule | None:
        """Holds for handlers that have no rule of their own."""
        ...


class Handler(Generic[P]):
    """A decorated function: it knows its path and what it takes, and can be called as before."""

    verb: str
    """The method of HTTP, or `PAGE`: where its arguments may come from."""

    def __init__(self, function: Callable[P, object], path: str, allow: Rule | None) -> None:
        update_wrapper(self, function)
        # One function may be a page and a command, or stand at two paths.
        self.function: Callable[..., object] = getattr(function, "function", function)
        self.qualified = qualified(function)
        self.path = Path(path)
        self.prefix = ""
        self.home: Home | None = None
        self._allow = allow
        self._parameters: Parameters | None = None

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> object:
        """Call the function itself, as a test does."""
        return self.function(*args, **kwargs)

    @property
    def where(self) -> str:
        """How messages call it."""
        return f"{self.qualified} ({self.verb} {self.path})"

    def rule_in(self, home: Home) -> Rule | None:
        """The nearest rule: its own, else that of the application that serves it now, which need
        not be the only one; None if nobody gave one.
        """
        return home.rule if self._allow is None else self._allow

    @property
    def parameters(self) -> Parameters:
        """What the function takes. TypeError for a parameter that cannot be found."""
        if self._parameters is None:
            self._parameters = parameters(self.function, self.path.names, self.verb, self.where)
        return self._parameters
