"""What devices have sent about a register, and what of it still has to be settled."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, select

from retrain.attendance.devices.operation_rules import Past
from retrain.attendance.models import Guest, RegisterOperation
from retrain.attendance.states import TO_SETTLE, Outcome, What
from retrain.database import hot
from retrain.extensions import db


def operations_known(client_ids: Collection[str]) -> list[RegisterOperation]:
    """Those of the operations that came before."""
    wanted = select(RegisterOperation).where(RegisterOperation.client_id.in_(client_ids))
    return list(db.session.scalars(wanted))


def applied_marks(register_id: int) -> list[RegisterOperation]:
    """Every mark that was ever written into a register, in the order of writing."""
    wanted = (
        select(RegisterOperation)
        .where(
            RegisterOperation.register_id == register_id,
            RegisterOperation.what == What.MARK,
            RegisterOperation.outcome == Outcome.APPLIED,
        )
        .order_by(RegisterOperation.id)
    )
    return list(db.session.scalars(wanted))


@dataclass(frozen=True)
class Before:
    """What came about a register before, by columns and in the order of coming."""

    rows: Sequence[Row[Any]]

    @property
    def applied(self) -> list[Row[Any]]:
        """What was carried out."""
        return [row for row in self.rows if row.outcome is Outcome.APPLIED]

    @property
    def is_unsettled(self) -> bool:
        """Whether anything of it waits for somebody to look at it."""
        return any(row.outcome in TO_SETTLE and row.settled_at is None for row in self.rows)

    def of_device(self, device: str) -> list[Past]:
        """What a device has already sent about each subject, with its numbers."""
        return [
            Past((row.what, row.enrolment_id), device, row.number)
            for row in self.rows
            if row.device == device and row.outcome is not Outcome.REFUSED
        ]


def before(register_id: int) -> Before:
    """Everything that came about a register."""
    return Before(hot.execute(_before(), {"register": register_id}).all())


@hot.kept
def _before() -> Any:
    table = RegisterOperation
    return (
        select(
            table.id, table.client_id, table.what, table.enrolment_id, table.device, table.number, table.version,
            table.outcome, table.why, table.settled_at,
        )
        .where(table.register_id == bindparam("register"))
        .order_by(table.id)
    )  # fmt: skip


def elsewhere(register_id: int, client_ids: Collection[str]) -> bool:
    """Whether any of these operations was sent about another register."""
    found = hot.execute(_elsewhere(), {"register": register_id, "names": list(client_ids)})
    return found.first() is not None


@hot.kept
def _elsewhere() -> Any:
    return (
        select(RegisterOperation.id)
        .where(RegisterOperation.client_id.in_(bindparam("names", expanding=True)))
        .where(RegisterOperation.register_id != bindparam("register"))
        .limit(1)
    )


def to_settle(register_id: int) -> list[RegisterOperation]:
    """What two devices disagree about and what was turned away, until somebody has looked at it."""
    wanted = (
        select(RegisterOperation)
        .where(
            RegisterOperation.register_id == register_id,
            RegisterOperation.outcome.in_(TO_SETTLE),
            RegisterOperation.settled_at.is_(None),
        )
        .order_by(RegisterOperation.id)
    )
    return list(db.session.scalars(wanted))


def operation(register_id: int, number: int) -> RegisterOperation | None:
    """One operation of a register."""
    found = db.session.get(RegisterOperation, number)
    return found if found is not None and found.register_id == register_id else None


def guests(register_id: int) -> list[Guest]:
    """Who was in the room without being on the list, in the order they were added."""
    wanted = select(Guest).where(Guest.register_id == register_id).order_by(Guest.id)
    return list(db.session.scalars(wanted))
