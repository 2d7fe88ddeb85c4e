"""The start tag: from what was given in parentheses to safe attribute text.

Names: a keyword's underscores become hyphens and a trailing one is dropped (`class_`, `for_`,
`aria_label`); a mapping's keys stand as they are. Order: positional values first, then `attrs=`,
then keywords. Classes from everywhere are joined; of any other attribute the last one given wins,
except that a runtime attribute (`data-on:click` …) given twice with different values is an error,
because one of two behaviours would be lost without a word.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from keyword import iskeyword
from typing import Any, NamedTuple, Protocol, TypeAlias, cast, runtime_checkable

from markupsafe import Markup

from helio.html import marks
from helio.html.escape import escape
from helio.html.rendering import current
from helio.html.values import PLAIN_TYPES, Guard, Script, classes, guard, is_runtime


@runtime_checkable
class Helper(Protocol):
    """Writes attributes: what `bind(…)` and `on.click(…)` return.

    It may also have `__inside__(tag) -> str`, safe markup written right after the start tag, and
    `__settle__(tag, attributes) -> Mapping[str, object]`, called with everything that was given
    (names in lower case) once that is known; what it returns is written over it.
    """

    def __attrs__(self, tag: str) -> Mapping[str, object]:
        """The attributes by name; runtime attributes among them are trusted as source text."""
        ...


Given: TypeAlias = "tuple[tuple[Attribute, ...], dict[str, Any]]"
"""Positional values and keywords as they were given."""

NOTHING: "Given" = ((), {})

Attribute: TypeAlias = "str | Helper | Mapping[str, object] | bool | None"


class Name(NamedTuple):
    """An attribute's name, worked out once."""

    written: str
    key: str  # in lower case: HTML tells names apart without regard to case
    opening: str  # ` name="`
    guard: Guard | None
    runtime: bool


class Start(NamedTuple):
    """What a start tag consists of besides the tag's name."""

    attributes: str
    inside: str
    part: str | None  # the escaped name of the part that the element is


_NAME = re.compile(r"[A-Za-z_:@][-A-Za-z0-9_:.@]*")
_SHORTHAND = re.compile(r"(#[^\s.#]+)?((?:\.[^\s.#]+)*)")
_REMEMBERED = 4096


def _named(written: str) -> Name:
    if _NAME.fullmatch(written) is None:
        raise ValueError(
            f"{written!r} is not an attribute's name: letters, digits and - _ : . @ are allowed"
        )
    key = written.lower()
    return Name(written, key, f' {written}="', guard(key), is_runtime(key))


USUAL: dict[str, Name] = {}
"""Names by keyword, as far as no other keyword writes the same attribute."""

PLAIN: dict[str, str] = {}
"""The opening ` name="` of those among them whose text is only escaped."""

_keywords: dict[str, Name] = {}
_keys: dict[str, Name] = {}


def keyword(raw: str) -> Name:
    """The name that a keyword argument writes."""
    name = _keywords.get(raw)
    if name is None:
        written = "data-part" if raw == "part" else raw.rstrip("_").replace("_", "-")
        name = _remember(_keywords, raw, _named(written))
        usual = "part" if raw == "part" else name.key.replace("-", "_")
        if raw == (f"{usual}_" if iskeyword(usual) else usual) and len(USUAL) < _REMEMBERED:
            USUAL[raw] = name
            if name.guard is None or name.guard is classes:
                PLAIN[raw] = name.opening
    return name


def verbatim(raw: str) -> Name:
    """The name that a mapping's key writes."""
    name = _keys.get(raw)
    if name is None:
        name = _remember(_keys, raw, _named("data-part" if raw == "part" else raw))
    return name


def _remember(names: dict[str, Name], raw: str, name: Name) -> Name:
    if len(names) >= _REMEMBERED:
        names.clear()  # Keys may come from data; the table must not grow with it.
    names[raw] = name
    return name


