"""What completion holds about a teacher: results and decisions. They stay with the enrolment they are of."""

from typing import Any

from sqlalchemy import select

from retrain.completion.models import Decision, Result
from retrain.enrolment.models import Enrolment
from retrain.people import holdings
from retrain.people.privacy import exporter

holdings.did(Decision.decided_by_id, Result.entered_by_id)


@exporter
def held(_person_id: int, teacher_id: int | None) -> dict[str, Any]:
    """The teacher's results, and what was decided."""
    mine = select(Enrolment.id).where(Enrolment.teacher_id == teacher_id)
    return {
        model.__tablename__: holdings.rows(select(model.__table__).where(model.enrolment_id.in_(mine)))
        for model in (Result, Decision)
    }
