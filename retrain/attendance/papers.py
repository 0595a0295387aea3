"""The paper behind an excuse: attached to the mark when it comes, which is often days later."""

from typing import BinaryIO

from sqlalchemy import select

from retrain import audit, files
from retrain.attendance import entitled, marking
from retrain.attendance.models import Mark, Register
from retrain.attendance.states import MarkKind
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.files import StoredFile, sniff, soundness
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
    """A certificate is often about health: whoever marks the class reads it, and the coordinator."""
    register = db.session.scalar(
        select(Register).join(Mark, Mark.register_id == Register.id).where(Mark.paper_id == stored.id)
    )
    if register is None:
        return False
    return entitled.may_mark(actor, register.session)
