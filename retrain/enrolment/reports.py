"""What a provider's reports read: all its people, its places by quota and time, who is where; a few queries each."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from retrain.audit import Actor
from retrain.catalogue.models import Course, CourseVersion, Run
from retrain.catalogue.states import ON_OFFER, RunState
from retrain.enrolment import lists, queries, quota_rules
from retrain.enrolment.lists import Filter
from retrain.enrolment.models import Enrolment, Quota
from retrain.enrolment.queries import number_expression
from retrain.enrolment.quota_rules import PlacesFacts, QuotaFacts
from retrain.enrolment.states import IN_GROUP, QuotaSort, State
from retrain.extensions import db
from retrain.people import permissions
from retrain.people.models import Organisation, Person, Teacher
from retrain.people.permissions import Scope


def reach(actor: Actor) -> ColumnElement[bool]:
    """Whose runs one reads: the provider's, or of a curator the own groups'."""
    if permissions.scope(actor, "enrolment.people") is Scope.GROUP:
        return Run.curator_id == (actor.person_id or 0)
    return Run.provider_id == (actor.organisation_id or 0)


def in_time(year: int, today: date) -> ColumnElement[bool]:
    """Runs that begin in a year, or without one those that are not over."""
    if year:
        return Run.starts_on.between(date(year, 1, 1), date(year, 12, 31))
    return (Run.ends_on >= today) & Run.state.in_((RunState.DRAFT, *ON_OFFER))


def years(actor: Actor) -> list[int]:
    """The years in which runs begin, the last one first."""
    first, last = db.session.execute(
        select(func.min(Run.starts_on), func.max(Run.starts_on)).where(reach(actor))
    ).one()
    return list(range(last.year, first.year - 1, -1)) if first else []


def people(actor: Actor, asked: Filter, year: int, today: date, run_code: str = "") -> Select[Any]:
    """All people of all runs, as rows of Enrolment, Person, run code, days and version."""
    found = (
        select(Enrolment, Person, Run.code, Run.starts_on, Run.course_version_id)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Teacher, Teacher.id == Enrolment.teacher_id)
        .join(Person, Person.id == Teacher.person_id)
        .where(reach(actor), in_time(year, today), *lists.conditions(asked))
    )
    if run_code:
        found = found.where(Run.code == run_code)
    keys: dict[str, tuple[Any, ...]] = {
        "name": (Person.sort_key, Enrolment.id),
        "run": (Run.code, Person.sort_key, Enrolment.id),
        "since": (Enrolment.requested_at, Enrolment.id),
        "state": (Enrolment.state, Enrolment.requested_at, Enrolment.id),
    }
    columns = keys.get(asked.sort.removeprefix("-"), keys["name"])
    return found.order_by(*(column.desc() for column in columns) if asked.sort.startswith("-") else columns)


def numbers(rows: Sequence[Enrolment]) -> dict[int, int]:
    """By enrolment: the number on the waiting list, of those who wait; apart, for it is dear to count for all."""
    waiting = [row.id for row in rows if row.state is State.WAITLISTED]
    if not waiting:
        return {}
    found = select(Enrolment.id, number_expression()).where(Enrolment.id.in_(waiting))
    return dict(db.session.execute(found).tuples().all())


def titles(version_ids: set[int]) -> dict[int, dict[str, str]]:
    """By version: what a course is called."""
    found = select(CourseVersion.id, CourseVersion.titles).where(CourseVersion.id.in_(version_ids))
    return dict(db.session.execute(found).tuples().all())


@dataclass(frozen=True)
class Kept:
    """One quota of a run: how many of its places are taken, still kept, and given to all."""

    quota: Quota
    kept: int
    released: datetime | None


@dataclass(frozen=True)
class Places:
    """A run's places: taken, kept for groups, open to anybody."""

    run: Run
    kept: int
    free: int
    waiting: int
    quotas: list[Kept]


def places(actor: Actor, year: int, today: date, now: datetime) -> list[Places]:
    """The places of all runs by quota, as they stand at *now*; three queries."""
    found = select(Run).options(joinedload(Run.version)).where(reach(actor), in_time(year, today))
    runs = list(db.session.scalars(found.order_by(Run.starts_on, Run.code)))
    numbers = [run.id for run in runs]
    quotas: dict[int, list[Quota]] = defaultdict(list)
    for quota in db.session.scalars(select(Quota).where(Quota.run_id.in_(numbers)).order_by(Quota.id)):
        quotas[quota.run_id].append(quota)
    waits = queries.waiting_counts(numbers)
    return [_places(run, quotas[run.id], waits.get(run.id, 0), now) for run in runs]


def _places(run: Run, quotas: Sequence[Quota], waiting: int, now: datetime) -> Places:
    facts = {
        row.id: QuotaFacts(row.id, row.sort, row.of, row.places, row.taken, row.releases_at) for row in quotas
    }
    free = quota_rules.open_free(PlacesFacts(run.code, run.places, run.taken, tuple(facts.values())), now)
    rows = []
    for row in quotas:
        each = facts[row.id]
        kept = each.free if row.sort is QuotaSort.SET_ASIDE and each.holds(now) else 0
        rows.append(Kept(row, kept, row.released_at or (None if each.holds(now) else row.releases_at)))
    return Places(run, run.places - run.taken - free, free, waiting, rows)


def where(actor: Actor, year: int, today: date) -> dict[tuple[int, str], int]:
    """By course and region of the college: how many are in the groups."""
    found = (
        select(CourseVersion.course_id, Organisation.region, func.count())
        .select_from(Enrolment)
        .join(Run, Run.id == Enrolment.run_id)
        .join(CourseVersion, CourseVersion.id == Run.course_version_id)
        .join(Organisation, Organisation.id == Enrolment.organisation_id)
        .where(reach(actor), in_time(year, today), Enrolment.state.in_(IN_GROUP))
        .group_by(CourseVersion.course_id, Organisation.region)
    )
    return {(course, region): number for course, region, number in db.session.execute(found).tuples()}


def courses(numbers: set[int]) -> list[tuple[int, str, dict[str, str]]]:
    """Courses with their code and last title, by code."""
    found = (
        select(Course.id, Course.code, CourseVersion.titles)
        .join(CourseVersion, CourseVersion.course_id == Course.id)
        .where(Course.id.in_(numbers))
        .order_by(Course.code, CourseVersion.number)
    )
    last = {number: (number, code, texts) for number, code, texts in db.session.execute(found).tuples()}
    return list(last.values())
