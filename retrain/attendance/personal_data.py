"""What registers hold about a person."""

from datetime import date

from sqlalchemy import func, select, update

from retrain import files
from retrain.attendance.absences.models import AbsenceWarning, ExclusionProposal
from retrain.attendance.checkin.models import CheckIn
from retrain.attendance.evidence.models import Evidence, MentorLetter
from retrain.attendance.models import Guest, Mark, MarkChange, Register, RegisterOperation, Substitution
from retrain.attendance.sheets.models import SheetTemplate
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.people import holdings
from retrain.people.models import Teacher
from retrain.people.privacy_erasing import forgetter
from retrain.people.privacy_keeping import Kept, end_of, keeper
from retrain.timetable.models import ClassSession

WIPED = "—"
"""In place of a reason: one was given, as the rules want it."""

holdings.belongs(Substitution.person_id)
holdings.did(
    Mark.marked_by_id, MarkChange.changed_by_id, Register.signed_by_id, Register.taught_by_id,
    RegisterOperation.by_id, RegisterOperation.settled_by_id, Guest.added_by_id, Guest.settled_by_id,
    Substitution.given_by_id,
)  # fmt: skip
holdings.hangs(
    Mark.enrolment_id, MarkChange.mark_id, RegisterOperation.enrolment_id, Guest.enrolment_id,
    without=("client_id", "device"),
)  # fmt: skip
holdings.did(
    CheckIn.settled_by_id, Evidence.decided_by_id, Evidence.handed_in_by_id, ExclusionProposal.answered_by_id,
    MentorLetter.sent_by_id, SheetTemplate.changed_by_id,
)  # fmt: skip
holdings.hangs(AbsenceWarning.enrolment_id, Evidence.enrolment_id, ExclusionProposal.enrolment_id)
holdings.hangs(CheckIn.enrolment_id, without=("device", "network"))
holdings.hangs(MentorLetter.enrolment_id, without=("address", "digest", "mentor"))
holdings.beside(MentorLetter.evidence_id)


@keeper
def kept(person_id: int, teacher_id: int | None) -> list[Kept]:
    """Registers stay, under the name: hours, decisions and documents rest on them."""
    last = select(func.max(ClassSession.on_date)).join(Register, Register.session_id == ClassSession.id)
    marked = last.join(Mark).join(Enrolment).where(Enrolment.teacher_id == teacher_id)
    signed = last.where(Register.signed_by_id == person_id)
    days: dict[str, date | None] = {
        "attendance": db.session.scalar(marked),
        "teaching": db.session.scalar(signed),
    }
    return [Kept(code, end_of("register_years", day), named=True) for code, day in days.items() if day]


@forgetter
def forget(person_id: int) -> None:
    """Why somebody was away is often their health, and no hour rests on it: the mark stays, the reason goes."""
    teacher = select(Teacher.id).where(Teacher.person_id == person_id).scalar_subquery()
    places = select(Enrolment.id).where(Enrolment.teacher_id == teacher)
    theirs = select(Mark.id).where(Mark.enrolment_id.in_(places))
    papers = list(
        db.session.scalars(select(Mark.paper_id).where(Mark.id.in_(theirs), Mark.paper_id.is_not(None)))
    )
    sent = RegisterOperation.enrolment_id.in_(places)
    for wipe in (
        update(Mark).where(Mark.id.in_(theirs), Mark.reason != "").values(reason=WIPED),
        update(Mark).where(Mark.id.in_(theirs)).values(paper_id=None),
        update(MarkChange).where(MarkChange.mark_id.in_(theirs)).values(why=WIPED),
        update(MarkChange)
        .where(MarkChange.mark_id.in_(theirs), MarkChange.was_reason != "")
        .values(was_reason=WIPED),
        update(RegisterOperation).where(sent, RegisterOperation.said != "").values(said=WIPED),
        update(Guest).where(Guest.enrolment_id.in_(places)).values(name=WIPED, workplace=""),
        update(CheckIn).where(CheckIn.enrolment_id.in_(places)).values(device="", network=""),
        update(MentorLetter)
        .where(MentorLetter.enrolment_id.in_(places))
        .values(mentor=WIPED, address=WIPED, note=""),
        update(Evidence).where(Evidence.enrolment_id.in_(places), Evidence.note != "").values(note=WIPED),
    ):
        db.session.execute(wipe.execution_options(synchronize_session=False))
    db.session.expire_all()
    for paper in papers:
        if paper is not None:
            files.forget(paper)
