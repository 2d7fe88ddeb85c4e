"""How long events take to encode and signals to decode, in microseconds for one.

The peer for encoding is datastar-py, the SDK of the protocol's authors; for decoding the standard
library's `json.loads`, which checks neither size, depth, keys nor surrogates. Best of several
rounds; the rounds of all peers alternate.
"""

import importlib
import json
import time
from collections.abc import Callable
from typing import Any

from benchmarks.report import Report, Row
from helio import wire

ROUNDS = 15
LEAST_SECONDS = 0.01

SELECTOR = '[data-region="k3f0a9c2"]'
SMALL = f'<li id="todo-3" data-part="todo-3" class="row done"><b>{"x" * 240}</b></li>'
LARGE = "\n".join(
    f'<tr id="r{n}"><td>{n}</td><td>{"abc " * 4}{n}</td><td>yes</td></tr>' for n in range(128)
)
SIGNALS = json.dumps(
    {"draft": {"title": "Buy milk", "done": False}, "filter": "open", "page": 3, "tags": ["a", "b"]}
).encode()

Work = Callable[[], object]


def run() -> Report:
    report = Report("wire")
    peer = _datastar()
    if peer is None:
        report.notes.append("datastar-py is not installed: no peer for encoding")
    for name, html in (("300 B", SMALL), ("8 KB, 128 lines", LARGE)):
        works: dict[str, Work] = {"ours": lambda html=html: wire.elements(html, selector=SELECTOR)}
        if peer:
            works["datastar-py"] = lambda html=html: peer.patch_elements(html, selector=SELECTOR)
        report.rows.append(_row(f"encode elements, {name}", works, 0.5))
    patch = {"draft": {"title": ""}, "errors": {"draft": {"title": "too short"}}}
    works = {"ours": lambda: wire.signals(patch)}
    if peer:
        works["datastar-py"] = lambda: peer.patch_signals(patch)
    report.rows.append(_row("encode signals, 70 B", works, 0.5))
    works = {
        "ours": lambda: wire.decode_signals(SIGNALS),
        "json.loads": lambda: json.loads(SIGNALS),
    }
    report.rows.append(_row(f"decode signals, {len(SIGNALS)} B", works, 2.0))
    stream = wire.elements(LARGE, selector=SELECTOR) * 10
    works = {
        "ours": lambda: wire.Parser().feed(stream),
        "bytes.splitlines": lambda: stream.splitlines(),
    }
    report.rows.append(_row(f"parse a stream, {len(stream) // 1024} KB", works, None))
    return report


def _row(name: str, works: dict[str, Work], target: float | None) -> Row:
    best = {peer: min(_round(work) for work in [work] * 3) for peer, work in works.items()}
    for _ in range(ROUNDS):
        for peer, work in works.items():
            best[peer] = min(best[peer], _round(work))
    return Row(name, best.pop("ours"), "us", best, target)


def _round(work: Work) -> float:
    """Microseconds for one, over a round long enough to be measured."""
    count = 1
    while True:
        start = time.perf_counter()
        for _ in range(count):
            work()
        elapsed = time.perf_counter() - start
        if elapsed >= LEAST_SECONDS:
            return elapsed / count * 1e6
        count = max(count * 2, int(count * LEAST_SECONDS / max(elapsed, 1e-9)))


def _datastar() -> Any:
    try:
        return importlib.import_module("datastar_py").ServerSentEventGenerator
    except ImportError:
        return None
