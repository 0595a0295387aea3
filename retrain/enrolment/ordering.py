"""Orders of enrolment and completion: drafted from the data, registered under a number, then frozen."""

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
from retrain.enrolment import lists, queries, rules
from retrain.enrolment.models import Enrolment, OfficialOrder
from retrain.enrolment.queries import RunAtDesk
from retrain.enrolment.states import IN_GROUP, OrderKind, OrderState
from retrain.extensions import db
from retrain.people import permissions
from retrain.people.permissions import Target
from retrain.refusal import NotThere, Refusal, Refused


@dataclass(frozen=True)
class Registration:
    """What is typed when an order comes back from the chancellery."""

    number: str
    registered_on: date | None
    effective_on: date | None
    signer_name: str
    signer_post: str = ""
    signer_id: int | None = None
    scan_id: int | None = None


def _desk(actor: Actor, run_code: str) -> RunAtDesk:
    run = queries.run_at_desk(run_code, lock=True)
    permissions.require(actor, "enrolment.order", Target(provider_id=run.provider_id))
    return run


@use_case
def draft_order(actor: Actor, run_code: str, kind: OrderKind) -> OfficialOrder:
    """The draft of an order for the run: the one there is, or a new one."""
    run = _desk(actor, run_code)
    return _open_draft(run, kind) or _new_draft(actor, run, kind)


def _open_draft(run: RunAtDesk, kind: OrderKind) -> OfficialOrder | None:
    found = select(OfficialOrder).where(
        OfficialOrder.run_id == run.id,
        OfficialOrder.kind == kind,
        OfficialOrder.state != OrderState.REGISTERED,
    )
    return db.session.scalar(found.execution_options(populate_existing=True))


def _new_draft(actor: Actor, run: RunAtDesk, kind: OrderKind) -> OfficialOrder:
    row = catalogue_queries.run(run.facts.code)
    earlier = queries.order_of(row, kind)
    order = OfficialOrder(
        run_id=run.id, provider_id=run.provider_id, kind=kind, state=OrderState.DRAFT, facts={},
        created_at=clock.now(), created_by_id=actor.person_id, changes_id=earlier.id if earlier else None,
    )  # fmt: skip
    db.session.add(order)
    audit.record(actor, "order.drafted", order, after={"run": run.facts.code, "kind": kind})
    return order


@use_case
def delete_draft(actor: Actor, run_code: str, kind: OrderKind) -> None:
    """Drop the draft; a registered order stays for ever."""
    run = _desk(actor, run_code)
    if order := _open_draft(run, kind):
        audit.record(actor, "order.dropped", order, before={"run": run.facts.code, "kind": kind})
        db.session.delete(order)


@use_case
def register_order(actor: Actor, run_code: str, kind: OrderKind, typed: Registration) -> OfficialOrder:
    """The order under its number, with the list it names frozen; the order of enrolment confirms the run.

    It may come late: classes begin without it, and hours count from its effective date. Sent twice, it is
    registered once.
    """
    run = _desk(actor, run_code)
    row = catalogue_queries.run(run_code)
    if again := _registered(run, kind, typed):
        return again
    order = _open_draft(run, kind) or _new_draft(actor, run, kind)
    rows = _members(run.id)
    facts = rules.OrderFacts(
        kind, order.state, typed.number, typed.registered_on, typed.effective_on, typed.signer_name
    )
    if why := rules.order_refusals(facts, run.facts, len(rows), clock.now()):
        raise Refused(why)
    _write(order, typed, lists.order_facts(row, kind))
    if kind is OrderKind.ENROLMENT:
        _begin_on(rows, typed.effective_on)
        if row.state is RunState.PUBLISHED:
            catalogue.move_run(actor, run_code, RunState.CONFIRMED)
    after = {"run": run_code, "kind": kind, "number": order.number, "on": order.registered_on}
    audit.record(actor, "order.registered", order, after={**after, "effective": order.effective_on})
    return order


def _registered(run: RunAtDesk, kind: OrderKind, typed: Registration) -> OfficialOrder | None:
    """The run's own order of that number and day, when this is the same form once more."""
    found = select(OfficialOrder).where(
        OfficialOrder.run_id == run.id,
        OfficialOrder.kind == kind,
        OfficialOrder.state == OrderState.REGISTERED,
        OfficialOrder.number == typed.number.strip(),
        OfficialOrder.registered_on == typed.registered_on,
    )
    return db.session.scalar(found)


def _write(order: OfficialOrder, typed: Registration, facts: dict[str, Any]) -> None:
    number = typed.number.strip()
    try:
        with db.session.begin_nested():
            order.number, order.registered_on = number, typed.registered_on
            order.year = typed.registered_on.year if typed.registered_on else None
            order.effective_on = typed.effective_on
            order.signer_id, order.signer_name = typed.signer_id, typed.signer_name.strip()
            order.signer_post, order.scan_id = typed.signer_post.strip(), typed.scan_id or order.scan_id
            order.facts, order.registered_at = facts, clock.now()
            order.state = OrderState.REGISTERED
    except IntegrityError as error:
        if violated(error, "uq_official_order_number", "official_order.year", "official_order.number"):
            refusal = Refusal.of("order-number-taken", field="number", number=number)
            raise Refused(refusal) from None
        raise


def _members(run_id: int) -> list[Enrolment]:
    found = select(Enrolment).where(Enrolment.run_id == run_id, Enrolment.state.in_(IN_GROUP))
    return list(db.session.scalars(found.order_by(Enrolment.id)))


def _begin_on(rows: list[Enrolment], effective: date | None) -> None:
    """The order says since when its people are in the group, whatever day they were entered here."""
    for row in rows:
        if effective is not None and (row.until is None or effective <= row.until):
            row.since = effective


@use_case
def attach_scan(actor: Actor, run_code: str, order_id: int, scan_id: int) -> OfficialOrder:
    """The signed sheet beside an order that has none yet; what the order says stays as it was."""
    run = _desk(actor, run_code)
    order = db.session.get(OfficialOrder, order_id)
    if order is None or order.run_id != run.id:
        raise NotThere
    if order.scan_id is not None:
        raise Refused(Refusal.of("order-has-scan", field="scan", number=order.number or ""))
    order.scan_id = scan_id
    audit.record(actor, "order.scanned", order, after={"scan": scan_id})
    return order
