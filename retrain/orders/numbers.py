"""Our own numbers of orders: for each provider, kind and year one after the other, without a gap."""

from sqlalchemy import select, update

from retrain.database import dialect
from retrain.extensions import db
from retrain.orders.models import OrderCounter
from retrain.orders.states import OrderKind

_LETTERS = {
    OrderKind.ENROLMENT: "k",
    OrderKind.COMPLETION: "t",
    OrderKind.EXCLUSION: "ch",
    OrderKind.CHANGE: "r",
    OrderKind.COMMISSION: "km",
}
"""What follows the number, so that orders of two kinds are told apart by it:
kurs, tamomlash, chetlashtirish, ro‘yxat, komissiya.
"""


def written(number: int, kind: OrderKind) -> str:
    """The number as it stands on the order: 12-k."""
    return f"{number}-{_LETTERS[kind]}"


def take(provider_id: int, kind: OrderKind, year: int) -> str:
    """The next number; the counter's row is locked until the transaction ends, and goes back if it fails."""
    key = {"provider_id": provider_id, "kind": kind, "year": year}
    dialect.insert_ignoring(db.session(), OrderCounter.__table__, [{**key, "next_number": 1}])
    after = db.session.execute(
        update(OrderCounter)
        .filter_by(**key)
        .values(next_number=OrderCounter.next_number + 1)
        .returning(OrderCounter.next_number)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    return written(int(after) - 1, kind)


def upcoming(provider_id: int, kind: OrderKind, year: int) -> str:
    """The number that would be taken now; somebody else may be first."""
    found = select(OrderCounter.next_number).where(
        OrderCounter.provider_id == provider_id, OrderCounter.kind == kind, OrderCounter.year == year
    )
    return written(db.session.scalar(found) or 1, kind)
