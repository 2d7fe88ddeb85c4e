"""Regions: functions of their arguments whose HTML is kept current for everybody who shows it."""

import inspect
import typing
from collections.abc import Callable, Mapping
from functools import cached_property, update_wrapper
from typing import Any, Generic, ParamSpec, cast, overload
from weakref import WeakSet

from markupsafe import Markup

from helio.html.marks import hole
from helio.live.naming import key, qualified, same_user
from helio.live.recorder import Kind, Recorder, RenderError, recorder
from helio.live.rule import Rule, check, guarding
from helio.live.schedule import Schedule
from helio.live.topics import publisher
from helio.live.user import User

P = ParamSpec("P")

Fallback = Markup | Callable[..., object]
"""What stands for a region that takes long: an element, or a function of its arguments."""

_PRIVATE = {"Request", "Session"}


class Region(Generic[P]):
    """A function decorated with `@region`: call it where its HTML shall stand."""

    def __init__(
        self,
        function: Callable[P, object],
        schedule: Schedule,
        fallback: Fallback | None = None,
        allow: Rule | None = None,
    ) -> None:
        update_wrapper(self, function)
        self.function = function
        self.qualified = qualified(function)
        self.signature = inspect.signature(function)
        self.schedule = schedule
        if not (fallback is None or callable(fallback) or hasattr(fallback, "__html__")):
            raise TypeError(
                f"region {self.qualified}: fallback={fallback!r} is no element. Give one, "
                "fallback=h.p[…], or a function of the same arguments that returns one."
            )
        self.fallback = fallback
        self.allow = allow
        self.rule = guarding(allow)
        self._fixed = _only_positional(self.qualified, self.signature)
        _refuse_private(self.qualified, self.signature)
        check(allow, self.signature.parameters, f"region {self.qualified}")
        # One that is made in a request or render may carry its visitor's data: none finds it again.
        self.lasting = publisher.get() is None and recorder() is None
        if self.lasting:
            _lasting.setdefault(self.qualified, WeakSet()).add(self)

    @cached_property
    def hints(self) -> Mapping[str, Any]:
        """The types of its parameters, as annotated. TypeError where one cannot be read."""
        try:
            return typing.get_type_hints(self.function, include_extras=True)
        except NameError as error:
            raise TypeError(f"region {self.qualified}: an annotation: {error}") from None

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Markup:
        """Inside a render: begin to render the region and hold its place. Elsewhere: a value.

        Raises RenderError for arguments that are not canonical values, TypeError for a call that
        does not fit the signature.
        """
        call = RegionCall(self, self._bind(args, kwargs))
        active = recorder()
        if active is None:
            return cast("Markup", call)
        if call.user is not None:
            _refuse_other_user(call, active)
        active.call(call)
        return hole(call.key)

    def _bind(self, args: tuple[object, ...], kwargs: dict[str, object]) -> tuple[object, ...]:
        if not kwargs and len(args) == self._fixed:
            return args
        try:
            bound = self.signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"region {self.qualified}{self.signature}: {error}") from None
        bound.apply_defaults()
        return tuple(bound.arguments.values())

    def __repr__(self) -> str:
        return f"<region {self.qualified}>"


_lasting: "dict[str, WeakSet[Region[...]]]" = {}


def lasting_regions(name: str | None = None) -> "list[Region[...]]":
    """The regions of this qualified name, or all: there may be several only of local functions."""
    if name is not None:
        return list(_lasting.get(name, ()))
    return [one for regions in _lasting.values() for one in regions]


