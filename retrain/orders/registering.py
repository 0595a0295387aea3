"""Orders of a run: drafted from the data, registered under a number, then frozen. ``signing`` is what lies between."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from retrain import audit, clock
from retrain.audit import Actor
from retrain.catalogue import queries as catalogue_queries
from retrain.catalogue import service as catalogue
from retrain.catalogue.states import RunState
from retrain.database.dialect import violated
from retrain.database.use_case import use_case
from retrain.enrolment import reading_runs
from retrain.enrolment.models import Enrolment
from retrain.enrolment.reading_runs import RunAtDesk
from retrain.enrolment.states import IN_GROUP
from retrain.extensions import db
from retrain.orders import lists, numbers, queries, rules
from retrain.orders.models import OfficialOrder
from retrain.orders.rules import Named, OrderFacts
from retrain.orders.states import OrderKind, OrderState
from retrain.people import permissions
from retrain.people.permissions import Target
from retrain.refusal import NotThere, Refusal, Refused


@dataclass(frozen=True)
class Registration:
    """What is typed when an order comes back from the chancellery.

    With *own_number* the next of our own numbers is taken; *after* is then the run's last order of that kind
    the form knew of (0: none), so that a form sent twice takes one number.
    """

    number: str
    registered_on: date | None
    effective_on: date | None
    signer_name: str
    signer_post: str = ""
    signer_id: int | None = None
    scan_id: int | None = None
    own_number: bool = False
    after: int | None = None


def desk_for_orders(actor: Actor, run_code: str, action: str = "orders.write") -> RunAtDesk:
    """The run, locked, for somebody who may do *action* with its orders."""
    run = reading_runs.run_at_desk(run_code, lock=True)
    permissions.require(actor, action, Target(provider_id=run.provider_id))
    return run


@use_case
def draft_order(actor: Actor, run_code: str, kind: OrderKind) -> OfficialOrder:
    """The draft of an order for the run: the one there is, or a new one."""
    run = desk_for_orders(actor, run_code)
    return open_order(run, kind) or new_draft(actor, run, kind)


def open_order(run: RunAtDesk, kind: OrderKind) -> OfficialOrder | None:
    """The order of that kind on its way: a draft, or one sent for signature."""
    found = select(OfficialOrder).where(
        OfficialOrder.run_id == run.id,
        OfficialOrder.kind == kind,
        OfficialOrder.state != OrderState.REGISTERED,
    )
    return db.session.scalar(found.execution_options(populate_existing=True))


def new_draft(actor: Actor, run: RunAtDesk, kind: OrderKind) -> OfficialOrder:
    """A draft where there is none."""
    row = catalogue_queries.run(run.facts.code)
    # Orders of exclusion stand beside each other; every other kind changes the one before it.
    before = OrderKind.ENROLMENT if kind is OrderKind.CHANGE else kind
    earlier = None if kind is OrderKind.EXCLUSION else queries.order_of(row, kind)
    earlier = earlier or (queries.order_of(row, before) if before is not kind else None)
    order = OfficialOrder(
        run_id=run.id, provider_id=run.provider_id, kind=kind, state=OrderState.DRAFT, facts={},
        created_at=clock.now(), created_by_id=actor.person_id, changes_id=earlier.id if earlier else None,
    )  # fmt: skip
    db.session.add(order)
    audit.record(actor, "order.drafted", order, after={"run": run.facts.code, "kind": kind})
    return order


@use_case
def delete_draft(actor: Actor, run_code: str, kind: OrderKind) -> None:
    """Drop the draft; one that was sent is taken back first, and a registered one stays for ever."""
    run = desk_for_orders(actor, run_code)
    order = open_order(run, kind)
    if order is None:
        return
    if order.state is not OrderState.DRAFT:
        raise Refused(Refusal.of("order-sent"))
    audit.record(actor, "order.dropped", order, before={"run": run.facts.code, "kind": kind})
    db.session.delete(order)


@use_case
def register_order(actor: Actor, run_code: str, kind: OrderKind, typed: Registration) -> OfficialOrder:
    """The order under its number, with the list it names frozen; the order of enrolment confirms the run.

    It may come late: classes begin without it, and hours count from its effective date. Sent twice, it is
    registered once.
    """
    run = desk_for_orders(actor, run_code)
    if again := _registered(run, kind, typed):
        return again
    row = catalogue_queries.run(run_code)
    order = open_order(run, kind) or new_draft(actor, run, kind)
    facts = order.facts if order.state is OrderState.SENT else lists.order_facts(row, kind)
    named = lists.names_in(facts)
    if why := _refusals(order, typed, run, facts):
        raise Refused(why)
    _write(order, typed, facts)
    _make_official(order, named)
    if kind is OrderKind.ENROLMENT and row.state is RunState.PUBLISHED:
        catalogue.move_run(actor, run_code, RunState.CONFIRMED)
    after = {"run": run_code, "kind": kind, "number": order.number, "on": order.registered_on}
    audit.record(actor, "order.registered", order, after={**after, "effective": order.effective_on})
    return order


def _registered(run: RunAtDesk, kind: OrderKind, typed: Registration) -> OfficialOrder | None:
    """The run's own order, when this is the same form once more."""
    found = select(OfficialOrder).where(
        OfficialOrder.run_id == run.id,
        OfficialOrder.kind == kind,
        OfficialOrder.state == OrderState.REGISTERED,
    )
    if typed.own_number:
        last = db.session.scalars(found.order_by(OfficialOrder.id.desc()).limit(1)).first()
        return last if last and typed.after is not None and last.id != typed.after else None
    same = found.where(
        OfficialOrder.number == typed.number.strip(), OfficialOrder.registered_on == typed.registered_on
    )
    return db.session.scalar(same)


