"""Other runs for people who are to be moved: of the same course or for the same audience, with free places."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from retrain import clock
from retrain.catalogue.models import CourseVersion, Run
from retrain.catalogue.states import RunState
from retrain.enrolment import change_rules, desk, reading_people, reading_runs
from retrain.enrolment.models import Enrolment
from retrain.enrolment.reading_people import TeacherAtDesk
from retrain.enrolment.reading_runs import RunAtDesk
from retrain.enrolment.states import Source
from retrain.extensions import db
from retrain.language.keys import search_key

MOST = 6
LOOKED_AT = 200


@dataclass(frozen=True)
class Other:
    """A run that may take people over."""

    run: Run
    at_desk: RunAtDesk

    @property
    def free(self) -> int:
        return self.at_desk.free


def candidates(run_id: int, *, provider_id: int | None = None, full_too: bool = False) -> list[Other]:
    """Runs ahead with free places that could do instead of this one: the same course first, then the soonest.

    With *provider_id* only that provider's; with *full_too* also those whose list one would wait on.
    """
    run = db.session.scalars(select(Run).options(joinedload(Run.version)).where(Run.id == run_id)).one()
    now = clock.now()
    found = (
        select(Run)
        .join(CourseVersion, CourseVersion.id == Run.course_version_id)
        .options(joinedload(Run.version))
        .where(Run.id != run.id, Run.state.in_((RunState.PUBLISHED, RunState.CONFIRMED)))
        .where(Run.starts_on > clock.today(), Run.enrolment_closes > now)
        .order_by(
            (CourseVersion.course_id == run.version.course_id).desc(),
            (Run.provider_id == run.provider_id).desc(), Run.starts_on, Run.id,
        )
        .limit(LOOKED_AT)
    )  # fmt: skip
    if provider_id is not None:
        found = found.where(Run.provider_id == provider_id)
    if not full_too:
        found = found.where(Run.taken < Run.places)
    fit = [other for other in db.session.scalars(found) if _like(run, other)]
    return [Other(other, reading_runs.run_at_desk(other.code)) for other in fit[:MOST]]


def _like(run: Run, other: Run) -> bool:
    """The same course, or one for people of the same specialities."""
    if other.version.course_id == run.version.course_id:
        return True
    ours, theirs = (frozenset(map(search_key, each.version.audience)) for each in (run, other))
    return bool(ours & theirs)


def fitting(rows: Sequence[Enrolment], others: Sequence[Other], *, by: Source) -> dict[int, list[Other]]:
    """By enrolment: which of the *others* the person may come onto, once they have left this one.

    Who would come *by* their own button is shown runs with a free place for them only.
    """
    found: dict[int, list[Other]] = {row.id: [] for row in rows}
    people = {each.id: each for each in reading_people.teachers_at_desk([row.teacher_id for row in rows])}
    for other in others if rows else ():
        reading_people.read_standings(list(people.values()), other.at_desk)
        for row in rows:
            person = people[row.teacher_id]
            leave_out(person, row)
            if desk.against(other.at_desk, person, by):
                continue
            if by is Source.SELF and change_rules.no_place(other.at_desk.places, person.groups, clock.now()):
                continue
            found[row.id].append(other)
    return found


def leave_out(person: TeacherAtDesk, row: Enrolment) -> None:
    """Look away from one enrolment that the person is about to leave."""
    person.standings = [at for at in person.standings if at.enrolment_id != row.id]
    if person.candidate is not None:
        person.candidate = replace(person.candidate, standing=person.facts)


def told(others: Sequence[Other]) -> list[dict[str, Any]]:
    """Runs as facts of a message."""
    return [
        {
            "run": other.run.code, "course": other.run.version.titles,
            "starts": other.run.starts_on.isoformat(), "ends": other.run.ends_on.isoformat(),
        }
        for other in others
    ]  # fmt: skip
