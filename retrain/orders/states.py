"""What an order can be about, and the moves between its states. Nothing else changes a state."""

from enum import StrEnum


class OrderKind(StrEnum):
    """What an order makes official."""

    ENROLMENT = "enrolment"
    COMPLETION = "completion"
    EXCLUSION = "exclusion"
    CHANGE = "change"
    COMMISSION = "commission"


class OrderState(StrEnum):
    """Where an order stands between our draft and the chancellery's number."""

    DRAFT = "draft"
    SENT = "sent"
    REGISTERED = "registered"


ORDER_MOVES: dict[OrderState, frozenset[OrderState]] = {
    OrderState.DRAFT: frozenset({OrderState.SENT, OrderState.REGISTERED}),
    OrderState.SENT: frozenset({OrderState.DRAFT, OrderState.REGISTERED}),
    # Changed only by another order.
    OrderState.REGISTERED: frozenset(),
}
