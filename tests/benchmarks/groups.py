"""Groups with classes and signed registers as rows: what benchmarks of attendance and completion begin with."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from retrain import clock
from retrain.attendance.models import Mark, Register
from retrain.catalogue.models import Run
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import Source, State
from retrain.extensions import db
from retrain.people.models import Employment
from retrain.timetable.models import ClassSession

GROUP = 30


def class_row(number: int, run_id: int, lecturer_id: int, pair: int, began: datetime) -> dict[str, Any]:
    """A published class of two academic hours."""
    return {
        "id": number, "run_id": run_id, "kind": "lecture", "lecturer_id": lecturer_id, "on_date": began.date(),
        "pair": pair, "starts_at": began, "ends_at": began + timedelta(minutes=90), "minutes": 90, "part": "whole",
        "pinned": False, "state": "published", "sequence": 0, "lock": 0, "published_at": began, "changed_at": began,
    }  # fmt: skip


def enrol(run_ids: Sequence[int], teachers: Sequence[int], size: int = GROUP) -> dict[int, list[int]]:
    """So many people in each group since it began, 300 days ago; run → their enrolments."""
    now, rows = clock.now(), list[dict[str, Any]]()
    found: dict[int, list[int]] = {}
    college = db.session.scalar(select(Employment.organisation_id).limit(1))
    for at, run_id in enumerate(run_ids):
        found[run_id] = list(range(at * size + 1, (at + 1) * size + 1))
        rows += [
            {"id": number, "run_id": run_id, "teacher_id": teachers[number - 1], "organisation_id": college,
             "state": State.ENROLLED, "source": Source.COORDINATOR, "requested_at": now, "changed_at": now,
             "since": now.date() - timedelta(days=300), "taken_from": [], "attempt": 1}
            for number in found[run_id]
        ]  # fmt: skip
    db.session.execute(insert(Enrolment), rows)
    for run in db.session.scalars(select(Run)):
        run.starts_on, run.ends_on = now.date() - timedelta(days=300), now.date() + timedelta(days=60)
    db.session.commit()
    return found


def hold(
    groups: dict[int, list[int]],
    days: Sequence[datetime],
    lecturer_id: int,
    absent: Callable[[int, int], bool],
) -> int:
    """A class on each of *days* in each group with its register signed; *absent* by enrolment and day. How many marks."""
    classes, sheets, marks = [], [], list[dict[str, Any]]()
    number = 0
    for at, began in enumerate(days):
        for run_id, group in groups.items():
            number += 1
            classes.append(class_row(number, run_id, lecturer_id, at % 6 + 1, began))
            sheets.append(
                {
                    "id": number,
                    "session_id": number,
                    "state": "signed",
                    "topic": "",
                    "signed_at": began,
                    "lock": 0,
                }
            )
            for one in group:
                missed = 90 if absent(one, at) else 0
                marks.append(
                    {"register_id": number, "enrolment_id": one, "kind": "absent" if missed else "present",
                     "missed_minutes": missed, "reason": "", "marked_at": began}
                )  # fmt: skip
    for table, found in ((ClassSession, classes), (Register, sheets), (Mark, marks)):
        db.session.execute(insert(table), found)
    db.session.commit()
    return len(marks)
