"""A process that sends what a device holds about a register, as soon as it is told to go, or dies between two writes."""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import event

import retrain.clock
from retrain.attendance import service
from retrain.attendance.devices import reading as reading_devices
from retrain.audit import Actor
from retrain.extensions import db
from tests.attendance.first_morning import MONDAY, at_nine
from tests.harness.apps import assemble, release


def main(url: str, instance: str, orders: str) -> None:
    """Waits for a line, then sends each batch; prints the outcome of every operation in it."""
    asked = json.loads(orders)
    app = assemble(url, Path(instance))
    with app.app_context(), retrain.clock.at(at_nine(MONDAY)):
        print("ready", flush=True)
        sys.stdin.readline()
        if asked.get("die_before"):
            event.listen(db.engine, "before_cursor_execute", _dying(asked["die_before"]))
        answers = [_send(asked, operations) for operations in asked["batches"]]
        release(app)
    print(json.dumps(answers), flush=True)


def _send(asked: dict[str, Any], operations: list[dict[str, Any]]) -> dict[str, str]:
    batch = reading_devices.batch({"device": asked["device"], "operations": operations})
    taken = service.take_in(Actor(*asked["actor"]), asked["session"], batch.device, None, batch.operations)
    return {name: str(answer.outcome) for name, answer in taken.answers.items()}


def _dying(words: str) -> Any:
    def before(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith(words):
            os.kill(os.getpid(), signal.SIGKILL)

    return before


if __name__ == "__main__":
    main(*sys.argv[1:])
