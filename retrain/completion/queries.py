"""Results, decisions and the numbers they rest on, for a whole run at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from sqlalchemy import Select, func, literal, select, union_all

from retrain.attendance import queries as attendance
from retrain.calendar.hours import to_tenths
from retrain.catalogue.models import Run
from retrain.catalogue.states import ON_OFFER
from retrain.completion.models import Assessment, Decision, DecisionChange, Result
from retrain.completion.rules import Attended, Graded
from retrain.completion.states import AssessmentKind
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import IN_GROUP
from retrain.extensions import db
from retrain.people.models import Person, Teacher


class Named(Protocol):
    """Somebody on a run, as far as their name is concerned."""

    enrolment_id: int
    teacher_id: int
    name: str


@dataclass
class Somebody:
    """Somebody who is or was on a run."""

    enrolment_id: int
    teacher_id: int
    name: str


@dataclass
class Member:
    """One person of the group with everything a decision rests on; hours are academic hours."""

    enrolment_id: int
    teacher_id: int
    person_id: int
    name: str
    organisation_id: int | None
    attended: Attended
    graded: list[Graded] = field(default_factory=list)
    decision: Decision | None = None

    def points(self, assessment_id: int) -> int | None:
        """What was entered for one assessment."""
        return next((graded.points for graded in self.graded if graded.assessment_id == assessment_id), None)


def assessments(run_id: int) -> list[Assessment]:
    """The run's assessments, modules first, the final last."""
    rows = db.session.scalars(
        select(Assessment).where(Assessment.run_id == run_id).order_by(Assessment.id)
    ).all()
    return sorted(rows, key=lambda row: (row.kind == "final", row.id))


def titles(run_id: int) -> dict[int, dict[str, str]]:
    """assessment → what it is called, in each language."""
    return {row.id: row.titles for row in assessments(run_id)}


def final_of(run_id: int) -> Assessment | None:
    """The run's final assessment, if it has one."""
    return next((row for row in assessments(run_id) if row.kind is AssessmentKind.FINAL), None)


def decision_of(enrolment_id: int) -> Decision | None:
    """What was decided on somebody, if it is."""
    return db.session.scalar(select(Decision).where(Decision.enrolment_id == enrolment_id))


def group(run: Run, hour: int) -> list[Member]:
    """Everyone in the group in the order of the list; *hour* is the academic hour in minutes."""
    people = db.session.execute(
        select(Enrolment.id, Enrolment.teacher_id, Enrolment.organisation_id, Person)
        .join(Teacher, Teacher.id == Enrolment.teacher_id)
        .join(Person, Person.id == Teacher.person_id)
        .where(Enrolment.run_id == run.id, Enrolment.state.in_(IN_GROUP))
        .order_by(Person.sort_key, Enrolment.id)
    ).all()
    hours = attended(run, hour)
    planned = assessments(run.id)
    entered = results(run.id)
    decided = decisions(run.id)
    return [
        Member(
            enrolment_id=number,
            teacher_id=teacher_id,
            person_id=person.id,
            name=person.full_name,
            organisation_id=organisation_id,
            attended=hours.get(number, Attended(0, 0, 0)),
            graded=[
                Graded(row.id, row.kind, row.pass_mark, entered.get((row.id, number)), row.weight)
                for row in planned
            ],
            decision=decided.get(number),
        )
        for number, teacher_id, organisation_id, person in people
    ]


def somebody(enrolment_ids: Collection[int]) -> list[Somebody]:
    """Who the enrolments are of, by name; who has left the group since as well."""
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.teacher_id, Person)
        .join(Teacher, Teacher.id == Enrolment.teacher_id)
        .join(Person, Person.id == Teacher.person_id)
        .where(Enrolment.id.in_(enrolment_ids))
        .order_by(Person.sort_key, Enrolment.id)
    ).tuples()
    return [Somebody(number, teacher_id, person.full_name) for number, teacher_id, person in rows]


def persons_of(enrolment_ids: Collection[int]) -> dict[int, int]:
    """enrolment → the person it is of."""
    rows = db.session.execute(
        select(Enrolment.id, Teacher.person_id)
        .join(Teacher, Teacher.id == Enrolment.teacher_id)
        .where(Enrolment.id.in_(enrolment_ids))
        .order_by(Enrolment.id)
    ).tuples()
    return dict(rows.all())


