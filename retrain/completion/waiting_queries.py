"""What waits for somebody in completion: results, appeals, second persons. One query each."""

from datetime import date

from sqlalchemy import func, or_, select

from retrain.catalogue.models import Run
from retrain.completion.commission_models import Appeal
from retrain.completion.grading import OPEN
from retrain.completion.models import Assessment, Override, Result, Statement
from retrain.completion.states import AppealState, OverrideState
from retrain.enrolment.models import Enrolment
from retrain.extensions import db


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


def appeals(provider_id: int) -> list[tuple[str, int, date]]:
    """A provider's runs with appeals to decide: how many, and by when the first."""
    found = (
        select(Run.code, func.count(Appeal.id), func.min(Appeal.decide_by))
        .join(Enrolment, Enrolment.run_id == Run.id)
        .join(Appeal, Appeal.enrolment_id == Enrolment.id)
        .where(Run.provider_id == provider_id, Appeal.state == AppealState.FILED)
        .group_by(Run.code)
        .order_by(func.min(Appeal.decide_by), Run.code)
    )
    return [(code, count, by) for code, count, by in db.session.execute(found).tuples()]


def overrides(provider_id: int, person_id: int) -> list[tuple[str, int]]:
    """A provider's runs where somebody else's proposal waits for a second person."""
    found = (
        select(Run.code, func.count(Override.id))
        .join(Enrolment, Enrolment.run_id == Run.id)
        .join(Override, Override.enrolment_id == Enrolment.id)
        .where(Run.provider_id == provider_id, Override.state == OverrideState.PROPOSED)
        .where(Override.proposed_by_id != person_id)
        .group_by(Run.code)
        .order_by(Run.code)
    )
    return [(code, count) for code, count in db.session.execute(found).tuples()]
