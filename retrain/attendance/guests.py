"""Somebody in the room who is not on the list: added as a guest, and settled by the coordinator."""

from retrain import audit, clock
from retrain.attendance import entitled, marking, opened, queries, rules, signing
from retrain.attendance.devices import operation_queries
from retrain.attendance.devices.operation_rules import Sent, Standing
from retrain.attendance.models import Guest, Register
from retrain.attendance.rules import Marked
from retrain.attendance.states import CLOSED, THERE, GuestState, Outcome, What
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import permissions
from retrain.refusal import NotThere, Refusal, Refused
from retrain.timetable import queries as timetable

LONGEST = 200


def refusals(sent: Sent, minutes: int) -> list[Refusal]:
    """What is wrong with a guest as they were typed."""
    found = [] if sent.said.strip() else [Refusal.of("guest-needs-name", field="guest_name")]
    if sent.kind not in THERE:
        found.append(Refusal.of("guest-was-there"))
        return found
    return found + rules.refusals_of_value(sent.kind, sent.minutes, "", minutes)


@use_case
def add(actor: Actor, session_id: int, sent: Sent) -> Register:
    """Note a guest in the open register; the same one sent twice is one."""
    meeting = timetable.session(session_id)
    entitled.require_to_mark(actor, meeting)
    register = marking.locked_register(actor, meeting)
    why = rules.refusals_to_mark(marking.facts(meeting, register.state), clock.now())
    if why := why + refusals(sent, meeting.minutes):
        raise Refused(why)
    if not operation_queries.operations_known([sent.client_id]):
        note(actor, register, sent)
        marking.carry_out(actor, register, [(sent, Outcome.APPLIED)], opened.standing(register))
    return register


def note(actor: Actor, register: Register, sent: Sent) -> Guest:
    """The guest's row."""
    row = Guest(
        client_id=sent.client_id, register_id=register.id, name=sent.said.strip()[:LONGEST],
        workplace=sent.workplace.strip()[:LONGEST], kind=sent.kind, missed_minutes=sent.minutes,
        added_by_id=actor.person_id, added_at=clock.now(), state=GuestState.WAITING,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "register.guest_added", register, after={"guest": row.id, "kind": str(sent.kind)})
    return row


@use_case
def take(actor: Actor, session_id: int, guest_id: int, enrolment_id: int) -> Guest:
    """The guest was somebody who is in the group on that day: their mark is the one the guest has."""
    row, register = _waiting(actor, session_id, guest_id)
    meeting = register.session
    mark = Marked(enrolment_id, row.kind, row.missed_minutes)
    known = marking.facts(meeting, register.state)
    if why := rules.refusals_of_marks(known, [mark], queries.memberships(meeting, register)):
        raise Refused(why)
    if register.state in CLOSED:
        signing.write_correction(actor, meeting, register, mark, row.name)
    else:
        stands = opened.standing(register)
        base = stands.get((What.MARK, enrolment_id), Standing()).version
        sent = Sent(marking.fresh_id(), 0, What.MARK, base, enrolment_id, row.kind, row.missed_minutes)
        marking.carry_out(actor, register, [(sent, Outcome.APPLIED)], stands)
    return _settled(actor, row, register, GuestState.TAKEN, enrolment_id=enrolment_id)


@use_case
def dismiss(actor: Actor, session_id: int, guest_id: int, reason: str) -> Guest:
    """The guest gets no mark, with the reason."""
    row, register = _waiting(actor, session_id, guest_id)
    if not reason.strip():
        raise Refused(Refusal.of("reason-missing", field="reason"))
    return _settled(actor, row, register, GuestState.DISMISSED, reason=reason.strip()[:300])


def _waiting(actor: Actor, session_id: int, guest_id: int) -> tuple[Guest, Register]:
    found = db.session.get(Guest, guest_id)
    if found is None or found.register.session_id != session_id:
        raise NotThere(guest_id)
    meeting = found.register.session
    permissions.require(actor, "register.settle", entitled.bare_target(meeting))
    register = marking.locked_register(actor, meeting)
    db.session.refresh(found)
    if found.state is not GuestState.WAITING:
        raise Refused(Refusal.of("guest-settled"))
    return found, register


def _settled(
    actor: Actor, row: Guest, register: Register, state: GuestState, *,
    enrolment_id: int | None = None, reason: str = "",
) -> Guest:  # fmt: skip
    row.state, row.enrolment_id, row.reason = state, enrolment_id, reason
    row.settled_by_id, row.settled_at = actor.person_id, clock.now()
    after = {"guest": row.id, "state": str(state), "enrolment": enrolment_id}
    audit.record(actor, "register.guest_settled", register, after=after, why=reason or None)
    return row
