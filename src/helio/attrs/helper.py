"""What all helpers share: the attributes they write, and the expressions they accept."""

from collections.abc import Mapping
from dataclasses import dataclass

from helio.js import Expression, Ref, js
from helio.js.action import Action
from helio.js.expression import request


@dataclass(frozen=True, slots=True)
class Helper:
    """Attributes that were worked out when the helper was called."""

    attributes: Mapping[str, object]

    def __attrs__(self, tag: str) -> Mapping[str, object]:
        """The attributes, on whatever element."""
        return self.attributes


def expression(value: object, where: str) -> Expression:
    """A signal, an expression, or a Python value written as one; text needs `js('…')`."""
    if isinstance(value, Expression):
        return value
    if isinstance(value, str):
        raise TypeError(plain_text(where, value))
    return js("{}", value)


def statement(value: object, where: str) -> Expression:
    """JavaScript to run: an expression, or a command called without arguments."""
    if isinstance(value, Expression):
        return value
    if isinstance(value, Action):
        refs: list[Ref] = []
        return Expression(request(value.__action__({}), refs), tuple(refs))
    raise TypeError(not_runnable(where, value))


def reference(value: object, where: str) -> Ref:
    """A signal, `Draft.title`."""
    if isinstance(value, Ref):
        return value
    raise TypeError(
        f"{where} takes a signal such as Draft.title, not {value!r} ({type(value).__name__}); "
        "on an instance, or where the class gives it no type, a field is its value: write "
        "title: str = '' and name it on the class"
    )


def plain_text(where: str, value: str) -> str:
    """Says that text is not JavaScript."""
    return (
        f"{where} is read as JavaScript by the browser, and {value!r} is plain text: write code as "
        "js('…'), with values as js('… {}', value); text to show goes in brackets"
    )


def not_runnable(where: str, value: object) -> str:
    """Says why `value` cannot be what an event runs."""
    if isinstance(value, str):
        return plain_text(where, value)
    name = getattr(value, "__qualname__", None)
    if callable(value) and name is not None:
        return f"{where}: {name} is not a command: decorate it with @app.post(path)"
    return f"{where} takes a command or js('…'), not {value!r} ({type(value).__name__})"
