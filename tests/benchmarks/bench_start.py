"""How long the web server takes from being started to its first answer, on a database that is there."""

import os
import tempfile
from pathlib import Path

from tests.benchmarks.measure import milliseconds, report_sample
from tests.harness.servers import await_answer, free_port, process

RUNS = 7


def start_and_answer(instance: Path) -> None:
    port = free_port()
    environment = {**os.environ, "RETRAIN_INSTANCE": str(instance), "PORT": str(port)}
    with process("serve", environment=environment, log=instance / "log") as server:
        await_answer(f"http://127.0.0.1:{port}/", process=server)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        instance = Path(folder)
        # The first start makes the tables; it does not count.
        sample = milliseconds(lambda: start_and_answer(instance), RUNS, warm=1)
        report_sample("start", "first answer of retrain serve, stop included", sample, database="sqlite")


if __name__ == "__main__":
    main()
