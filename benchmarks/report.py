"""What a benchmark says: rows with a value, the peers beside it, and a target."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. Less is better.

    `target` is the ratio to the first reference that is aimed at; None if there is none.
    """

    name: str
    value: float
    unit: str
    references: Mapping[str, float] = field(default_factory=dict)
    target: float | None = None

    @property
    def ratio(self) -> float | None:
        """The value as a multiple of the first reference."""
        for reference in self.references.values():
            return self.value / reference if reference else None
        return None

    @property
    def met(self) -> bool | None:
        """Whether the ratio is within the target; None where there is no target or no peer."""
        if self.target is None or self.ratio is None:
            return None
        return self.ratio <= self.target

    def as_json(self) -> dict[str, object]:
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "references": dict(self.references),
            "ratio": self.ratio,
            "target": self.target,
            "met": self.met,
        }


@dataclass(slots=True)
class Report:
    """The rows of one benchmark, and what was left out."""

    benchmark: str
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def write(self, path: Path) -> None:
        """Write the report as JSON."""
        rows = [row.as_json() for row in self.rows]
        text = json.dumps({"benchmark": self.benchmark, "rows": rows}, indent=2)
        path.write_text(text + "\n", encoding="utf-8")

    def table(self) -> str:
        """The report for a terminal."""
        lines = [self.benchmark]
        width = max((len(row.name) for row in self.rows), default=0)
        for row in self.rows:
            beside = "  ".join(
                f"{name} {value:,.1f} ({row.value / value:.2f}x)"
                for name, value in row.references.items()
            )
            verdict = {True: "met", False: "MISSED", None: ""}[row.met]
            aim = "" if row.target is None else f"target {row.target:.2f}x {verdict}"
            figure = f"{row.value:>12,.1f} {row.unit}"
            lines.append("  ".join((f"  {row.name:<{width}}", figure, beside, aim)).rstrip())
        lines += [f"  note: {note}" for note in self.notes]
        return "\n".join(lines)
