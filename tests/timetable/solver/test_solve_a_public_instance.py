"""``retrain timetable solve --ctt``: a public instance read, solved without a database, and written."""

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from retrain.cli import group as cli
from retrain.timetable.solver import ctt
from retrain.timetable.solver.solve import Better, solve
from tests.timetable.solver.instances import instance
from tests.timetable.solver.scorer import score

STEPS = 400_000


def retrain(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.main, ["timetable", "solve", *map(str, arguments)])


@pytest.fixture
def made(tmp_path: Path) -> Path:
    path = tmp_path / "made.ctt"
    path.write_text(instance())
    return path


def test_the_solution_is_right_and_costs_what_is_said(made: Path, tmp_path: Path):
    out = tmp_path / "solution"
    said = retrain("--ctt", made, "--out", out, "--steps", STEPS, "--searches", 1, "--json")
    assert said.exit_code == 0, said.output
    told = json.loads(said.stdout)
    found = score(made.read_text(), out.read_text())
    assert found.violations == 0
    assert told["cost"] == found.cost == sum(told["cost_by_part"].values())
    assert told["cost_by_part"] == {part: found.soft[part] for part in ctt.PUBLIC}
    assert told["steps"] >= STEPS
    assert told["feasible"]
    assert told["first_feasible_seconds"] == told["curve"][0][0]
    assert told["curve"][-1][1] == told["cost"]
    assert "s  " in said.stderr


def test_two_searches_find_the_same_by_the_same_steps(made: Path):
    problem = ctt.read(made).problem
    one, other = (solve(problem, steps=STEPS, seed=7) for _ in range(2))
    assert one.timetable is not None
    assert other.timetable is not None
    assert one.timetable.period.tolist() == other.timetable.period.tolist()
    assert one.timetable.room.tolist() == other.timetable.room.tolist()
    assert one.cost == other.cost


def test_it_stops_when_told_and_keeps_the_best(made: Path):
    told: list[Better] = []
    found = solve(
        ctt.read(made).problem, seconds=600, threads=1, on_better=told.append, stop=lambda: bool(told)
    )
    assert found.timetable is told[-1].timetable
    assert [each.cost for each in told] == [cost for _, cost in found.curve]
    assert found.seconds < 300


def test_an_interrupted_search_writes_what_it_has(made: Path, tmp_path: Path):
    out = tmp_path / "solution"
    command = [
        "timetable",
        "solve",
        "--ctt",
        made,
        "--out",
        out,
        "--seconds",
        "600",
        "--searches",
        "1",
        "--json",
    ]
    with subprocess.Popen(
        [sys.executable, "-m", "retrain.cli", *map(str, command)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        late = threading.Timer(120, running.kill)
        late.start()
        assert running.stderr is not None
        running.stderr.readline()
        running.send_signal(signal.SIGINT)
        said, _ = running.communicate()
        late.cancel()
    assert running.returncode == 0
    assert json.loads(said)["cost"] == score(made.read_text(), out.read_text()).cost


BROKEN = {
    "empty": "",
    "prose": "Dear all,\nthe timetable is as last year.\n",
    "one course fewer than announced": instance().replace("Courses: 12", "Courses: 13"),
    "an unknown course": instance().replace(
        "UNAVAILABILITY_CONSTRAINTS:", "UNAVAILABILITY_CONSTRAINTS:\nc99 0 0"
    ),
    "no such period": instance().replace(
        "UNAVAILABILITY_CONSTRAINTS:", "UNAVAILABILITY_CONSTRAINTS:\nc01 9 0"
    ),
    "half a line": instance().replace("\nc01 ", "\nc01\nc0x "),
    "seats in words": instance().replace("\nr0 ", "\nr0 many"),
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_an_unreadable_file_is_said_to_be_one(text: str, tmp_path: Path):
    path = tmp_path / "broken.ctt"
    path.write_text(text)
    said = retrain("--ctt", path, "--json")
    assert (said.exit_code, said.stdout) == (2, "")
    assert str(path) in said.stderr


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path):
    assert retrain("--ctt", tmp_path / "none.ctt").exit_code == 2


def test_a_course_that_may_never_be_held_has_no_timetable(tmp_path: Path):
    path, closed = tmp_path / "closed.ctt", [f"c01 {day} {slot}" for day in range(4) for slot in range(4)]
    path.write_text(
        instance().replace("UNAVAILABILITY_CONSTRAINTS:", "\n".join(["UNAVAILABILITY_CONSTRAINTS:", *closed]))
    )
    assert retrain("--ctt", path, "--steps", "1000").exit_code == 1


def test_what_has_no_timetable_is_said_to_have_none(tmp_path: Path):
    path = tmp_path / "full.ctt"
    path.write_text(instance(rooms=1, days=1, slots=4))
    said = retrain("--ctt", path, "--steps", "100000", "--searches", 1, "--json")
    assert said.exit_code == 1
    assert json.loads(said.stdout)["feasible"] is False
    assert "No timetable" in said.stderr
