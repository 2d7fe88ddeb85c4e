"""Requests that markup makes: what a command gives to the attribute that calls it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

if TYPE_CHECKING:
    from helio.js.expression import Expression

Method = Literal["get", "post", "put", "patch", "delete"]


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """One request, with the path and the query filled in.

    `plain` says that a form or a link without JavaScript may make it too.
    """

    method: Method
    url: "str | Expression"
    payload: Mapping[str, object] | None = None
    plain: bool = True


@runtime_checkable
class Action(Protocol):
    """Anything that markup can call: a command of an application."""

    def __action__(self, arguments: Mapping[str, object]) -> Call:
        """The request with these arguments; TypeError if they do not fit."""
        ...


def called(call: Call, address: str, payload: str | None = None) -> str:
    """The source `@post('/todos')`; `address` and `payload` are sources too."""
    if payload is None:
        return f"@{call.method}({address})"
    return f"@{call.method}({address}, {{payload: {payload}}})"
