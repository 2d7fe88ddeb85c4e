"""Rights: rules about who may see a page or region, asked again when what they read changes.

A rule is asked for each visitor and arguments. The question is a view like others, except that
nobody sees it: it records what it reads, is rendered again when that changes, and its content is
the verdict. So a right that is taken away ends what hung on it as fast as a page is updated.
"""

from collections.abc import Mapping
from typing import Protocol

from helio.live.content import Content
from helio.live.naming import key, same_user, unchanging
from helio.live.outcome import Refused
from helio.live.parts import Parts
from helio.live.recorder import Kind, Renderable
from helio.live.region import called
from helio.live.rule import Rule, anyone, name_of, named
from helio.live.schedule import USUAL, Schedule
from helio.live.user import User


class Visitor(Protocol):
    """Whose rights are asked for."""

    @property
    def id(self) -> str:
        """The same for all tabs of which every rule says the same; "" if nobody is known."""
        ...

    async def user(self) -> object:
        """Who it is, None if nobody is known. Records what it reads."""
        ...


class Nobody:
    """A visitor of whom nothing is known."""

    id = ""

    async def user(self) -> object:
        return None


NOBODY = Nobody()


class NotAllowed(Refused):
    """A rule says no."""


class Question:
    """Whether a visitor may see a page or region: a view whose content is the verdict."""

    __slots__ = ("_named", "_only", "found", "function", "key", "visitor")

    kind: Kind = "rule"
    schedule: Schedule = USUAL
    rule: Rule | None = None
    user: User | None = None

    def __init__(
        self,
        rule: Rule,
        arguments: Mapping[str, object],
        visitor: Visitor,
        only: User | None = None,
    ) -> None:
        """Asks the rule, and whether the visitor is `only` this user."""
        self.function = rule
        self._named = {name: arguments[name] for name in named(rule)}
        self._only = only
        self.visitor = visitor
        self.found: User | None = None  # who the visitor was when it was last asked
        told = (unchanging(self._named[name]) for name in sorted(self._named))
        # Rules that one function makes, role("editor") and role("owner"), have one name.
        self.key = "rule:" + key(name_of(rule), (hash(rule), visitor.id, only, *told), self.name)

    @property
    def address(self) -> str:
        return self.key

    @property
    def arguments(self) -> Mapping[str, object]:
        return self._named

    @property
    def name(self) -> str:
        inside = "".join(f", {name}={value!r}" for name, value in self._named.items())
        return f"rule {name_of(self.function)}(user{inside})"

    async def render(self) -> object:
        user = await self.visitor.user()
        self.found = user if isinstance(user, User) else None
        if self._only is not None and not same_user(user, self._only):
            return False
        return await called(self.function, user, **self._named)

    def fallback(self) -> object:
        return None


def question(spec: Renderable, visitor: Visitor) -> Question | None:
    """What must be asked before this visitor sees that; None if nothing must."""
    if not guarded(spec):
        return None
    only = spec.user if spec.kind == "region" else None
    return Question(spec.rule or anyone, spec.arguments, visitor, only)


def guarded(spec: Renderable) -> bool:
    """Whether not everybody may see this: it has a rule, or is a region of one user.

    A page of one user is rendered with whoever its visitor is.
    """
    return spec.rule is not None or (spec.user is not None and spec.kind == "region")


_NOTHING = Parts((), (), (), 0)
_ALLOWED = Content(_NOTHING, "allowed")
_REFUSED = Content(_NOTHING, "refused")


def verdict(answer: object) -> Content:
    """The content of a question: only True allows."""
    return _ALLOWED if answer is True else _REFUSED


def allows(content: Content | None) -> bool:
    """Whether this is the content of a question that was answered with yes."""
    return content is _ALLOWED
