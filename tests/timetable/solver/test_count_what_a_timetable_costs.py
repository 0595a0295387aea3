"""The kernel's costs are those of the reference, and the reference's those of an independent scorer."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain.timetable.solver import arrays, ctt
from retrain.timetable.solver.cost import cost
from retrain.timetable.solver.search import Search
from tests.timetable.solver.instances import instance
from tests.timetable.solver.scorer import score
from tests.timetable.solver.terms import anything

ONLY_WHERE_LIMITED = {"day_load", "week_load", "where", "first", "last"}
"""What the kernel counts only where there are limits, ways or an order."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "made.ctt"


@given(
    seed=st.integers(1, 10_000),
    temperature=st.sampled_from([0.1, 1.0, 5.0, 50.0]),
    steps=st.integers(0, 5000),
)
def test_the_kernel_counts_as_the_reference_does(path: Path, seed: int, temperature: float, steps: int):
    path.write_text(instance(seed))
    search = Search(ctt.read(path).problem, seed)
    search.anneal(temperature, steps)
    agree(search)


@given(seed=st.integers(1, 10_000))
def test_the_reference_counts_as_an_independent_scorer_does(path: Path, seed: int):
    path.write_text(instance(seed))
    read = ctt.read(path)
    search = Search(read.problem, seed)
    search.anneal(2.0, 20_000)
    if kept := search.kept:
        found, counted = (
            score(path.read_text(), ctt.write(read, kept.timetable)),
            cost(read.problem, kept.timetable),
        )
        assert (found.violations, counted.violations) == (0, 0)
        assert counted.total == kept.cost
        assert {name: counted.soft[part] for name, part in ctt.PUBLIC.items()} == {
            name: found.soft[name] for name in ctt.PUBLIC
        }


@given(
    seed=st.integers(1, 10_000), temperature=st.sampled_from([1.0, 20.0, 500.0]), steps=st.integers(0, 5000)
)
def test_the_kernel_counts_limits_ways_and_order_as_the_reference_does(
    seed: int, temperature: float, steps: int
):
    search = Search(anything(seed), seed)
    search.anneal(temperature, steps)
    agree(search)
    search.mend(temperature)
    agree(search)


def agree(search: Search) -> None:
    """Everything the kernel has counted is as it is when counted anew."""
    problem, kept = search.problem, search.state
    anew = arrays.state(problem, search.model, arrays.timetable(problem, kept.period, kept.room))
    counted = set(arrays.State._fields) - (set() if search.model.is_limited else ONLY_WHERE_LIMITED)
    for name in sorted(counted):
        assert getattr(kept, name).tolist() == getattr(anew, name).tolist(), name
