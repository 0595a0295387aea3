"""The week grid of a university's busiest week, and a class dropped into it.

Sixty runs and about eleven thousand public classes. Server time of whole requests, sign-in to the last word: 150 ms is
the most that 95 of 100 grids may take, with at most twelve statements; a drop is checked, saved and everybody told in
under 100 ms. The grids are of a run, a room and a lecturer, those with most classes.
"""

import gc
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from retrain import clock
from retrain.calendar.weeks import monday_of
from retrain.catalogue.models import Run
from retrain.demo.country import moment
from retrain.extensions import db
from retrain.timetable.models import ClassSession
from tests import scenario
from tests.benchmarks.measure import Sample, houses, milliseconds, report
from tests.harness.statements import counted
from tests.harness.terms import TODAY, Busy, published

ROUNDS, DROPS = 60, 40
GRID_LIMIT, DROP_LIMIT, STATEMENTS = 150, 100, 12


def main() -> None:
    with houses() as each:
        for app, database in each:
            with app.app_context(), clock.at(moment(TODAY, 9)):
                busy = published()
                gc.collect()
                gc.freeze()  # what the filling left is not looked through again, as a server's start is not
                report("grid", "public classes of the term", busy.classes, "1", database=database.kind)
                desk = scenario.signed_in(app, busy.coordinator)
                grids(app, database.kind, desk, busy)
                drops(app, database.kind, desk, busy)
                db.session.remove()
                db.engine.dispose()


def busiest_week() -> date:
    """Its Monday."""
    per_day = select(ClassSession.on_date, func.count()).group_by(ClassSession.on_date)
    weeks: dict[date, int] = {}
    for day, count in db.session.execute(per_day):
        weeks[monday_of(day)] = weeks.get(monday_of(day), 0) + count
    return max(weeks, key=lambda monday: (weeks[monday], monday))


def most(column: Any, monday: date) -> Any:
    """Who or what has most classes in the week."""
    wanted = (
        select(column)
        .where(ClassSession.on_date.between(monday, monday + timedelta(days=6)), column.is_not(None))
        .group_by(column)
        .order_by(func.count().desc(), column)
    )
    return db.session.scalars(wanted.limit(1)).one()


def grids(app: Flask, kind: str, desk: Any, busy: Busy) -> None:
    """Each page as often as the others, by the clock; and its statements."""
    monday = busiest_week()
    code = db.session.get_one(Run, most(ClassSession.run_id, monday)).code
    pages = {
        "run": f"/manage/runs/{code}/timetable?week={monday}",
        "room": f"/manage/timetable/rooms/{most(ClassSession.room_id, monday)}?week={monday}",
        "lecturer": f"/manage/timetable/lecturers/{most(ClassSession.lecturer_id, monday)}?week={monday}",
    }
    db.session.remove()
    for name, address in pages.items():
        took = milliseconds(partial(page, desk, address), ROUNDS, warm=3)
        with counted() as sent:
            answered(desk.get(address))
        said(kind, f"grid of a {name}, p95", took, GRID_LIMIT)
        report("grid", f"grid of a {name}, statements", len(sent), "1", database=kind)
        assert len(sent) <= STATEMENTS, "\n".join(sent)


def drops(app: Flask, kind: str, desk: Any, busy: Busy) -> None:
    """Classes of a run moved to a free place, each there and back: marked free, asked about, agreed to, saved."""
    monday = busiest_week()
    run_id = most(ClassSession.run_id, monday)
    code = db.session.get_one(Run, run_id).code
    base = f"/manage/runs/{code}/timetable"
    number, home, free = movable(desk, base, run_id, monday)
    places = f"{base}/places.json?session={number}&week={monday}"
    marking = milliseconds(partial(page, desk, places), ROUNDS, warm=3)
    said(kind, "places marked while one drags, p95", marking, DROP_LIMIT)
    there_and_back = [free, home]
    asking, saving = [], []
    for turn in range(DROPS):
        db.session.remove()
        lock = db.session.get_one(ClassSession, number).lock
        db.session.remove()
        to, at = there_and_back[turn % 2]
        data = {"session": number, "lock": lock, "day": to.isoformat(), "pair": at}
        asked: list[Any] = []
        drop = partial(desk.post, f"{base}/drop.json")
        asking.append(once(partial(asked_and_kept, drop, data, asked)))
        data = data | {"agreed": asked[0].json["agreed"]}
        saving.append(once(partial(asked_and_kept, drop, data, asked)))
    said(kind, "drop checked and asked about, p95", Sample(tuple(asking[2:])), DROP_LIMIT)
    said(kind, "drop checked, saved and told, p95", Sample(tuple(saving[2:])), DROP_LIMIT)


Where = tuple[date, int]


def movable(desk: Any, base: str, run_id: int, monday: date) -> tuple[int, Where, Where]:
    """A class of the run that another place of the week is free for: its number, where it is, and where it may go."""
    rows = db.session.execute(
        select(ClassSession.id, ClassSession.on_date, ClassSession.pair)
        .where(ClassSession.run_id == run_id, ClassSession.on_date >= monday)
        .order_by(ClassSession.starts_at)
    ).all()
    for number, day, pair in rows:
        week = monday_of(day)
        cells = desk.get(f"{base}/places.json?session={number}&week={week}").json["cells"]
        if cells[f"{day} {pair}"]:
            continue  # it could not come back
        for key in (key for key, why in cells.items() if not why and key != f"{day} {pair}"):
            free_day, free_pair = key.split(" ")
            return number, (day, pair), (date.fromisoformat(free_day), int(free_pair))
    raise LookupError("no class of the run can be moved")


def page(desk: Any, address: str) -> None:
    """One page, which has to be there."""
    answered(desk.get(address))


def asked_and_kept(drop: Callable[..., Any], data: dict[str, Any], answers: list[Any]) -> None:
    """What the server answers to a drop, which has to be one."""
    answers.append(answered(drop(data=data)))


def once(call: Callable[[], Any]) -> float:
    """Milliseconds of one call."""
    return milliseconds(call, 1, warm=0).median


def said(kind: str, metric: str, took: Sample, limit: int) -> None:
    """The measurement, beside what it may be at most."""
    report(
        "grid", metric, took.p95, "ms", database=kind, rival="at most", rival_value=limit,
        runs=took.runs, spread=took.spread,
    )  # fmt: skip


def answered(response: Any) -> Any:
    """The answer, which has to be one."""
    assert response.status_code == 200, (response.status_code, response.text[:300])
    return response


if __name__ == "__main__":
    main()
