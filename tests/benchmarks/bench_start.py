"""How long the web server takes from being started to its first answer, on a database that is there."""

import os
import tempfile
import time
from pathlib import Path

from tests.benchmarks.measure import Sample, report_sample
from tests.harness.servers import await_answer, free_port, process

RUNS = 7


def milliseconds_to_answer(instance: Path) -> float:
    port = free_port()
    environment = {**os.environ, "RETRAIN_INSTANCE": str(instance), "PORT": str(port)}
    began = time.perf_counter()
    with process("serve", environment=environment, log=instance / "log") as server:
        await_answer(f"http://127.0.0.1:{port}/", process=server)
        return (time.perf_counter() - began) * 1000


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        instance = Path(folder)
        milliseconds_to_answer(instance)  # makes the tables, and does not count
        sample = Sample(tuple(milliseconds_to_answer(instance) for _ in range(RUNS)))
        report_sample("start", "first answer of retrain serve", sample, database="sqlite")


if __name__ == "__main__":
    main()
