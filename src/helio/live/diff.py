"""Diffs: the least that turns one render of a region into the next.

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
from dataclasses import dataclass
from typing import Literal, TypeAlias

from helio.live.parts import Items, Parts

Member: TypeAlias = "tuple[str] | tuple[str, Items]"
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


def diff(old: Parts, new: Parts) -> list[Step] | None:
    """The steps that turn one render of a region into another; None if it is best sent whole.

    A name that two parts have is no address, nor is a region that stands there twice.
    """
    if old.twice or new.twice:
        return None
    steps: list[Step] = []
    if not _compare_inside(None, _inside(old.items), _inside(new.items), steps):
        return None
    if any(step.region and _is_twice(step.target, old, new) for step in steps):
        return None
    whole = new.size + REGION * len(new.holes)
    return steps if sum(map(_cost, steps)) < whole else None


def _is_twice(key: str | None, old: Parts, new: Parts) -> bool:
    """Whether a region stands in two places, so that its key is no address."""
    return old.holes.count(key or "") > 1 or new.holes.count(key or "") > 1


def _inside(items: Items) -> Items:
    """What the region's root contains, if the root is itself a part."""
    if len(items) == 1 and not isinstance(items[0], str) and len(items[0]) == 2:
        return items[0][1]
    return items


def _compare(part: str, old: Items, new: Items, steps: list[Step]) -> None:
    """Append the steps for one part that differs: those inside it, or the part itself."""
    own: list[Step] = []
    if _compare_inside(part, old, new, own) and sum(map(_cost, own)) < _size(new):
        steps += own
    else:
        steps.append(Step("outer", part, new))


def _compare_inside(container: str | None, old: Items, new: Items, steps: list[Step]) -> bool:
    """Append the steps inside a part (None: the root); False if it must be sent itself."""
    if old == new:
        return True
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
    begin, end = _same_ends(old, new)
    gone, come = old[begin:end], new[begin : len(new) - len(old) + end]
    was = {member[0]: member for member in gone}
    now = {member[0]: member for member in come}
    if len(was) != len(gone) or len(now) != len(come):
        return False
    if any(name in was and len(was[name]) != len(now[name]) for name in now):
        return False
    kept = _kept(list(was), list(now))
    for name, member in was.items():
        if name not in kept:
            steps.append(Step("remove", name, region=len(member) == 1))
    before = old[begin - 1] if begin else None
    after = old[end] if end < len(old) else None
    if not _insert(parent, before, come, after, kept, steps):
        return False
    for name in kept:
        _compare_member(was[name], now[name], steps)
    for left, right in zip(old[:begin], new[:begin], strict=True):
        _compare_member(left, right, steps)
    for left, right in zip(old[end:], new[len(new) - len(old) + end :], strict=True):
        _compare_member(left, right, steps)
    return True


def _compare_member(old: Member, new: Member, steps: list[Step]) -> None:
    if len(old) == 2 and len(new) == 2 and old[1] != new[1]:
        _compare(old[0], old[1], new[1], steps)


def _same_ends(old: list[Member], new: list[Member]) -> tuple[int, int]:
    """Where the names begin to differ, and where in the old ones they end to: most changes of a
    long list are few and near each other."""
    begin, shorter = 0, min(len(old), len(new))
    while begin < shorter and old[begin][0] == new[begin][0]:
        begin += 1
    end = 0
    while end < shorter - begin and old[-1 - end][0] == new[-1 - end][0]:
        end += 1
    return begin, len(old) - end


def _insert(
    parent: str | None,
    before: "Member | None",
    members: list[Member],
    after: "Member | None",
    kept: set[str],
    steps: list[Step],
) -> bool:
    """Append the insertions of what is not kept, each run at once, beside what stays.

    `before` and `after` are the members that stay on both sides. False if nothing stays beside
    which, and no parent in which, to insert.
    """
    waiting: list[Member] = []
    anchor = before
    for member in (*members, *([after] if after else [])):
        if member is not after and member[0] not in kept:
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
