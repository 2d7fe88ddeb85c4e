"""Parts: the smallest things a diff sends, and the least that turns one render into the next.

Rendered HTML with marks is read once into nested tuples, so that comparing two renders is one
comparison of tuples in C:

    items    (item, item, …)     what stands between two marks, in order
    item     "text"              markup outside every part
             ("name", items)     a part: an element with `part=`, or an `id` ("#name")
             ("key",)            a hole: another region

The algorithm, from the region downward:

    same items               nothing to send
    other text around parts  send the smallest part (or the region) that contains it
    same text                compare each sequence of parts that stand side by side:
        gone                 remove
        in both, other items go into the part
        new, or moved        insert behind what stays before it (or before, or into the parent)

Parts that keep their order are found by the longest increasing subsequence, so the fewest are
moved. Where the changes together are no shorter than the part or region, that is sent instead.
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from helio.html.marks import kind, payload, tokens

Hole: TypeAlias = tuple[str]
Part: TypeAlias = "tuple[str, Items]"
Items: TypeAlias = "tuple[str | Hole | Part, ...]"
Fill = Callable[[str], str]
"""The HTML of the region of this key."""

Mode = Literal["outer", "remove", "before", "after", "append", "prepend"]
OVERHEAD = 60
"""Bytes that one step costs beside its HTML, about."""
REGION = 500
"""Bytes that a region inside is taken to have: it is never sent again for a saving of little."""


@dataclass(frozen=True, slots=True)
class Step:
    """One change: `html` goes where `mode` says, seen from `target`.

    The target is a part's name, or a region's key if `region` is true; None is the root.
    """

    mode: Mode
    target: str | None
    items: Items = ()
    region: bool = False


def parse(html: str) -> Items:
    """Rendered HTML with marks as nested items. Unbalanced part marks are left out."""
    found = tokens(html)
    stack: list[tuple[str, list[str | Hole | Part]]] = [("", [])]
    for at, token in enumerate(found):
        items = stack[-1][1]
        if at % 2 == 0:
            if token:
                items.append(token)
            continue
        match kind(token):
            case ":":
                items.append((payload(token),))
            case "(":
                stack.append((payload(token), []))
            case _ if len(stack) > 1:
                name, inner = stack.pop()
                stack[-1][1].append((name, tuple(inner)))
            case _:
                pass
    while len(stack) > 1:
        _, inner = stack.pop()
        stack[-1][1].extend(inner)
    return tuple(stack[0][1])


def render(items: Items, fill: Fill) -> str:
    """The HTML of items, with the regions in it."""
    out: list[str] = []
    _write(items, fill, out)
    return "".join(out)


def _write(items: Items, fill: Fill, out: list[str]) -> None:
    for item in items:
        if isinstance(item, str):
            out.append(item)
        elif len(item) == 1:
            out.append(fill(item[0]))
        else:
            _write(item[1], fill, out)


def holes(items: Items) -> list[str]:
    """The keys of all regions inside, in the order they appear."""
    found: list[str] = []
    for item in items:
        if isinstance(item, str):
            continue
        found += item if len(item) == 1 else holes(item[1])
    return found


def names(items: Items) -> list[str]:
    """The names of all parts, in the order they appear."""
    found: list[str] = []
    for item in items:
        if not isinstance(item, str) and len(item) == 2:
            found.append(item[0])
            found += names(item[1])
    return found


def diff(old: Items, new: Items) -> list[Step] | None:
    """The steps that turn one render of a region into another; None if it is best sent whole.

    A name that two parts have is no address: then the region is sent whole.
    """
    if duplicates(old) or duplicates(new):
        return None
    steps: list[Step] = []
    try:
        _compare(None, _inside(old), _inside(new), steps)
    except _TooMuch:
        return None
    if sum(map(_cost, steps)) >= _size(new):
        return None
    return steps


def duplicates(items: Items) -> list[str]:
    """Names that more than one part of the region has."""
    found = names(items)
    if len(set(found)) == len(found):
        return []
    return sorted({name for name in found if found.count(name) > 1})


class _TooMuch(Exception):  # noqa: N818 (no error: the answer of a search that is given up)
    """The region as a whole is the least that can be sent."""


def _inside(items: Items) -> Items:
    """What the region's root contains, if the root is itself a part."""
    if len(items) == 1 and not isinstance(items[0], str) and len(items[0]) == 2:
        return items[0][1]
    return items


def _compare(container: str | None, old: Items, new: Items, steps: list[Step]) -> None:
    """Append the steps for one part (None: the root), or raise if it is the root itself."""
    if old == new:
        return
    own: list[Step] = []
    if _compare_inside(container, old, new, own) and sum(map(_cost, own)) < _size(new):
        steps += own
    elif container is None:
        raise _TooMuch
    else:
        steps.append(Step("outer", container, new))


