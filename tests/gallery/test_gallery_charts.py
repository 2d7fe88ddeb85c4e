"""The gallery's charts: what is drawn for which points, and figures in words."""

import importlib
from typing import Any

import pytest


@pytest.fixture
def charts(modules: None) -> Any:
    return importlib.import_module("charts")


@pytest.fixture
def units(modules: None) -> Any:
    return importlib.import_module("units")


def line(charts: Any, points: list[tuple[float, float]], top: float = 100) -> str:
    """The path of a chart of 1200 by 400 over 120 seconds."""
    drawn = charts.drawing([points], top=top, described="", grid=False)
    return drawn.partition('class="line" d="')[2].partition('"')[0]


def test_now_is_at_the_right_and_the_top_value_at_the_top(charts: Any):
    assert line(charts, [(2, 0), (1, 50), (0, 100)]) == "M1180 400L1190 200L1200 0"


def test_a_pause_interrupts_the_line(charts: Any):
    assert line(charts, [(61, 0), (60, 0), (1, 0), (0, 0)]).count("M") == 2


def test_a_single_sample_is_a_dot(charts: Any):
    assert line(charts, [(0, 0)]) == "M1200 400L1200 400"


def test_what_is_too_old_or_too_large_stays_out(charts: Any):
    assert line(charts, [(500, 10), (1, 900), (0, -5)]) == "M1190 0L1200 400"


def test_nothing_is_drawn_of_nothing(charts: Any):
    assert line(charts, []) == ""


@pytest.mark.parametrize(
    ("value", "top"), [(0, 10), (10, 10), (11, 20), (21, 50), (99, 100), (101, 200), (4e6, 5e6)]
)
def test_a_chart_ends_at_a_round_value(charts: Any, value: float, top: float):
    assert charts.ceiling(value, least=10) == top


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (12_345, "12 kB"),
        (999_600, "1.0 MB"),
        (25_300_000_000, "25.3 GB"),
        (2e12, "2.0 TB"),
    ],
)
def test_sizes_are_short(units: Any, count: float, words: str):
    assert units.size(count) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(59, "0 min"), (3720, "1 h 2 min"), (90_000, "1 d 1 h")]
)
def test_durations_are_short(units: Any, seconds: float, words: str):
    assert units.duration(seconds) == words
