"""What devices send when they have a network again: each operation is answered once and for all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from retrain import clock
from retrain.attendance import entitled, guests, marking, operation_queries, queries, rules, signing
from retrain.attendance.models import Register, RegisterOperation
from retrain.attendance.operation_rules import Past, Sent, Standing, Subject, newest, outcome
from retrain.attendance.states import CLOSED, MarkKind, Outcome, RegisterState, What
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.people import permissions
from retrain.refusal import Forbidden, Refusal, Refused
from retrain.timetable import queries as timetable
from retrain.timetable.models import ClassSession


@dataclass(frozen=True)
class Answer:
    """What became of one operation, and the version that stands now."""

    outcome: Outcome
    version: int = 0
    why: list[Refusal] = field(default_factory=list)


@use_case
def take_in(
    actor: Actor, session_id: int, device: str, starts_at: datetime | None, operations: Sequence[Sent]
) -> dict[str, Answer]:
    """client id → what became of each operation. Those that came before get the answer they got then.

    *starts_at* is when the class begins by what the device knew. Raises Forbidden, or Refused with what stands
    against the class as a whole; the device then keeps everything.
    """
    meeting = timetable.session(session_id)
    entitled.require_to_mark(actor, meeting)
    register = marking.locked_register(actor, meeting)
    known = {
        row.client_id: row
        for row in operation_queries.operations_known([one.client_id for one in operations])
    }
    if any(row.register_id != register.id for row in known.values()):
        raise Forbidden("register.mark")
    stands = marking.standing(register)
    answers = {name: _again(row, stands) for name, row in known.items()}
    fresh = sorted((one for one in operations if one.client_id not in known), key=lambda one: one.number)
    if not fresh:
        return answers
    if why := refusals_of_class(meeting, register, starts_at):
        raise Refused(why)
    fresh = [_whole(one, meeting.minutes) for one in {one.client_id: one for one in fresh}.values()]
    marks = [one for one in fresh if one.what is not What.SIGN]
    answers |= _write(actor, meeting, register, device, marks, stands)
    for one in fresh:
        if one.what is What.SIGN:
            answers[one.client_id] = _sign(actor, meeting, register, device, one, stands)
    return answers


def refusals_of_class(meeting: ClassSession, register: Register, starts_at: datetime | None) -> list[Refusal]:
    """What stands against marks in this class as a whole; that the register is signed is said of each mark."""
    facts = replace(marking.facts(meeting, register.state), register=RegisterState.OPEN)
    why = rules.refusals_to_mark(facts, clock.now())
    if starts_at is not None and starts_at != meeting.starts_at and not facts.cancelled:
        why.append(Refusal.of("session-moved", now=facts.starts_at))
    return why


def _again(row: RegisterOperation, stands: dict[Subject, Standing]) -> Answer:
    version = stands.get((row.what, row.enrolment_id), Standing()).version
    return Answer(row.outcome, version, [Refusal.of(code) for code in row.why])


def _whole(sent: Sent, minutes: int) -> Sent:
    if sent.what is not What.MARK or sent.kind is None:
        return sent
    mark = rules.Marked(sent.enrolment_id or 0, sent.kind, sent.minutes, sent.said)
    return replace(sent, minutes=rules.missed(mark, minutes))


def _write(
    actor: Actor, meeting: ClassSession, register: Register, device: str, sent: Sequence[Sent],
    stands: dict[Subject, Standing],
) -> dict[str, Answer]:  # fmt: skip
    past = newest(
        Past((what, enrolment), own, number)
        for what, enrolment, own, number in operation_queries.numbers_of(register.id, device)
    )
    members = queries.memberships(meeting, register)
    ours = queries.everyone_of(meeting.run)
    facts = marking.facts(meeting, register.state)
    closed, done, refused = register.state in CLOSED, [], {}
    answers: dict[str, Answer] = {}
    ahead = dict(stands)
    for one in sent:
        why = _refusals(one, facts, members)
        what = Outcome.REFUSED if why else _outcome(one, device, ahead, past, closed=closed)
        if what is Outcome.APPLIED:
            stood = ahead.get(one.subject, Standing())
            ahead[one.subject] = Standing(one.value, stood.version + 1, device, one.number)
        if what is Outcome.APPLIED and one.what is What.GUEST:
            guests.note(actor, register, one)
        refused[one.client_id] = [refusal.code for refusal in why]
        if one.enrolment_id is None or one.enrolment_id in ours:
            # Of a number that belongs to nobody of this run there is nothing to show to anybody.
            done.append((one, what))
        answers[one.client_id] = Answer(what, ahead.get(one.subject, Standing()).version, why)
    marking.carry_out(actor, register, done, stands, device, refused)
    _supersede(register, device, done)
    return answers


def _outcome(
    one: Sent,
    device: str,
    ahead: dict[Subject, Standing],
    past: Mapping[tuple[Subject, str], int],
    *,
    closed: bool,
) -> Outcome:
    if one.what is What.GUEST:
        return Outcome.APPLIED
    return outcome(one, device, ahead.get(one.subject, Standing()), past, closed=closed)


def _refusals(one: Sent, facts: rules.SessionFacts, members: list[rules.Membership]) -> list[Refusal]:
    if one.what is What.GUEST:
        return guests.refusals(one, facts.minutes)
    if one.what is not What.MARK:
        return []
    if one.kind is MarkKind.NOT_DUE:
        return [Refusal.of("not-due-by-dates")]
    if one.kind is None:
        return []
    mark = rules.Marked(one.enrolment_id or 0, one.kind, one.minutes, one.said)
    return rules.refusals_of_marks(facts, [mark], members)


def _supersede(register: Register, device: str, done: Sequence[tuple[Sent, Outcome]]) -> None:
    """Of what one device says otherwise than another, only its last word is left to be settled."""
    last: dict[Subject, int] = {}
    for one, what in done:
        if what in (Outcome.DISPUTED, Outcome.APPLIED, Outcome.SAME):
            last[one.subject] = max(one.number, last.get(one.subject, -1))
    for row in operation_queries.to_settle(register.id):
        is_own = row.device == device and row.outcome is Outcome.DISPUTED
        if is_own and row.number < last.get((row.what, row.enrolment_id), -1):
            row.outcome = Outcome.OVERTAKEN


def _sign(
    actor: Actor, meeting: ClassSession, register: Register, device: str, one: Sent,
    stands: dict[Subject, Standing],
) -> Answer:  # fmt: skip
    if register.state in CLOSED:
        marking.carry_out(actor, register, [(one, Outcome.SAME)], stands, device)
        return Answer(Outcome.SAME)
    if not permissions.may(actor, "register.sign", entitled.target(meeting)):
        return Answer(Outcome.REFUSED, why=[Refusal.of("signing-not-yours")])
    if why := signing.refusals_to_sign(meeting, register):
        # Not written down: once everybody is marked the same signature is sent again.
        return Answer(Outcome.REFUSED, why=why)
    signing.sign(actor, meeting.id)
    marking.carry_out(actor, register, [(one, Outcome.APPLIED)], stands, device)
    return Answer(Outcome.APPLIED, 1)
