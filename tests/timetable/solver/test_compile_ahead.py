"""What is compiled ahead is what is used: solving compiles nothing more."""

from pathlib import Path

from retrain.timetable.solver import ctt
from retrain.timetable.solver.ahead import compile_ahead
from retrain.timetable.solver.annealing import anneal, mend
from retrain.timetable.solver.search import Kept, Search
from tests.timetable.solver.instances import instance


def test_solving_finds_the_kernel_compiled(tmp_path: Path):
    compile_ahead()
    compiled = set(anneal.signatures), set(mend.signatures)
    path = tmp_path / "made.ctt"
    path.write_text(instance())
    problem = ctt.read(path).problem
    search = Search(problem, 1)
    search.anneal(1.0, 1000)
    search.mend(1.0)
    search.take(Kept(search.now, 1))
    search.anneal(1.0, 1000)
    assert (set(anneal.signatures), set(mend.signatures)) == compiled
