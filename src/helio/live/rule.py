"""Rules: functions that say who may see a page or region, or run a command."""

import inspect
from collections.abc import Callable, Hashable, Iterable

Rule = Callable[..., object]
"""`async def rule(user, board_id) -> bool`: the user, then arguments of what it guards, by name."""


def anyone(user: object) -> bool:
    """The rule that always holds: says that something is meant for everybody."""
    return True


def guarding(rule: Rule | None) -> Rule | None:
    """The rule that must be asked, None if everybody may."""
    return None if rule is anyone else rule


def named(rule: Rule) -> list[str]:
    """The arguments that a rule takes beside the user."""
    return list(inspect.signature(rule).parameters)[1:]


def name_of(rule: Rule) -> str:
    """How messages call a rule: module and qualified name of the function, or class of what is
    called. Rules that one function makes have the same.
    """
    named = rule if hasattr(rule, "__qualname__") else type(rule)
    return f"{named.__module__}.{named.__qualname__}"


def check(rule: Rule | None, names: Iterable[str], where: str) -> None:
    """TypeError for a rule that takes no user, or an argument that `where` does not have."""
    if rule is None:
        return
    known = isinstance(rule, Hashable)  # pyright: ignore[reportUnnecessaryIsInstance]
    if not callable(rule) or not known:
        raise TypeError(
            f"{where}: allow={rule!r} is no rule. Give a function: async def rule(user) -> bool."
        )
    if not inspect.signature(rule).parameters:
        raise TypeError(
            f"{where}: the rule {name_of(rule)} takes nothing. Its first parameter is the user: "
            "async def rule(user) -> bool."
        )
    known = set(names)
    for name in named(rule):
        if name not in known:
            told = ", ".join(sorted(known)) or "none"
            raise TypeError(
                f"{where}: the rule {name_of(rule)} takes {name!r}, which is no argument here. "
                f"There are: {told}."
            )
