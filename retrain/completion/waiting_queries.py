"""What waits for somebody in completion: results, appeals, second persons. An office's with what waits elsewhere."""

from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select

from retrain.catalogue.models import Run
from retrain.completion.commission_models import Appeal
from retrain.completion.grading import OPEN
from retrain.completion.models import Assessment, Decision, DecisionChange, Override, Result, Statement
from retrain.completion.states import AppealState, Outcome, OverrideState
from retrain.enrolment import office_counts
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.orders.models import OfficialOrder
from retrain.orders.states import OrderKind, OrderState


def to_examine(person_id: int, by: date) -> list[str]:
    """The runs that end by a day where somebody examines and not everybody has a result of theirs."""
    entered = (
        select(func.count(Result.id))
        .where(Result.assessment_id == Assessment.id, Result.attempt == 1, Result.points.is_not(None))
        .correlate(Assessment)
        .scalar_subquery()
    )
    found = (
        select(Run.code)
        .join(Assessment, Assessment.run_id == Run.id)
        .where(or_(Assessment.examiner_id == person_id, Assessment.second_examiner_id == person_id))
        .where(Run.state.in_(OPEN), Run.ends_on <= by, entered < Run.taken)
        .where(~select(Statement.id).where(Statement.assessment_id == Assessment.id).exists())
        .group_by(Run.code, Run.ends_on)
        .order_by(Run.ends_on, Run.code)
    )
    return list(db.session.scalars(found))


@office_counts.declare("appeals")
def _appeals(provider_id: int, _person_id: int) -> Select[Any]:
    """Appeals to decide, and by when the first."""
    return (
        office_counts.per_run(provider_id, by=func.min(Appeal.decide_by))
        .join(Enrolment, Enrolment.run_id == Run.id)
        .join(Appeal, Appeal.enrolment_id == Enrolment.id)
        .where(Appeal.state == AppealState.FILED)
    )


@office_counts.declare("overrides")
def _overrides(provider_id: int, person_id: int) -> Select[Any]:
    """Proposals of somebody else that wait for a second person."""
    return (
        office_counts.per_run(provider_id)
        .join(Enrolment, Enrolment.run_id == Run.id)
        .join(Override, Override.enrolment_id == Enrolment.id)
        .where(Override.state == OverrideState.PROPOSED, Override.proposed_by_id != person_id)
    )


@office_counts.declare("completed_after_order")
def _completed_after_order(provider_id: int, _person_id: int) -> Select[Any]:
    """People found to have completed after the order of completion had been written; another order names them."""
    last = (
        select(func.max(func.coalesce(OfficialOrder.sent_at, OfficialOrder.registered_at)))
        .where(OfficialOrder.run_id == Run.id, OfficialOrder.kind == OrderKind.COMPLETION)
        .where(OfficialOrder.state == OrderState.REGISTERED)
        .correlate(Run)
        .scalar_subquery()
    )
    changed = select(DecisionChange.enrolment_id).where(DecisionChange.was == Outcome.NOT_COMPLETED)
    since = changed.where(DecisionChange.enrolment_id == Enrolment.id, DecisionChange.changed_at > last)
    return (
        office_counts.per_run(provider_id)
        .join(Enrolment, Enrolment.run_id == Run.id)
        .join(Decision, Decision.enrolment_id == Enrolment.id)
        .where(Enrolment.id.in_(changed))  # few ever are: found first, the rest is asked of those alone
        .where(Decision.outcome == Outcome.COMPLETED, since.correlate(Enrolment, Run).exists())
    )


def completed_after_order(provider_id: int, person_id: int) -> list[tuple[str, int]]:
    """A provider's runs whose order of completion lacks people who have completed since, and how many."""
    rows = office_counts.of("completed_after_order", provider_id, person_id)
    return [(row.code, row.number) for row in rows]


def appeals(provider_id: int, person_id: int) -> list[tuple[str, int, date]]:
    """A provider's runs with appeals to decide: how many, and by when the first; the most urgent first."""
    rows = office_counts.of("appeals", provider_id, person_id)
    return sorted(
        ((row.code, row.number, row.by) for row in rows if row.by), key=lambda row: (row[2], row[0])
    )


def overrides(provider_id: int, person_id: int) -> list[tuple[str, int]]:
    """A provider's runs where somebody else's proposal waits for a second person."""
    return [(row.code, row.number) for row in office_counts.of("overrides", provider_id, person_id)]
