"""A process that decides on a run as soon as it is told to go, or dies between two writes."""

import json
import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event

import retrain.clock
from retrain.audit import Actor
from retrain.completion import service
from retrain.extensions import db
from retrain.refusal import Refused
from tests.harness.apps import assemble, release


def main(url: str, instance: str, orders: str) -> None:
    """Waits for a line, then makes each call; prints what became of them: ``done``, or why not."""
    asked = json.loads(orders)
    app = assemble(url, Path(instance))
    with app.app_context(), retrain.clock.at(datetime.fromisoformat(asked["at"])):
        print("ready", flush=True)
        sys.stdin.readline()
        if asked.get("die_before"):
            event.listen(db.engine, "before_cursor_execute", _dying(asked["die_before"]))
        answers = [_call(Actor(*asked["actor"]), name, arguments) for name, arguments in asked["calls"]]
        release(app)
    print(json.dumps(answers), flush=True)


def _call(actor: Actor, name: str, arguments: list[Any]) -> str:
    try:
        getattr(service, name)(actor, *arguments)
    except Refused as refused:
        return refused.why[0].code
    return "done"


def _dying(words: str) -> Any:
    def before(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith(words):
            os.kill(os.getpid(), signal.SIGKILL)

    return before


if __name__ == "__main__":
    main(*sys.argv[1:])
