"""Typed helpers for the runtime's attributes, given to an element in parentheses.

    h.form(on.submit(add))[h.input(bind(Draft.title)), errors(Draft.title)]

What they take as JavaScript is a signal (`Draft.title`), an expression (`js("…")`) or a command;
never plain text, so that no value can become code.
"""

from helio.attrs.display import attr, classes, show, style, text
from helio.attrs.events import init, on
from helio.attrs.fields import bind, errors
from helio.attrs.helper import Helper
from helio.attrs.marking import ignore, ignore_morph, preserve_attr
from helio.attrs.place import presence
from helio.attrs.state import computed, effect, indicator, ref, signals

__all__ = [
    "Helper",
    "attr",
    "bind",
    "classes",
    "computed",
    "effect",
    "errors",
    "ignore",
    "ignore_morph",
    "indicator",
    "init",
    "on",
    "presence",
    "preserve_attr",
    "ref",
    "show",
    "signals",
    "style",
    "text",
]
