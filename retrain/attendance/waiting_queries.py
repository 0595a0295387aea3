"""What of registers waits for somebody: classes taken for another, guests to settle, registers nobody signed."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select

from retrain.attendance import queries
from retrain.attendance.models import Guest, Register, Substitution
from retrain.attendance.states import GuestState
from retrain.catalogue.models import Run
from retrain.catalogue.states import ON_OFFER
from retrain.extensions import db
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


def guests(provider_id: int) -> dict[str, tuple[int, int]]:
    """run code → (guests to settle, the class of the first of them), for a provider."""
    rows = db.session.execute(
        select(Run.code, func.count(), func.min(Register.session_id))
        .select_from(Guest)
        .join(Register, Register.id == Guest.register_id)
        .join(ClassSession, ClassSession.id == Register.session_id)
        .join(Run, Run.id == ClassSession.run_id)
        .where(Run.provider_id == provider_id, Guest.state == GuestState.WAITING)
        .group_by(Run.code)
        .order_by(Run.code)
    )
    return {code: (count, session_id) for code, count, session_id in rows.tuples()}


def not_signed(provider_id: int, until: date) -> dict[str, int]:
    """run code → registers of days up to *until* that nobody has signed, over a provider's runs under way."""
    runs = dict(
        db.session.execute(
            select(Run.id, Run.code).where(
                Run.provider_id == provider_id, Run.state.in_(ON_OFFER), Run.starts_on <= until
            )
        )
        .tuples()
        .all()
    )
    found = queries.unsigned(list(runs), until)
    return dict(sorted((runs[number], count) for number, count in found.items()))