def _compare_inside(container: str | None, old: Items, new: Items, steps: list[Step]) -> bool:
    """Append the steps inside a part; False if it must be sent itself."""
    before, after = _shape(old), _shape(new)
    if before.texts != after.texts:
        before, after = before.opened(after), after.opened(before)
        if before.texts != after.texts:
            return False
    direct = len(after.texts) == 2 and _is_tag_pair(after.texts[0], after.texts[1])
    pairs = zip(before.sequences, after.sequences, strict=True)
    return all(
        _compare_sequence(container if direct else _NOWHERE, gone, come, steps)
        for gone, come in pairs
    )


_NOWHERE = "\0"
"""Stands for a parent that no step can name."""

Member: TypeAlias = "Hole | Part"


@dataclass(slots=True)
class _Shape:
    """Items as the texts outside parts, and the sequences of parts between them."""

    texts: list[str]
    sequences: list[list[Member]]

    def opened(self, other: "_Shape") -> "_Shape":
        """An element without parts, cut where the other's sequence stands, if that fits."""
        if len(self.texts) == 1 and len(other.texts) == 2 and "".join(other.texts) == self.texts[0]:
            return _Shape(other.texts, [[]])
        return self


def _shape(items: Items) -> _Shape:
    texts: list[str] = []
    sequences: list[list[Member]] = []
    sequence: list[Member] | None = None
    for item in items:
        if isinstance(item, str):
            texts.append(item)
            sequence = None
        elif sequence is None:
            if not texts:
                texts.append("")
            sequence = [item]
            sequences.append(sequence)
        else:
            sequence.append(item)
    if sequence is not None:
        texts.append("")
    return _Shape(texts or [""], sequences)


def _is_tag_pair(start: str, end: str) -> bool:
    """Whether these are one element's start and end tag and nothing else."""
    return (
        start.startswith("<")
        and start.count("<") == 1
        and start.endswith(">")
        and end.startswith("</")
        and end.count("<") == 1
        and end.endswith(">")
    )


def _compare_sequence(
    parent: str | None, old: list[Member], new: list[Member], steps: list[Step]
) -> bool:
    """Append the steps for parts side by side; False if they cannot be said."""
    if old == new:
        return True
    was = {member[0]: member for member in old}
    now = {member[0]: member for member in new}
    if len(was) != len(old) or len(now) != len(new):
        return False
    if any(name in was and len(was[name]) != len(now[name]) for name in now):
        return False
    kept = _kept([member[0] for member in old], [member[0] for member in new])
    for name, member in was.items():
        if name not in kept:
            steps.append(Step("remove", name, region=len(member) == 1))
    if not _insert(parent, new, kept, steps):
        return False
    for name in kept:
        before, after = was[name], now[name]
        if len(before) == 2 and len(after) == 2:
            _compare(name, before[1], after[1], steps)
    return True


def _insert(parent: str | None, new: list[Member], kept: set[str], steps: list[Step]) -> bool:
    """Append the insertions of what is not kept, each run at once, beside what is kept."""
    waiting: list[Member] = []
    anchor: Member | None = None
    for member in new:
        if member[0] not in kept:
            waiting.append(member)
            continue
        if waiting:
            beside = anchor or member
            mode: Mode = "after" if anchor else "before"
            steps.append(Step(mode, beside[0], tuple(waiting), region=len(beside) == 1))
            waiting = []
        anchor = member
    if not waiting:
        return True
    if anchor is not None:
        steps.append(Step("after", anchor[0], tuple(waiting), region=len(anchor) == 1))
        return True
    if parent == _NOWHERE:
        return False
    steps.append(Step("append", parent, tuple(waiting)))
    return True


def _kept(old: list[str], new: list[str]) -> set[str]:
    """The most names that are in both and keep their order.

    The longest increasing subsequence of the old places in the new order (patience sorting).
    """
    place = {name: index for index, name in enumerate(old)}
    both = [name for name in new if name in place]
    tails: list[int] = []
    tops: list[int] = []
    below: list[int] = []
    for index, name in enumerate(both):
        pile = bisect_left(tails, place[name])
        if pile == len(tails):
            tails.append(place[name])
            tops.append(index)
        else:
            tails[pile] = place[name]
            tops[pile] = index
        below.append(tops[pile - 1] if pile else -1)
    found: set[str] = set()
    at = tops[-1] if tops else -1
    while at >= 0:
        found.add(both[at])
        at = below[at]
    return found


def _size(items: Items) -> int:
    """About how many bytes the HTML has."""
    total = 0
    for item in items:
        if isinstance(item, str):
            total += len(item)
        else:
            total += REGION if len(item) == 1 else _size(item[1])
    return total


def _cost(step: Step) -> int:
    return OVERHEAD + _size(step.items)
