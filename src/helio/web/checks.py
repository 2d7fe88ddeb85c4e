"""Checks: what must be right about handlers, their rules and users before the first request."""

import logging
from collections.abc import Iterable

from helio.live.rule import check
from helio.web.commands import Command
from helio.web.handler import Handler, Home
from helio.web.users import Users

log = logging.getLogger("helio.web")

_OF_URL = ("path", "query")


def check_handlers(handlers: Iterable[Handler[...]], home: Home, users: Users | None) -> None:
    """TypeError if what a handler or its rule takes, or who users are, cannot be found."""
    if users is not None:
        _ = users.kind
    for handler in handlers:
        takes = handler.parameters
        names = [item.name for item in takes.items if item.source in _OF_URL]
        check(handler.rule_in(home), names, handler.where)
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
