"""What pages and reports read of annual plans, each with a bounded number of queries."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, extract, func, or_, select

from retrain.catalogue.models import Course, CourseVersion, Run
from retrain.catalogue.states import ON_OFFER, CourseState
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import State
from retrain.extensions import db
from retrain.people.models import Organisation, Person, Teacher
from retrain.planning import rules
from retrain.planning.models import PlanItem
from retrain.planning.states import WEIGHTS, Fact
from retrain.refusal import NotThere


@dataclass(frozen=True)
class Trip:
    """A teacher on a run, or on the way to one."""

    enrolment_id: int
    teacher_id: int
    course_id: int
    state: State
    run: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Line:
    """A line of a college's plan, with what it has come to."""

    id: int
    teacher_id: int
    name: str
    sort_key: str
    course_id: int
    month: int
    note: str
    trip: Trip | None
    fact: Fact


_TRIP = (
    Enrolment.id, Enrolment.teacher_id, CourseVersion.course_id, Enrolment.state, Run.code, Run.starts_on,
    Run.ends_on,
)  # fmt: skip


def _trips(*columns: Any) -> Select[Any]:
    found = select(*columns, *_TRIP).select_from(Enrolment).join(Run, Run.id == Enrolment.run_id)
    return found.join(CourseVersion, CourseVersion.id == Run.course_version_id)


def _is_fact(year: int) -> ColumnElement[bool]:
    """An enrolment the line led to, or another of the teacher on a run of the course in the year of the plan."""
    same = and_(
        CourseVersion.course_id == PlanItem.course_id,
        Run.starts_on.between(date(year, 1, 1), date(year, 12, 31)),
    )
    return or_(Enrolment.id == PlanItem.enrolment_id, same)


def lines(college_id: int, year: int, today: date, only: Collection[int] | None = None) -> list[Line]:
    """A college's plan of a year, by month and name; with *only*, those of its lines."""
    wanted = [PlanItem.organisation_id == college_id, PlanItem.year == year]
    if only is not None:
        wanted.append(PlanItem.id.in_(only))
    trips: dict[int, Trip] = {}
    found = _trips(PlanItem.id.label("line")).join(PlanItem, PlanItem.teacher_id == Enrolment.teacher_id)
    for line_id, *values in db.session.execute(found.where(*wanted, _is_fact(year)).order_by(Enrolment.id)):
        trip = Trip(*values)
        known = trips.get(line_id)
        if known is None or WEIGHTS.get(trip.state, 0) >= WEIGHTS.get(known.state, 0):
            trips[line_id] = trip
    rows = (
        select(PlanItem, Person.family, Person.given, Person.patronymic, Person.sort_key)
        .join(Teacher, Teacher.id == PlanItem.teacher_id)
        .join(Person, Person.id == Teacher.person_id)
        .where(*wanted)
        .order_by(PlanItem.month, Person.sort_key, PlanItem.id)
    )
    return [
        _line(item, " ".join(filter(None, name)), key, trips.get(item.id), today)
        for item, *name, key in db.session.execute(rows)
    ]


def _line(item: PlanItem, name: str, key: str, trip: Trip | None, today: date) -> Line:
    weight = WEIGHTS.get(trip.state, 0) if trip else 0
    came_to = rules.fact(weight, item.year, item.month, today)
    return Line(item.id, item.teacher_id, name, key, item.course_id, item.month, item.note, trip, came_to)


@dataclass(frozen=True)
class Tally:
    """How many lines of a college's plan for a course in a month have come to something."""

    organisation_id: int
    course_id: int
    month: int
    fact: Fact
    number: int


def tallies(year: int, today: date, *, college_id: int | None = None, region: str = "") -> list[Tally]:
    """Plan against fact of a year in one query: of a college, of a region's colleges, or of all."""
    where = [PlanItem.year == year]
    if college_id is not None:
        where.append(PlanItem.organisation_id == college_id)
    if region:
        ours = select(Organisation.id).where(Organisation.region == region)
        where.append(PlanItem.organisation_id.in_(ours))
    weight = case({state.value: number for state, number in WEIGHTS.items()}, value=Enrolment.state, else_=0)
    heaviest = (
        select(PlanItem.id.label("line"), func.max(weight).label("weight"))
        .join(Enrolment, Enrolment.teacher_id == PlanItem.teacher_id)
        .join(Run, Run.id == Enrolment.run_id)
        .join(CourseVersion, CourseVersion.id == Run.course_version_id)
        .where(*where, _is_fact(year))
        .group_by(PlanItem.id)
        .subquery()
    )
    weighs = func.coalesce(heaviest.c.weight, 0)
    grouped = (PlanItem.organisation_id, PlanItem.course_id, PlanItem.month, weighs)
    found = (
        select(*grouped, func.count())
        .outerjoin(heaviest, heaviest.c.line == PlanItem.id)
        .where(*where)
        .group_by(*grouped)
    )
    return [
        Tally(college, course, month, rules.fact(weight, year, month, today), number)
        for college, course, month, weight, number in db.session.execute(found)
    ]