def start(tag: str, given: tuple[Attribute, ...], keywords: Mapping[str, object]) -> Start:
    """Write the attributes of one element. `given` holds the positional values and `attrs`."""
    if len(given) == 1 and not keywords and type(given[0]) is str:
        written, identity = _written_shorthand(given[0])
        return Start(written, "", part_name(None, identity))
    gathered = _Gathered(tag)
    for each in given:
        gathered.positional(each)
    for raw, value in keywords.items():
        gathered.add(keyword(raw), value)
    gathered.settle()
    return gathered.start()


def part_name(part: object, identity: object) -> str | None:
    """The name of the part that an element with `part=` or `id=` is, while marks are written."""
    rendering = current()
    if rendering is None or not rendering.marks:
        return None
    if part is not None and part is not False:
        name = _address(part, "part=")
        # These begin the addresses of ids and regions.
        return None if name is None or name[0] in "#@" else name
    if identity is not None and identity is not False:
        name = _address(identity, "id=")
        return None if name is None else f"#{name}"
    return None


_ADDRESS = re.compile(r"[^\x00-\x1f\ud800-\udfff]+")


def _address(value: object, where: str) -> str | None:
    """The name as it stands in its attribute; None for text that a browser reads as another one.

    Names come from data: one that cannot be an address makes no error, but an element that is
    sent with what surrounds it.
    """
    text = marks.plain(str(value), where)
    if _ADDRESS.fullmatch(text) is None:
        return None
    return text.replace('"', "&#34;") if isinstance(value, Markup) else escape(text)


def again(
    before: tuple[Attribute, ...],
    named: Mapping[str, Any],
    given: tuple[Attribute, ...],
    keywords: Mapping[str, Any],
) -> Given:
    """Everything an element was given in two calls, as if in one."""
    merged = {**named, **keywords}
    classes = [(each.get("class_"), each.get("class")) for each in (named, keywords)]
    merged.pop("class", None)
    return (*before, *given), {**merged, "class_": classes}


