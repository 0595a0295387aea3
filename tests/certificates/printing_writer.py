"""A process that begins a printing as soon as it is told to go."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import retrain.clock
from retrain.audit import Actor
from retrain.certificates.paper import printings
from retrain.refusal import Refused
from tests.harness.apps import assemble, release


def main(url: str, instance: str, order: str) -> None:
    """Waits for a line, then begins; prints whether it could."""
    asked = json.loads(order)
    app = assemble(url, Path(instance))
    with app.app_context(), retrain.clock.at(datetime(2026, 9, 21, 6, tzinfo=UTC)):
        print("ready", flush=True)
        sys.stdin.readline()
        try:
            printings.begin(Actor(*asked["actor"]), asked["code"], asked["documents"], tuple(asked["first"]))
            answer = "begun"
        except Refused:
            answer = "refused"
        release(app)
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
