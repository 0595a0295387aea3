"""The dashboard over a year of marks, as the coordinator opens it."""

import time
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import select, text, update

from retrain import clock
from retrain.catalogue.models import Run
from retrain.database import dialect
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.people.models import Person, Teacher
from tests.benchmarks.groups import GROUP, enrol, hold
from tests.benchmarks.measure import milliseconds, report, report_sample
from tests.harness import rush
from tests.harness.actors import somebody
from tests.scenario import signed_in

GROUPS, LATE = 40, 7


def measure(app: Flask, kind: str, marks: int) -> None:
    """Report how long the page takes over so many marks, of which one in eleven says that somebody was absent."""
    rush.prepare(app, teachers=GROUPS * GROUP, places=GROUPS * GROUP, runs=GROUPS)
    dialect.continue_numbers(db.session(), [Person.__table__])  # type: ignore[list-item]
    by = somebody(app, "coordinator", db.session.scalars(select(Run.provider_id).limit(1)).one())
    groups = enrol(
        list(db.session.scalars(select(Run.id).order_by(Run.id))),
        list(db.session.scalars(select(Teacher.id).order_by(Teacher.id))),
    )
    today, noon = clock.today(), clock.now().replace(hour=7)
    first = noon.replace(month=1, day=8)
    days = [first + timedelta(days=2 * at % 350) for at in range(-(-marks // (GROUPS * GROUP)))]
    held = hold(groups, days, by.actor.person_id or 0, lambda one, at: (one + at) % 11 == 0)
    # Everybody was in their group when its classes began, whatever day of the year this is run on.
    db.session.execute(update(Enrolment).values(since=first.date()))
    db.session.execute(text("ANALYZE"))
    db.session.commit()
    client = signed_in(app, by.actor)

    def opened() -> None:
        answer = client.get(f"/manage/attendance?year={today.year}")
        assert answer.status_code == 200, answer.status
        assert "K39" in answer.text

    report("attendance", "year_marks", held, "marks", database=kind)
    _tell("year_page", opened, kind)
    # Seven of ten came when the first half of the year was over: their earlier marks count for nobody.
    late = update(Enrolment).where(Enrolment.id % 10 < LATE).values(since=days[len(days) // 2].date())
    db.session.execute(late)
    db.session.commit()
    _tell("year_page_late_joiners", opened, kind)


def _tell(metric: str, opened: Callable[[], None], kind: str) -> None:
    began = time.process_time()
    sample = milliseconds(opened, runs=15)
    # Of this process alone: on PostgreSQL the questions are worked out by another.
    busy = (time.process_time() - began) * 1000 / (sample.runs + 1)
    report_sample("attendance", metric, sample, database=kind)
    report("attendance", f"{metric}_processor", busy, "ms", database=kind)
