"""What completion holds about a teacher: results and decisions. They stay with the enrolment they are of."""

from datetime import datetime

from sqlalchemy import select

from retrain import clock
from retrain.completion.commission_models import (
    Appeal,
    CommissionMember,
    Invitation,
    ProtocolLine,
    Sitting,
)
from retrain.completion.models import (
    Assessment,
    Decision,
    DecisionChange,
    Override,
    Result,
    ResultChange,
    Statement,
)
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.orders.personal_data import orders_naming
from retrain.orders.states import OrderKind
from retrain.people import holdings
from retrain.people.privacy_keeping import Kept, end_of, keeper

holdings.did(
    Assessment.examiner_id, Assessment.second_examiner_id, Decision.decided_by_id, DecisionChange.changed_by_id,
    DecisionChange.decided_by_id, Override.answered_by_id, Override.proposed_by_id, Result.entered_by_id,
    ResultChange.changed_by_id, Sitting.closed_by_id, Statement.closed_by_id, CommissionMember.person_id,
    Invitation.sent_by_id,
)  # fmt: skip
holdings.hangs(
    Appeal.enrolment_id, Decision.enrolment_id, DecisionChange.enrolment_id, Override.enrolment_id,
    ProtocolLine.enrolment_id, Result.enrolment_id, ResultChange.enrolment_id,
)  # fmt: skip


@keeper
def kept(_person_id: int, teacher_id: int | None) -> list[Kept]:
    """The protocol stays; it needs the name until an order of completion has frozen it beside the outcome."""
    orders = orders_naming(teacher_id)
    frozen = {
        number for number, rows in orders.items() if any(row.kind is OrderKind.COMPLETION for row in rows)
    }
    return [
        Kept("decisions", end_of("archive_years", at.astimezone(clock.COUNTRY).date()), number not in frozen)
        for number, at in _moments(teacher_id)
    ]


def _moments(teacher_id: int | None) -> list[tuple[int, datetime]]:
    """(enrolment, when): each result that was entered and each decision that was made."""
    found: list[tuple[int, datetime]] = []
    for number, at in (
        (Decision.enrolment_id, Decision.decided_at),
        (Result.enrolment_id, Result.entered_at),
    ):
        query = select(number, at).join(Enrolment, Enrolment.id == number)
        found += db.session.execute(query.where(Enrolment.teacher_id == teacher_id)).tuples()
    return found
