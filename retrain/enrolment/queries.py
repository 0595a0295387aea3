"""What pages and use cases read of enrolments, each with a bounded number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import BindParameter, ColumnElement, Row, Select, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from retrain.catalogue.models import Run
from retrain.database import hot
from retrain.enrolment.models import Enrolment, EnrolmentChange
from retrain.enrolment.states import IN_GROUP, LIVING, OPEN, State
from retrain.enrolment.stays import Stay
from retrain.extensions import db
from retrain.language.names import full_name
from retrain.people.models import Employment, Person, Teacher
from retrain.refusal import NotThere

T = TypeVar("T", bound=tuple[Any, ...])

EVER_IN_GROUP = IN_GROUP | {State.EXCLUDED, State.TRANSFERRED, State.SUBSTITUTED}
"""Who is in a group, or left it after it began."""


def employed(on: date | BindParameter[date]) -> ColumnElement[bool]:
    """The condition that an employment holds on a day."""
    return (Employment.since <= on) & or_(Employment.until.is_(None), Employment.until >= on)


def waiting_in_order(run_id: int) -> list[Enrolment]:
    """Who waits for the run, first come first."""
    found = (
        select(Enrolment)
        .where(Enrolment.run_id == run_id, Enrolment.state == State.WAITLISTED)
        .order_by(Enrolment.position)
    )
    return list(db.session.scalars(found.execution_options(populate_existing=True)))


def open_enrolments(run_id: int) -> list[Enrolment]:
    """All that is, or may still become, a place on the run."""
    found = select(Enrolment).where(Enrolment.run_id == run_id, Enrolment.state.in_(OPEN))
    return list(db.session.scalars(found.order_by(Enrolment.id).execution_options(populate_existing=True)))


def number_on_list(enrolment: Enrolment) -> int | None:
    """How many stand on the waiting list up to and with this one; None for who doesn't wait."""
    if enrolment.state is not State.WAITLISTED:
        return None
    return db.session.scalar(_number(), {"run": enrolment.run_id, "position": enrolment.position})


@cache
def _number() -> Select[Any]:
    return (
        select(func.count())
        .select_from(Enrolment)
        .where(
            Enrolment.run_id == bindparam("run"),
            Enrolment.state == State.WAITLISTED,
            Enrolment.position <= bindparam("position"),
        )
    )


def number_expression() -> ColumnElement[int]:
    """For a list of enrolments: each one's number on its waiting list."""
    ahead = aliased(Enrolment)
    return (
        select(func.count())
        .select_from(ahead)
        .where(
            ahead.run_id == Enrolment.run_id,
            ahead.state == State.WAITLISTED,
            ahead.position <= Enrolment.position,
        )
        .correlate(Enrolment)
        .scalar_subquery()
    )


def enrolment(enrolment_id: int, run_code: str | None = None) -> Enrolment:
    """The enrolment as it is now; with *run_code*, only if it is that run's."""
    found = select(Enrolment).where(Enrolment.id == enrolment_id)
    if run_code is not None:
        found = found.join(Run, Run.id == Enrolment.run_id).where(Run.code == run_code)
    row = db.session.scalar(found.execution_options(populate_existing=True))
    if row is None:
        raise NotThere
    return row


def steps(enrolment_id: int) -> int:
    """How often the enrolment has changed: the number of its calendar entry's last wording."""
    made = select(func.count()).where(EnrolmentChange.enrolment_id == enrolment_id)
    return db.session.scalar(made) or 0


def living_with_steps(run_id: int) -> list[tuple[int, int, State, int]]:
    """Everybody who is on a run or would like to be: person, enrolment, its state, and how often it has changed."""
    made = select(func.count()).where(EnrolmentChange.enrolment_id == Enrolment.id).scalar_subquery()
    found = (
        select(Teacher.person_id, Enrolment.id, Enrolment.state, made)
        .join(Teacher, Teacher.id == Enrolment.teacher_id)
        .where(Enrolment.run_id == run_id, Enrolment.state.in_(LIVING))
        .order_by(Enrolment.id)
    )
    return list(db.session.execute(found).tuples())


def own_enrolment(person_id: int, run_code: str) -> Enrolment | None:
    """Where a person stands with a run: the living enrolment, else the last one."""
    found = (
        select(Enrolment)
        .join(Teacher, Teacher.id == Enrolment.teacher_id)
        .join(Run, Run.id == Enrolment.run_id)
        .where(Teacher.person_id == person_id, Run.code == run_code)
        .order_by(Enrolment.id.desc())
    )
    rows = db.session.scalars(found).all()
    return next((row for row in rows if row.state in LIVING), rows[0] if rows else None)


@dataclass(frozen=True)
class Member:
    """One person of a run's group, with the days between which hours are due from them."""

    enrolment_id: int
    teacher_id: int
    person_id: int
    name: str
    sort_key: str
    organisation_id: int
    state: State
    since: date
    until: date


def group(run: Run, *, everyone: bool = False) -> list[Member]:
    """The members of the run's group in the order of the alphabet.

    With *everyone*, also who has left it after it began: their marks stay in the registers.
    """
    return [_member(run, row) for row in hot.execute(_members(everyone), {"run": run.id})]


def group_rows(run: Run, *, everyone: bool = False) -> list[tuple[Enrolment, Person]]:
    """The enrolments and persons that ``group`` is made of."""
    found = _of_group(select(Enrolment, Person), everyone)
    return list(db.session.execute(found, {"run": run.id}).tuples())


@hot.kept
def _members(everyone: bool) -> Any:
    """Columns alone: every register that is opened or sent asks for its group."""
    found = select(
        Enrolment.id, Enrolment.teacher_id, Person.id.label("person_id"), Person.family, Person.given,
        Person.patronymic, Person.sort_key, Enrolment.organisation_id, Enrolment.state, Enrolment.since,
        Enrolment.until,
    )  # fmt: skip
    return _of_group(found, everyone)


def _of_group(found: Select[T], everyone: bool) -> Select[T]:
    states = EVER_IN_GROUP if everyone else IN_GROUP
    return (
        found.join(Teacher, Teacher.id == Enrolment.teacher_id)
        .join(Person, Person.id == Teacher.person_id)
        .where(
            Enrolment.run_id == bindparam("run"), Enrolment.state.in_(states), Enrolment.since.is_not(None)
        )
        .order_by(Person.sort_key, Person.id)
    )


def stay_of(run: Run, row: Enrolment) -> Stay:
    """The person's place on the run, with the days of both."""
    return Stay(row.state, row.since, row.until, run.starts_on, run.ends_on)


def _member(run: Run, row: Row[Any]) -> Member:
    stay = Stay(row.state, row.since, row.until, run.starts_on, run.ends_on)
    return Member(
        row.id, row.teacher_id, row.person_id, full_name(row.family, row.given, row.patronymic), row.sort_key,
        row.organisation_id, row.state, stay.first, stay.last,
    )  # fmt: skip


def waiting_counts(run_ids: Iterable[int]) -> dict[int, int]:
    """How many wait for each run."""
    return dict(db.session.execute(_waiting(), {"runs": list(run_ids)}).tuples().all())


@cache
def _waiting() -> Select[tuple[int, int]]:
    return (
        select(Enrolment.run_id, func.count())
        .where(Enrolment.run_id.in_(bindparam("runs", expanding=True)), Enrolment.state == State.WAITLISTED)
        .group_by(Enrolment.run_id)
    )


def code_of(run_id: int) -> str:
    """The code of a run."""
    code = db.session.scalar(select(Run.code).where(Run.id == run_id))
    if code is None:
        raise NotThere
    return code
