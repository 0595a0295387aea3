"""The program's own worker, made to stop in the middle of one chunk of a roster so that it can be killed there.

Arguments: database, instance, rows in a chunk and, if it shall hang, the number of the chunk.
"""

import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

from retrain.extensions import db
from retrain.jobs import worker
from retrain.people import roster_batches
from tests.harness.apps import assemble

MARK = "in-the-middle"
applied = roster_batches._apply


def apply_and_hang(instance: Path, chunk: int) -> Any:
    """As the program applies a chunk; once *chunk* is written and not yet committed it waits for its end."""
    begun: list[int] = []

    def apply(*arguments: Any) -> None:
        applied(*arguments)
        begun.append(1)
        if len(begun) == chunk:
            db.session.flush()
            (instance / MARK).touch()
            threading.Event().wait()

    return apply


def main(url: str, instance: Path, rows: int, hang_in: int | None) -> None:
    roster_batches.CHUNK = rows
    if hang_in is not None:
        roster_batches._apply = apply_and_hang(instance, hang_in)
    worker.run(assemble(url, instance, JOBS_QUEUED=True, JOBS_LEASE=timedelta(seconds=1)))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) > 4 else None)
