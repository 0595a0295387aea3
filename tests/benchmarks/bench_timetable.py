"""The timetable's solver on a term of our own, and on public instances of curriculum-based timetabling.

    make bench-timetable CTT=FOLDER SECONDS=60 SEEDS=1 TERM_SECONDS=120

Our own is a big university's, beside what a coordinator gets by hand; TERM_SECONDS=0 leaves it out.

The public ones are those of ITC-2007, track 3. CTT is a folder of ``.ctt`` files, with what is known of them in
``best_known.json``. Each is solved through the command line, as anybody would, and what is written is scored anew by
rules of its own.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks import own_term
from tests.benchmarks.measure import Sample, report, report_sample
from tests.timetable.solver.scorer import score

USUAL = Path(__file__).parents[3] / "shared/data/timetabling"
SECONDS = os.environ.get("SECONDS_EACH", "60")
SEEDS = int(os.environ.get("SEEDS", "1"))
ONLY = os.environ.get("ONLY", "").split()
TERM_SECONDS = float(os.environ.get("TERM_SECONDS") or 120)


def main() -> None:
    if TERM_SECONDS:
        own_term.measure(TERM_SECONDS, seed=1)
    _public()


def _public() -> None:
    folder = Path(os.environ["CTT"]) if os.environ.get("CTT") else USUAL
    instances = sorted(folder.glob("comp*.ctt")) if folder.is_dir() else []
    if not instances:
        print(f"NOTHING MEASURED: no instances in {folder}. Name their folder: CTT=FOLDER.", file=sys.stderr)
        return
    known = _known(folder)
    gaps = []
    for instance in instances:
        if ONLY and instance.stem not in ONLY:
            continue
        runs = list(_runs(instance))
        _report(instance.stem, runs, known.get(instance.stem, {}))
        if best := known.get(instance.stem):
            gaps.append((Sample(tuple(run["cost"] for run in runs)).median, best["best_known"]))
    if gaps:
        ours, best = (sum(values) for values in zip(*gaps, strict=True))
        report("timetable", "cost of all", ours, "cost", rival="best-known (cited)", rival_value=best)


def _known(folder: Path) -> dict[str, dict[str, float]]:
    path = folder / "best_known.json"
    if not path.exists():
        print(f"No {path.name} in {folder}: no gap is reckoned.", file=sys.stderr)
        return {}
    known: dict[str, dict[str, float]] = json.loads(path.read_text())["instances"]
    return known


def _runs(instance: Path) -> Iterator[dict[str, Any]]:
    for seed in range(1, SEEDS + 1):
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            out = Path(folder) / "solution"
            command = [sys.executable, "-m", "retrain.cli", "timetable", "solve", "--ctt", str(instance)]
            command += ["--out", str(out), "--seconds", SECONDS, "--seed", str(seed), "--json"]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            found = score(instance.read_text(encoding="latin-1"), out.read_text())
            said: dict[str, Any] = json.loads(done.stdout)
            assert (found.violations, found.cost) == (0, said["cost"]), (instance, found)
            print(f"{instance.stem} seed {seed}: {said['cost']}", file=sys.stderr)
            yield said


def _report(name: str, runs: list[dict[str, Any]], known: dict[str, float]) -> None:
    cost = Sample(tuple(run["cost"] for run in runs))
    winner = known.get("winner_2007_best_of_10")
    report_sample(
        "timetable", f"{name} cost", cost, "cost", rival="winner-2007 best of 10 (cited)", rival_value=winner
    )
    for part in runs[0]["cost_by_part"]:
        values = tuple(run["cost_by_part"][part] for run in runs)
        report_sample("timetable", f"{name} {part}", Sample(values), "cost")
    first = Sample(tuple(run["first_feasible_seconds"] for run in runs))
    report_sample("timetable", f"{name} first feasible", first, "s")
    if known:
        gap = cost.median - known["best_known"]
        report("timetable", f"{name} gap to best known (cited)", gap, "cost", runs=len(runs))


if __name__ == "__main__":
    main()
