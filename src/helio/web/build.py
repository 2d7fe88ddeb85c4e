"""Builds: which state of an application's code a document was made by."""

import sys
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

Relation = Literal["same", "other", "foreign"]
"""Of the build that a document was made by to this one. `other`: its code was edited since.
`foreign`: it carries another runtime or other style sheets, which only a reload brings."""


class Build:
    """The build of an application: the same in all processes that run the same files."""

    def __init__(self, runtime: str, css: Sequence[str], modules: Iterable[str]) -> None:
        """`runtime` and `css` are what documents load; `modules` the names of those that define
        pages, commands, layouts and regions.
        """
        self._head = digest(runtime, *css)
        self._code = digest(_version(), *(_source(name) for name in sorted({*modules})))

    @property
    def id(self) -> str:
        """How a document names it."""
        return f"{self._head}-{self._code}"

    def relation(self, told: str | None) -> Relation:
        """How the build that a document names is related to this one; None: it names none."""
        if told is None or told == self.id:
            return "same"
        return "other" if told.partition("-")[0] == self._head else "foreign"


def digest(*texts: str | bytes) -> str:
    """A short hash of these texts."""
    made = blake2b(digest_size=6)
    for text in texts:
        data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
        made.update(b"%d:" % len(data) + data)
    return made.hexdigest()


def _version() -> str:
    try:
        return version("helio")
    except PackageNotFoundError:  # it is not installed, only found on the path
        return ""


def module_of(function: Callable[..., object]) -> str:
    """The name of the module that defines a function, or the class of what is called."""
    defined = function if hasattr(function, "__qualname__") else type(function)
    return str(defined.__module__)


def _source(module: str) -> bytes:
    """The file of a module; its name where there is no file to read."""
    file = getattr(sys.modules.get(module), "__file__", None)
    try:
        return Path(file or "").read_bytes()
    except OSError:
        return module.encode()
