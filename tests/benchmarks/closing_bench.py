"""The end of runs of a thousand people, sixty classes and ten assessments each: what is decided, by the button."""

import time
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, insert, select, text

from retrain import clock
from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.catalogue.states import RunState
from retrain.completion import deciding
from retrain.completion.models import Assessment, Decision, Result
from retrain.completion.states import AssessmentKind, Outcome
from retrain.database import dialect
from retrain.extensions import db
from retrain.people.models import Person, Teacher
from tests.benchmarks.groups import enrol, hold
from tests.benchmarks.measure import Sample, milliseconds, report, report_sample
from tests.harness import rush
from tests.harness.actors import somebody
from tests.scenario import signed_in

PEOPLE, CLASSES, ASSESSMENTS, RUNS = 1000, 60, 10, 3
NEVER_THERE, FAILED = 20, 25
"""One in so many misses half of the classes, or does not pass the final assessment."""


def measure(app: Flask, kind: str) -> None:
    """Report how long one waits for the list of what would be decided, for the closing, and for it asked again."""
    by = _prepare(app)
    client = signed_in(app, by)
    codes = list(db.session.scalars(select(Run.code).order_by(Run.id)))
    report("completion", "people", PEOPLE, "people", database=kind)
    report("completion", "marks", PEOPLE * CLASSES, "marks", database=kind)

    def weighed() -> None:
        db.session.remove()
        assert len(deciding.weigh(_run(codes[0]))) == PEOPLE

    report_sample("completion", "decide_all", milliseconds(weighed, runs=5), database=kind)
    taken, busy = [], []
    for code in codes:
        db.session.remove()
        began, own = time.perf_counter(), time.process_time()
        answer = client.post(f"/manage/runs/{code}/completion")
        taken.append((time.perf_counter() - began) * 1000)
        busy.append((time.process_time() - own) * 1000)
        assert answer.status_code == 303, answer.text
    report_sample("completion", "close_run", Sample(tuple(taken)), database=kind)
    report_sample("completion", "close_run_processor", Sample(tuple(busy)), database=kind)
    for outcome in Outcome:
        count = select(func.count(Decision.id)).where(Decision.outcome == outcome)
        report("completion", outcome.value, db.session.scalar(count) or 0, "decisions", database=kind)

    def again() -> None:
        db.session.remove()
        assert deciding.replayed(_run(codes[0])) == []

    report_sample("completion", "replay_all", milliseconds(again, runs=3), database=kind)


def _run(code: str) -> Run:
    return db.session.scalars(select(Run).where(Run.code == code)).one()


def _prepare(app: Flask) -> Actor:
    """Runs that are over, with everything held and entered and nothing closed."""
    rush.prepare(app, teachers=RUNS * PEOPLE, places=RUNS * PEOPLE, runs=RUNS)
    dialect.continue_numbers(db.session(), [Person.__table__])  # type: ignore[list-item]
    by = somebody(app, "coordinator", db.session.scalars(select(Run.provider_id).limit(1)).one())
    runs = list(db.session.scalars(select(Run.id).order_by(Run.id)))
    groups = enrol(runs, list(db.session.scalars(select(Teacher.id).order_by(Teacher.id))), PEOPLE)
    first = clock.now() - timedelta(days=200)
    days = [first + timedelta(days=at) for at in range(CLASSES)]
    hold(
        groups,
        days,
        by.actor.person_id or 0,
        lambda one, at: at % 2 == 0 if one % NEVER_THERE == 0 else (one + at) % 11 == 0 and at < 20,
    )
    _grade(groups)
    for run in db.session.scalars(select(Run)):
        run.state, run.ends_on = RunState.RUNNING, clock.today() - timedelta(days=2)
        # The orders are other people's work, and no part of what is measured.
        run.policy = {**run.policy, "grounds": []}
    db.session.execute(text("ANALYZE"))
    db.session.commit()
    return by.actor


def _grade(groups: dict[int, list[int]]) -> None:
    rows = []
    for run_id, people in groups.items():
        for at in range(ASSESSMENTS):
            kind = AssessmentKind.FINAL if at == 0 else AssessmentKind.MODULE
            made = Assessment(run_id=run_id, titles={"uz": f"Sinov {at}"}, kind=kind, weight=1, pass_mark=56)
            db.session.add(made)
            db.session.flush()
            rows += [
                {"assessment_id": made.id, "enrolment_id": one, "attempt": 1, "entered_at": clock.now(),
                 "points": 40 if at == 0 and one % FAILED == 0 else 60 + (one + at) % 40}
                for one in people
            ]  # fmt: skip
    db.session.execute(insert(Result), rows)
    db.session.commit()
