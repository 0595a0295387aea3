"""``python -m retrain.timetable.solver.ahead``: the kernel compiled and kept, so that no search waits for it."""

import numpy as np

from retrain.timetable.solver.problem import plain
from retrain.timetable.solver.search import Search
from retrain.timetable.solver.start import without_wrongs


def compile_ahead() -> None:
    """Search in the smallest problem there is: one event that is fixed, and one that is not."""
    subject, nobody = np.zeros(2, np.int32), np.zeros((1, 1), np.bool_)
    fixed = np.array([0, -1], np.int32)
    search = Search(
        plain(subject=subject, takes_part=nobody, days=1, slots=2, rooms=1, fixed_period=fixed), seed=1
    )
    search.anneal(1.0, 1)
    search.mend(1.0)
    without_wrongs(search.problem, search.model, search.now)


if __name__ == "__main__":
    compile_ahead()
