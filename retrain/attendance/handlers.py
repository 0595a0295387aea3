"""What attendance has to say when earlier stages change something: a class whose register is signed stays as it was;
and whom missed hours are told to."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select

from retrain import clock, jobs
from retrain.attendance.absences import absences
from retrain.attendance.checkin import checkins
from retrain.attendance.models import Register
from retrain.attendance.states import CLOSED
from retrain.extensions import db
from retrain.refusal import Refusal
from retrain.timetable.guards import guard
from retrain.timetable.models import ClassSession


@guard
def signed(session_ids: Collection[int]) -> dict[int, Refusal]:
    """Classes whose registers are signed: who was there then is on record."""
    rows = db.session.execute(
        select(ClassSession.id, ClassSession.on_date, ClassSession.pair)
        .join(Register, Register.session_id == ClassSession.id)
        .where(ClassSession.id.in_(session_ids), Register.state.in_(CLOSED))
    )
    return {number: Refusal.of("class-has-register", day=day, pair=pair) for number, day, pair in rows}


@jobs.every(timedelta(minutes=1))
def warn_of_missed_hours() -> None:
    """Registers that were signed lately may have brought somebody to a step of missed hours."""
    absences.look_at_what_was_signed(clock.now() - absences.SINCE)


@jobs.every(timedelta(hours=6))
def warn_of_all_missed_hours() -> None:
    """The same for every run under way: nothing is missed by a worker that was down."""
    absences.look_at_what_was_signed()


@jobs.every(timedelta(hours=24))
def forget_phones() -> None:
    """What told one phone from another is kept for a week and no longer."""
    checkins.forget_phones()
