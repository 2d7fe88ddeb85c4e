"""Rules: functions that say who may see a page or region, or run a command."""

import inspect
from collections.abc import Callable, Iterable

from helio.live.naming import qualified

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


def check(rule: Rule | None, names: Iterable[str], where: str) -> None:
    """TypeError for a rule that takes no user, or an argument that `where` does not have."""
    if rule is None:
        return
    if not inspect.signature(rule).parameters:
        raise TypeError(
            f"{where}: the rule {qualified(rule)} takes nothing. Its first parameter is the user: "
            "async def rule(user) -> bool."
        )
    known = set(names)
    for name in named(rule):
        if name not in known:
            told = ", ".join(sorted(known)) or "none"
            raise TypeError(
                f"{where}: the rule {qualified(rule)} takes {name!r}, which is no argument here. "
                f"There are: {told}."
            )
