"""What the record holds about a teacher: all of it reckoned from documents that stay, so it goes when asked."""

from sqlalchemy import select

from retrain import files
from retrain.database.bulk import delete_where
from retrain.extensions import db
from retrain.people import holdings
from retrain.people.models import Teacher
from retrain.people.privacy_erasing import forgetter
from retrain.record.models import Credit, ExternalCertificate, Qualification

holdings.belongs(Credit.teacher_id, ExternalCertificate.teacher_id, Qualification.teacher_id)
holdings.did(ExternalCertificate.decided_by_id)


@forgetter
def forget(person_id: int) -> None:
    """The hours and qualifications of who is erased; each can be shown again from the document itself.

    The scans of certificates from elsewhere go with them: they show the name, and often more.
    """
    teacher = select(Teacher.id).where(Teacher.person_id == person_id).scalar_subquery()
    scans = db.session.scalars(
        select(ExternalCertificate.scan_id).where(ExternalCertificate.teacher_id == teacher)
    ).all()
    for model in (Credit, ExternalCertificate, Qualification):
        delete_where(model, model.teacher_id == teacher)
    for scan in filter(None, scans):
        files.forget(scan)
