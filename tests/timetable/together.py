"""Several real processes that begin at the same moment."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def all_at_once(module: str, url: str, folder: Path, orders: list[dict]) -> list[Any]:
    """What each process of the *module* answers to its orders; all are ready before the first begins."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", module, url, str(folder / str(number)), json.dumps(order)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for number, order in enumerate(orders)
    ]  # fmt: skip
    try:
        for each in started:
            assert each.stdout is not None
            assert each.stdout.readline() == "ready\n"
        for each in started:
            assert each.stdin is not None
            each.stdin.write("go\n")
            each.stdin.flush()
        return [json.loads(each.communicate(timeout=300)[0]) for each in started]
    finally:
        for each in started:
            if each.poll() is None:
                each.kill()
                each.wait(60)
