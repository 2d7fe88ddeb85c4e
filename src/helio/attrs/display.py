"""What an element shows of the signals: `text`, `show`, `classes`, `style`, `attr`."""

from collections.abc import Mapping

from helio.attrs.helper import Helper, expression
from helio.js.expression import Expression, record


def text(value: object) -> Helper:
    """Keep the element's text equal to a signal or an expression."""
    return Helper({"data-text": expression(value, "text(…)")})


def show(value: object) -> Helper:
    """Show the element while a signal or an expression is true."""
    return Helper({"data-show": expression(value, "show(…)")})


def classes(conditions: Mapping[str, object] | None = None, /, **named: object) -> Helper:
    """Set classes while their condition is true: `classes({"is-open": Panel.open})`."""
    return _by_name("data-class", "classes", conditions, named)


def style(values: Mapping[str, object] | None = None, /, **named: object) -> Helper:
    """Keep style properties equal to expressions: `style(width=js("{} + '%'", Job.done))`."""
    return _by_name("data-style", "style", values, named)


def attr(values: Mapping[str, object] | None = None, /, **named: object) -> Helper:
    """Keep attributes equal to expressions: `attr(disabled=~Draft.valid)`."""
    return _by_name("data-attr", "attr", values, named)


def _by_name(
    attribute: str, helper: str, given: Mapping[str, object] | None, named: Mapping[str, object]
) -> Helper:
    fields = dict(given or {})
    fields.update({name.rstrip("_").replace("_", "-"): value for name, value in named.items()})
    if not fields:
        raise TypeError(f"{helper}() names nothing: give {helper}(name=…)")
    expressions = {name: expression(value, f"{helper}({name}=…)") for name, value in fields.items()}
    refs = [ref for each in expressions.values() for ref in each.__refs__()]
    return Helper({attribute: Expression(record(expressions, []), tuple(refs))})
