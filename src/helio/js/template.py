"""Where the holes of a `js("…")` template are, and that each stands in code.

The scan knows strings, template literals, comments and regular expressions: a hole in one of them
would let a value end it.
"""

import re
from functools import lru_cache

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
    | (?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))
    | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    | (?P<escaped>\{\{\}\})
    | (?P<hole>\{\})
    | (?P<word>[\w$@\u0080-\U0010ffff]+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_REGEX = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/\w*")
_TEXT = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*", re.DOTALL)
_BEFORE_REGEX = frozenset(
    ("return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else", "do")
)


@lru_cache(maxsize=1024)
def pieces(template: str) -> tuple[str, ...]:
    """The code between the holes; one more than there are holes."""
    return tuple(_Scan(template).pieces())


class _Scan:
    def __init__(self, template: str) -> None:
        self.template = template
        self.at = 0
        self.found: list[str] = [""]
        self.previous = ""  # the last token that is neither space nor comment

    def pieces(self) -> list[str]:
        self.code(closing=False)
        return self.found

    def code(self, *, closing: bool) -> None:
        """Read code to the end, or to the brace that ends a substitution."""
        depth = 0
        while self.at < len(self.template):
            character = self.template[self.at]
            if character == "`":
                self.take("`")
                self.text()
                continue
            if character == "/" and self.regex():
                continue
            found = _TOKEN.match(self.template, self.at)
            if found is None:  # Never: every character is some token.
                return
            kind, lexeme = found.lastgroup, found[0]
            if kind == "hole":
                self.at = found.end()
                self.found.append("")
                self.previous = ")"
                continue
            if kind in ("string", "comment"):
                self.refuse_hole(lexeme, kind)
            elif lexeme in ('"', "'"):
                raise ValueError(f"a string is not closed in js({self.template!r})")
            elif lexeme == "}" and closing and depth == 0:
                return
            depth += (lexeme == "{") - (lexeme == "}")
            self.take(lexeme, written="{}" if kind == "escaped" else lexeme)
            if kind not in ("space", "comment"):
                self.previous = lexeme
        if closing:
            raise ValueError(f"a substitution ${{…}} is not closed in js({self.template!r})")

    def text(self) -> None:
        """Read a template literal after its first back tick."""
        while True:
            found = _TEXT.match(self.template, self.at)
            plain = found[0] if found else ""
            self.refuse_hole(plain, "template literal")
            self.take(plain)
            if self.template.startswith("${}", self.at):
                self.at += 3
                self.found[-1] += "${"
                self.found.append("}")
            elif self.template.startswith("${", self.at):
                self.take("${")
                self.previous = "{"
                self.code(closing=True)
                self.take("}")
            elif self.template.startswith("`", self.at):
                self.take("`")
                self.previous = "`"
                return
            else:
                raise ValueError(f"a template literal is not closed in js({self.template!r})")

    def regex(self) -> bool:
        before = self.previous
        division = before and (
            before[-1] in ")]}`'\"" or before[-1].isalnum() or before[-1] in "_$"
        )
        if division and before not in _BEFORE_REGEX:
            return False
        found = _REGEX.match(self.template, self.at)
        if found is None or found[0].startswith("//"):
            return False
        self.refuse_hole(found[0], "regular expression")
        self.take(found[0])
        self.previous = ")"
        return True

    def take(self, lexeme: str, written: str | None = None) -> None:
        self.at += len(lexeme)
        self.found[-1] += lexeme if written is None else written

    def refuse_hole(self, lexeme: str, kind: str) -> None:
        if "{}" in lexeme:
            raise ValueError(
                f"a hole stands inside a {kind} of js({self.template!r}): {lexeme!r}; a value "
                "brings its own quotes, so write {} alone, or join with +"
            )
