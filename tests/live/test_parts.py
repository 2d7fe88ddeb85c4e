"""Diffs by parts: applied to the old render they give the new one, and they are small."""

from hypothesis import given
from hypothesis import strategies as st

from helio.html import Rendering, h, raw, use
from helio.html.marks import hole
from helio.live.diff import Step, diff
from helio.live.parts import Items, Parts, parse, render

Node = tuple[str, list["Node | str | None"]]


def fill(key: str) -> str:
    return f"<i data-region={key}></i>"


def rendered(make: object) -> Parts:
    with use(Rendering(marks=True)):
        html = make() if callable(make) else make
    return parse(str(html))


def applied(parts: Parts, steps: list[Step]) -> str:
    """What a client makes of the steps, on a tree of its own."""
    root = _copy(parts.items)
    at = root[0][1] if len(root) == 1 and isinstance(root[0], tuple) else root
    for step in steps:
        _apply(at if step.target is None else root, step)
    return render(_frozen(root), fill)


def _copy(items: Items) -> list:
    return [
        item if isinstance(item, str) or len(item) == 1 else (item[0], _copy(item[1]))
        for item in items
    ]


def _frozen(items: list) -> Items:
    return tuple(
        item if isinstance(item, str) or len(item) == 1 else (item[0], _frozen(item[1]))
        for item in items
    )


def _apply(root: list, step: Step) -> None:
    new = _copy(step.items)
    if step.target is None:
        assert step.mode == "append"
        root[-1:-1] = new
        return
    parent, index = _find(root, step)
    match step.mode:
        case "outer":
            parent[index] = (step.target, new)
        case "remove":
            del parent[index]
        case "before":
            parent[index:index] = new
        case "after":
            parent[index + 1 : index + 1] = new
        case "append":
            parent[index][1][-1:-1] = new
        case _:
            raise AssertionError(step.mode)


def _find(items: list, step: Step) -> tuple[list, int]:
    for index, item in enumerate(items):
        if isinstance(item, str):
            continue
        if item[0] == step.target and (len(item) == 1) == step.region:
            return items, index
        if len(item) == 2:
            try:
                return _find(item[1], step)
            except LookupError:
                continue
    raise LookupError(step)


names = st.sampled_from([f"p{n}" for n in range(12)])
texts = st.sampled_from(["", "a", "bb", "<b>c</b>"])


@st.composite
def trees(draw: st.DrawFn) -> object:
    """Elements with and without part names, lists that come and go, regions between them."""
    used: set[str] = set()

    def element(depth: int) -> object:
        children: list[object] = []
        for _ in range(draw(st.integers(0, 4 if depth < 3 else 0))):
            choice = draw(st.integers(0, 5))
            if choice == 0:
                children.append(raw(draw(texts)))
            elif choice == 1:
                key = draw(st.sampled_from(["r1", "r2", "r3"]))
                if key not in used:
                    used.add(key)
                    children.append(hole(key))
            else:
                children.append(element(depth + 1))
        name = draw(st.one_of(st.none(), names))
        tag = draw(st.sampled_from([h.div, h.ul]))
        if name is None or name in used:
            return tag[children]
        used.add(name)
        return tag(part=name)[children]

    with use(Rendering(marks=True)):
        return parse(str(h.section[element(1), element(1)]))


@given(old=trees(), new=trees())
def test_the_steps_of_a_diff_give_the_new_render(old: Parts, new: Parts) -> None:
    steps = diff(old, new)
    if steps is not None:
        assert applied(old, steps) == render(new.items, fill)


@given(
    old=st.lists(st.integers(0, 15), unique=True),
    new=st.lists(st.integers(0, 15), unique=True),
    changed=st.sets(st.integers(0, 15)),
)
def test_lists_of_parts(old: list[int], new: list[int], changed: set[int]) -> None:
    def listed(numbers: list[int], after: bool) -> Parts:
        return rendered(
            lambda: h.ul(id="list")[
                (
                    h.li(id=f"row-{n}")["x" * 100, "!" if after and n in changed else None]
                    for n in numbers
                )
            ]
        )

    before, now = listed(old, False), listed(new, True)
    steps = diff(before, now)
    if steps is not None:
        assert applied(before, steps) == render(now.items, fill)


def rows(*numbers: int, mark: int | None = None) -> Parts:
    return rendered(
        lambda: h.ul(id="list")[
            (h.li(id=f"row-{n}")["y" * 80, "!" if n == mark else None] for n in numbers)
        ]
    )


def test_an_append_sends_one_element() -> None:
    steps = diff(rows(1, 2, 3), rows(1, 2, 3, 4))
    assert steps is not None
    [step] = steps
    assert (step.mode, step.target) == ("after", "#row-3")
    assert render(step.items, fill).count("<li") == 1


def test_the_first_row_of_an_empty_list_goes_into_it() -> None:
    steps = diff(rows(), rows(7))
    assert steps is None or [(step.mode, step.target) for step in steps] == [("append", None)]


def test_one_changed_cell_sends_its_row() -> None:
    steps = diff(rows(*range(50)), rows(*range(50), mark=20))
    assert steps is not None
    assert [(step.mode, step.target) for step in steps] == [("outer", "#row-20")]


def test_a_row_that_moves_is_the_only_one_that_moves() -> None:
    steps = diff(rows(*range(20)), rows(19, *range(19)))
    assert steps is not None
    assert [(step.mode, step.target) for step in steps] == [
        ("remove", "#row-19"),
        ("before", "#row-0"),
    ]


def test_a_reversed_list_is_sent_whole() -> None:
    assert diff(rows(*range(20)), rows(*reversed(range(20)))) is None


def test_a_change_outside_every_part_sends_the_smallest_part_around_it() -> None:
    def page(count: int) -> Parts:
        filler = "z" * 300
        return rendered(
            lambda: h.main[
                h.p(part="intro")[filler],
                h.section(part="box")[h.h2[count], h.p(part="inner")["long" * 30]],
            ]
        )

    steps = diff(page(1), page(2))
    assert steps is not None
    assert [(step.mode, step.target) for step in steps] == [("outer", "box")]


def test_a_change_outside_all_parts_sends_the_region() -> None:
    def page(count: int) -> Parts:
        return rendered(lambda: h.main[h.h1[count], h.p(part="rest")["r" * 200]])

    assert diff(page(1), page(2)) is None


def test_nothing_changed_is_no_step() -> None:
    assert diff(rows(1, 2), rows(1, 2)) == []


def test_equal_names_are_found() -> None:
    def twice() -> object:
        return h.div[h.p(id="a"), h.p(id="b"), h.p(id="a")]

    assert rendered(twice).twice == ("#a",)
    assert rows(1, 2).twice == ()


def test_regions_are_places_that_come_and_go() -> None:
    def page(*keys: str) -> Parts:
        return rendered(lambda: h.main[h.h1["t" * 200], h.div(part="b")[map(hole, keys)]])

    steps = diff(page("r1", "r2"), page("r2", "r3"))
    assert steps is not None
    assert [(step.mode, step.target, step.region) for step in steps] == [
        ("remove", "r1", True),
        ("after", "r2", True),
    ]
