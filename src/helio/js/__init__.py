"""JavaScript in markup: expressions that the author wrote, values and signals put in safely."""

from helio.js.action import Action, Call
from helio.js.expression import Chain, Expression, Handler, Ref, el, evt, js
from helio.js.literal import literal

__all__ = [
    "Action",
    "Call",
    "Chain",
    "Expression",
    "Handler",
    "Ref",
    "el",
    "evt",
    "js",
    "literal",
]
