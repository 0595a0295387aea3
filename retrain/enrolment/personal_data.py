"""What enrolment holds about a person: their places."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import select

from retrain import clock
from retrain.audit import SYSTEM, Actor
from retrain.audit.models import AuditEntry
from retrain.catalogue.models import Run
from retrain.database.bulk import delete_where
from retrain.enrolment import desk, going, queries, reading_runs
from retrain.enrolment.models import Approval, Enrolment, EnrolmentChange, Nomination
from retrain.enrolment.states import HOLDS_PLACE, LIVING, OPEN, State
from retrain.extensions import db
from retrain.people import holdings
from retrain.people import queries as people
from retrain.people.merging import Pair, mover
from retrain.people.privacy_erasing import forgetter
from retrain.people.privacy_keeping import Kept, end_of, keeper, name_in_messages
from retrain.refusal import Refusal, Refused

holdings.belongs(Enrolment.teacher_id, Approval.teacher_id)
holdings.hangs(EnrolmentChange.enrolment_id)
holdings.beside(Enrolment.repeat_of_id, Enrolment.instead_of_id)
holdings.did(EnrolmentChange.by_id, Nomination.created_by_id, Approval.by_id)


@mover
def settle(_actor: Actor, pair: Pair) -> None:
    """One place a person and run, and no two runs at once: else somebody must give up one of them first."""
    kept, gone = _living(pair.kept_teacher_id), _living(pair.gone_teacher_id)
    clashes = [
        Refusal.of("both-on-one-run", run=ours.code)
        if ours.id == theirs.id
        else Refusal.of("both-on-runs-at-once", run=ours.code, other=theirs.code)
        for ours, our_state in kept
        for theirs, their_state in gone
        if ours.id == theirs.id
        or (
            {our_state, their_state} <= OPEN
            and ours.starts_on <= theirs.ends_on
            and theirs.starts_on <= ours.ends_on
        )
    ]
    if clashes:
        raise Refused(clashes)
    for theirs in _approvals(pair.gone_teacher_id):
        if any(
            (ours.run_id, ours.side) == (theirs.run_id, theirs.side)
            for ours in _approvals(pair.kept_teacher_id)
        ):
            db.session.delete(theirs)


def _approvals(teacher_id: int | None) -> list[Approval]:
    return list(db.session.scalars(select(Approval).where(Approval.teacher_id == teacher_id)))


def _living(teacher_id: int | None) -> list[Any]:
    """The runs a teacher is on or waits for, with the state they are in there."""
    query = (
        select(Run, Enrolment.state)
        .join(Enrolment, Enrolment.run_id == Run.id)
        .where(Enrolment.teacher_id == teacher_id, Enrolment.state.in_(LIVING))
    )
    return [tuple(row) for row in db.session.execute(query.order_by(Run.code))]


@keeper
def kept(_person_id: int, teacher_id: int | None) -> list[Kept]:
    """Places that came to something; a course that is not over needs the name."""
    found, held = [], _held(teacher_id)
    for row, run in places(teacher_id):
        if not _is_forgettable(row, run, held):
            found.append(Kept("enrolments", end_of("register_years", run.ends_on)))
        if _attends(row, run):
            found.append(Kept("place", max(run.ends_on, day_at(run)), named=True))
    return found


def day_at(run: Run) -> date:
    """The day it is where the run is held."""
    return clock.today(people.zone_of(run.provider_id))


def places(teacher_id: int | None) -> list[tuple[Enrolment, Run]]:
    """A teacher's enrolments with their runs, the first one first."""
    query = select(Enrolment, Run).join(Run, Run.id == Enrolment.run_id)
    return list(
        db.session.execute(query.where(Enrolment.teacher_id == teacher_id).order_by(Enrolment.id)).tuples()
    )


def _held(teacher_id: int | None) -> set[int]:
    """The teacher's enrolments that later stages rest on: orders, marks, results, decisions, documents."""
    mine = db.session.scalars(select(Enrolment.id).where(Enrolment.teacher_id == teacher_id)).all()
    return holdings.hanging_on("enrolment", mine, but=[EnrolmentChange.enrolment_id])


def _attends(row: Enrolment, run: Run) -> bool:
    return row.state is State.ENROLLED and run.starts_on <= day_at(run)


def _is_forgettable(row: Enrolment, run: Run, held: Collection[int]) -> bool:
    """Whether an application came to nothing that must be kept: no order names it, and no class was theirs."""
    return not (row.id in held or _attends(row, run))


@keeper
def named_as_sender(person_id: int, _teacher_id: int | None) -> list[Kept]:
    """The people of a run who were written to were told by whom."""
    return name_in_messages((AuditEntry.actor_id == person_id) & (AuditEntry.action == "run.written_to"))


@forgetter
def forget(person_id: int) -> None:
    """Applications that never came to an order go; a place among them passes to the first who waits for it."""
    teacher = people.teacher_of(person_id)
    if teacher is None:
        return
    held = _held(teacher.id)
    gone = [row for row, run in places(teacher.id) if _is_forgettable(row, run, held)]
    for row in gone:
        _give_up(row)
    numbers = [row.id for row in gone]
    db.session.flush()
    again = select(Enrolment).where(Enrolment.repeat_of_id.in_(numbers), Enrolment.id.not_in(numbers))
    for row in db.session.scalars(again):
        row.repeat_of_id, row.attempt = None, 1
    after = select(Enrolment).where(Enrolment.instead_of_id.in_(numbers), Enrolment.id.not_in(numbers))
    for row in db.session.scalars(after):
        row.instead_of_id = None
    db.session.flush()
    for model, column in ((EnrolmentChange, EnrolmentChange.enrolment_id), (Enrolment, Enrolment.id)):
        delete_where(model, column.in_(numbers))
    runs = select(Enrolment.run_id).where(Enrolment.teacher_id == teacher.id)
    delete_where(Approval, (Approval.teacher_id == teacher.id) & Approval.run_id.not_in(runs))
    db.session.expire_all()


def _give_up(row: Enrolment) -> None:
    if row.state not in HOLDS_PLACE & OPEN:
        return
    run = reading_runs.run_at_desk(queries.code_of(row.run_id), lock=True)
    desk.move(SYSTEM, run, row, State.WITHDRAWN)
    reading_runs.count(run)
    going.pass_on(SYSTEM, run)
