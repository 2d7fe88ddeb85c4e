"""Elements whose content the parser does not read as markup."""

import re

from helio.html import marks
from helio.html.elements import SAFE, Element, Node, Whole, inner_markup
from helio.html.values import Script


class Preformatted(Element):
    """`<pre>`: the parser drops a line feed after the start tag, so a leading one is doubled."""

    __slots__ = ()

    def __getitem__(self, children: Node) -> Whole:  # pyright: ignore[reportIncompatibleMethodOverride]
        return self._around(_kept(inner_markup(children)))


class TextOnly(Element):
    """`<title>` and `<textarea>`: references are read, tags are shown as they are written.

    What a helper put into a textarea (the text of a refused form) stands instead of `children`.
    """

    __slots__ = ()

    def __getitem__(self, children: Node) -> Whole:  # pyright: ignore[reportIncompatibleMethodOverride]
        if not self._head.endswith(">"):
            return self  # A helper has filled it.
        inner = marks.plain(inner_markup(children), f"<{self._tag}>").replace("<", "&lt;")
        return self._around(_kept(inner) if self._tag == "textarea" else inner)


class Select(Element):
    """`<select>`: a helper may choose among the options (`__content__(html) -> str`)."""

    __slots__ = ()

    def __getitem__(self, children: Node) -> Whole:  # pyright: ignore[reportIncompatibleMethodOverride]
        inner = inner_markup(children)
        for helper in self._given[0]:
            choose = getattr(helper, "__content__", None)
            if choose is not None:
                inner = choose(inner)
        return self._around(inner)


class Code(Element):
    """`<script>` and `<style>`: the parser reads no references, only the end tag ends them.

    A style sheet may be plain text. A script may not: text is data, and data must not run. It
    takes `raw('…')` for code you wrote; one with a JSON type takes JSON text.
    """

    __slots__ = ()

    def __getitem__(self, children: Node) -> Whole:  # pyright: ignore[reportIncompatibleMethodOverride]
        write_child = self._style if self._tag == "style" else self._script
        each = children if isinstance(children, (list, tuple)) else (children,)
        code = "".join(
            write_child(child)
            for child in each
            if child is not None and not isinstance(child, bool)
        )
        return self._around(marks.plain(code, f"<{self._tag}>"))

    def _style(self, child: object) -> str:
        if type(child) is not str:
            return self._vouched(child)
        # A CSS escape means the same inside strings, names and addresses.
        return _TAG_OPENING.sub(r"\\3c \1", child)

    def _script(self, child: object) -> str:
        if type(child) is not str:
            return self._vouched(child)
        if _JSON_TYPE.search(self._head) is None:
            raise TypeError(
                f"text in <script> would run: {child[:60]!r}; raw('…') vouches for code you wrote, "
                "data goes into h.script(type='application/json')[…]"
            )
        return child.replace("<", "\\u003c")  # In JSON it can only stand inside a string.

    def _vouched(self, child: object) -> str:
        if isinstance(child, Script):
            text = child.__script__()
        elif type(child) in SAFE:
            text = str(child)
        else:
            raise TypeError(
                f"<{self._tag}> holds code, so it takes text or raw('…'), not {child!r}"
            )
        if _CODE_ENDING.search(text) is not None:
            raise ValueError(
                f"the code in <{self._tag}> would end the element or hide its end: it holds "
                "'</script', '</style' or '<!--'; write '<\\/script' and '\\x3c!--'"
            )
        return text


_TAG_OPENING = re.compile(r"<([a-zA-Z/!?])")
_CODE_ENDING = re.compile(r"</(?:script|style)|<!--", re.IGNORECASE)
_JSON_TYPE = re.compile(
    r"\stype=\"(?:[a-z]+/(?:[a-z.-]+\+)?json|importmap|speculationrules)\"", re.IGNORECASE
)


def _kept(inner: str) -> str:
    return "\n" + inner if inner.startswith("\n") else inner


SAFE.update((Preformatted, TextOnly, Select, Code))
