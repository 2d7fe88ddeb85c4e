"""Charts drawn on the server: lines and areas over the last seconds, as SVG.

The drawing stretches to its place (`viewBox` without a fixed ratio, strokes that do not scale);
the words around it are HTML and keep their size. Colours come from style sheet variables, so that
light and dark are one drawing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from helio import Markup
from helio import html as h

WIDTH, HEIGHT = 1200, 400
GAP = 3.0
"""Seconds without a sample after which a line is interrupted."""


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its name, its present value in words, and its points.

    A point is (seconds ago, value), the oldest first.
    """

    name: str
    now: str
    points: Sequence[tuple[float, float]]


def chart(
    title: str,
    series: Sequence[Series],
    *,
    top: float,
    label: Callable[[float], str],
    seconds: int = 120,
    filled: bool = False,
) -> Markup:
    """A chart with legend and axes. `top` is the value at its upper edge, `label` words a value."""
    summary = ", ".join(f"{each.name} {each.now}" for each in series)
    return h.figure(".chart", class_={"filled": filled})[
        h.figcaption[
            h.h2[title],
            h.ul(".legend")[
                (
                    h.li(class_=f"series-{index % 8}")[
                        h.span(".name")[each.name], " ", h.strong[each.now]
                    ]
                    for index, each in enumerate(series)
                )
            ],
        ],
        h.div(".plot")[
            h.div(".axis-y", aria_hidden="true")[
                (h.span[label(top * part / 4)] for part in (4, 2, 0))
            ],
            drawing(
                [each.points for each in series],
                top=top,
                seconds=seconds,
                filled=filled,
                described=f"{title}, the last {seconds} seconds. Now: {summary}.",
            ),
            h.div(".axis-x", aria_hidden="true")[
                h.span[f"{seconds} s ago"], h.span[f"{seconds // 2} s"], h.span["now"]
            ],
        ],
    ]


def drawing(
    lines: Sequence[Sequence[tuple[float, float]]],
    *,
    top: float,
    described: str,
    seconds: int = 120,
    filled: bool = False,
    grid: bool = True,
) -> Markup:
    """The drawing alone, with a description for those who do not see it."""
    return h.svg(
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        preserveAspectRatio="none",
        role="img",
        aria_label=described,
    )[
        h.path(".grid", d=_grid()) if grid else None,
        (_line(points, index % 8, top, seconds, filled) for index, points in enumerate(lines)),
    ]


def ceiling(value: float, least: float) -> float:
    """A round value at or above `value`: 1, 2 or 5 times a power of ten, `least` at least."""
    step = least
    while step < value:
        for factor in (2, 5, 10):
            if step * factor >= value:
                return step * factor
        step *= 10
    return step


def _grid() -> str:
    across = (f"M0 {HEIGHT * part // 4}H{WIDTH}" for part in range(5))
    down = (f"M{WIDTH * part // 4} 0V{HEIGHT}" for part in range(5))
    return "".join((*across, *down))


def _line(
    points: Sequence[tuple[float, float]], colour: int, top: float, seconds: int, filled: bool
) -> Markup:
    runs = [_placed(run, top, seconds) for run in _runs(points, seconds)]
    stroke = "".join(_through(run) for run in runs)
    area = "".join(f"{_through(run)}L{run[-1][0]} {HEIGHT}L{run[0][0]} {HEIGHT}Z" for run in runs)
    return h.g(class_=f"series-{colour}")[
        h.path(".area", d=area) if filled else None,
        h.path(".line", d=stroke),
    ]


def _runs(points: Sequence[tuple[float, float]], seconds: int) -> list[list[tuple[float, float]]]:
    """Points that belong together: a pause in the samples is a gap in the line."""
    runs: list[list[tuple[float, float]]] = []
    before: float | None = None
    for ago, value in points:
        if ago > seconds + 2:
            continue
        if before is None or before - ago > GAP:
            runs.append([])
        runs[-1].append((ago, value))
        before = ago
    return runs


def _placed(run: Sequence[tuple[float, float]], top: float, seconds: int) -> list[tuple[int, int]]:
    return [
        (
            round(WIDTH * (1 - ago / seconds)),
            round(HEIGHT * (1 - min(max(value / top, 0.0), 1.0))) if top else HEIGHT,
        )
        for ago, value in run
    ]


def _through(run: Sequence[tuple[int, int]]) -> str:
    (x, y), *rest = run
    return f"M{x} {y}" + "".join(f"L{x} {y}" for x, y in rest or [(x, y)])
