"""A process that does things to one register at the same moment as others: marks, signs, corrects, confirms."""

import json
import sys
from pathlib import Path
from typing import Any

import retrain.clock
from retrain.attendance import service
from retrain.attendance.checkin import checkins
from retrain.attendance.rules import Marked
from retrain.attendance.states import MarkKind
from retrain.audit import Actor
from retrain.refusal import Refused
from tests.attendance.first_morning import MONDAY, at_nine
from tests.harness.apps import assemble, release


def main(url: str, instance: str, orders: str) -> None:
    """Waits for a line, then does each thing in turn; prints “done”, or the codes of what was refused."""
    asked = json.loads(orders)
    app = assemble(url, Path(instance))
    with app.app_context(), retrain.clock.at(at_nine(MONDAY)):
        print("ready", flush=True)
        sys.stdin.readline()
        answers = [_do(asked, each) for each in asked["do"]]
        release(app)
    print(json.dumps(answers), flush=True)


def _do(asked: dict[str, Any], each: dict[str, Any]) -> str:
    actor, session_id = Actor(*asked["actor"]), asked["session"]
    try:
        match each["what"]:
            case "mark":
                service.save_marks(actor, session_id, [_mark(each)])
            case "sign":
                service.sign(actor, session_id)
            case "correct":
                service.correct(actor, session_id, _mark(each), each["why"])
            case "confirm":
                return str(checkins.settle(actor, session_id, each["who"], confirm=each["yes"]))
            case "say":
                checkins.say(actor, session_id, each["code"], "", each["device"], "room")
    except Refused as refused:
        return " ".join(why.code for why in refused.why)
    return "done"


def _mark(each: dict[str, Any]) -> Marked:
    return Marked(each["who"], MarkKind(each["kind"]))


if __name__ == "__main__":
    main(*sys.argv[1:])
