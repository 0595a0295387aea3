"""A real worker whose claims lapse after a second, for the test that kills it. Arguments: database, instance."""

import sys
from datetime import timedelta
from pathlib import Path

from retrain.jobs import worker
from tests.harness.apps import assemble

if __name__ == "__main__":
    worker.run(assemble(sys.argv[1], Path(sys.argv[2]), JOBS_QUEUED=True, JOBS_LEASE=timedelta(seconds=1)))
