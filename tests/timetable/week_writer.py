"""A process that does to classes of a week what others do to the same ones at the same time."""

import json
import sys
from datetime import date
from pathlib import Path

import retrain.clock
from retrain.audit import Actor
from retrain.demo.country import moment
from retrain.refusal import ChangedMeanwhile, Refused
from retrain.timetable import changing, undoing
from retrain.timetable.service import Place
from tests.harness.apps import assemble, release


def main(url: str, instance: str, orders: str) -> None:
    """Waits for a line, then does every order, and prints what came of each: done, or why not."""
    asked = json.loads(orders)
    app = assemble(url, Path(instance))
    actor = Actor(*asked["actor"])
    answers = []
    with app.app_context(), retrain.clock.at(moment(date.fromisoformat(asked["today"]), 9)):
        print("ready", flush=True)
        sys.stdin.readline()
        for what, *values in asked["orders"]:
            try:
                do(actor, what, values)
                answers.append("done")
            except Refused as refused:
                answers.append(",".join(sorted({why.code for why in refused.why})))
            except ChangedMeanwhile:
                answers.append("changed-meanwhile")
        release(app)
    print(json.dumps(answers), flush=True)


def do(actor: Actor, what: str, values: list) -> None:
    """One order."""
    if what == "move":
        session_id, topic, day, pair, room, lock = values
        changing.move(actor, session_id, Place(topic, date.fromisoformat(day), pair, room, None, 2), lock)
    elif what == "swap":
        changing.swap(actor, *values)
    else:
        undoing.undo(actor, *values)


if __name__ == "__main__":
    main(*sys.argv[1:])
