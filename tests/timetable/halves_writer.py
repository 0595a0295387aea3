"""A process that puts classes of chosen parts of a group into the same pairs as others do at the same time."""

import json
import sys
from datetime import date
from pathlib import Path

import retrain.clock
from retrain.audit import Actor
from retrain.demo.country import moment
from retrain.refusal import Refused
from retrain.timetable import service
from retrain.timetable.service import Place
from retrain.timetable.states import Part
from tests.harness.apps import assemble, release


def main(url: str, instance: str, orders: str) -> None:
    """Waits for a line, then tries every order, and prints what was put in and what was refused why."""
    asked = json.loads(orders)
    app = assemble(url, Path(instance))
    actor = Actor(*asked["actor"])
    answers = []
    with app.app_context(), retrain.clock.at(moment(date.fromisoformat(asked["today"]), 9)):
        print("ready", flush=True)
        sys.stdin.readline()
        for topic, day, pair, room, part in asked["places"]:
            place = Place(topic, date.fromisoformat(day), pair, room, None, 2, Part(part))
            try:
                answers.append([part, service.add_session(actor, asked["run"], place).id])
            except Refused as refused:
                answers.append([part, sorted(why.code for why in refused.why)])
        release(app)
    print(json.dumps(answers), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
