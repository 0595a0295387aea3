"""The country or a region in numbers: who is due, who has a place, who completed this year. Four queries, however large."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Date, Select, case, exists, func, or_, select, type_coerce

from retrain.catalogue.models import Run
from retrain.catalogue.states import PUBLIC, RunState
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import State
from retrain.extensions import db
from retrain.people.models import Employment, Organisation, Person, Teacher
from retrain.people.states import OrganisationKind
from retrain.record.models import Credit
from retrain.record.rules import YEARS
from retrain.record.states import RENEWING


@dataclass(frozen=True)
class Numbers:
    """What a region or a college comes to. *due* are those still to be trained by the end of the year."""

    teachers: int = 0
    due: int = 0
    placed: int = 0
    completed: int = 0
    not_completed: int = 0
    runs: int = 0
    places: int = 0
    taken: int = 0

    def __add__(self, other: "Numbers") -> "Numbers":
        mine, theirs = vars(self), vars(other)
        return Numbers(**{name: mine[name] + theirs[name] for name in mine})

    @property
    def without_place(self) -> int:
        """Due, and nowhere yet."""
        return self.due - self.placed

    @property
    def plan(self) -> int:
        """Everyone who is to complete a training this year: those who did, and those still due."""
        return self.completed + self.due

    @property
    def rate(self) -> float | None:
        """Completed of all whose run ended for them this year; None while nobody's has."""
        ended = self.completed + self.not_completed
        return self.completed / ended if ended else None


@dataclass(frozen=True)
class Overview:
    """Regions with their numbers and, for one region, its colleges; keys are region codes and college ids."""

    year: int
    regions: dict[str, Numbers]
    colleges: dict[int, Numbers]
    codes: dict[int, str]

    @property
    def total(self) -> Numbers:
        """All regions together."""
        return sum(self.regions.values(), Numbers())


def overview(today: date, region: str = "") -> Overview:
    """This year's numbers of every region, or of one with its colleges."""
    where = {row.id: row for row in db.session.execute(_colleges(region))}
    colleges = dict.fromkeys(where, Numbers())
    for number, teachers, due, placed in db.session.execute(_due(today)):
        if number in colleges:
            colleges[number] = replace(colleges[number], teachers=teachers, due=due, placed=placed)
    for number, state, count in db.session.execute(_ended(today)):
        if number in colleges:
            name = "completed" if state is State.COMPLETED else "not_completed"
            colleges[number] = replace(colleges[number], **{name: count})
    regions = _by_region((where[number].region, numbers) for number, numbers in colleges.items())
    for code, runs, places, taken in db.session.execute(_offered(today)):
        if not region or code == region:
            regions[code] += Numbers(runs=runs, places=places, taken=taken)
    return Overview(today.year, dict(regions), colleges, {number: row.code for number, row in where.items()})


def _by_region(rows: Iterable[tuple[str, Numbers]]) -> dict[str, Numbers]:
    found: dict[str, Numbers] = defaultdict(Numbers)
    for code, numbers in rows:
        found[code] += numbers
    return found


def _colleges(region: str) -> Select[Any]:
    found = select(Organisation.id, Organisation.code, Organisation.region).where(
        Organisation.kind == OrganisationKind.COLLEGE
    )
    return found.where(Organisation.region == region) if region else found


def _due(today: date) -> Select[Any]:
    """College → teachers today, those due by the end of the year, and those of them with a place."""
    renewed = (
        select(Credit.teacher_id, func.max(Credit.on).label("last"))
        .where(Credit.kind.in_(RENEWING))
        .group_by(Credit.teacher_id)
        .subquery()
    )
    began = (
        select(Employment.teacher_id, func.min(Employment.since).label("first"))
        .group_by(Employment.teacher_id)
        .subquery()
    )
    start = type_coerce(func.coalesce(renewed.c.last, began.c.first), Date)
    due = start <= date(today.year - YEARS, 12, 31)
    placed = exists().where(
        Enrolment.teacher_id == Teacher.id,
        Enrolment.state.in_((State.ENROLLED, State.OFFERED)),
        Enrolment.run_id == Run.id,
        Run.ends_on >= date(today.year, 1, 1),
    )
    works = (Employment.since <= today) & or_(Employment.until.is_(None), Employment.until >= today)
    return (
        select(
            Employment.organisation_id,
            func.count(Teacher.id),
            func.sum(case((due, 1), else_=0)),
            func.sum(case((due & placed, 1), else_=0)),
        )
        .join(Teacher, Teacher.id == Employment.teacher_id)
        .join(Person, Person.id == Teacher.person_id)
        .join(began, began.c.teacher_id == Teacher.id)
        .outerjoin(renewed, renewed.c.teacher_id == Teacher.id)
        .where(works, Person.merged_into_id.is_(None), Person.erased_at.is_(None))
        .group_by(Employment.organisation_id)
    )


def _ended(today: date) -> Select[Any]:
    """College and outcome → how many people's runs ended with it this year."""
    return (
        select(Enrolment.organisation_id, Enrolment.state, func.count())
        .join(Run, Run.id == Enrolment.run_id)
        .where(Enrolment.state.in_((State.COMPLETED, State.NOT_COMPLETED)))
        .where(Run.ends_on.between(date(today.year, 1, 1), date(today.year, 12, 31)))
        .group_by(Enrolment.organisation_id, Enrolment.state)
    )


def _offered(today: date) -> Select[Any]:
    """Region → this year's public runs that were not cancelled, their places and how many are taken."""
    return (
        select(Run.region, func.count(), func.sum(Run.places), func.sum(Run.taken))
        .where(Run.state.in_(PUBLIC), Run.state != RunState.CANCELLED)
        .where(Run.starts_on.between(date(today.year, 1, 1), date(today.year, 12, 31)))
        .group_by(Run.region)
    )
