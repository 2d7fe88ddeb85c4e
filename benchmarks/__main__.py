"""Runs a benchmark: `python -m benchmarks NAME [--json FILE]`; without a name lists them."""

import argparse
import importlib
import pkgutil
import sys
from pathlib import Path

import benchmarks

_NOT_BENCHMARKS = {"__main__", "report"}


def main() -> int:
    names = [each.name for each in pkgutil.iter_modules(benchmarks.__path__)]
    known = sorted(name.replace("_", "-") for name in set(names) - _NOT_BENCHMARKS)
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="?", choices=known, type=_spelt, help="which to run")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the report there as well")
    chosen = parser.parse_args()
    if chosen.name is None:
        print("\n".join(known))
        return 0
    module = importlib.import_module(f"benchmarks.{chosen.name.replace('-', '_')}")
    report = module.run()
    print(report.table())
    if chosen.json is not None:
        report.write(chosen.json)
    return 0


def _spelt(name: str) -> str:
    """`live_query` is taken for `live-query`."""
    return name.replace("_", "-")


if __name__ == "__main__":
    sys.exit(main())
