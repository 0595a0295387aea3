"""What a curator's groups ask for, each in one query."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import joinedload

from retrain.catalogue.models import Run
from retrain.catalogue.states import ON_OFFER
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import IN_GROUP, State
from retrain.extensions import db
from retrain.people.models import Person, Teacher

UNDECIDED = (State.REQUESTED, State.WAITLISTED, State.OFFERED)
"""Who wants a place and has none yet."""


@dataclass(frozen=True)
class Group:
    """A curator's group in numbers."""

    code: str
    starts_on: date
    members: int
    undecided: int
    without_account: int

    def begins_by(self, day: date) -> bool:
        """Whether its first day has come by *day*."""
        return self.starts_on <= day


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def groups(person_id: int, today: date) -> list[Group]:
    """The curator's groups that are not over, the first to begin first."""
    member = Enrolment.state.in_(IN_GROUP)
    found = (
        select(
            Run.code, Run.starts_on, _count(member), _count(Enrolment.state.in_(UNDECIDED)),
            _count(member & Person.activated_at.is_(None)),
        )
        .outerjoin(Enrolment, Enrolment.run_id == Run.id)
        .outerjoin(Teacher, Teacher.id == Enrolment.teacher_id)
        .outerjoin(Person, Person.id == Teacher.person_id)
        .where(Run.curator_id == person_id, Run.state.in_(ON_OFFER), Run.ends_on >= today)
        .group_by(Run.id, Run.code, Run.starts_on)
        .order_by(Run.starts_on, Run.code)
    )  # fmt: skip
    return [Group(*row) for row in db.session.execute(found).tuples()]


def runs_of(person_id: int, today: date) -> list[Run]:
    """The same groups as runs with their courses, and those that ended within two months."""
    found = (
        select(Run)
        .where(Run.curator_id == person_id, Run.ends_on >= today - timedelta(days=60))
        .where(Run.state.in_(ON_OFFER))
        .options(joinedload(Run.version))
        .order_by(Run.starts_on, Run.code)
    )
    return list(db.session.scalars(found))