def _refusals(
    order: OfficialOrder, typed: Registration, run: RunAtDesk, says: dict[str, Any]
) -> list[Refusal]:
    kind, named = OrderKind(order.kind), lists.names_in(says)
    enrolled = queries.order_of(catalogue_queries.run(run.facts.code), OrderKind.ENROLMENT)
    facts = OrderFacts(
        kind, order.state, typed.number, typed.registered_on, typed.effective_on, typed.signer_name, named,
        typed.own_number, enrolled.effective_on if enrolled else None, len(says.get("members", ())),
    )  # fmt: skip
    undecided = lists.undecided(run.id) if order.state is OrderState.DRAFT else 0
    return rules.register_refusals(facts, run.facts, undecided, clock.now())


def _write(order: OfficialOrder, typed: Registration, facts: dict[str, Any]) -> None:
    """Fill the order in; the next of our numbers that the chancellery has not used, or the one typed."""
    while not _numbered(order, typed, facts):
        if not typed.own_number:
            number = typed.number.strip()
            raise Refused(Refusal.of("order-number-taken", field="number", number=number))


def _numbered(order: OfficialOrder, typed: Registration, facts: dict[str, Any]) -> bool:
    year = typed.registered_on.year if typed.registered_on else 0
    kind = OrderKind(order.kind)
    number = numbers.take(order.provider_id, kind, year) if typed.own_number else typed.number.strip()
    try:
        with db.session.begin_nested():
            order.number, order.registered_on, order.year = number, typed.registered_on, year
            order.effective_on = typed.effective_on
            order.signer_id, order.signer_name = typed.signer_id, typed.signer_name.strip()
            order.signer_post, order.scan_id = typed.signer_post.strip(), typed.scan_id or order.scan_id
            order.facts, order.registered_at = facts, clock.now()
            order.state = OrderState.REGISTERED
    except IntegrityError as error:
        if violated(error, "uq_official_order_number", "official_order.year", "official_order.number"):
            return False
        raise
    return True


def _make_official(order: OfficialOrder, named: Named) -> None:
    """What the order makes of its people: since when they are in the group, or until when they were."""
    on = order.effective_on
    match order.kind:
        case OrderKind.ENROLMENT:
            _begin_on(named.people, on)
        case OrderKind.CHANGE:
            _begin_on(named.added, on)
            _end_by(named.removed, on)
            lists.close_changes(order, named.removed)
        case OrderKind.EXCLUSION:
            _end_by(named.people, on)
            lists.close_changes(order, named.people)


def _rows(numbers: Any) -> list[Enrolment]:
    found = select(Enrolment).where(Enrolment.id.in_(list(numbers))).order_by(Enrolment.id)
    return list(db.session.scalars(found))


def _begin_on(numbers: Any, effective: date | None) -> None:
    """The order says since when its people are in the group, whatever day they were entered here."""
    for row in _rows(numbers):
        if row.state in IN_GROUP and effective and (row.until is None or effective <= row.until):
            row.since = effective


def _end_by(numbers: Any, effective: date | None) -> None:
    """Nobody is in the group after the day from which the order takes them off it."""
    for row in _rows(numbers):
        if effective and row.since and (row.until is None or row.until > effective):
            row.until = max(row.since, effective)


@use_case
def attach_scan(actor: Actor, run_code: str, order_id: int, scan_id: int) -> OfficialOrder:
    """The signed sheet beside an order that has none yet; what the order says stays as it was."""
    run = desk_for_orders(actor, run_code)
    order = db.session.get(OfficialOrder, order_id)
    if order is None or order.run_id != run.id or order.state is not OrderState.REGISTERED:
        raise NotThere
    if order.scan_id is not None:
        raise Refused(Refusal.of("order-has-scan", field="scan", number=order.number or ""))
    order.scan_id = scan_id
    audit.record(actor, "order.scanned", order, after={"scan": scan_id})
    return order
