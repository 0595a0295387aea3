"""What devices have sent about a register, and what of it still has to be settled."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from retrain.attendance.models import Guest, RegisterOperation
from retrain.attendance.states import TO_SETTLE, Outcome, What
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


def versions(register_id: int) -> Sequence[tuple[tuple[What, int | None], int, str, int]]:
    """Subject, version, device and its number of each operation carried out, the latest of a subject last."""
    rows = db.session.execute(
        select(
            RegisterOperation.what, RegisterOperation.enrolment_id, RegisterOperation.version,
            RegisterOperation.device, RegisterOperation.number,
        )
        .where(
            RegisterOperation.register_id == register_id, RegisterOperation.outcome == Outcome.APPLIED
        )
        .order_by(RegisterOperation.version, RegisterOperation.id)
    )  # fmt: skip
    return [((what, number), version or 0, device, own) for what, number, version, device, own in rows]


def numbers_of(register_id: int, device: str) -> list[tuple[What, int | None, str, int]]:
    """What a device has already sent about each subject, with its numbers."""
    rows = db.session.execute(
        select(
            RegisterOperation.what, RegisterOperation.enrolment_id, RegisterOperation.device,
            func.max(RegisterOperation.number),
        )
        .where(
            RegisterOperation.register_id == register_id,
            RegisterOperation.device == device,
            RegisterOperation.outcome != Outcome.REFUSED,
        )
        .group_by(RegisterOperation.what, RegisterOperation.enrolment_id, RegisterOperation.device)
    )  # fmt: skip
    return list(rows.tuples())


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


def disputes_open(register_id: int) -> int:
    """How many marks of a register two devices disagree about."""
    return sum(row.outcome is Outcome.DISPUTED for row in to_settle(register_id))


def operation(register_id: int, number: int) -> RegisterOperation | None:
    """One operation of a register."""
    found = db.session.get(RegisterOperation, number)
    return found if found is not None and found.register_id == register_id else None


def guests(register_id: int) -> list[Guest]:
    """Who was in the room without being on the list, in the order they were added."""
    wanted = select(Guest).where(Guest.register_id == register_id).order_by(Guest.id)
    return list(db.session.scalars(wanted))
