"""The open runs that fit a teacher best, read for the first page in as many queries however many runs there are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from retrain.catalogue.models import CourseVersion, Run
from retrain.catalogue.states import RunState
from retrain.enrolment import classifying, reading_people, reading_runs
from retrain.enrolment.eligibility import Candidate, Conditions, judge
from retrain.enrolment.match import match
from retrain.enrolment.states import LIVING, OPEN, Source, State
from retrain.extensions import db
from retrain.people import queries as people
from retrain.people.models import Teacher
from retrain.planning.fitting import Choice, Fit, Seeker, fitting, of_different_courses
from retrain.record.rules import Due

MOST_READ = 600
"""Open runs looked at; those of one's own region and the soonest come first."""

SHOWN, JUDGED = 3, 15
"""Runs shown, and how many of the best are asked whether they would take the teacher."""

_DIPLOMAS_TOO = Conditions(audience=("",))
"""Asks for all that conditions look at in a teacher but the day they are due, which the page has read."""


def fits(teacher: Teacher, due: Due, now: datetime, today: date) -> list[tuple[Fit, Run]]:
    """The best runs that would take the teacher, with their courses' titles."""
    college = people.employer_on(teacher, today)
    region = college.region if college else ""
    who = _candidate(teacher.id, due.by)
    choices = _choices(_open_runs(region, now, today), who)
    # A day that is years away is no reason for one run rather than another.
    near = due.by if due.is_soon(today) else None
    best = of_different_courses(fitting(choices, _seeker(who, region, near, today), JUDGED))
    runs = _would_take((fit.choice.code for fit in best), who, now)
    return [(fit, runs[fit.choice.code]) for fit in best if fit.choice.code in runs][:SHOWN]


def _candidate(teacher_id: int, due: date | None) -> Candidate:
    """The teacher as the conditions of courses look at one."""
    at_desk = reading_people.teachers_at_desk([teacher_id])[0]
    at_desk.standings = reading_people.standings_of([teacher_id]).get(teacher_id, [])
    reading_people.read_candidates([at_desk], _DIPLOMAS_TOO)
    if at_desk.candidate is None:
        raise AssertionError("was read just now")
    return replace(at_desk.candidate, due=due)


def _seeker(who: Candidate, region: str, due: date | None, today: date) -> Seeker:
    living = [each for each in who.standing.standings if each.state in LIVING]
    busy = [(each.starts_on, each.ends_on) for each in living if each.state in OPEN and each.ends_on >= today]
    done = frozenset(each.course_id for each in living if each.state is not State.NOT_COMPLETED)
    return Seeker(today, region, due, busy, done)


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


def _choices(runs: Sequence[Any], who: Candidate) -> list[Choice]:
    """The runs with how far the teacher fits: looked at once for each wording of a course, not for each run."""
    asked = select(CourseVersion.id, CourseVersion.course_id, CourseVersion.audience).where(
        CourseVersion.id.in_({run.version for run in runs})
    )
    classifier = classifying.current()
    fit = {
        number: (course_id, match(audience, who.specialities, who.diplomas, classifier))
        for number, course_id, audience in db.session.execute(asked)
    }
    return [
        Choice(run.code, fit[run.version][0], run.starts_on, run.ends_on, run.region, run.free,
               fit[run.version][1])
        for run in runs
    ]  # fmt: skip


def _would_take(codes: Iterable[str], who: Candidate, now: datetime) -> Mapping[str, Run]:
    """code → those of the runs whose conditions the teacher meets; one with a round is asked for in the round."""
    found = select(Run).where(Run.code.in_(list(codes))).options(joinedload(Run.version))
    runs = {run.id: run for run in db.session.scalars(found)}
    desks = reading_runs.desks_of(list(runs.values()))
    taking = {}
    for number, desk in desks.items():
        by = Source.ROUND if desk.facts.by_round else Source.SELF
        asked = replace(desk.conditions, classifier=classifying.current())
        if not judge(asked, desk.facts, desk.form, who, now, by=by).refusals:
            taking[desk.facts.code] = runs[number]
    return taking
