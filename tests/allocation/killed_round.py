"""A process that gives the places of a round and is killed when all is written and nothing committed.

Arguments: database, instance, the moment it is, the round's code and the digest that was confirmed.
"""

import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from retrain import clock
from retrain.allocation import giving, service
from retrain.audit import SYSTEM
from tests.harness.apps import assemble


def die(*_arguments: Any) -> None:
    """Without a chance to put anything in order."""
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    url, instance, now, code, digest = sys.argv[1:]
    giving._tell_colleges = die
    with assemble(url, Path(instance)).app_context(), clock.at(datetime.fromisoformat(now)):
        service.do_round(SYSTEM, code, digest)
