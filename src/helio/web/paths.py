"""Paths of routes: which names they hold, and the URL for given arguments."""

import re
from collections.abc import Mapping, Sequence
from typing import cast
from urllib.parse import quote, urlencode

from starlette.routing import compile_path

from helio.js import Expression, js

_NAME = re.compile(r"\{([a-zA-Z_][a-zA-Z0-9_]*)(?::([a-z]+))?\}")


class Path:
    """A route's path, such as `/cards/{id}` or `/files/{name:path}`."""

    def __init__(self, text: str) -> None:
        """ValueError if it does not begin with a slash."""
        if not text.startswith("/"):
            raise ValueError(f"the path {text!r} must begin with a slash")
        self.text = text
        self._pieces = _NAME.split(text)[0::3]
        self._names = [(found[1], found[2] == "path") for found in _NAME.finditer(text)]
        self.names = {name for name, _ in self._names}
        self._pattern = compile_path(text)[0]
        self.shape = _NAME.sub(lambda found: f"{{:{found[2] or 'str'}}}", text)

    def match(self, path: str) -> dict[str, str] | None:
        """The arguments, as text, if this is one of its paths."""
        found = self._pattern.match(path)
        return None if found is None else found.groupdict()

    def url(self, prefix: str, arguments: Mapping[str, object], where: str) -> str | Expression:
        """The URL for these arguments, which name every name of the path and no others.

        An expression if one of them is computed in the browser. TypeError for a missing name.
        """
        missing = sorted(self.names - arguments.keys())
        if missing:
            raise TypeError(f"{where} needs {missing[0]}=…, which is part of its path {self.text}")
        out: list[str | Expression] = [prefix + self._pieces[0]]
        for (name, many), piece in zip(self._names, self._pieces[1:], strict=True):
            value = arguments[name]
            if isinstance(value, Expression):
                out.append(js("encodeURIComponent({})", value))
            else:
                out.append(quote(text(value), safe="/" if many else ""))
            out.append(piece)
        return _on_this_site(joined(out))

    def __repr__(self) -> str:
        return self.text


def _on_this_site(url: str | Expression) -> str | Expression:
    """The URL; two slashes at its beginning, which would begin another host's name, as data."""
    return f"/%2F{url[2:]}" if isinstance(url, str) and url.startswith("//") else url


def with_query(url: str | Expression, query: Mapping[str, object]) -> str | Expression:
    """The URL with these query arguments; None is left out."""
    given = {name: value for name, value in query.items() if value is not None}
    if not given:
        return url
    out: list[str | Expression] = [url]
    between = "?"
    for name, value in given.items():
        out.append(f"{between}{quote(name)}=")
        if isinstance(value, Expression):
            out.append(js("encodeURIComponent({})", value))
        else:
            many = isinstance(value, (list, tuple))
            values = cast("Sequence[object]", value) if many else [value]
            encoded = urlencode([(name, text(one)) for one in values])
            out[-1] = between + encoded
        between = "&"
    return joined(out)


def text(value: object) -> str:
    """A value as text in a URL, such that a parameter's type reads it back."""
    if isinstance(value, bool):
        return "true" if value else "false"
    isoformat = getattr(value, "isoformat", None)
    if isoformat is not None:
        return str(isoformat())
    return str(getattr(value, "value", value))


def joined(pieces: list[str | Expression]) -> str | Expression:
    """One URL from its pieces: text, if none is an expression."""
    if all(isinstance(piece, str) for piece in pieces):
        return "".join(piece for piece in pieces if isinstance(piece, str))
    given = [piece for piece in pieces if isinstance(piece, Expression) or piece]
    expression = js("{}", given[0])
    for piece in given[1:]:
        expression = js("{} + {}", expression, piece)
    return expression
