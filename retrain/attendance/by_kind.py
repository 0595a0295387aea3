"""Hours that somebody did, by their kind: lectures, practicals, and those without a register. For completion."""

from collections import defaultdict
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from retrain.attendance import evidence_hours, queries
from retrain.attendance.models import Mark, Register
from retrain.attendance.rules import HalfMark, marks_that_count, tally
from retrain.attendance.states import CLOSED, MarkKind
from retrain.calendar.hours import to_tenths
from retrain.catalogue.models import Run
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.timetable import halves
from retrain.timetable.models import ClassSession
from retrain.timetable.states import HALVES, Part, SessionState

Done = dict[int, dict[str, float]]
"""enrolment → kind of hours → academic hours done."""


def hours_done(run: Run, hour: int, excused_counts: bool = True) -> Done:
    """What everybody of a run did of each kind of hours; an excuse counts as being there where the rules say so."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for number, kind, marks in _marks(run):
        hours = tally(marks)
        missed = hours.unexcused + (0 if excused_counts else hours.excused)
        found[number][kind] += hours.due - missed
    for number, kinds in evidence_hours.by_kind(run.id).items():
        for kind, minutes in kinds.items():
            found[number][kind.value] += minutes
    return {
        number: {kind: to_tenths(minutes, hour) for kind, minutes in kinds.items()}
        for number, kinds in found.items()
    }


def _marks(run: Run) -> list[tuple[int, str, list[tuple[MarkKind, int, int]]]]:
    """(enrolment, kind of hours, marks that count), over signed registers."""
    rows = db.session.execute(
        select(
            Mark.enrolment_id, ClassSession.kind, Mark.kind, ClassSession.minutes, Mark.missed_minutes,
            ClassSession.part, ClassSession.module_id,
        )
        .join(Register, Register.id == Mark.register_id)
        .join(ClassSession, ClassSession.id == Register.session_id)
        .join(Enrolment, Enrolment.id == Mark.enrolment_id)
        .where(_signed(run.id), queries.within_dates())
        .order_by(ClassSession.starts_at, ClassSession.id)
    ).all()  # fmt: skip
    split = any(row[5] is not Part.WHOLE for row in rows)
    half_of = halves.of_group(run) if split else {}
    held = _held(run.id) if split else {}
    by_person: dict[tuple[int, str], list[HalfMark]] = defaultdict(list)
    for number, kind, mark, minutes, lost, part, module_id in rows:
        own = not split or part in (Part.WHOLE, half_of.get(number))
        by_person[number, kind.value].append(HalfMark(mark, minutes, lost, (module_id, kind.value), own))
    return [
        (number, kind, marks_that_count(marks, _of_kind(held.get(half_of.get(number)), kind)))
        for (number, kind), marks in by_person.items()
    ]


def _of_kind(held: dict[tuple[int | None, str], int] | None, kind: str) -> dict[tuple[int | None, str], int]:
    return {key: minutes for key, minutes in (held or {}).items() if key[1] == kind}


def _held(run_id: int) -> dict[Any, dict[tuple[int | None, str], int]]:
    found: dict[Any, dict[tuple[int | None, str], int]] = {half: defaultdict(int) for half in HALVES}
    rows = db.session.execute(
        select(ClassSession.part, ClassSession.module_id, ClassSession.kind, func.sum(ClassSession.minutes))
        .join(Register, Register.session_id == ClassSession.id)
        .where(_signed(run_id))
        .group_by(ClassSession.part, ClassSession.module_id, ClassSession.kind)
    )
    for part, module_id, kind, minutes in rows:
        for half in part.halves:
            found[half][module_id, kind.value] += minutes
    return found


def _signed(run_id: int) -> ColumnElement[bool]:
    return and_(
        ClassSession.run_id == run_id,
        ClassSession.state == SessionState.PUBLISHED,
        Register.state.in_(CLOSED),
    )
