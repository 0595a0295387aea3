"""A process that issues a run's documents as soon as it is told to go, or dies while it makes the file of one."""

import json
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import retrain.clock
from retrain import files, jobs
from retrain.audit import Actor
from retrain.certificates import making, service
from retrain.refusal import Refused
from tests.harness.apps import assemble, release


def main(url: str, instance: str, order: str) -> None:
    """Waits for a line, then does what was ordered; prints the numbers it gave."""
    asked = json.loads(order)
    app = assemble(url, Path(instance))
    with app.app_context(), retrain.clock.at(datetime(2026, 9, 21, 6, tzinfo=UTC)):
        print("ready", flush=True)
        sys.stdin.readline()
        if asked.get("die"):
            die_after_the_file(Actor(*asked["actor"]), asked["die"])
        if asked.get("die_making"):
            die_after_the_files()
        if asked.get("sign"):
            service.file_of(Actor(*asked["actor"]), asked["sign"])
            release(app)
            print(json.dumps("signed"), flush=True)
            return
        try:
            answer = [row.number for row in service.issue_run(Actor(*asked["actor"]), asked["code"])]
        except Refused as refused:
            answer = [why.code for why in refused.why]
        release(app)
    print(json.dumps(answer), flush=True)


def die_after_the_file(actor: Actor, certificate_id: int) -> None:
    """``kill -9`` when the signed file is on disk, and nothing of it in the database."""
    keep = files.keep

    def kept(*args: Any, **more: Any) -> None:
        keep(*args, **more)
        os.kill(os.getpid(), signal.SIGKILL)

    files.keep = kept  # type: ignore[assignment]
    service.file_of(actor, certificate_id)


def die_after_the_files() -> None:
    """The same while the worker makes the files of many one by one: that of the second is there, its row is not."""
    write, written = files.write_made, []

    def fall(contents: Any) -> list[files.Made]:
        written.append(write(contents))
        if len(written) == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return written[-1]

    files.write_made = fall
    making.BITE = 1
    jobs.run_waiting()


if __name__ == "__main__":
    main(*sys.argv[1:])
