"""What enrolment holds about a person: their places, and the orders they sign."""

from typing import Any

from sqlalchemy import exists, select, update

from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.enrolment.models import Enrolment, EnrolmentChange, Nomination, OfficialOrder
from retrain.enrolment.states import LIVING, OPEN, OrderState
from retrain.extensions import db
from retrain.people import holdings
from retrain.people.merging import Pair, mover
from retrain.people.privacy import exporter, keeper
from retrain.refusal import Refusal, Refused

holdings.belongs(Enrolment.teacher_id)
holdings.did(
    EnrolmentChange.by_id, Nomination.created_by_id, OfficialOrder.created_by_id, OfficialOrder.sent_by_id,
    OfficialOrder.signed_by_id,
)  # fmt: skip
holdings.apart(OfficialOrder.signer_id)


@mover
def settle(_actor: Actor, pair: Pair) -> None:
    """One place a person and run, and no two runs at once: else somebody must give up one of them first."""
    db.session.execute(
        update(OfficialOrder)
        .where(OfficialOrder.signer_id == pair.gone_person_id, OfficialOrder.state != OrderState.REGISTERED)
        .values(signer_id=pair.kept_person_id)
        .execution_options(synchronize_session=False)
    )
    kept, gone = _living(pair.kept_teacher_id), _living(pair.gone_teacher_id)
    clashes = [
        Refusal.of("both-on-one-run", run=ours.code)
        if ours.id == theirs.id
        else Refusal.of("both-on-runs-at-once", run=ours.code, other=theirs.code)
        for ours, our_state in kept
        for theirs, their_state in gone
        if ours.id == theirs.id
        or (
            {our_state, their_state} <= OPEN
            and ours.starts_on <= theirs.ends_on
            and theirs.starts_on <= ours.ends_on
        )
    ]
    if clashes:
        raise Refused(clashes)


def _living(teacher_id: int | None) -> list[Any]:
    """The runs a teacher is on or waits for, with the state they are in there."""
    query = (
        select(Run, Enrolment.state)
        .join(Enrolment, Enrolment.run_id == Run.id)
        .where(Enrolment.teacher_id == teacher_id, Enrolment.state.in_(LIVING))
    )
    return [tuple(row) for row in db.session.execute(query.order_by(Run.code))]


@exporter
def held(_person_id: int, teacher_id: int | None) -> dict[str, Any]:
    """Each change of the teacher's enrolments."""
    mine = select(Enrolment.id).where(Enrolment.teacher_id == teacher_id)
    changes = select(EnrolmentChange.__table__).where(EnrolmentChange.enrolment_id.in_(mine))
    return {"enrolment_change": holdings.rows(changes)}


@keeper
def kept(person_id: int, teacher_id: int | None) -> list[str]:
    """Places stay, and so do orders that name or bear the person."""
    mine = Enrolment.teacher_id == teacher_id
    ordered = exists().where(
        mine, EnrolmentChange.enrolment_id == Enrolment.id, EnrolmentChange.order_id.is_not(None)
    )
    grouped = exists().where(
        mine, Enrolment.since.is_not(None), OfficialOrder.run_id == Enrolment.run_id,
        OfficialOrder.state == OrderState.REGISTERED,
    )  # fmt: skip
    signed = exists().where(
        OfficialOrder.signer_id == person_id, OfficialOrder.state == OrderState.REGISTERED
    )
    found = db.session.execute(select(exists().where(mine), ordered | grouped | signed)).one()
    return [code for code, there in zip(("enrolments", "orders"), found, strict=True) if there]
