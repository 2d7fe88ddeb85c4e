"""Admission: whether a visitor may run a command."""

from typing import TYPE_CHECKING

from helio.live.region import called
from helio.live.rule import guarding, named
from helio.web.commands import Command
from helio.web.incoming import Incoming
from helio.web.refusals import Forbidden

if TYPE_CHECKING:
    from helio.web.app import App


async def admit(command: Command[...], app: "App", incoming: Incoming) -> None:
    """Ask the command's rule. Raises Forbidden if it says no, and what else it raises.

    The rule takes arguments of the URL, so that nothing of the body is looked at before it.
    """
    rule = guarding(command.rule_in(app))
    if rule is None:
        return
    items = [command.parameters.names[name] for name in named(rule)]
    arguments = {item.name: await called(item.read, incoming) for item in items}
    answer = await called(rule, await incoming.visit.user(), **arguments)
    if app.hub.aids is not None:
        app.hub.aids.judged(rule, answer)
    if answer is not True:
        raise Forbidden()
