"""HTML as Python values: eager, escaped, safe by construction.

    from helio import html as h
    h.ul("#todos.list")[(h.li(class_={"done": t.done})[t.title] for t in todos)]

Each element is a string as soon as it is written. Text is escaped; markup (anything with
`__html__`) is not; `None`, `True`, `False` and `""` leave nothing, so that `condition and …` and
`condition or …` both work. What may not be safe is refused with a way out: inline handlers,
`javascript:` addresses, text in scripts, text in the runtime's `data-*` attributes.
"""

from markupsafe import Markup

from helio.html.attributes import Attribute, Helper
from helio.html.builder import Builder, element, h, raw
from helio.html.elements import Element, Node, SupportsHtml, Whole
from helio.html.rendering import FormState, Rendering, current, use

__all__ = [
    "Attribute",
    "Builder",
    "Element",
    "FormState",
    "Helper",
    "Markup",
    "Node",
    "Rendering",
    "SupportsHtml",
    "Whole",
    "current",
    "element",
    "h",
    "raw",
    "use",
]
