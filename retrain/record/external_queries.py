"""What is read of certificates from elsewhere."""

from sqlalchemy import func, select

from retrain.database.rows import only
from retrain.extensions import db
from retrain.language.keys import search_key
from retrain.people.models import Person, Teacher
from retrain.record.models import ExternalCertificate
from retrain.record.rules import Shown
from retrain.record.states import ExternalState


def certificate(certificate_id: int, *, for_update: bool = False) -> ExternalCertificate:
    """The certificate, or :class:`NotThere`."""
    found = select(ExternalCertificate).where(ExternalCertificate.id == certificate_id)
    return only(found, certificate_id, for_update=for_update)


def of_teacher(teacher_id: int) -> list[ExternalCertificate]:
    """What the teacher has shown, the latest first."""
    found = select(ExternalCertificate).where(ExternalCertificate.teacher_id == teacher_id)
    return list(db.session.scalars(found.order_by(ExternalCertificate.id.desc())))


def stands_already(teacher_id: int, typed: Shown) -> bool:
    """Whether the same certificate of the teacher waits or is recognised, however its letters were typed."""
    found = select(ExternalCertificate).where(
        ExternalCertificate.teacher_id == teacher_id,
        ExternalCertificate.issued_on == typed.issued_on,
        ExternalCertificate.state.in_((ExternalState.SHOWN, ExternalState.RECOGNISED)),
    )
    return any(
        search_key(mine) == search_key(other)
        for row in db.session.scalars(found)
        for mine, other in [
            (f"{row.title} {row.issuer} {row.number}", f"{typed.title} {typed.issuer} {typed.number}")
        ]
    )


def at_college(
    organisation_id: int, *, waiting: bool, limit: int = 200
) -> list[tuple[ExternalCertificate, Person]]:
    """What was shown to a college: what waits, the longest first; or what was answered, the latest first."""
    order = (
        ExternalCertificate.shown_at if waiting else ExternalCertificate.decided_at.desc(),
        ExternalCertificate.id,
    )
    state = ExternalCertificate.state
    wanted = (
        state == ExternalState.SHOWN
        if waiting
        else state.in_((ExternalState.RECOGNISED, ExternalState.REFUSED))
    )
    found = (
        select(ExternalCertificate, Person)
        .join(Teacher, Teacher.id == ExternalCertificate.teacher_id)
        .join(Person, Person.id == Teacher.person_id)
        .where(ExternalCertificate.organisation_id == organisation_id, wanted)
        .order_by(*order)
        .limit(limit)
    )
    return [(row, person) for row, person in db.session.execute(found).tuples()]


def waiting_count(organisation_id: int) -> int:
    """How many certificates wait for a college's answer."""
    found = select(func.count()).where(
        ExternalCertificate.organisation_id == organisation_id,
        ExternalCertificate.state == ExternalState.SHOWN,
    )
    return db.session.scalar(found) or 0
