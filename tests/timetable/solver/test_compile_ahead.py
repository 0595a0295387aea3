"""What is compiled ahead is what is used: solving compiles nothing more."""

from pathlib import Path

from retrain.timetable.solver import ctt
from retrain.timetable.solver.ahead import compile_ahead
from retrain.timetable.solver.annealing import anneal
from retrain.timetable.solver.search import Search
from tests.timetable.solver.instances import instance


def test_solving_finds_the_kernel_compiled(tmp_path: Path):
    compile_ahead()
    compiled = set(anneal.signatures)
    path = tmp_path / "made.ctt"
    path.write_text(instance())
    problem = ctt.read(path).problem
    search = Search(problem, 1)
    search.anneal(1.0, 1000)
    search.take(search.best, search.best_cost)
    search.anneal(1.0, 1000)
    assert set(anneal.signatures) == compiled
