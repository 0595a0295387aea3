"""A process that takes an export of hours in at the same time as others do."""

import json
import sys
from datetime import date
from pathlib import Path

import retrain.clock
from retrain.attendance.evidence import importing as evidence_import
from retrain.audit import Actor
from retrain.demo.country import moment
from tests.harness.apps import assemble, release


def main(url: str, instance: str, orders: str) -> None:
    """Waits for a line, then takes every file in, and prints how many lines of each were new."""
    asked = json.loads(orders)
    # All read the files out of one folder, as the web processes of a machine do.
    app = assemble(url, Path(asked["files"]))
    with app.app_context(), retrain.clock.at(moment(date.fromisoformat(asked["today"]), 15)):
        print("ready", flush=True)
        sys.stdin.readline()
        counts = [evidence_import.take_in(Actor(*asked["actor"]), asked["run"], one) for one in asked["take"]]
        release(app)
    print(json.dumps(counts), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
