"""A real worker that knows one more kind of job, for the test that kills it.

Arguments: database, instance and, if it shall hang in the middle of a chunk to be killed there, the chunk's number.
"""

import sys
import threading
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from retrain import jobs
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.jobs import worker
from tests.harness.apps import assemble

KIND = "test.chunks"
CHUNKS = 60
HANG_AT = int(sys.argv[3]) if __name__ == "__main__" and len(sys.argv) > 3 else None


@use_case
def chunk(work: jobs.Work, number: int) -> None:
    """One chunk's effect, and how far the work is, in one transaction."""
    db.session.execute(text("INSERT INTO chunk_effect (number) VALUES (:number)"), {"number": number})
    work.progress(number + 1, CHUNKS, cursor={"number": number + 1})
    if number == HANG_AT:
        threading.Event().wait()


@jobs.handler(KIND, lane=jobs.Lane.HEAVY)
def do_chunks(work: jobs.Work) -> None:
    """Chunk by chunk, from where the last worker stopped."""
    for number in range((work.cursor or {}).get("number", 0), CHUNKS):
        chunk(work, number)


if __name__ == "__main__":
    worker.run(assemble(sys.argv[1], Path(sys.argv[2]), JOBS_QUEUED=True, JOBS_LEASE=timedelta(seconds=1)))
