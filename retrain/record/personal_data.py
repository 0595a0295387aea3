"""What the record holds about a teacher: all of it reckoned from documents that stay, so it goes when asked."""

from sqlalchemy import select

from retrain.database.bulk import delete_where
from retrain.people import holdings
from retrain.people.models import Teacher
from retrain.people.privacy_erasing import forgetter
from retrain.record.models import Credit, ExternalCertificate, Qualification

holdings.belongs(Credit.teacher_id, ExternalCertificate.teacher_id, Qualification.teacher_id)
holdings.did(ExternalCertificate.decided_by_id)


@forgetter
def forget(person_id: int) -> None:
    """The hours and qualifications of who is erased; each can be shown again from the document itself."""
    teacher = select(Teacher.id).where(Teacher.person_id == person_id).scalar_subquery()
    for model in (Credit, ExternalCertificate, Qualification):
        delete_where(model, model.teacher_id == teacher)
