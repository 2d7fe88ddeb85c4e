"""Admission: who may run a command; and what must be right about rules and users at the start."""

import logging
from collections.abc import Iterable

from helio.live.aids import Aids
from helio.live.region import called
from helio.live.rule import check, guarding, named
from helio.web.commands import Command
from helio.web.handler import Handler
from helio.web.incoming import Incoming
from helio.web.refusals import Forbidden
from helio.web.users import Users

log = logging.getLogger("helio.web")

_OF_URL = ("path", "query")


async def admit(command: Command[...], incoming: Incoming, aids: Aids | None) -> None:
    """Ask the command's rule. Raises Forbidden if it says no, and what else it raises.

    The rule takes arguments of the URL, so that nothing of the body is looked at before it.
    """
    rule = guarding(command.rule)
    if rule is None:
        return
    items = [command.parameters.names[name] for name in named(rule)]
    arguments = {item.name: await called(item.read, incoming) for item in items}
    answer = await called(rule, await incoming.visit.user(), **arguments)
    if aids is not None:
        aids.judged(rule, answer)
    if answer is not True:
        raise Forbidden()


def check_handler(handler: Handler[...], users: Users | None) -> None:
    """TypeError if the handler's rule, or the user it takes, cannot be had."""
    takes = handler.parameters
    check(
        handler.rule, [item.name for item in takes.items if item.source in _OF_URL], handler.where
    )
    for item in takes.of("user"):
        _check_user(handler, item.name, item.hint, users)


def _check_user(handler: Handler[...], name: str, kind: type, users: Users | None) -> None:
    if users is None:
        raise TypeError(
            f"{handler.where}: parameter {name}: {kind.__name__}, but the application knows no "
            "users. Say who they are: App(user=load), async def load(session) -> "
            f"{kind.__name__} | None."
        )
    if not issubclass(users.kind, kind):
        raise TypeError(
            f"{handler.where}: parameter {name}: {kind.__name__}, but App(user={users.name}) gives "
            f"{users.kind.__name__}. Annotate it as {users.kind.__name__}."
        )


def warn_of_unruled(commands: Iterable[Command[...]]) -> None:
    """Name the commands that anybody may run though nobody has said so."""
    told = [command.where for command in commands]
    if told:
        log.warning(
            "No rule says who may run %s. Give it one by allow=; allow=anyone says that it is "
            "meant for everybody.",
            ", ".join(told),
        )
