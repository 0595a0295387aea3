"""``python -m retrain.timetable.solver.ahead``: the kernel compiled and kept, so that no search waits for it."""

import numpy as np

from retrain.timetable.solver.problem import plain
from retrain.timetable.solver.search import Search


def compile_ahead() -> None:
    """Search in the smallest problem there is."""
    subject, nobody = np.zeros(1, np.int32), np.zeros((1, 1), np.bool_)
    Search(plain(subject=subject, takes_part=nobody, days=1, slots=2, rooms=1), seed=1).anneal(1.0, 1)


if __name__ == "__main__":
    compile_ahead()
