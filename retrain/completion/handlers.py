"""What completion tells the orders: the mark beside each name, or what was lacking, and the protocols behind it."""

from typing import Any

from retrain.catalogue.models import Run
from retrain.completion import commission_queries, queries
from retrain.completion.states import Outcome, Purpose
from retrain.orders import lists as order_lists
from retrain.orders.states import OrderKind


@order_lists.noted(OrderKind.COMPLETION)
def beside_names(run: Run) -> dict[int, dict[str, Any]]:
    """By enrolment: the final mark of who completed, every condition that did not hold for who did not."""
    return {
        number: {"points": decision.facts.get("final_mark")}
        if decision.outcome is Outcome.COMPLETED
        else {
            "conditions": [
                {"code": each["code"], **each["facts"]} for each in decision.reasons if not each["held"]
            ]
        }
        for number, decision in queries.decisions(run.id).items()
    }


@order_lists.grounded(OrderKind.COMPLETION)
def protocols(run: Run) -> list[dict[str, Any]]:
    """The closed protocols that an order of completion rests on: of final works, then of appeals."""
    return [
        {"kind": f"{purpose.value}_protocol", "number": commission_queries.protocol_of(each),
         "on": each.held_on.isoformat()}
        for purpose in Purpose
        for each in commission_queries.sittings(run.id, purpose)
        if each.closed_at is not None
    ]  # fmt: skip


@order_lists.composing
def members(run: Run) -> list[dict[str, Any]]:
    """Who sits in the run's commissions, for the order of their composition."""
    return [
        {"purpose": purpose.value, "seat": each.seat.value, "name": each.name, "post": each.post,
         "workplace": each.workplace}
        for purpose in Purpose
        for each in commission_queries.members(commission_queries.commission(run.id, purpose))
    ]  # fmt: skip
