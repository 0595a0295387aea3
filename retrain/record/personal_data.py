"""What the record holds about a teacher."""

from sqlalchemy import exists, select

from retrain.extensions import db
from retrain.people import holdings
from retrain.people.privacy import keeper
from retrain.record.models import Credit, Qualification

holdings.belongs(Credit.teacher_id, Qualification.teacher_id)


@keeper
def kept(_person_id: int, teacher_id: int | None) -> list[str]:
    """Hours and qualifications stay: they are what later rights are reckoned from."""
    held = [exists().where(model.teacher_id == teacher_id) for model in (Credit, Qualification)]
    return ["record"] if teacher_id and any(db.session.scalars(select(each)).one() for each in held) else []
