"""``retrain timetable``: the solver without a database."""

import json
from pathlib import Path
from typing import Any

import click

from retrain.cli.group import REFUSED, WRONG_USE, stop


@click.group()
def timetable() -> None:
    """Make timetables."""


@timetable.command()
@click.option(
    "--ctt", "instance", type=click.Path(path_type=Path), required=True, help="The instance to solve."
)
@click.option("--out", type=click.Path(path_type=Path), help="Write the solution here.")
@click.option("--seconds", type=click.FloatRange(min=1), help="How long to search [default: 60].")
@click.option("--steps", type=click.IntRange(min=1), help="Instead: how many moves each search tries.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Where chance begins.")
@click.option(
    "--searches", type=click.IntRange(1, 64), default=2, show_default=True, help="Searches at once."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def solve(
    instance: Path,
    out: Path | None,
    seconds: float | None,
    steps: int | None,
    seed: int,
    searches: int,
    as_json: bool,
) -> None:
    """Solve a public instance of curriculum-based timetabling (ITC-2007, track 3).

    Better timetables are told on standard error as they come; Ctrl-C ends the search and keeps the best.
    Exits: 0 done, 1 no timetable without a clash was found, 2 unreadable file.
    """
    import time

    began = time.monotonic()
    from retrain.timetable.solver import ctt, public

    try:
        read = ctt.read(instance)
        if out is not None:
            out.touch()
    except (ctt.Unreadable, OSError) as error:
        stop(str(error), WRONG_USE)
    seconds = (seconds or 60) - (time.monotonic() - began) if steps is None else None

    def tell(better: Any) -> None:
        click.echo(f"{better.seconds:8.2f} s  {better.cost}", err=True)

    found = public.solve(read, seconds=seconds, steps=steps, seed=seed, threads=searches, on_better=tell)
    said = public.report(read, found, seed)
    if as_json:
        click.echo(json.dumps(said))
    elif found.cost:
        click.echo(f"{said['cost']} in {said['seconds']} s: {said['cost_by_part']}")
    if found.timetable is not None and out is not None:
        out.write_text(ctt.write(read, found.timetable))
    if found.timetable is None:
        stop("No timetable without a clash was found. Give it more seconds.", REFUSED)
