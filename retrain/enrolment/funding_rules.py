"""Who pays for a place, and what may be noted of it. Plain values in, why out."""

from dataclasses import dataclass
from datetime import date

from retrain.enrolment.states import Funding
from retrain.enrolment.terms import MOST_PRICE
from retrain.refusal import Refusal


@dataclass(frozen=True)
class Money:
    """What is known of the payment for one place. *price* is in whole so‘m; None: not agreed yet."""

    funding: Funding = Funding.BUDGET
    contract: str | None = None
    price: int | None = None
    paid_on: date | None = None

    @property
    def unpaid(self) -> bool:
        """Whether somebody still has to pay: not the budget, and not for a place that costs nothing."""
        return self.funding is not Funding.BUDGET and self.price != 0 and self.paid_on is None


def refusals(money: Money, today: date) -> list[Refusal]:
    """Why this can't be noted of a place."""
    found = []
    if money.price is not None and not 0 <= money.price <= MOST_PRICE:
        found.append(Refusal.of("terms-price", field="price"))
    if money.paid_on is not None and money.paid_on > today:
        found.append(Refusal.of("paid-ahead", field="paid_on"))
    if money.paid_on is not None and money.funding is Funding.BUDGET:
        found.append(Refusal.of("paid-by-nobody", field="paid_on"))
    return found
