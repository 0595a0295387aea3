"""Two devices that disagree, and marks that were turned away: a person decides, nothing is merged in silence."""

from retrain import audit, clock
from retrain.attendance import entitled, marking, opened, rules, signing
from retrain.attendance.devices import operation_queries
from retrain.attendance.devices.operation_rules import Sent, Standing
from retrain.attendance.models import Register, RegisterOperation
from retrain.attendance.rules import Marked
from retrain.attendance.states import CLOSED, Outcome, What
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.refusal import NotThere, Refusal, Refused
from retrain.timetable import queries as timetable
from retrain.timetable.models import ClassSession


@use_case
def settle(actor: Actor, session_id: int, operation_id: int, *, take: bool, why: str = "") -> Register:
    """Put the other device's word in place of what stands (*take*), or let what stands stay.

    In a signed register taking it is a correction, with *why*. Settled twice changes nothing.
    """
    meeting = timetable.session(session_id)
    entitled.require_to_mark(actor, meeting)
    register = marking.locked_register(actor, meeting)
    row = operation_queries.operation(register.id, operation_id)
    if row is None:
        raise NotThere(operation_id)
    if row.settled_at is not None or row.outcome not in (Outcome.DISPUTED, Outcome.REFUSED):
        return register
    if take:
        _take(actor, meeting, register, row, why)
    row.settled_at, row.settled_by_id = clock.now(), actor.person_id
    audit.record(actor, "register.settled", register, after={"operation": row.client_id, "taken": take})
    return register


def _take(actor: Actor, meeting: ClassSession, register: Register, row: RegisterOperation, why: str) -> None:
    if row.outcome is Outcome.REFUSED:
        raise Refused(Refusal.of("refused-mark-can-not-be-taken"))
    stands = opened.standing(register)
    stood = stands.get((row.what, row.enrolment_id), Standing())
    if row.what is What.MARK and register.state in CLOSED and row.kind is not None:
        problems = signing.refusals_to_correct(actor, meeting, register)
        if not why.strip():
            problems.append(Refusal.of("reason-missing", field="why"))
        if problems:
            raise Refused(problems)
        mark = Marked(row.enrolment_id or 0, row.kind, row.missed_minutes, row.said)
        signing.write_correction(actor, meeting, register, mark, why)
        return
    if problems := rules.refusals_to_mark(marking.facts(meeting, register.state), clock.now()):
        raise Refused(problems)
    sent = Sent(
        marking.fresh_id(),
        0,
        row.what,
        stood.version,
        row.enrolment_id,
        row.kind,
        row.missed_minutes,
        row.said,
    )
    marking.carry_out(actor, register, [(sent, Outcome.APPLIED)], stands)
