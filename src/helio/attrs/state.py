"""Signals that markup sets or derives: `signals`, `computed`, `effect`, `indicator`, `ref`."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol, TypeAlias, runtime_checkable

from helio.attrs.helper import Helper, expression, reference, statement
from helio.html.rendering import Path, Rendering
from helio.js import Expression, Ref, literal
from helio.js.expression import write
from helio.js.literal import key


@runtime_checkable
class SignalValues(Protocol):
    """An instance or a patch of a struct."""

    def __signals__(self) -> dict[str, Any]:
        """The values as a merge patch."""
        ...


def signals(values: SignalValues | Mapping[Any, object], *, if_missing: bool = False) -> Helper:
    """Set signals when the element appears: an instance, a patch, or values by name.

    A mapping names them by reference or dotted name; its values may be expressions, which are
    evaluated once. With `if_missing` only the signals that do not exist yet are set.
    """
    name = "data-signals__ifmissing" if if_missing else "data-signals"
    if isinstance(values, SignalValues):
        return Helper({name: literal(values.__signals__())})
    if not isinstance(values, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"signals(…) takes Draft(…), Draft.patch(…) or a mapping, not {values!r}")
    refs: list[Ref] = []
    tree: Tree = {}
    for path, value in _by_path(values):
        _place(tree, path, write(value, refs))
    return Helper({name: Expression(_object(tree), tuple(refs))})


def computed(values: Mapping[Any, object] | None = None, /, **named: object) -> Helper:
    """Signals that follow from others: `computed(total=js("{} * {}", Cart.price, Cart.count))`.

    A mapping may name them by reference, `computed({Cart.total: …})`.
    """
    given: dict[Any, object] = {**(values or {}), **named}
    if not given:
        raise TypeError("computed() names nothing: give computed(name=js('…'))")
    refs: list[Ref] = []
    tree: Tree = {}
    for path, value in _by_path(given):
        source = expression(value, f"computed({'.'.join(path)}=…)")
        refs.extend(source.__refs__())
        _place(tree, path, f"() => {source.__operand__()}")
    return Helper({"data-computed": Expression(_object(tree), tuple(refs))})


Tree: TypeAlias = "dict[str, str | Tree]"
"""Sources by name, nested as the signals are."""


def _by_path(values: Mapping[Any, object]) -> Iterator[tuple[Path, object]]:
    for name, value in values.items():
        yield name.__path__() if isinstance(name, Ref) else tuple(str(name).split(".")), value


def _place(tree: Tree, path: Path, source: str) -> None:
    *outer, last = path
    for name in outer:
        below = tree.setdefault(name, {})
        if isinstance(below, str):
            raise TypeError(f"the signal {'.'.join(path)} lies under {name!r}, which has a value")
        tree = below
    tree[last] = source


def _object(tree: Tree) -> str:
    pairs: list[str] = []
    for name, below in tree.items():
        source = below if isinstance(below, str) else _object(below)
        pairs.append(f"{key(name)}: {source}")
    return "{" + ", ".join(pairs) + "}"


def effect(run: object) -> Helper:
    """Run JavaScript now and whenever a signal it reads changes."""
    return Helper({"data-effect": statement(run, "effect(…)")})


def indicator(signal: object) -> Helper:
    """A signal that is true while a request of this element is under way.

    `signal` is a reference or the name of a signal of its own, `indicator("saving")`.
    """
    return Helper({"data-indicator": Named(_signal(signal, "indicator(…)", default=False))})


def ref(signal: object) -> Helper:
    """Keep the element itself in a signal; by name it is local, `ref("_map")`."""
    return Helper({"data-ref": Named(_signal(signal, "ref(…)", default=None))})


def _signal(signal: object, where: str, *, default: object) -> Ref:
    if isinstance(signal, str):
        return Ref(tuple(signal.split(".")), default=default)
    return reference(signal, where)


class Named:
    """A signal by its bare name, where the runtime takes a path and not an expression."""

    __slots__ = ("_ref",)

    def __init__(self, ref: Ref) -> None:
        self._ref = ref

    def __script__(self) -> str:
        return path_name(self._ref)

    def __declare__(self, rendering: Rendering) -> None:
        self._ref.__declare__(rendering)


def path_name(signal: Ref) -> str:
    """The dotted name of a signal, `draft.title`."""
    return ".".join(signal.__path__())
