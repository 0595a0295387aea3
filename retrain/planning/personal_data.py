"""What annual plans hold about a person."""

from sqlalchemy import select

from retrain.audit import Actor
from retrain.database.bulk import delete_where
from retrain.extensions import db
from retrain.people import holdings
from retrain.people import queries as people
from retrain.people.merging import Pair, mover
from retrain.people.privacy_erasing import forgetter
from retrain.planning.models import PlanItem

holdings.belongs(PlanItem.teacher_id)
holdings.beside(PlanItem.enrolment_id)
holdings.did(PlanItem.created_by_id)


@mover
def settle(_actor: Actor, pair: Pair) -> None:
    """One line a person, course and year: that of the one who stays, with what the other one led to."""
    ours = {(row.course_id, row.year): row for row in _lines(pair.kept_teacher_id)}
    for theirs in _lines(pair.gone_teacher_id):
        if same := ours.get((theirs.course_id, theirs.year)):
            same.enrolment_id = same.enrolment_id or theirs.enrolment_id
            db.session.delete(theirs)
    db.session.flush()


def _lines(teacher_id: int | None) -> list[PlanItem]:
    return list(db.session.scalars(select(PlanItem).where(PlanItem.teacher_id == teacher_id)))


@forgetter
def forget(person_id: int) -> None:
    """Plans are no document: they go."""
    teacher = people.teacher_of(person_id)
    if teacher is not None:
        delete_where(PlanItem, PlanItem.teacher_id == teacher.id)
