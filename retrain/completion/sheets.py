"""The grid of a run's results as it stands: which attempt of each assessment is open, and who may still sit it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from retrain import clock
from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.completion import grading_rules as rules
from retrain.completion import queries
from retrain.completion.grading_rules import FIRST, SECOND, Cell, Planned, Sheet
from retrain.completion.models import Assessment, Result, ResultChange, Statement
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.models import Teacher
from retrain.people.permissions import Scope, Target
from retrain.refusal import NotThere


@dataclass(frozen=True)
class Grid:
    """All assessments of a run with every attempt at them."""

    run: Run
    assessments: Sequence[Assessment]
    members: frozenset[int]
    attempts: dict[tuple[int, int, int], Result]
    closed: dict[int, int]
    """assessment → the last attempt whose statement is closed."""
    today: date

    def plan(self, row: Assessment) -> Planned:
        """The assessment as rules see it."""
        return Planned(
            row.kind, row.pass_mark, row.weight, row.attempts, row.retake_by, row.module_id, row.examiner_id,
            row.second_examiner_id,
        )  # fmt: skip

    def attempt(self, row: Assessment) -> int:
        """The attempt that is open, or would be."""
        return self.closed.get(row.id, 0) + 1

    def sitting(self, row: Assessment, attempt: int) -> set[int]:
        """Who sits an attempt: everyone the first, and a later one those who have not passed before it."""
        if attempt == 1:
            return set(self.members)
        passed = {
            enrolment
            for (assessment, enrolment, earlier), result in self.attempts.items()
            if assessment == row.id and earlier < attempt and (result.points or 0) >= row.pass_mark
            and result.points is not None
        }  # fmt: skip
        return set(self.members) - passed

    def again(self, row: Assessment) -> set[int]:
        """Who may sit the attempt that is open, when it is a retake."""
        at = self.attempt(row)
        passed = set(self.members) - self.sitting(row, at)
        return rules.may_sit_again(passed, self.members, at - 1, self.plan(row), self.today)

    def sheet(self, row: Assessment, actor: Actor) -> Sheet:
        """The assessment for whoever types."""
        at = self.attempt(row)
        again = None if at == 1 else self.again(row)
        return Sheet(
            attempt=at, is_open=at == 1 or bool(again), two=row.second_examiner_id is not None,
            sitting=again, mine=places_of(row, self.run, actor),
        )  # fmt: skip

    def now(self) -> dict[Cell, int | None]:
        """What stands in each cell of the open attempts."""
        found: dict[Cell, int | None] = {}
        two = {row.id: row.second_examiner_id is not None for row in self.assessments}
        for row in self.assessments:
            for number in self.members:
                result = self.attempts.get((row.id, number, self.attempt(row)))
                if result is None:
                    continue
                if two[row.id]:
                    found[row.id, number, FIRST] = result.first_points
                    found[row.id, number, SECOND] = result.second_points
                else:
                    found[row.id, number, FIRST] = result.points
        return found

    def assessment(self, assessment_id: int) -> Assessment:
        """One of the run's, or NotThere."""
        found = next((row for row in self.assessments if row.id == assessment_id), None)
        if found is None:
            raise NotThere
        return found


def grid(run: Run, lock: bool = False) -> Grid:
    """The grid of *run*; locked, its assessments wait for whoever writes them now."""
    if lock:
        wait = select(Assessment.id).where(Assessment.run_id == run.id).order_by(Assessment.id)
        db.session.scalars(wait.with_for_update()).all()
    planned = queries.assessments(run.id)
    numbers = [row.id for row in planned]
    rows = db.session.scalars(
        select(Result).where(Result.assessment_id.in_(numbers)).execution_options(populate_existing=lock)
    )
    return Grid(
        run=run,
        assessments=planned,
        members=frozenset(queries.members(run.id)),
        attempts={(row.assessment_id, row.enrolment_id, row.attempt): row for row in rows},
        closed=closed(numbers),
        today=clock.today(people.zone_of(run.provider_id)),
    )


def closed(assessment_ids: Iterable[int]) -> dict[int, int]:
    """assessment → the last attempt whose statement is closed."""
    rows = db.session.execute(
        select(Statement.assessment_id, Statement.attempt)
        .where(Statement.assessment_id.in_(list(assessment_ids)))
        .order_by(Statement.attempt)
    ).tuples()
    return dict(rows.all())


def statements(assessment_id: int) -> list[Statement]:
    """The closed statements of an assessment, the first attempt first."""
    found = select(Statement).where(Statement.assessment_id == assessment_id)
    return list(db.session.scalars(found.order_by(Statement.attempt)))


def corrections(assessment_id: int) -> list[ResultChange]:
    """What was corrected after statements were closed, the latest first."""
    found = select(ResultChange).where(ResultChange.assessment_id == assessment_id)
    return list(db.session.scalars(found.order_by(ResultChange.id.desc())))


def examiners(rows: Iterable[Assessment]) -> set[int]:
    """Everybody who examines in one of the assessments."""
    return {
        person for row in rows for person in (row.examiner_id, row.second_examiner_id) if person is not None
    }


def own(run_id: int, actor: Actor) -> frozenset[int]:
    """The actor's own enrolments in a run: nobody gives points to themself."""
    found = (
        select(Enrolment.id)
        .join(Teacher, Teacher.id == Enrolment.teacher_id)
        .where(Enrolment.run_id == run_id, Teacher.person_id == actor.person_id)
    )
    return frozenset(db.session.scalars(found))


def target(run: Run, rows: Iterable[Assessment]) -> Target:
    """A run's results as far as permission is concerned: whoever examines there is among its teachers."""
    return Target(provider_id=run.provider_id, curator_id=run.curator_id, lecturer_ids=examiners(rows))


def places_of(row: Assessment, run: Run, actor: Actor) -> frozenset[int]:
    """The examiners' places whose points *actor* may type: an examiner their own, an office both."""
    if permissions.scope(actor, "result.enter") is Scope.SESSIONS:
        mine = ((FIRST, row.examiner_id), (SECOND, row.second_examiner_id))
        return frozenset(place for place, person in mine if person == actor.person_id)
    may = permissions.may(actor, "result.enter", target(run, [row]))
    return frozenset({FIRST, SECOND}) if may else frozenset()
