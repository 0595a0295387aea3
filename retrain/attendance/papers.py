"""The paper behind an excuse: attached to the mark when it comes, which is often days later."""

from dataclasses import replace
from typing import BinaryIO

from sqlalchemy import select

from retrain import audit, files
from retrain.attendance import entitled, marking, signing
from retrain.attendance.models import Mark, Register
from retrain.attendance.states import CLOSED, MarkKind
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.files import StoredFile, sniff, soundness
from retrain.people import permissions
from retrain.people.models import Teacher
from retrain.people.permissions import Scope
from retrain.refusal import Refusal, Refused
from retrain.timetable import queries as timetable

PAPERS = {sniff.PDF, sniff.PNG, sniff.JPEG}
PURPOSE = "attendance.paper"


@use_case
def attach(actor: Actor, session_id: int, enrolment_id: int, content: BinaryIO, filename: str) -> Mark:
    """Keep the paper with the excused mark, in place of one that was there; the mark itself stays as it is."""
    meeting = timetable.session(session_id)
    entitled.require_to_mark(actor, meeting)
    register = marking.locked_register(actor, meeting)
    row = next((row for row in register.marks if row.enrolment_id == enrolment_id), None)
    if row is None or row.kind is not MarkKind.EXCUSED:
        raise Refused(Refusal.of("paper-needs-excuse", field="paper"))
    # What a signed register rests on is put in place of something else by whoever may correct it, and no longer.
    is_kept = row.paper_id is not None and register.state in CLOSED
    if is_kept and (why := signing.refusals_to_correct(actor, meeting, register)):
        raise Refused(why)
    stored = files.keep(
        content, filename, allowed=PAPERS, actor=actor, purpose=PURPOSE, field="paper", faults=soundness.refusals
    )  # fmt: skip
    before, row.paper_id = row.paper_id, stored.id
    db.session.flush()
    if before is not None:
        files.forget(before)
    audit.record(actor, "register.paper_attached", register, after={str(enrolment_id): stored.id})
    return row


@files.readable(PURPOSE)
def may_read(actor: Actor, stored: StoredFile) -> bool:
    """A certificate is often about health: whose it is, whoever marks that class and the coordinator read it."""
    found = db.session.execute(
        select(Register, Teacher.person_id)
        .join(Mark, Mark.register_id == Register.id)
        .join(Enrolment, Enrolment.id == Mark.enrolment_id)
        .join(Teacher, Teacher.id == Enrolment.teacher_id)
        .where(Mark.paper_id == stored.id)
    ).one_or_none()
    if found is None:
        return False
    register, person_id = found
    whose = replace(entitled.target(register.session), person_id=person_id)
    if permissions.scope(actor, "register.paper") is Scope.GROUP and not entitled.may_mark(
        actor, register.session, whose
    ):
        return False
    return permissions.may(actor, "register.paper", whose)