class RegionCall:
    """A region with its arguments: what is rendered, shared and kept current under one key."""

    __slots__ = ("key", "region", "user", "values")

    kind: Kind = "region"

    def __init__(self, of: Region[...], values: tuple[object, ...]) -> None:
        self.region = of
        self.values = values
        self.key = key(of.qualified, values, f"region {of.qualified}")
        self.user = next((value for value in values if isinstance(value, User)), None)

    def known_as(self, user: User) -> "RegionCall":
        """The same call with its user as he is known now."""
        told = (user if same_user(value, user) else value for value in self.values)
        return RegionCall(self.region, tuple(told))

    @property
    def address(self) -> str:
        return self.key

    @property
    def name(self) -> str:
        inside = ", ".join(map(repr, self.values))
        return f"region {self.region.qualified}({inside})"

    @property
    def function(self) -> object:
        return self.region.function

    @property
    def schedule(self) -> Schedule:
        return self.region.schedule

    @property
    def rule(self) -> Rule | None:
        return self.region.rule

    @property
    def arguments(self) -> Mapping[str, object]:
        return dict(zip(self.region.signature.parameters, self.values, strict=True))

    async def render(self) -> object:
        return await called(self.region.function, **self.arguments)

    def fallback(self) -> object | None:
        given = self.region.fallback
        if given is None or isinstance(given, str):
            return given
        return given(**self.arguments)

    def __html__(self) -> str:
        raise RenderError(
            f"{self.name} was called outside of a render and cannot be put into HTML there. "
            "Call it in a page or in another region."
        )

    __str__ = __html__

    def __repr__(self) -> str:
        return f"<{self.name}>"


@overload
def region(function: Callable[P, object], /) -> Region[P]: ...


@overload
def region(
    *,
    every: float = 0.0,
    fallback: Fallback | None = None,
    wait: float = 0.2,
    allow: Rule | None = None,
) -> Callable[[Callable[P, object]], Region[P]]: ...


def region(
    function: Callable[P, object] | None = None,
    /,
    *,
    every: float = 0.0,
    fallback: Fallback | None = None,
    wait: float = 0.2,
    allow: Rule | None = None,
) -> Region[P] | Callable[[Callable[P, object]], Region[P]]:
    """Keep this function's HTML current wherever it is shown.

    The function returns one element (or None: nothing is shown) and may take str, int, bool,
    None, float, Decimal, enum members, dates, UUIDs, frozen structs, tuples of these, and the
    user. It is rendered once for each distinct set of arguments, for everybody; request and
    session are out of its reach.

    `every` is the least number of seconds between two renders. A region that takes longer than
    `wait` seconds appears as its `fallback` (an element, or a function of the same arguments
    that returns one) and follows by the stream. `allow` is a rule: `async def rule(user,
    <arguments by name>) -> bool`; to whom it says no, nothing is shown.
    """

    def decorate(function: Callable[P, object]) -> Region[P]:
        return Region(function, Schedule(every, wait), fallback, allow)

    return decorate if function is None else decorate(function)


async def called(function: Callable[..., object], *args: object, **kwargs: object) -> object:
    """Call a plain or async function and await what it gives."""
    result = function(*args, **kwargs)
    # A region's place can be awaited only to say that it must not be.
    if inspect.isawaitable(result) and not isinstance(result, Markup):
        return await result
    return result


def _only_positional(name: str, signature: inspect.Signature) -> int:
    """How many arguments make a complete positional call; -1 if some are by keyword only."""
    parameters = signature.parameters.values()
    for parameter in parameters:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise TypeError(f"region {name} takes {parameter}: name each argument")
        if parameter.kind is parameter.POSITIONAL_ONLY:
            raise TypeError(f"region {name} takes {parameter} by position only: remove the slash")
    if any(parameter.kind is parameter.KEYWORD_ONLY for parameter in parameters):
        return -1
    return len(parameters)


def _refuse_private(name: str, signature: inspect.Signature) -> None:
    for parameter in signature.parameters.values():
        annotation = parameter.annotation
        told = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "")
        if told in _PRIVATE or getattr(annotation, "__private__", False):
            raise TypeError(
                f"region {name} takes {parameter.name}: {told}, but a region's HTML is shared by "
                "everybody who shows it. Take it in the page and pass on a plain value."
            )


def _refuse_other_user(call: RegionCall, active: Recorder) -> None:
    """Raise RenderError if a user's region would stand in HTML that others see."""
    if not same_user(active.of.user, call.user):
        raise RenderError(
            f"{call.name} shows one user's data, but {active.of.name}, which calls it, is shared "
            "with others. Take the user there too, as a parameter annotated with its type."
        )
