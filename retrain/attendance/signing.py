"""Signing a register, and correcting what was signed."""

from retrain import audit, clock
from retrain.attendance import entitled, marking, opened, queries, rules
from retrain.attendance.devices.operation_rules import Sent, Standing
from retrain.attendance.models import MarkChange, Register
from retrain.attendance.opened import Begun, Opened
from retrain.attendance.rules import Marked
from retrain.attendance.states import CLOSED, Outcome, RegisterState, What
from retrain.audit import SYSTEM, Actor
from retrain.catalogue import service as catalogue
from retrain.catalogue.states import RunState
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import permissions, settings
from retrain.people.permissions import Scope
from retrain.refusal import Refusal, Refused
from retrain.timetable import queries as timetable
from retrain.timetable.models import ClassSession

AHEAD = (RunState.PUBLISHED, RunState.CONFIRMED)


@use_case
def sign(actor: Actor, session_id: int, taught_by: int | None = None) -> Register:
    """Close the register; signing one that is signed already changes nothing.

    Who taught is who signed; a coordinator who signs for somebody says for whom, else it was whose class it is.
    """
    meeting = timetable.session(session_id)
    whose = entitled.target(meeting)
    permissions.require(actor, "register.sign", whose)
    register = marking.locked_register(actor, meeting)
    if register.state in CLOSED:
        return register
    found = opened.begun(meeting, register, whose)
    if why := refusals_to_sign(found):
        raise Refused(why)
    close(actor, found, taught_by)
    return register


def close(actor: Actor, found: Begun, taught_by: int | None = None) -> None:
    """Sign a register in which nothing stands against it, inside the transaction that holds its lock."""
    register = found.register
    register.taught_by_id = _taught_by(actor, found.meeting, taught_by)
    _close(actor, register, RegisterState.SIGNED)
    audit.record(actor, "register.signed", register, after={"marks": len(found.marked)})
    _is_under_way(found.meeting)


def _is_under_way(meeting: ClassSession) -> None:
    """The first class held is what makes a run a running one, whatever the calendar says.

    Several lecturers may sign the first classes at once: whoever comes second looks again before moving it.
    """
    if meeting.run.state in AHEAD:
        db.session.refresh(meeting.run, ["state"], with_for_update=True)
    if meeting.run.state in AHEAD:
        catalogue.move_run(SYSTEM, meeting.run.code, RunState.RUNNING)


def refusals_to_sign(found: Opened) -> list[Refusal]:
    """Why the register can't be signed now."""
    meeting = found.meeting
    members = queries.memberships(meeting, group=found.group)
    due = [member.enrolment_id for member in members if member.covers(meeting.on_date)]
    disputes = sum(row.outcome is Outcome.DISPUTED for row in found.settling)
    why = rules.refusals_to_mark(marking.facts(meeting, found.state), clock.now())
    return why + rules.refusals_to_sign(due, found.marked, disputes)


def _taught_by(actor: Actor, meeting: ClassSession, said: int | None) -> int | None:
    if permissions.scope(actor, "register.sign") is Scope.SESSIONS:
        return actor.person_id
    known = {person.id for person in timetable.lecturers(meeting.run.provider_id)}
    return said if said in known else meeting.lecturer_id


@use_case
def correct(actor: Actor, session_id: int, mark: Marked, why: str) -> Register:
    """Change one mark of a signed register, with a reason; the old mark is kept."""
    meeting = timetable.session(session_id)
    permissions.require(actor, "register.correct", entitled.target(meeting))
    register = marking.locked_register(actor, meeting)
    known = marking.facts(meeting, register.state)
    problems = refusals_to_correct(actor, meeting, register)
    if not why.strip():
        problems.append(Refusal.of("reason-missing", field="why"))
    if problems := problems + rules.refusals_of_marks(known, [mark], queries.memberships(meeting, register)):
        raise Refused(problems)
    write_correction(actor, meeting, register, mark, why)
    return register


def refusals_to_correct(actor: Actor, meeting: ClassSession, register: Register) -> list[Refusal]:
    """Why this actor can't correct the register now, whatever the mark."""
    return rules.refusals_to_correct(
        marking.facts(meeting, register.state),
        entitled.today(meeting),
        settings.get(meeting.run.provider_id, "registers", meeting.on_date)["correction_days"],
        as_lecturer=permissions.scope(actor, "register.correct") is Scope.SESSIONS,
    )


def write_correction(actor: Actor, meeting: ClassSession, register: Register, mark: Marked, why: str) -> None:
    """Put *mark* in place of the one there is, which is kept; the register is signed anew."""
    row = next((row for row in register.marks if row.enrolment_id == mark.enrolment_id), None)
    stands = opened.standing(register)
    lost = rules.missed(mark, meeting.minutes)
    stood = stands.get((What.MARK, mark.enrolment_id), Standing())
    if stood.value == (mark.kind, lost, mark.reason):
        return
    if row is not None:
        db.session.add(
            MarkChange(
                mark_id=row.id, was=row.kind, was_missed_minutes=row.missed_minutes, was_reason=row.reason,
                changed_by_id=actor.person_id, changed_at=clock.now(), why=why,
            )
        )  # fmt: skip
    before = {"kind": row.kind, "missed": row.missed_minutes} if row else None
    sent = Sent(
        marking.fresh_id(), 0, What.MARK, stood.version, mark.enrolment_id, mark.kind, lost, mark.reason
    )
    marking.carry_out(actor, register, [(sent, Outcome.APPLIED)], stands)
    _close(actor, register, RegisterState.CORRECTED)
    after = {str(mark.enrolment_id): f"{mark.kind} {lost}" if lost else str(mark.kind)}
    audit.record(actor, "register.corrected", register, before=before, after=after, why=why)


def _close(actor: Actor, register: Register, state: RegisterState) -> None:
    register.state = state
    register.signed_by_id = actor.person_id
    register.signed_at = clock.now()
