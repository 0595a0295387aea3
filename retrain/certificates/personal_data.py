"""What the register of documents holds about a teacher."""

from typing import Any

from sqlalchemy import exists, select

from retrain.certificates.models import Certificate, HandOver
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.people import holdings
from retrain.people.privacy import exporter, keeper

holdings.did(Certificate.issued_by_id, HandOver.recorded_by_id)


@exporter
def held(_person_id: int, teacher_id: int | None) -> dict[str, Any]:
    """The teacher's documents and when they were handed over."""
    mine = select(Certificate.id).join(Enrolment).where(Enrolment.teacher_id == teacher_id)
    return {
        "certificate": holdings.rows(select(Certificate.__table__).where(Certificate.id.in_(mine))),
        "hand_over": holdings.rows(select(HandOver.__table__).where(HandOver.certificate_id.in_(mine))),
    }


@keeper
def kept(_person_id: int, teacher_id: int | None) -> list[str]:
    """A document that was issued stays checkable, with the name on it."""
    mine = exists().where(Certificate.enrolment_id == Enrolment.id, Enrolment.teacher_id == teacher_id)
    return ["certificates"] if db.session.scalar(select(mine)) else []
