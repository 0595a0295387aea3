"""Marks in an open register, from a page or from a device without a network. Writes each operation once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select

from retrain import audit, clock
from retrain.attendance import entitled, queries, rules
from retrain.attendance.devices import operation_queries
from retrain.attendance.devices.operation_rules import Sent, Standing, Subject
from retrain.attendance.models import Mark, Register, RegisterOperation
from retrain.attendance.opened import standing
from retrain.attendance.rules import Marked
from retrain.attendance.states import Outcome, RegisterState, What
from retrain.audit import Actor
from retrain.database import dialect, hot
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import queries as people
from retrain.refusal import Refusal, Refused
from retrain.timetable import queries as timetable
from retrain.timetable import sharing
from retrain.timetable.models import ClassSession
from retrain.timetable.states import Part, SessionState

PAGE = "page"
"""In place of a device: a form that was posted, or a decision taken on a page."""


def fresh_id() -> str:
    """A name for an operation that no device gave one."""
    return str(uuid4())


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
def save_marks(
    actor: Actor,
    session_id: int,
    marks: Sequence[Marked],
    topic: str = "",
    seen: Mapping[int, int] | None = None,
    starts_at: datetime | None = None,
) -> Register:
    """Write *marks* into the session's open register; marks of people not named stay as they were.

    *seen* says which version of each mark the page showed: what another device wrote meanwhile is not overwritten
    but shown beside it. The same marks sent twice change nothing. *starts_at* is when the class was to begin by that
    page. Raises Forbidden, or Refused with every reason.
    """
    meeting = timetable.session(session_id)
    entitled.require_to_mark(actor, meeting)
    register = locked_register(actor, meeting)
    known = facts(meeting, register.state)
    why = rules.refusals_to_mark(known, clock.now()) + rules.refusals_if_moved(known, starts_at)
    if why := why + rules.refusals_of_marks(known, marks, queries.memberships(meeting, register)):
        raise Refused(why)
    stands = standing(register)
    sent = [_sent(mark, meeting.minutes) for mark in marks]
    if topic:
        sent.append(Sent(fresh_id(), 0, What.TOPIC, said=topic))
    done = []
    for each in sent:
        base = (seen or {}).get(each.enrolment_id or 0)
        stood = stands.get(each.subject, Standing())
        known_base = replace(each, base=stood.version if base is None else base)
        is_fresh = known_base.base == stood.version
        if each.value == stood.value or (not is_fresh and _was(register, known_base)):
            continue
        done.append((known_base, Outcome.APPLIED if is_fresh else Outcome.DISPUTED))
    carry_out(actor, register, done, stands)
    return register


def _sent(mark: Marked, minutes: int) -> Sent:
    return Sent(
        fresh_id(), 0, What.MARK, enrolment_id=mark.enrolment_id, kind=mark.kind,
        minutes=rules.missed(mark, minutes), said=mark.reason,
    )  # fmt: skip


def _was(register: Register, sent: Sent) -> bool:
    """Whether the page sends no more than what it showed, which has changed since: nobody touched that line."""
    row = db.session.scalar(
        select(RegisterOperation).where(
            RegisterOperation.register_id == register.id,
            RegisterOperation.enrolment_id == sent.enrolment_id,
            RegisterOperation.version == sent.base,
        )
    )
    return row is not None and (row.kind, row.missed_minutes, row.said) == sent.value


@use_case
def undo(actor: Actor, session_id: int) -> int:
    """Take back what this person last did to the open register's marks; how many marks that were."""
    meeting = timetable.session(session_id)
    entitled.require_to_mark(actor, meeting)
    register = locked_register(actor, meeting)
    if why := rules.refusals_to_mark(facts(meeting, register.state), clock.now()):
        raise Refused(why)
    rows = operation_queries.applied_marks(register.id)
    mine = [row for row in rows if row.by_id == actor.person_id]
    if not mine:
        raise Refused(Refusal.of("no-mark-to-undo"))
    last = max(row.received_at for row in mine)
    stands, done = standing(register), []
    for row in (row for row in mine if row.received_at == last):
        stood = stands[What.MARK, row.enrolment_id]
        if stood.version != row.version:
            continue  # somebody has changed it since
        before = max(
            (each for each in rows if each.enrolment_id == row.enrolment_id and (each.version or 0) < (row.version or 0)),
            key=lambda each: each.version or 0,
            default=None,
        )  # fmt: skip
        back = Sent(
            fresh_id(), 0, What.MARK, stood.version, row.enrolment_id, before.kind if before else None,
            before.missed_minutes if before else 0, before.said if before else "",
        )  # fmt: skip
        done.append((back, Outcome.APPLIED))
    if not done:
        raise Refused(Refusal.of("no-mark-to-undo"))
    carry_out(actor, register, done, stands)
    return len(done)


