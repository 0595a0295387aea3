"""The biggest university's published term repaired: somebody falls ill for the rest of it, for two weeks, a room floods.

Sixty runs and about eleven thousand public classes. Measured is the whole work of the worker, from the job's first
statement to the repair that waits to be published: 5 s is the most it may take for a lecturer's absence.
"""

import gc
import time
from collections.abc import Iterator
from datetime import date, timedelta

from flask import Flask
from sqlalchemy import func, select

from retrain import clock, jobs
from retrain.calendar.weeks import monday_of
from retrain.demo.country import moment
from retrain.extensions import db
from retrain.refusal import Refused
from retrain.timetable import repairing, undoing
from retrain.timetable.models import ClassSession, Scenario
from retrain.timetable.outages import Outage
from retrain.timetable.states import ScenarioState
from tests.benchmarks.measure import Sample, houses, peak_megabytes, report
from tests.harness.terms import TODAY, Busy, published

ROUNDS = 3
LIMIT = 5.0


def main() -> None:
    with houses() as each:
        for app, database in each:
            with app.app_context(), clock.at(moment(TODAY, 9)):
                busy = published()
                gc.collect()
                gc.freeze()  # what the filling left is not looked through again, as a worker's start is not
                for name, outage in outages(busy):
                    repair(app, database.kind, busy, name, outage)
                report("repair", "most memory", peak_megabytes(), "MB", database=database.kind)
                db.session.remove()
                db.engine.dispose()


def outages(busy: Busy) -> Iterator[tuple[str, Outage]]:
    """The lecturers and the room with most classes, away for a while."""
    taught = select(ClassSession.lecturer_id).where(ClassSession.lecturer_id.is_not(None))
    by_classes = taught.group_by(ClassSession.lecturer_id).order_by(func.count().desc())
    people = [number or 0 for number in db.session.scalars(by_classes)]
    rooms = select(ClassSession.room_id).where(ClassSession.room_id.is_not(None))
    room = db.session.scalars(
        rooms.group_by(ClassSession.room_id).order_by(func.count().desc()).limit(1)
    ).one()
    middle: date = monday_of(busy.first + (busy.last - busy.first) / 2)
    two_weeks = middle + timedelta(days=13)
    busiest, usual = people[0], people[len(people) // 2]
    yield "busiest lecturer for the term", Outage(busy.first, busy.last, frozenset({busiest}))
    yield "usual lecturer for the term", Outage(busy.first, busy.last, frozenset({usual}))
    yield "busiest lecturer for two weeks", Outage(middle, two_weeks, frozenset({busiest}))
    yield "busiest room for two weeks", Outage(middle, two_weeks, rooms=frozenset({room or 0}))
    yield "a day off", Outage(middle, middle, everybody=True, note="-")


def repair(app: Flask, kind: str, busy: Busy, name: str, outage: Outage) -> None:
    """One repair made several times, published once and taken back."""
    took = []
    for _ in range(ROUNDS):
        number = repairing.want(busy.coordinator, busy.provider_id, outage).id
        db.session.remove()
        began = time.perf_counter()
        jobs.run_waiting()
        took.append(time.perf_counter() - began)
    db.session.remove()
    made = db.session.get_one(Scenario, number)
    hit, placed, ready = made.wanted, made.placed, made.state is ScenarioState.READY
    sample = Sample(tuple(took))
    report(
        "repair", f"{name}, made", sample.median, "s", database=kind, rival="at most", rival_value=LIMIT,
        runs=sample.runs, spread=sample.spread,
    )  # fmt: skip
    report("repair", f"{name}, classes hit", hit, "1", database=kind)
    report("repair", f"{name}, classes with a place", placed, "1", database=kind)
    if ready:
        began = time.perf_counter()
        change = repairing.publish(busy.coordinator, number)
        report("repair", f"{name}, published", time.perf_counter() - began, "s", database=kind)
        began = time.perf_counter()
        try:
            undoing.take_back(busy.coordinator, change.id)
            report("repair", f"{name}, taken back", time.perf_counter() - began, "s", database=kind)
        except Refused as refused:
            # The term was laid out without the lecturers' limits: what broke them before does not come back.
            report("repair", f"{name}, classes that can't come back", len(refused.why), "1", database=kind)
    db.session.remove()


if __name__ == "__main__":
    main()
