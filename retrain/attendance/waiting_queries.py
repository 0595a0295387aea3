"""What of registers waits for somebody: classes taken for another, guests to settle, registers nobody signed."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select

from retrain import clock
from retrain.attendance.absences.models import ExclusionProposal
from retrain.attendance.evidence.models import Evidence
from retrain.attendance.evidence.states import EvidenceState
from retrain.attendance.models import Guest, Register, Substitution
from retrain.attendance.states import CLOSED, GuestState
from retrain.catalogue.models import Run
from retrain.catalogue.states import ON_OFFER
from retrain.enrolment import office_counts
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import State
from retrain.extensions import db
from retrain.people import queries as people
from retrain.timetable.models import ClassSession
from retrain.timetable.states import SessionState

EVENING = 18
"""From this hour of the day on, a register of today that nobody has signed is the coordinator's to ask for."""


def taken_for_another(person_id: int, day: date) -> list[ClassSession]:
    """The classes of others that somebody takes on a day."""
    found = (
        select(ClassSession)
        .join(Substitution, Substitution.session_id == ClassSession.id)
        .where(Substitution.person_id == person_id, Substitution.valid_on == day)
        .where(ClassSession.state == SessionState.PUBLISHED)
        .order_by(ClassSession.starts_at, ClassSession.id)
    )
    return list(db.session.scalars(found))


def with_classes_of_others(meetings: Sequence[ClassSession], person_id: int, day: date) -> list[ClassSession]:
    """Somebody's own classes and those they take for another on a day, in order."""
    known = {row.id for row in meetings}
    others = [row for row in taken_for_another(person_id, day) if row.id not in known]
    return sorted([*meetings, *others], key=lambda row: (row.starts_at, row.id))


@office_counts.declare("guests")
def _guests(provider_id: int, _person_id: int) -> Select[Any]:
    """Guests to settle, and the class of the first of them."""
    return (
        office_counts.per_run(provider_id, first=func.min(Register.session_id))
        .join(ClassSession, ClassSession.run_id == Run.id)
        .join(Register, Register.session_id == ClassSession.id)
        .join(Guest, Guest.register_id == Register.id)
        .where(Guest.state == GuestState.WAITING)
    )


@office_counts.declare("registers")
def _not_signed(provider_id: int, _person_id: int) -> Select[Any]:
    """Registers of runs under way that nobody has signed by the evening of their day."""
    there = clock.now().astimezone(people.zone_of(provider_id))
    until = there.date() if there.hour >= EVENING else there.date() - timedelta(days=1)
    return (
        office_counts.per_run(provider_id)
        .join(ClassSession, ClassSession.run_id == Run.id)
        .outerjoin(Register, Register.session_id == ClassSession.id)
        .where(Run.state.in_(ON_OFFER), Run.starts_on <= until)
        .where(ClassSession.state == SessionState.PUBLISHED, ClassSession.on_date <= until)
        .where(ClassSession.ends_at <= clock.now())  # an evening class has still to be held
        .where(or_(Register.id.is_(None), Register.state.not_in(CLOSED)))
    )


@office_counts.declare("exclusions")
def _undecided(provider_id: int, _person_id: int) -> Select[Any]:
    """People at the limit of missed hours on whom nobody has decided yet."""
    return (
        office_counts.per_run(provider_id)
        .join(Enrolment, Enrolment.run_id == Run.id)
        .join(ExclusionProposal, ExclusionProposal.enrolment_id == Enrolment.id)
        .where(ExclusionProposal.answer.is_(None), Enrolment.state == State.ENROLLED)
    )


@office_counts.declare("reports")
def _reports(provider_id: int, _person_id: int) -> Select[Any]:
    """Reports of hours without a class that wait for a decision."""
    return (
        office_counts.per_run(provider_id)
        .join(Enrolment, Enrolment.run_id == Run.id)
        .join(Evidence, Evidence.enrolment_id == Enrolment.id)
        .where(Evidence.state == EvidenceState.WAITING)
    )
