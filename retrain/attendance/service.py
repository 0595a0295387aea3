"""Marking, signing and correcting registers. The only writer of registers and marks."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from retrain import audit, clock
from retrain.attendance import queries, rules
from retrain.attendance.models import Mark, MarkChange, Register
from retrain.attendance.rules import Marked
from retrain.attendance.states import CLOSED, RegisterState
from retrain.audit import SYSTEM, Actor
from retrain.catalogue import service as catalogue
from retrain.catalogue.states import RunState
from retrain.database import dialect
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.permissions import Target
from retrain.refusal import Refusal, Refused
from retrain.timetable import queries as timetable
from retrain.timetable import sharing
from retrain.timetable.models import ClassSession
from retrain.timetable.states import Part, SessionState


def target(meeting: ClassSession) -> Target:
    """Whom a session belongs to, for the permission table."""
    return Target(
        provider_id=meeting.run.provider_id,
        curator_id=meeting.run.curator_id,
        lecturer_ids=(meeting.lecturer_id,) if meeting.lecturer_id else (),
    )


def facts(meeting: ClassSession, state: RegisterState) -> rules.SessionFacts:
    """The session as the rules see it."""
    return rules.SessionFacts(
        starts_at=meeting.starts_at.astimezone(people.zone_of(meeting.run.provider_id)),
        on_date=meeting.on_date,
        minutes=meeting.minutes,
        published=meeting.state is SessionState.PUBLISHED,
        cancelled=meeting.state is SessionState.CANCELLED,
        register=state,
    )


@use_case
def save_marks(actor: Actor, session_id: int, marks: Sequence[Marked], topic: str = "") -> Register:
    """Write *marks* into the session's open register; marks of people not named stay as they were.

    The same marks sent twice change nothing. Raises Forbidden, or Refused with every reason.
    """
    meeting = timetable.session(session_id)
    permissions.require(actor, "register.mark", target(meeting))
    register = _locked_register(meeting)
    if meeting.part is not Part.WHOLE:
        # Who was in which half on the first day stays so, whoever comes or goes later.
        sharing.settle(actor, [meeting.run])
    known = facts(meeting, register.state)
    why = rules.refusals_to_mark(known, clock.now())
    if why := why + rules.refusals_of_marks(known, marks, queries.memberships(meeting, register)):
        raise Refused(why)
    changed = _write(actor, register, meeting, marks)
    if topic and topic != register.topic:
        register.topic = topic
        changed["topic"] = topic
    if changed:
        audit.record(actor, "register.marked", register, after=changed)
    return register


@use_case
def sign(actor: Actor, session_id: int) -> Register:
    """Close the register; signing one that is signed already changes nothing."""
    meeting = timetable.session(session_id)
    permissions.require(actor, "register.sign", target(meeting))
    register = _locked_register(meeting)
    if register.state in CLOSED:
        return register
    due = [member.enrolment_id for member in queries.memberships(meeting) if member.covers(meeting.on_date)]
    why = rules.refusals_to_mark(facts(meeting, register.state), clock.now())
    if why := why + rules.refusals_to_sign(due, [mark.enrolment_id for mark in register.marks]):
        raise Refused(why)
    _close(actor, register, RegisterState.SIGNED)
    audit.record(actor, "register.signed", register, after={"marks": len(register.marks)})
    if meeting.run.state in (RunState.PUBLISHED, RunState.CONFIRMED):
        # The first class held is what makes a run a running one, whatever the calendar says.
        catalogue.move_run(SYSTEM, meeting.run.code, RunState.RUNNING)
    return register


@use_case
def correct(actor: Actor, session_id: int, mark: Marked, why: str) -> Register:
    """Change one mark of a signed register, with a reason; the old mark is kept."""
    meeting = timetable.session(session_id)
    permissions.require(actor, "register.correct", target(meeting))
    register = _locked_register(meeting)
    problems = []
    if register.state not in CLOSED:
        problems.append(Refusal.of("register-not-signed"))
    if not why.strip():
        problems.append(Refusal.of("reason-missing", field="why"))
    known = facts(meeting, register.state)
    if problems := problems + rules.refusals_of_marks(known, [mark], queries.memberships(meeting, register)):
        raise Refused(problems)
    row = next((row for row in register.marks if row.enrolment_id == mark.enrolment_id), None)
    if row is not None:
        db.session.add(
            MarkChange(
                mark_id=row.id,
                was=row.kind,
                was_missed_minutes=row.missed_minutes,
                changed_by_id=actor.person_id,
                changed_at=clock.now(),
                why=why,
            )
        )
    before = {"kind": row.kind, "missed": row.missed_minutes} if row else None
    changed = _write(actor, register, meeting, [mark])
    _close(actor, register, RegisterState.CORRECTED)
    audit.record(actor, "register.corrected", register, before=before, after=changed, why=why)
    return register


def _locked_register(meeting: ClassSession) -> Register:
    dialect.insert_ignoring(
        db.session(),
        Register.__table__,
        [{"session_id": meeting.id, "state": RegisterState.OPEN, "topic": "", "lock": 0}],
    )
    return db.session.scalars(
        select(Register)
        .where(Register.session_id == meeting.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _write(
    actor: Actor, register: Register, meeting: ClassSession, marks: Sequence[Marked]
) -> dict[str, str]:
    rows = {row.enrolment_id: row for row in register.marks}
    changed: dict[str, str] = {}
    now: datetime = clock.now()
    for mark in marks:
        lost = rules.missed(mark, meeting.minutes)
        row = rows.get(mark.enrolment_id)
        if row and (row.kind, row.missed_minutes, row.reason) == (mark.kind, lost, mark.reason):
            continue
        if row is None:
            row = Mark(register=register, enrolment_id=mark.enrolment_id)
            db.session.add(row)
        row.kind, row.missed_minutes, row.reason = mark.kind, lost, mark.reason
        row.marked_by_id, row.marked_at = actor.person_id, now
        changed[str(mark.enrolment_id)] = f"{mark.kind} {lost}" if lost else str(mark.kind)
    return changed


def _close(actor: Actor, register: Register, state: RegisterState) -> None:
    register.state = state
    register.signed_by_id = actor.person_id
    register.signed_at = clock.now()
