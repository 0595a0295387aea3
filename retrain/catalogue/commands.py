"""``retrain runs``: the runs at the command line."""

import json
import sys

import click
from flask.cli import with_appcontext

from retrain.catalogue import listing
from retrain.catalogue.models import Run
from retrain.catalogue.states import RunState
from retrain.language import CODES, pick


@click.command("runs")
@click.option(
    "--state", type=click.Choice([state.value for state in RunState]), help="Only runs in this state."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output, and nothing else.")
@click.option("--lang", type=click.Choice(CODES), default="uz", help="Language of the titles.")
@with_appcontext
def runs(state: str | None, as_json: bool, lang: str) -> None:
    """List the runs by their first day."""
    found = listing.managed([], state or "")
    if as_json:
        click.echo(json.dumps({"runs": [_plain(run, lang) for run in found]}, ensure_ascii=False))
        return
    for run in found:
        taken = f"{run.taken}/{run.places}"
        title = pick(run.version.titles, lang)
        click.echo(f"{run.code:<12} {run.state:<10} {run.starts_on} – {run.ends_on}  {taken:>7}  {title}")
    print(f"{len(found)} runs", file=sys.stderr)


def _plain(run: Run, lang: str) -> dict[str, object]:
    return {
        "code": run.code,
        "course": run.version.course.code,
        "title": pick(run.version.titles, lang),
        "state": run.state,
        "starts_on": run.starts_on.isoformat(),
        "ends_on": run.ends_on.isoformat(),
        "places": run.places,
        "taken": run.taken,
        "hours": run.hours,
        "language": run.language,
    }


COMMANDS = [runs]
