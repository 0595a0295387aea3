"""What the register of documents holds about a teacher."""

from sqlalchemy import exists, select

from retrain.certificates.book.models import BookNote, OldDocument, RegistryLine, RegistrySending
from retrain.certificates.models import (
    Blank,
    BlankAct,
    BlankEntry,
    Certificate,
    CertificateEvent,
    HandOver,
    NameCheck,
    PrintedSheet,
    Printing,
    SigningKey,
)
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.people import holdings
from retrain.people.privacy_keeping import Kept, keeper

holdings.did(
    Certificate.issued_by_id, HandOver.recorded_by_id, BlankAct.made_by_id, Printing.officer_id, BlankEntry.giver_id,
    BlankEntry.taker_id, BlankEntry.recorded_by_id, NameCheck.decided_by_id, SigningKey.made_by_id,
    BookNote.made_by_id, OldDocument.entered_by_id, RegistrySending.made_by_id,
)  # fmt: skip
holdings.belongs(Blank.holder_id)
holdings.hangs(
    Certificate.enrolment_id,
    HandOver.certificate_id,
    NameCheck.enrolment_id,
    PrintedSheet.certificate_id,
    BookNote.certificate_id,
    RegistryLine.certificate_id,
)
holdings.hangs(CertificateEvent.certificate_id, without=("salt",))
holdings.beside(Certificate.replaced_by_id, Blank.certificate_id, PrintedSheet.blank_id)


@keeper
def kept(_person_id: int, teacher_id: int | None) -> list[Kept]:
    """A document that was issued stays checkable, with the name that was frozen on it."""
    mine = exists().where(Certificate.enrolment_id == Enrolment.id, Enrolment.teacher_id == teacher_id)
    return [Kept("certificates")] if db.session.scalar(select(mine)) else []
