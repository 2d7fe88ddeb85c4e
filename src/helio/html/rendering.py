"""What one render gathers beside its text."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormState:
    """A plain form post that was refused: what was typed and why it was refused.

    Both are keyed by dotted signal path, `"draft.title"`. `back` is the path of the page it was
    sent from: the answer stands at the command's address, which is no page, so forms carry it on.
    """

    values: Mapping[str, object] = field(default_factory=dict[str, object])
    messages: Mapping[str, str] = field(default_factory=dict[str, str])
    back: str = ""


class Rendering:
    """One render: whether it writes part marks, and the signals its markup refers to."""

    __slots__ = ("declared", "form", "marks")

    def __init__(self, *, marks: bool = False, form: FormState | None = None) -> None:
        self.marks = marks
        self.form = form
        self.declared: dict[Path, object] = {}

    def declare(self, path: Path, default: object) -> None:
        """Note a signal and its JSON default; the document declares each once."""
        known = self.declared.setdefault(path, default)
        if known != default:
            raise ValueError(
                f"the signal {'.'.join(path)!r} is declared twice, with the defaults {known!r} and "
                f"{default!r}: give one of the two structs its own prefix"
            )


_current: ContextVar[Rendering | None] = ContextVar("helio_rendering", default=None)

current = _current.get
"""The render that is going on in this task, or None."""


@contextmanager
def use(rendering: Rendering) -> Generator[Rendering]:
    """Make `rendering` the current one for the body of the `with` statement."""
    token = _current.set(rendering)
    try:
        yield rendering
    finally:
        _current.reset(token)