class _Gathered:
    """Attributes of one element from every place they were given in."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.values: dict[str, tuple[Name, object, bool]] = {}
        self.helpers: list[Helper] = []

    def positional(self, each: Attribute) -> None:
        if each is None or each is False:
            return
        if isinstance(each, str):
            for key, value in shorthand(each):
                self.add(verbatim(key), value)
        elif isinstance(each, Mapping):
            for key, value in each.items():
                self.add(verbatim(key), value)
        elif isinstance(each, Helper):
            self.helpers.append(each)
            for key, value in each.__attrs__(self.tag).items():
                self.add(verbatim(key), value, trusted=True)
        else:
            raise TypeError(
                f"h.{self.tag}({each!r}): parentheses take '#id.class', a mapping, a helper such "
                "as on.click(…) and keywords; children go in brackets"
            )

    def add(self, name: Name, value: object, *, trusted: bool = False) -> None:
        known = self.values.get(name.key)
        if known is not None:
            if name.key == "class":
                value = [known[1], value]
            elif _lost(name, trusted and known[2]) and _source(known[1]) != _source(value):
                fix = (
                    "join the two in one js('…; …')"
                    if name.runtime
                    else "give each an element of its own"
                )
                raise ValueError(
                    f"<{self.tag}> is given {name.written} twice, {_source(known[1])!r} and "
                    f"{_source(value)!r}: an element keeps one; {fix}"
                )
        self.values[name.key] = (name, value, trusted)

    def settle(self) -> None:
        """Let the helpers that ask for it see the whole and correct it."""
        for helper in self.helpers:
            settle = getattr(helper, "__settle__", None)
            if settle is not None:
                whole = {key: value for key, (_, value, _) in self.values.items()}
                for key, value in settle(self.tag, whole).items():
                    name = verbatim(key)
                    self.values[name.key] = (name, value, True)

    def start(self) -> Start:
        attributes = "".join(
            attribute(self.tag, name, value, trusted=trusted)
            for name, value, trusted in self.values.values()
        )
        inside = "".join(
            marks.markup(helper.__inside__(self.tag))  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue, reportUnknownArgumentType]
            for helper in self.helpers
            if hasattr(helper, "__inside__")
        )
        return Start(attributes, inside, part_name(self.value("data-part"), self.value("id")))

    def value(self, key: str) -> object:
        found = self.values.get(key)
        return None if found is None else found[1]


def _lost(name: Name, from_helpers: bool) -> bool:
    """Whether giving an attribute twice would lose behaviour, not only looks."""
    return name.runtime or (from_helpers and name.key.startswith("data-"))


@lru_cache(maxsize=1024)
def shorthand(text: str) -> tuple[tuple[str, str], ...]:
    """Read `"#id.a.b"`."""
    found = _SHORTHAND.fullmatch(text)
    if found is None or not text:
        raise ValueError(
            f"text in parentheses is '#id', '.class' or '#id.a.b', not {text!r}; "
            "children go in brackets, a class with a dot in class_="
        )
    identity, names = found.groups()
    pairs: list[tuple[str, str]] = []
    if identity:
        pairs.append(("id", identity[1:]))
    if names:
        pairs.append(("class", names[1:].replace(".", " ")))
    return tuple(pairs)


@lru_cache(maxsize=1024)
def _written_shorthand(text: str) -> tuple[str, str | None]:
    pairs = dict(shorthand(text))
    written = (attribute("", verbatim(key), value) for key, value in pairs.items())
    return "".join(written), pairs.get("id")


def attribute(tag: str, name: Name, value: object, *, trusted: bool = False) -> str:
    """One attribute as it stands in the start tag, or nothing."""
    if name.guard is not None and not (trusted and name.runtime):
        value = name.guard(tag, name.written, value)
    if type(value) is str:
        if name.runtime:
            return f" {name.written}={_quoted(name.written, value)}"
        text = escape(value)
        if marks.EDGE in text:
            text = escape(marks.plain(value, f"the attribute {name.written}= of <{tag}>"))
        return f'{name.opening}{text}"'
    if value is None or value is False:
        return ""
    if value is True:
        return f" {name.written}"
    if type(value) is int:
        return f'{name.opening}{value}"'
    if name.runtime:
        return f" {name.written}={_quoted(name.written, _script(value))}"
    return f'{name.opening}{_text(tag, name, value)}"'


def _text(tag: str, name: Name, value: object) -> str:
    """A value that is neither text, a whole number nor a flag, escaped."""
    where = f"the attribute {name.written}= of <{tag}>"
    if isinstance(value, Markup):
        # Escaped already; a quote would still end the value.
        return marks.plain(str(value), where).replace('"', "&#34;")
    if isinstance(value, str):
        return escape(marks.plain(str.__str__(value), where))
    if isinstance(value, PLAIN_TYPES):
        return escape(str(value))
    if isinstance(value, Script):
        raise TypeError(
            f"{where} is given the expression {value.__script__()!r}: the browser knows its value, "
            f"the server does not; attr({{'{name.written}': …}}) keeps the attribute equal to it"
        )
    shown = type(value).__name__
    raise TypeError(f"{where} takes text, a number or a flag, not {shown}: {value!r}")


def _script(value: object) -> str:
    if isinstance(value, Script):
        rendering = current()
        if rendering is not None:
            value.__declare__(rendering)
        return value.__script__()
    return str(value)


def _source(value: object) -> str:
    return value.__script__() if isinstance(value, Script) else str(value)


def _quoted(name: str, source: str) -> str:
    """A runtime attribute's value, in the quotes that leave it readable."""
    if marks.TOKEN in source:
        raise ValueError(f"a region stands in {name}=, where only an expression can stand")
    text = source.replace(marks.EDGE, marks.REPLACEMENT).replace("&", "&amp;")
    text = text.replace("<", "&lt;").replace(">", "&gt;")
    if '"' in text and "'" not in text:
        return f"'{text}'"
    return '"' + text.replace('"', "&#34;") + '"'


def positional(given: tuple[Attribute, ...], attrs: Iterable[Attribute]) -> tuple[Attribute, ...]:
    """The positional values and `attrs=`, in that order."""
    if isinstance(attrs, (str, Mapping)):
        return (*given, cast("Attribute", attrs))
    return (*given, *attrs)
