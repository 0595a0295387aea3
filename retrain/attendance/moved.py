"""Who came from another group of the same course, and what they bring along from there."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import aliased

from retrain.catalogue.models import CourseVersion, Run
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import State
from retrain.extensions import db

Something = TypeVar("Something")


def came_from(run_id: int) -> dict[int, tuple[int, int]]:
    """enrolment → (enrolment, run) that it was moved from: the same person in another group of the same course."""
    earlier, before, now = aliased(Enrolment), aliased(Run), aliased(Run)
    version_then, version_now = aliased(CourseVersion), aliased(CourseVersion)
    rows = db.session.execute(
        select(Enrolment.id, earlier.id, earlier.run_id)
        .join(earlier, earlier.id == Enrolment.instead_of_id)
        .join(before, before.id == earlier.run_id)
        .join(now, now.id == Enrolment.run_id)
        .join(version_then, version_then.id == before.course_version_id)
        .join(version_now, version_now.id == now.course_version_id)
        .where(Enrolment.run_id == run_id, earlier.run_id != run_id)
        .where(earlier.teacher_id == Enrolment.teacher_id, earlier.state == State.TRANSFERRED)
        .where(version_then.course_id == version_now.course_id)
    )
    return {number: (then, group) for number, then, group in rows.tuples()}


def brought_along(run_id: int, of_run: Callable[[int], dict[int, Something]]) -> dict[int, Something]:
    """enrolment → what *of_run*, enrolment by enrolment, says of the group that the person was in before."""
    came = came_from(run_id)
    there = {group: of_run(group) for group in {group for _then, group in came.values()}}
    return {number: there[group][then] for number, (then, group) in came.items() if then in there[group]}


def with_earlier(row: Enrolment) -> set[int]:
    """The enrolment and those of the same course that its person was moved from, however often."""
    found, run_id = {row.id}, row.run_id
    number = row.id
    while (before := came_from(run_id).get(number)) and before[0] not in found:
        number, run_id = before
        found.add(number)
    return found
