"""The lists of people that pages show: who is on a run, from where, in which state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import CourseVersion, Run
from retrain.database import hot
from retrain.enrolment import funding, reading_runs
from retrain.enrolment.models import Enrolment
from retrain.enrolment.queries import employed, number_expression
from retrain.enrolment.reading_runs import RunAtDesk
from retrain.enrolment.states import LIVING, OPEN, Lodging, State
from retrain.extensions import db
from retrain.people import queries as people
from retrain.people.models import Employment, Person, Teacher

PAGE = 50


@dataclass(frozen=True)
class Filter:
    """What a list of people is asked for; empty means any."""

    words: str = ""
    state: str = ""
    college_id: int | None = None
    lacking: str = ""
    sort: str = "name"


def people_of(run_id: int, asked: Filter) -> Select[Any]:
    """The people of a run, as rows of Enrolment, Person, Teacher and the number on the waiting list."""
    found = (
        select(Enrolment, Person, Teacher, number_expression().label("number"))
        .join(Teacher, Teacher.id == Enrolment.teacher_id)
        .join(Person, Person.id == Teacher.person_id)
        .where(Enrolment.run_id == run_id, *conditions(asked))
    )
    return found.order_by(*_order(asked.sort))


def conditions(asked: Filter) -> list[ColumnElement[bool]]:
    """What the rows of Enrolment and Person have to be."""
    found = people.named(asked.words)
    match asked.state:
        case "":
            found.append(Enrolment.state.in_(LIVING))
        case "open":
            found.append(Enrolment.state.in_(OPEN))
        case "gone":
            found.append(Enrolment.state.not_in(LIVING))
        case "all":
            pass
        case state if state in set(State):
            found.append(Enrolment.state == State(state))
    if asked.college_id:
        found.append(Enrolment.organisation_id == asked.college_id)
    if asked.lacking == "account":
        found.append(Person.activated_at.is_(None))
    elif asked.lacking == "payment":
        found.append(funding.unpaid())
    elif asked.lacking == "lodging":
        found.append(Enrolment.lodging == Lodging.ASKED)
    return found


def _order(sort: str) -> list[Any]:
    keys = {
        "name": (Person.sort_key, Enrolment.id),
        "since": (Enrolment.requested_at, Enrolment.id),
        "college": (Enrolment.organisation_id, Person.sort_key, Enrolment.id),
        "state": (Enrolment.state, Enrolment.position, Person.sort_key, Enrolment.id),
    }
    columns = keys.get(sort.removeprefix("-"), keys["name"])
    return [column.desc() for column in columns] if sort.startswith("-") else list(columns)


def counts(run_id: int) -> dict[State, int]:
    """How many are in each state on a run."""
    found = select(Enrolment.state, func.count()).where(Enrolment.run_id == run_id).group_by(Enrolment.state)
    return dict(db.session.execute(found).tuples().all())


def count_open(run_id: int) -> int:
    """How many are on a run, wait for it or asked for it."""
    return sum(number for state, number in counts(run_id).items() if state in OPEN)


def colleges_of(run_id: int) -> list[int]:
    """The colleges that people of a run come from."""
    found = select(Enrolment.organisation_id).where(Enrolment.run_id == run_id).distinct()
    return list(db.session.scalars(found))


@dataclass(frozen=True)
class OwnRun:
    """One of a teacher's enrolments with its run, to be looked at, not changed, and their number on the list."""

    enrolment: Enrolment
    run: Run
    number: int
    desk: RunAtDesk


def own_runs(person_id: int) -> list[OwnRun]:
    """A teacher's enrolments, what comes next first."""
    found = []
    for row in hot.execute(_own_runs(), {"person": person_id}):
        enrolment, run, version = hot.shown(row, Enrolment, Run, CourseVersion)
        run = catalogue.with_version(run, version)
        desk = reading_runs.desk_beside(run, row)
        found.append(OwnRun(enrolment, run, row.number_on_list, desk))
    return found


@hot.kept
def _own_runs() -> Select[Any]:
    return (
        reading_runs.agreed(
            select(
                *hot.columns(Enrolment, Run, CourseVersion),
                number_expression().label("number_on_list"),
                *reading_runs.agreed_columns(),
            )
            .join(Teacher, Teacher.id == Enrolment.teacher_id)
            .join(Run, Run.id == Enrolment.run_id)
            .join(CourseVersion, CourseVersion.id == Run.course_version_id)
        )
        .where(Teacher.person_id == bindparam("person"))
        .order_by(Run.starts_on, Enrolment.id)
    )


def staff_of(college_id: int, day: date, words: str, only: Sequence[int] = ()) -> Select[Any]:
    """The teachers a college employs on a day, as rows of Teacher, Person and post, by name."""
    found = (
        select(Teacher, Person, Employment.post)
        .join(Person, Person.id == Teacher.person_id)
        .join(Employment, (Employment.teacher_id == Teacher.id) & employed(day))
        .where(Employment.organisation_id == college_id, Person.merged_into_id.is_(None))
        .where(Person.disabled_at.is_(None), Person.erased_at.is_(None))
        .order_by(Person.sort_key, Teacher.id)
    )
    if only:
        return found.where(Teacher.id.in_(only))
    return found.where(*people.named(words))


def on_run(run_id: int, teacher_ids: Sequence[int]) -> set[int]:
    """Which of the teachers are on the run already."""
    found = select(Enrolment.teacher_id).where(
        Enrolment.run_id == run_id, Enrolment.teacher_id.in_(teacher_ids), Enrolment.state.in_(LIVING)
    )
    return set(db.session.scalars(found))


def find_teachers(words: str, day: date, limit: int = 20) -> list[Any]:
    """Teachers by name, in any college: rows of Teacher, Person and college id, for a coordinator's hand."""
    named = people.named(words)
    if not named:
        return []
    found = (
        select(Teacher, Person, Employment.organisation_id)
        .join(Person, Person.id == Teacher.person_id)
        .join(Employment, (Employment.teacher_id == Teacher.id) & employed(day))
        .where(*named)
        .where(Person.disabled_at.is_(None), Person.erased_at.is_(None), Person.merged_into_id.is_(None))
        .order_by(Person.sort_key, Teacher.id)
        .limit(limit)
    )
    return list(db.session.execute(found))


def waiting_of_college(college_id: int) -> int:
    """How many of a college's people wait for places."""
    found = select(func.count()).where(
        Enrolment.organisation_id == college_id, Enrolment.state == State.WAITLISTED
    )
    return db.session.scalar(found) or 0
