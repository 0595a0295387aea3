"""What enrolment holds about a person: their places, and the orders that name them or bear their signature."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import or_, select, update

from retrain import clock
from retrain.audit import SYSTEM, Actor
from retrain.catalogue.models import Run
from retrain.database.bulk import delete_where
from retrain.enrolment import desk, going, order_lists, queries
from retrain.enrolment.models import Enrolment, EnrolmentChange, Nomination, OfficialOrder
from retrain.enrolment.order_rules import PARTS
from retrain.enrolment.states import HOLDS_PLACE, LIVING, OPEN, OrderState, State
from retrain.extensions import db
from retrain.people import holdings
from retrain.people import queries as people
from retrain.people.merging import Pair, mover
from retrain.people.privacy import exporter
from retrain.people.privacy_erasing import forgetter
from retrain.people.privacy_keeping import Kept, end_of, keeper
from retrain.refusal import Refusal, Refused

holdings.belongs(Enrolment.teacher_id)
holdings.hangs(EnrolmentChange.enrolment_id)
holdings.beside(Enrolment.repeat_of_id)
holdings.did(
    EnrolmentChange.by_id, Nomination.created_by_id, OfficialOrder.created_by_id, OfficialOrder.sent_by_id,
    OfficialOrder.signed_by_id,
)  # fmt: skip
holdings.apart(OfficialOrder.signer_id)


@mover
def settle(_actor: Actor, pair: Pair) -> None:
    """One place a person and run, and no two runs at once: else somebody must give up one of them first."""
    db.session.execute(
        update(OfficialOrder)
        .where(OfficialOrder.signer_id == pair.gone_person_id, OfficialOrder.state != OrderState.REGISTERED)
        .values(signer_id=pair.kept_person_id)
        .execution_options(synchronize_session=False)
    )
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


def _living(teacher_id: int | None) -> list[Any]:
    """The runs a teacher is on or waits for, with the state they are in there."""
    query = (
        select(Run, Enrolment.state)
        .join(Enrolment, Enrolment.run_id == Run.id)
        .where(Enrolment.teacher_id == teacher_id, Enrolment.state.in_(LIVING))
    )
    return [tuple(row) for row in db.session.execute(query.order_by(Run.code))]


def orders_naming(teacher_id: int | None) -> dict[int, list[OfficialOrder]]:
    """By enrolment of a teacher: the orders, sent or registered, in whose frozen lists it stands."""
    mine = set(db.session.scalars(select(Enrolment.id).where(Enrolment.teacher_id == teacher_id)))
    runs = select(Enrolment.run_id).where(Enrolment.teacher_id == teacher_id)
    orders = select(OfficialOrder).where(
        OfficialOrder.run_id.in_(runs), OfficialOrder.state != OrderState.DRAFT
    )
    found = defaultdict(list)
    for order in db.session.scalars(orders.order_by(OfficialOrder.id)):
        for number in mine & order_lists.names_in(order.facts).mentioned:
            found[number].append(order)
    return found


@exporter
def held(_person_id: int, teacher_id: int | None) -> dict[str, Any]:
    """What each order says of the teacher, and nothing of the others in it."""
    return {
        "official_order": [
            {
                "id": order.id,
                "kind": order.kind.value,
                "number": order.number,
                "registered_on": holdings.plain(order.registered_on),
                "lines": [
                    {"part": part, **line}
                    for part in PARTS
                    for line in order.facts.get(part, ())
                    if line["enrolment"] == number
                ],
            }
            for number, orders in sorted(orders_naming(teacher_id).items())
            for order in orders
        ]
    }


@keeper
def kept(person_id: int, teacher_id: int | None) -> list[Kept]:
    """Orders stay as they were frozen, and so do the places they name; a course that is not over needs the name."""
    named, held = orders_naming(teacher_id), _held(teacher_id)
    signed = db.session.scalars(
        select(OfficialOrder).where(
            or_(OfficialOrder.signer_id == person_id, OfficialOrder.signed_by_id == person_id),
            OfficialOrder.state != OrderState.DRAFT,
        )
    )
    found = [Kept("orders", _end(order)) for order in signed]
    for row, run in _rows(teacher_id):
        orders = named.get(row.id, [])
        found += [Kept(code, _end(order)) for order in orders for code in ("orders", "enrolments")]
        if not orders and not _is_forgettable(row, run, orders, held):
            found.append(Kept("enrolments", end_of("register_years", run.ends_on)))
        if row.state is State.ENROLLED and (orders or run.starts_on <= _today(run)):
            found.append(Kept("place", max(run.ends_on, _today(run)), named=True))
    return found


def _end(order: OfficialOrder) -> date:
    return end_of("archive_years", order.registered_on or clock.today())


def _today(run: Run) -> date:
    return clock.today(people.zone_of(run.provider_id))


def _rows(teacher_id: int | None) -> list[tuple[Enrolment, Run]]:
    query = select(Enrolment, Run).join(Run, Run.id == Enrolment.run_id)
    return list(
        db.session.execute(query.where(Enrolment.teacher_id == teacher_id).order_by(Enrolment.id)).tuples()
    )


def _held(teacher_id: int | None) -> set[int]:
    """The teacher's enrolments that later stages rest on: marks, results, decisions, documents."""
    mine = db.session.scalars(select(Enrolment.id).where(Enrolment.teacher_id == teacher_id)).all()
    return holdings.hanging_on("enrolment", mine, but=[EnrolmentChange.enrolment_id])


def _is_forgettable(
    row: Enrolment, run: Run, orders: Collection[OfficialOrder], held: Collection[int]
) -> bool:
    """Whether an application came to nothing that must be kept: no order names it, and no class was theirs."""
    attends = row.state is State.ENROLLED and run.starts_on <= _today(run)
    return not (orders or row.id in held or attends)


@forgetter
def forget(person_id: int) -> None:
    """Applications that never came to an order go; a place among them passes to the first who waits for it."""
    teacher = people.teacher_of(person_id)
    if teacher is None:
        return
    named, held = orders_naming(teacher.id), _held(teacher.id)
    gone = [row for row, run in _rows(teacher.id) if _is_forgettable(row, run, named.get(row.id, []), held)]
    for row in gone:
        _give_up(row)
    numbers = [row.id for row in gone]
    db.session.flush()
    again = select(Enrolment).where(Enrolment.repeat_of_id.in_(numbers), Enrolment.id.not_in(numbers))
    for row in db.session.scalars(again):
        row.repeat_of_id, row.attempt = None, 1
    db.session.flush()
    for model, column in ((EnrolmentChange, EnrolmentChange.enrolment_id), (Enrolment, Enrolment.id)):
        delete_where(model, column.in_(numbers))
    db.session.expire_all()


def _give_up(row: Enrolment) -> None:
    if row.state not in HOLDS_PLACE & OPEN:
        return
    run = queries.run_at_desk(queries.code_of(row.run_id), lock=True)
    desk.move(SYSTEM, run, row, State.WITHDRAWN)
    queries.count_waiting(run)
    going.pass_on(SYSTEM, run)