def locked_register(actor: Actor, meeting: ClassSession) -> Register:
    """The session's register, begun if need be; nobody else writes into it until the transaction ends."""
    dialect.insert_ignoring(
        db.session(),
        Register.__table__,
        [{"session_id": meeting.id, "state": RegisterState.OPEN, "topic": "", "lock": 0}],
    )
    register = db.session.scalars(
        select(Register)
        .where(Register.session_id == meeting.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if meeting.part is not Part.WHOLE:
        # Who was in which half on the first day stays so, whoever comes or goes later.
        sharing.settle(actor, [meeting.run])
    return register


def carry_out(
    actor: Actor,
    register: Register,
    done: Iterable[tuple[Sent, Outcome]],
    stands: dict[Subject, Standing],
    device: str = PAGE,
    why: Mapping[str, list[str]] | None = None,
) -> None:
    """Write down every operation with its outcome, and carry out those that are applied. *stands* is kept in step."""
    now, rows = clock.now(), []
    changed: dict[str, str | None] = {}
    marks = {row.enrolment_id: row for row in register.marks}
    fresh: dict[int, dict[str, Any]] = {}
    for sent, outcome in done:
        version = None
        if outcome is Outcome.APPLIED:
            version = stands.get(sent.subject, Standing()).version + 1
            stands[sent.subject] = Standing(sent.value, version, device, sent.number)
            changed |= _apply(actor, register, marks, fresh, sent, now)
        rows.append(
            _row(actor, register, sent, outcome, version, device, now, (why or {}).get(sent.client_id, []))
        )
    if fresh:
        # As rows: thirty marks of a register one never had are thirty statements where each is an object.
        hot.execute(insert(Mark.__table__), list(fresh.values()))  # type: ignore[arg-type]
        db.session.expire(register, ["marks"])
    if rows:
        hot.execute(insert(RegisterOperation.__table__), rows)  # type: ignore[arg-type]
    if changed:
        audit.record(actor, "register.marked", register, after=changed)


def _apply(
    actor: Actor, register: Register, marks: dict[int, Mark], fresh: dict[int, dict[str, Any]], sent: Sent, now: Any
) -> dict[str, str | None]:  # fmt: skip
    """Change what stands; a mark of somebody who had none is noted in *fresh*."""
    if sent.what is What.TOPIC:
        register.topic = sent.said
        return {"topic": sent.said}
    number = sent.enrolment_id
    if sent.what is not What.MARK or number is None:
        return {}
    row = marks.get(number)
    if sent.kind is None:
        fresh.pop(number, None)
        if row is not None:
            register.marks.remove(marks.pop(number))
        return {str(number): None}
    values = {
        "kind": sent.kind, "missed_minutes": sent.minutes, "reason": sent.said,
        "marked_by_id": actor.person_id, "marked_at": now,
    }  # fmt: skip
    if row is None:
        fresh[number] = {"register_id": register.id, "enrolment_id": number, **values}
    else:
        for name, value in values.items():
            setattr(row, name, value)
    return {str(number): f"{sent.kind} {sent.minutes}" if sent.minutes else str(sent.kind)}


def _row(
    actor: Actor, register: Register, sent: Sent, outcome: Outcome, version: int | None, device: str,
    now: Any, why: list[str],
) -> dict[str, Any]:  # fmt: skip
    return {
        "client_id": sent.client_id, "register_id": register.id, "what": sent.what,
        "enrolment_id": sent.enrolment_id, "kind": sent.kind, "missed_minutes": sent.minutes, "said": sent.said,
        "device": device, "number": sent.number, "base": sent.base, "version": version, "outcome": outcome,
        "why": why, "made_at": sent.made_at, "received_at": now, "by_id": actor.person_id,
    }  # fmt: skip
