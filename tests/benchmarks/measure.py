"""What benchmarks have in common: samples, apps to measure, and one JSON object a line.

A benchmark is a script ``bench_<name>.py`` (``make bench-<name>``). Importing this module sends everything
that is printed to standard error; only :func:`report` writes to standard output.
"""

import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask

from tests.harness.apps import assemble, migrate
from tests.harness.databases import KINDS, Database, Run, open_database

_lines = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


@dataclass(frozen=True)
class Sample:
    """Many measurements of one thing."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def p95(self) -> float:
        """What 95 of 100 stay under."""
        return self.under(95)

    def under(self, part: float) -> float:
        """What *part* of 100 stay under."""
        ordered = sorted(self.values)
        return ordered[min(len(ordered) - 1, round(part / 100 * len(ordered)))] if ordered else 0.0

    @property
    def spread(self) -> float:
        """Between the quartiles."""
        if len(self.values) < 2:
            return 0.0
        quarters = statistics.quantiles(self.values, n=4)
        return quarters[2] - quarters[0]

    @property
    def runs(self) -> int:
        return len(self.values)


def milliseconds(call: Callable[[], Any], runs: int, warm: int = 1) -> Sample:
    """How long *call* takes, after *warm* calls that don't count."""
    for _ in range(warm):
        call()
    return Sample(tuple(_once(call) for _ in range(runs)))


def _once(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000


def peak_megabytes() -> float:
    """The most memory this process has ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def report(
    benchmark: str,
    metric: str,
    value: float,
    unit: str,
    *,
    database: str | None = None,
    rival: str | None = None,
    rival_value: float | None = None,
    runs: int | None = None,
    spread: float | None = None,
) -> None:
    """Print one measurement; what does not apply is left out. *ratio* is ours by the rival's."""
    line: dict[str, Any] = {
        "benchmark": benchmark,
        "metric": metric,
        "value": _rounded(value),
        "unit": unit,
        "database": database,
        "rival": rival,
        "rival_value": _rounded(rival_value),
        "ratio": _rounded(value / rival_value) if rival_value else None,
        "runs": runs,
        "spread": _rounded(spread),
    }
    _lines.write(json.dumps({name: said for name, said in line.items() if said is not None}) + "\n")
    _lines.flush()


def report_sample(benchmark: str, metric: str, sample: Sample, unit: str = "ms", **more: Any) -> None:
    """Print the median of *sample*, with how often and how far apart."""
    report(benchmark, metric, sample.median, unit, runs=sample.runs, spread=sample.spread, **more)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 4)


@contextmanager
def houses(kinds: Sequence[str] = KINDS) -> Iterator[Iterator[tuple[Flask, Database]]]:
    """``with houses() as each: for app, database in each:`` an app on an empty database of each kind.

    Both keep what they commit as they do for those who use the program.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        run = Run(folder=Path(folder), owner=os.getpid(), worker="bench", durable=True)
        instance = run.folder / "instance"

        def each() -> Iterator[tuple[Flask, Database]]:
            for kind in kinds:
                print(f"on {kind}", file=sys.stderr)
                database = open_database(kind, run, lambda url: migrate(url, instance))
                yield assemble(database.url, instance, durable=True), database
                database.close()

        yield each()
