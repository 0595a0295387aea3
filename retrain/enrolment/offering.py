"""Offers and requests that wait for an answer: accepted, declined, reminded of, ended."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import ColumnElement, select

from retrain import clock
from retrain.audit import SYSTEM, Actor
from retrain.database.use_case import use_case
from retrain.enrolment import desk, going, queries, reading_people, reading_runs, rules
from retrain.enrolment.models import Enrolment
from retrain.enrolment.reading_runs import RunAtDesk
from retrain.enrolment.states import State
from retrain.enrolment.telling import tell
from retrain.extensions import db
from retrain.refusal import Refused

BEFORE = timedelta(hours=24)
"""So long before its end whoever has to answer is reminded, once."""

AT_ONCE = 200


@use_case
def accept_offer(actor: Actor, enrolment_id: int) -> Enrolment:
    """The offered place becomes the person's; asked twice, the second answer is the first one's."""
    row, run = going.locked(actor, enrolment_id, "enrolment.withdraw")
    if row.state is State.ENROLLED:
        return row
    person = reading_people.teachers_at_desk([row.teacher_id])[0]
    reading_people.read_standings([person], run)
    if why := rules.offer_refusals(run.facts, person.facts, row.state, row.offer_expires_at, clock.now()):
        raise Refused(why)
    desk.move(actor, run, row, State.ENROLLED, kind="enrolment.accepted")
    return row


@use_case
def decline_offer(actor: Actor, enrolment_id: int, reason: str = "") -> Enrolment:
    """The offered place passes to the next who waits; whoever declined is not offered another one here."""
    row, run = going.locked(actor, enrolment_id, "enrolment.withdraw")
    if row.state is State.DECLINED:
        return row
    if why := rules.offer_refusals(run.facts, _free(run), row.state, row.offer_expires_at, clock.now()):
        raise Refused(why)
    desk.move(actor, run, row, State.DECLINED, why=reason.strip() or None, kind="enrolment.declined")
    going.pass_on(actor, run)
    return row


def _free(run: RunAtDesk) -> rules.TeacherFacts:
    """Nothing hinders anybody from declining."""
    return rules.TeacherFacts(college_id=run.provider_id)


def end_what_is_due() -> int:
    """End offers and requests whose time is over, each in a transaction of its own; how many there were."""
    now = clock.now()
    ended = _each((Enrolment.state == State.OFFERED) & (Enrolment.offer_expires_at <= now), _expire)
    return ended + _each((Enrolment.state == State.REQUESTED) & (Enrolment.lapses_at <= now), _lapse)


def remind() -> int:
    """Say once to whoever has to answer that the time is nearly over; how many were reminded."""
    soon = clock.now() + BEFORE
    unsaid = Enrolment.reminded_at.is_(None)
    said = _each((Enrolment.state == State.OFFERED) & (Enrolment.offer_expires_at <= soon) & unsaid, _remind)
    return said + _each(
        (Enrolment.state == State.REQUESTED) & (Enrolment.lapses_at <= soon) & unsaid, _remind
    )


def _each(due: ColumnElement[bool], deal_with: Callable[[int], bool]) -> int:
    """Read which rows are *due*, then deal with each under its run's lock, looking again."""
    numbers = db.session.scalars(select(Enrolment.id).where(due).order_by(Enrolment.id).limit(AT_ONCE)).all()
    db.session.rollback()
    return sum(deal_with(number) for number in numbers)


@use_case
def _expire(enrolment_id: int) -> bool:
    row, run = _locked(enrolment_id)
    if row.state is not State.OFFERED or row.offer_expires_at is None or row.offer_expires_at > clock.now():
        return False
    desk.move(SYSTEM, run, row, State.EXPIRED, kind="enrolment.expired")
    going.pass_on(SYSTEM, run)
    return True


@use_case
def _lapse(enrolment_id: int) -> bool:
    row, run = _locked(enrolment_id)
    if row.state is not State.REQUESTED or row.lapses_at is None or row.lapses_at > clock.now():
        return False
    desk.move(SYSTEM, run, row, State.LAPSED, kind="enrolment.request_lapsed")
    return True


@use_case
def _remind(enrolment_id: int) -> bool:
    row, run = _locked(enrolment_id)
    until = row.offer_expires_at or row.lapses_at
    if until is None or row.reminded_at is not None or until <= clock.now():
        return False
    row.reminded_at = clock.now()
    person = reading_people.teachers_at_desk([row.teacher_id])[0]
    kind = "enrolment.offer_ends" if row.state is State.OFFERED else "enrolment.request_ends"
    tell(run, row, person.person_id, kind, queries.steps(row.id), again="remind", until=until)
    return True


def _locked(enrolment_id: int) -> tuple[Enrolment, RunAtDesk]:
    run = reading_runs.run_at_desk(queries.code_of(queries.enrolment(enrolment_id).run_id), lock=True)
    reading_runs.count(run)
    return queries.enrolment(enrolment_id), run