def attended(run: Run, hour: int) -> dict[int, Attended]:
    """enrolment → hours due and missed, for everybody of whom a mark counts, who has left since as well."""
    return {
        number: Attended(
            to_tenths(tally.due, hour), to_tenths(tally.unexcused, hour), to_tenths(tally.excused, hour)
        )
        for number, tally in attendance.tallies(run.id).items()
    }


def members(run_id: int) -> set[int]:
    """The enrolments of the group."""
    return set(
        db.session.scalars(
            select(Enrolment.id).where(Enrolment.run_id == run_id, Enrolment.state.in_(IN_GROUP))
        )
    )


def results(run_id: int) -> dict[tuple[int, int], int]:
    """(assessment, enrolment) → the points that count: of all attempts the best."""
    rows = db.session.execute(
        select(Result.assessment_id, Result.enrolment_id, func.max(Result.points))
        .join(Assessment, Assessment.id == Result.assessment_id)
        .where(Assessment.run_id == run_id, Result.points.is_not(None))
        .group_by(Result.assessment_id, Result.enrolment_id)
    ).tuples()
    return {(assessment, enrolment): points for assessment, enrolment, points in rows if points is not None}


def decisions(run_id: int) -> dict[int, Decision]:
    """enrolment id → decision."""
    rows = db.session.scalars(
        select(Decision)
        .join(Enrolment, Enrolment.id == Decision.enrolment_id)
        .where(Enrolment.run_id == run_id)
    )
    return {row.enrolment_id: row for row in rows}


def earlier_decisions(enrolment_id: int) -> list[DecisionChange]:
    """What was decided on somebody before it was decided anew, the latest first."""
    found = select(DecisionChange).where(DecisionChange.enrolment_id == enrolment_id)
    return list(db.session.scalars(found.order_by(DecisionChange.id.desc())))


def results_entered(run_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """run id → (assessments, results entered)."""
    rows = db.session.execute(_entered(run_ids)).tuples()
    return {run_id: (planned, entered) for run_id, planned, entered in rows}


def _entered(run_ids: Sequence[int]) -> Select[tuple[int, int, int]]:
    return (
        select(Assessment.run_id, func.count(Assessment.id.distinct()), func.count(Result.id))
        # A retake is no further result: who sat the first attempt has one, passed or not.
        .outerjoin(Result, (Result.assessment_id == Assessment.id) & (Result.attempt == 1))
        .where(Assessment.run_id.in_(run_ids))
        .group_by(Assessment.run_id)
    )


def entered_and_decided(run_ids: Sequence[int]) -> dict[int, tuple[int, int, int]]:
    """run id → (assessments, results entered, people with a decision), for the term board."""
    entered = _entered(run_ids).add_columns(literal(0).label("decided"))
    decided = (
        select(Enrolment.run_id, literal(0), literal(0), func.count(Decision.id))
        .join(Decision, Decision.enrolment_id == Enrolment.id)
        .where(Enrolment.run_id.in_(run_ids))
        .group_by(Enrolment.run_id)
    )
    found: dict[int, tuple[int, int, int]] = {}
    for run_id, *counts in db.session.execute(union_all(entered, decided)):
        before = found.get(run_id, (0, 0, 0))
        found[run_id] = (before[0] + counts[0], before[1] + counts[1], before[2] + counts[2])
    return found


@dataclass(frozen=True)
class Ending:
    """A run whose classes are over, or nearly, and that is not closed yet."""

    code: str
    ends_on: date
    people: int
    planned: int
    entered: int

    @property
    def wanted(self) -> int:
        """How many results there will be."""
        return self.planned * self.people


def endings(provider_id: int, by: date) -> list[Ending]:
    """The provider's runs that end by a day and are not closed: people, assessments, results entered."""
    found = (
        select(Run.id, Run.code, Run.ends_on, func.count(Enrolment.id))
        .join(Enrolment, (Enrolment.run_id == Run.id) & Enrolment.state.in_(IN_GROUP))
        .where(Run.provider_id == provider_id, Run.state.in_(ON_OFFER), Run.ends_on <= by)
        .group_by(Run.id, Run.code, Run.ends_on)
        .order_by(Run.ends_on, Run.code)
    )
    rows = db.session.execute(found).tuples().all()
    results = results_entered([number for number, *_rest in rows])
    return [Ending(code, ends, people, *results.get(number, (0, 0))) for number, code, ends, people in rows]
