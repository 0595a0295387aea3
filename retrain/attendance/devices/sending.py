"""What devices send when they have a network again: each operation is answered once and for all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from retrain import clock
from retrain.attendance import entitled, guests, marking, opened, queries, rules, signing
from retrain.attendance.devices import operation_queries
from retrain.attendance.devices.operation_rules import Sent, Standing, Subject, newest, outcome
from retrain.attendance.models import Register
from retrain.attendance.opened import Begun, Opened
from retrain.attendance.states import MarkKind, Outcome, RegisterState, What
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


@dataclass(frozen=True)
class Taken:
    """client id → what became of each operation, and the register as it stands then."""

    answers: dict[str, Answer]
    opened: Opened


@use_case
def take_in(
    actor: Actor, session_id: int, device: str, starts_at: datetime | None, operations: Sequence[Sent]
) -> Taken:
    """What became of each operation. Those that came before get the answer they got then.

    *starts_at* is when the class begins by what the device knew. Raises Forbidden, or Refused with what stands
    against the class as a whole; the device then keeps everything.
    """
    found = _locked(actor, timetable.session(session_id))
    register, meeting = found.register, found.meeting
    sent = {one.client_id: one for one in sorted(operations, key=lambda one: one.number)}
    known = {row.client_id: row for row in found.before.rows if row.client_id in sent}
    fresh = [one for name, one in sent.items() if name not in known]
    if fresh and operation_queries.elsewhere(register.id, [one.client_id for one in fresh]):
        raise Forbidden("register.mark")
    answers = {name: _again(row, found.stands) for name, row in known.items()}
    if not fresh:
        return Taken(answers, found)
    if why := refusals_of_class(meeting, register, starts_at):
        raise Refused(why)
    fresh = [_whole(one, meeting.minutes) for one in fresh]
    answers |= _write(actor, found, device, [one for one in fresh if one.what is not What.SIGN])
    for one in fresh:
        if one.what is What.SIGN:
            answers[one.client_id] = _sign(actor, found, device, one)
    return Taken(answers, found)


def _locked(actor: Actor, meeting: ClassSession) -> Begun:
    """The register as it stands while nobody else writes into it; Forbidden unless it is the actor's to mark."""
    whose = entitled.target(meeting)
    entitled.require_to_mark(actor, meeting, whose)
    return opened.begun(meeting, marking.locked_register(actor, meeting), whose)


def refusals_of_class(meeting: ClassSession, register: Register, starts_at: datetime | None) -> list[Refusal]:
    """What stands against marks in this class as a whole; that the register is signed is said of each mark."""
    facts = replace(marking.facts(meeting, register.state), register=RegisterState.OPEN)
    return rules.refusals_to_mark(facts, clock.now()) + rules.refusals_if_moved(facts, starts_at)


def _again(row: Row[Any], stands: dict[Subject, Standing]) -> Answer:
    version = stands.get((row.what, row.enrolment_id), Standing()).version
    return Answer(row.outcome, version, [Refusal.of(code) for code in row.why])


def _whole(sent: Sent, minutes: int) -> Sent:
    if sent.what is not What.MARK or sent.kind is None:
        return sent
    mark = rules.Marked(sent.enrolment_id or 0, sent.kind, sent.minutes, sent.said)
    return replace(sent, minutes=rules.missed(mark, minutes))


def _write(actor: Actor, found: Begun, device: str, sent: Sequence[Sent]) -> dict[str, Answer]:
    register, stands = found.register, found.stands
    past = newest(found.before.of_device(device))
    members = queries.memberships(found.meeting, register, found.group)
    ours = found.group.everyone
    facts = marking.facts(found.meeting, register.state)
    done, refused = list[tuple[Sent, Outcome]](), {}
    answers: dict[str, Answer] = {}
    ahead = dict(stands)
    for one in sent:
        why = _refusals(one, facts, members)
        what = Outcome.REFUSED if why else _outcome(one, device, ahead, past, closed=found.closed)
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
    found.note(what for _one, what in done)
    _supersede(found, device, done)
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


def _supersede(found: Begun, device: str, done: Sequence[tuple[Sent, Outcome]]) -> None:
    """Of what one device says otherwise than another, only its last word is left to be settled."""
    last: dict[Subject, int] = {}
    for one, what in done:
        if what in (Outcome.DISPUTED, Outcome.APPLIED, Outcome.SAME):
            last[one.subject] = max(one.number, last.get(one.subject, -1))
    for row in found.settling:
        is_own = row.device == device and row.outcome is Outcome.DISPUTED
        if is_own and row.number < last.get((row.what, row.enrolment_id), -1):
            row.outcome = Outcome.OVERTAKEN


def _sign(actor: Actor, found: Begun, device: str, one: Sent) -> Answer:
    register, stands = found.register, found.stands
    if found.closed:
        marking.carry_out(actor, register, [(one, Outcome.SAME)], stands, device)
        return Answer(Outcome.SAME)
    if not permissions.may(actor, "register.sign", found.whose):
        return Answer(Outcome.REFUSED, why=[Refusal.of("signing-not-yours")])
    if why := signing.refusals_to_sign(found):
        # Not written down: once everybody is marked the same signature is sent again.
        return Answer(Outcome.REFUSED, why=why)
    signing.close(actor, found)
    marking.carry_out(actor, register, [(one, Outcome.APPLIED)], stands, device)
    return Answer(Outcome.APPLIED, 1)
