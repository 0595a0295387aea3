"""An order on its way to the signatory and back: sent, taken back, signed off, sent back with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from retrain import audit, clock, messages
from retrain.audit import Actor
from retrain.catalogue import queries as catalogue_queries
from retrain.database.use_case import use_case
from retrain.enrolment.reading_runs import RunAtDesk
from retrain.orders import lists, rules
from retrain.orders.models import OfficialOrder
from retrain.orders.registering import desk_for_orders, new_draft, open_order
from retrain.orders.rules import Sending
from retrain.orders.states import OrderKind, OrderState
from retrain.people import queries as people
from retrain.people.states import RoleKind
from retrain.refusal import Refusal, Refused


@dataclass(frozen=True)
class Sheet:
    """To whom an order goes for signature, the name and post printed under it, and from when it is to hold."""

    signatory_id: int
    signer_name: str
    signer_post: str = ""
    effective_on: date | None = None


@use_case
def send_order(actor: Actor, run_code: str, kind: OrderKind, sheet: Sheet) -> OfficialOrder:
    """The order as it is now goes to the signatory, who is told; it changes no more until it comes back.

    Sent twice, it goes once.
    """
    run = desk_for_orders(actor, run_code)
    order = open_order(run, kind) or new_draft(actor, run, kind)
    if order.state is OrderState.SENT and order.signer_id == sheet.signatory_id:
        return order
    facts = lists.order_facts(catalogue_queries.run(run_code), kind)
    if why := _sending_refusals(order, run, facts, sheet):
        raise Refused(why)
    now = clock.now()
    order.state, order.facts, order.sent_at, order.sent_by_id = OrderState.SENT, facts, now, actor.person_id
    order.signer_id, order.effective_on = sheet.signatory_id, sheet.effective_on
    order.signer_name, order.signer_post = sheet.signer_name.strip(), sheet.signer_post.strip()
    order.returned_at = order.returned_why = None
    audit.record(actor, "order.sent", order, after={"run": run_code, "kind": kind, "to": sheet.signatory_id})
    _tell(run, order, sheet.signatory_id, "order.sent", f"/manage/runs/{run_code}/orders/{kind}/sign")
    return order


def _sending_refusals(
    order: OfficialOrder, run: RunAtDesk, facts: Mapping[str, Any], sheet: Sheet
) -> list[Refusal]:
    found = [] if order.state is OrderState.DRAFT else [Refusal.of("order-sent")]
    may_sign = {each.id for each in people.holders(run.provider_id, RoleKind.SIGNATORY)}
    if sheet.signatory_id not in may_sign:
        found.append(Refusal.of("order-no-signatory", field="signatory"))
    named, kind = lists.names_in(dict(facts)), OrderKind(order.kind)
    members = len(facts.get("members", ()))
    return [*found, *rules.content_refusals(kind, named, run.facts, lists.undecided(run.id), members)]


@use_case
def take_back(actor: Actor, run_code: str, kind: OrderKind) -> OfficialOrder:
    """The order is a draft again and follows the data; who signed it off will be asked anew."""
    run = desk_for_orders(actor, run_code)
    order = _on_its_way(run, kind)
    if order.state is OrderState.SENT:
        _to_draft(order)
        audit.record(actor, "order.taken_back", order, after={"run": run_code, "kind": kind})
    return order


@use_case
def sign_off(actor: Actor, run_code: str, kind: OrderKind, seen: datetime | None = None) -> OfficialOrder:
    """The signatory agrees to the order as sent; *seen* says which sending they looked at. Twice is once."""
    run = desk_for_orders(actor, run_code, "orders.sign")
    order = _on_its_way(run, kind)
    if order.signed_by_id is not None and order.signed_by_id == actor.person_id:
        return order
    _require_waiting(actor, order, seen)
    order.signed_at, order.signed_by_id = clock.now(), actor.person_id
    audit.record(actor, "order.signed", order, after={"run": run_code, "kind": kind})
    _tell(run, order, order.sent_by_id, "order.signed", f"/manage/runs/{run_code}/orders")
    return order


@use_case
def send_back(
    actor: Actor, run_code: str, kind: OrderKind, why: str, seen: datetime | None = None
) -> OfficialOrder:
    """The order goes back to who sent it, with what is to be put right."""
    run = desk_for_orders(actor, run_code, "orders.sign")
    order = _on_its_way(run, kind)
    _require_waiting(actor, order, seen)
    if not why.strip():
        raise Refused(Refusal.of("order-return-reason-missing", field="why"))
    _tell(run, order, order.sent_by_id, "order.returned", f"/manage/runs/{run_code}/orders", why=why.strip())
    _to_draft(order)
    order.returned_at, order.returned_why = clock.now(), why.strip()
    audit.record(actor, "order.returned", order, after={"run": run_code, "kind": kind}, why=why.strip())
    return order


def _on_its_way(run: RunAtDesk, kind: OrderKind) -> OfficialOrder:
    order = open_order(run, kind)
    if order is None:
        raise Refused(Refusal.of("order-not-sent"))
    return order


def _require_waiting(actor: Actor, order: OfficialOrder, seen: datetime | None) -> None:
    sending = Sending(order.state, order.signer_id, order.signed_by_id, order.sent_at, seen)
    if why := rules.answer_refusals(sending, actor.person_id, actor.delegated_by):
        raise Refused(why)


def _to_draft(order: OfficialOrder) -> None:
    order.state, order.facts = OrderState.DRAFT, {}
    order.signed_at = order.signed_by_id = None


def _tell(
    run: RunAtDesk, order: OfficialOrder, person_id: int | None, kind: str, path: str, **more: Any
) -> None:
    """One message for each sending and each answer to it."""
    if person_id is None:
        return
    facts = {"run": run.facts.code, "course": run.titles, "kind": order.kind, "path": path, **more}
    key = f"{kind}:{order.id}:{order.sent_at.isoformat() if order.sent_at else ''}"
    messages.later(person_id, kind, facts, about=("official_order", order.id), key=key)
