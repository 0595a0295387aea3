"""Two people decide on one run at once, and one whose process is killed in the middle: each thing happens once."""

import json
import subprocess
import sys
from dataclasses import astuple
from pathlib import Path

import pytest

from retrain.completion import deciding, queries, service
from retrain.completion.models import Decision, Override, Statement
from retrain.completion.states import Outcome
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import State
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.orders.models import OfficialOrder
from retrain.orders.states import OrderKind
from retrain.people.states import RoleKind
from retrain.record.models import Credit
from tests import scenario
from tests.completion.test_close_a_run import AFTER, before_closing
from tests.timetable import together

CLOSER = "tests.completion.closer"


@pytest.fixture
def country(made_once, clock):
    return made_once(before_closing)


def count(table, *conditions):
    return db.session.scalar(db.select(db.func.count()).select_from(table).where(*conditions))


def order(actor, *calls, **more):
    return {"actor": list(astuple(actor)), "at": AFTER.isoformat(), "calls": list(calls), **more}


def killed(database, folder, asked):
    db.session.remove()
    started = subprocess.Popen(
        [sys.executable, "-m", CLOSER, database.url, str(folder), json.dumps(asked)],
        cwd=together.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    started.communicate("go\n", timeout=300)
    assert started.returncode == -9, "it was to die before it had written everything"


@pytest.mark.race
def test_two_close_one_statement_answer_one_proposal_and_close_one_run(
    app, database, country, tmp_path: Path
):
    code, two = country.run.code, country.enrolments[1].id
    others = [scenario.role(scenario.person(name), RoleKind.COORDINATOR, country.provider) for name in "AB"]
    service.propose_override(country.coordinator, code, two, Outcome.COMPLETED, "The paper came late.")
    number = db.session.scalar(db.select(Override.id))
    killed(
        database, tmp_path / "k", order(others[0], ["close_run", [code]], die_before="INSERT INTO message")
    )
    assert (count(Decision), count(Statement), count(Credit)) == (0, 0, 0), "all or nothing"
    calls = [["close_statement", [code, country.final, 1]], ["answer_override", [code, number, True]],
             ["close_run", [code]]]  # fmt: skip
    db.session.remove()
    answers = together.all_at_once(CLOSER, database.url, tmp_path, [order(actor, *calls) for actor in others])
    assert [each[0] for each in answers] == ["done", "done"], "who comes second finds it closed"
    assert sorted(each[1] for each in answers) == ["done", "override-answered"]
    assert sorted(each[2] for each in answers) == ["done", "run-not-open"]
    assert (count(Decision), count(Statement), count(Credit)) == (3, 1, 2)
    assert {row.outcome for row in queries.decisions(country.run.id).values()} == set(Outcome)
    assert count(Message, Message.kind.like("completion.%")) == 3
    assert deciding.replayed(country.run) == []


@pytest.mark.race
def test_killed_between_the_exclusion_and_its_order_it_is_done_again_once(
    app, database, country, clock, tmp_path: Path
):
    code, three = country.run.code, country.enrolments[2].id
    asked = order(
        country.coordinator, ["exclude", [code, three, "No result."]], die_before="INSERT INTO official_order"
    )
    killed(database, tmp_path / "k", asked)
    excluded = db.select(Enrolment.state).where(Enrolment.id == three)
    of_exclusion = OfficialOrder.kind == OrderKind.EXCLUSION
    assert (db.session.scalar(excluded), count(OfficialOrder, of_exclusion)) == (State.ENROLLED, 0)
    desk = scenario.signed_in(app, country.coordinator)
    for _ in range(2):
        desk.post(f"/enrolments/{three}/exclusion", data={"reason": "No result."})
    db.session.expire_all()
    assert (db.session.scalar(excluded), count(OfficialOrder, of_exclusion)) == (State.EXCLUDED, 1)