def years(college_id: int) -> list[int]:
    """The years for which a college has lines."""
    found = select(PlanItem.year).where(PlanItem.organisation_id == college_id).distinct()
    return sorted(db.session.scalars(found))


def planned(college_id: int, since: int) -> dict[int, list[tuple[int, int, int]]]:
    """teacher id → (year, month, course id) of the lines from a year on that nobody completed yet, the next first."""
    same = (CourseVersion.course_id == PlanItem.course_id) & (extract("year", Run.starts_on) == PlanItem.year)
    completed = (
        select(Enrolment.id)
        .join(Run, Run.id == Enrolment.run_id)
        .join(CourseVersion, CourseVersion.id == Run.course_version_id)
        .where(Enrolment.teacher_id == PlanItem.teacher_id, Enrolment.state == State.COMPLETED)
        .where(or_(Enrolment.id == PlanItem.enrolment_id, same))
        .correlate(PlanItem)
        .exists()
    )
    found = (
        select(PlanItem.teacher_id, PlanItem.year, PlanItem.month, PlanItem.course_id)
        .where(PlanItem.organisation_id == college_id, PlanItem.year >= since, ~completed)
        .order_by(PlanItem.year, PlanItem.month, PlanItem.id)
    )
    grouped: dict[int, list[tuple[int, int, int]]] = {}
    for teacher_id, *line in db.session.execute(found):
        grouped.setdefault(teacher_id, []).append(tuple(line))
    return grouped


def trips_of(teacher_ids: Collection[int], states: Iterable[State], today: date) -> dict[int, Trip]:
    """teacher id → the next of the runs in these states that is not over; a place before a place in the queue."""
    wanted = [Enrolment.teacher_id.in_(teacher_ids), Enrolment.state.in_(states), Run.ends_on >= today]
    found: dict[int, Trip] = {}
    for values in db.session.execute(_trips().where(*wanted).order_by(Run.starts_on, Enrolment.id)):
        trip = Trip(*values)
        known = found.get(trip.teacher_id)
        if known is None or WEIGHTS.get(trip.state, 0) > WEIGHTS.get(known.state, 0):
            found[trip.teacher_id] = trip
    return found


@dataclass(frozen=True)
class Offer:
    """A course that can be planned: its latest published wording."""

    id: int
    code: str
    provider_id: int
    titles: dict[str, str]
    hours: int
    audience: Sequence[str]


def _latest() -> Select[Any]:
    number = func.max(CourseVersion.number)
    last = (
        select(CourseVersion.course_id, number.label("number"))
        .where(CourseVersion.published_at.is_not(None))
        .group_by(CourseVersion.course_id)
        .subquery()
    )
    columns = (
        Course.id, Course.code, Course.provider_id, CourseVersion.titles, CourseVersion.hours,
        CourseVersion.audience,
    )  # fmt: skip
    return (
        select(*columns)
        .join(last, last.c.course_id == Course.id)
        .join(
            CourseVersion,
            (CourseVersion.course_id == Course.id) & (CourseVersion.number == last.c.number),
        )
    )


def courses(course_ids: Collection[int]) -> dict[int, Offer]:
    """The courses by number, whatever became of them since."""
    found = _latest().where(Course.id.in_(course_ids))
    return {row.id: Offer(*row) for row in db.session.execute(found)}


def offered() -> list[Offer]:
    """Every course that runs can be opened of."""
    found = _latest().where(Course.state == CourseState.PUBLISHED).order_by(CourseVersion.sort_key, Course.id)
    return [Offer(*row) for row in db.session.execute(found)]


def coming_runs(course_ids: Collection[int], now: datetime, today: date) -> dict[int, list[Run]]:
    """course id → its runs to which people can still be put forward, or soon will be."""
    found = (
        select(CourseVersion.course_id, Run)
        .join(Run, Run.course_version_id == CourseVersion.id)
        .where(CourseVersion.course_id.in_(course_ids), Run.state.in_(ON_OFFER))
        .where(Run.enrolment_closes > now, Run.ends_on >= today)
        .order_by(Run.starts_on, Run.id)
    )
    grouped: dict[int, list[Run]] = {}
    for course_id, run in db.session.execute(found):
        grouped.setdefault(course_id, []).append(run)
    return grouped


def college(code: str) -> Organisation:
    """The college whose plan is asked for, or NotThere."""
    found = db.session.scalar(select(Organisation).where(Organisation.code == code))
    if found is None:
        raise NotThere
    return found


def organisations(numbers: Collection[int]) -> list[Organisation]:
    """The organisations with these numbers."""
    return list(db.session.scalars(select(Organisation).where(Organisation.id.in_(numbers))))
