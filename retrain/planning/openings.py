"""The open runs that fit a teacher best, read for the first page in eight queries, however many runs there are."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from retrain.catalogue.models import CourseVersion, Run
from retrain.catalogue.states import RunState
from retrain.enrolment.match import Diploma, Match, match
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import LIVING, OPEN, State
from retrain.extensions import db
from retrain.people import queries as people
from retrain.people.models import Teacher
from retrain.planning.fitting import Choice, Fit, Seeker, fitting
from retrain.record import queries as record

MOST_READ = 600
"""Open runs looked at; those of one's own region and the soonest come first."""


def fits(teacher: Teacher, due: date | None, now: datetime, today: date) -> list[tuple[Fit, dict[str, str]]]:
    """The best runs with the titles of their courses."""
    college = people.employer_on(teacher, today)
    region = college.region if college else ""
    runs = _open_runs(region, now, today)
    busy, done = _taken(teacher.id, today)
    matches = _matches({run.version for run in runs}, teacher)
    choices = [
        Choice(run.code, matches[run.version][0], run.starts_on, run.ends_on, run.region, run.free,
               matches[run.version][1])
        for run in runs
    ]  # fmt: skip
    found = fitting(choices, Seeker(today, region, due, busy, done))
    versions = {run.code: run.version for run in runs}
    titles = _titles({versions[fit.choice.code] for fit in found})
    return [(fit, titles[versions[fit.choice.code]]) for fit in found]


def _open_runs(region: str, now: datetime, today: date) -> list[Any]:
    """Runs with free places that take people now, as rows of what choosing needs."""
    columns = (
        Run.code, Run.course_version_id.label("version"), Run.starts_on, Run.ends_on, Run.region,
        (Run.places - Run.taken).label("free"),
    )  # fmt: skip
    found = (
        select(*columns)
        .where(
            Run.state.in_((RunState.PUBLISHED, RunState.CONFIRMED)),
            Run.enrolment_opens <= now,
            Run.enrolment_closes > now,
            Run.taken < Run.places,
            Run.starts_on >= today,
        )
        .order_by((Run.region == region).desc(), Run.starts_on, Run.id)
        .limit(MOST_READ)
    )
    return list(db.session.execute(found))


def _taken(teacher_id: int, today: date) -> tuple[list[tuple[date, date]], frozenset[int]]:
    """The days of runs the teacher is on or waits for, and the courses completed or under way."""
    found = (
        select(Enrolment.state, Run.starts_on, Run.ends_on, CourseVersion.course_id)
        .join(Run, Run.id == Enrolment.run_id)
        .join(CourseVersion, CourseVersion.id == Run.course_version_id)
        .where(Enrolment.teacher_id == teacher_id, Enrolment.state.in_(LIVING))
    )
    rows = list(db.session.execute(found))
    busy = [(row.starts_on, row.ends_on) for row in rows if row.state in OPEN and row.ends_on >= today]
    return busy, frozenset(row.course_id for row in rows if row.state is not State.NOT_COMPLETED)


def _matches(version_ids: set[int], teacher: Teacher) -> dict[int, tuple[int, Match]]:
    """course version → its course and how far the teacher's specialities fit its audience: once for all its runs."""
    diplomas = [Diploma(each.speciality, each.document) for each in record.qualifications(teacher.id)]
    found = select(CourseVersion.id, CourseVersion.course_id, CourseVersion.audience).where(
        CourseVersion.id.in_(version_ids)
    )
    return {
        number: (course_id, match(audience, teacher.specialities, diplomas))
        for number, course_id, audience in db.session.execute(found)
    }


def _titles(version_ids: set[int]) -> dict[int, dict[str, str]]:
    found = select(CourseVersion.id, CourseVersion.titles).where(CourseVersion.id.in_(version_ids))
    return dict(db.session.execute(found).tuples().all())
