"""What completion tells the orders: the mark beside each name, or what was lacking."""

from typing import Any

from retrain.catalogue.models import Run
from retrain.completion import queries
from retrain.completion.states import Outcome
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
