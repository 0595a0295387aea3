"""Workers in processes of their own, which a test may kill in the middle of their work."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.harness.databases import Database

ROOT = Path(__file__).parents[2]


@contextmanager
def worker(
    module: str, database: Database, instance: Path, *more: str
) -> Iterator["subprocess.Popen[bytes]"]:
    """The processes of the worker that *module* starts; all of them are killed at the end of the block."""
    arguments = [sys.executable, "-m", module, database.url, str(instance), *more]
    process = subprocess.Popen(arguments, cwd=ROOT, start_new_session=True)
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(60)
