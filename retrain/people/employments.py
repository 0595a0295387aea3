"""Where a teacher works: one college after another, each keeping what happened there."""

from datetime import date, timedelta

from retrain import audit
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import permissions, queries
from retrain.people.models import Employment, Teacher
from retrain.people.teachers import target_of
from retrain.refusal import Refusal, Refused


@use_case
def move_teacher(actor: Actor, teacher_id: int, organisation_id: int, post: str, since: date) -> Employment:
    """The teacher works elsewhere from *since*; where they worked before stays on record up to the day before."""
    teacher = queries.teacher(teacher_id)
    permissions.require(actor, "staff.edit", target_of(teacher))
    return put_employment(actor, teacher, organisation_id, post, since)


def put_employment(
    actor: Actor, teacher: Teacher, organisation_id: int, post: str, since: date
) -> Employment:
    """End the present employment the day before and begin the next."""
    college = queries.organisation_by_id(organisation_id)
    living = next((each for each in teacher.employments if each.until is None), None)
    if college.closed_on is not None and college.closed_on <= since:
        raise Refused(Refusal.of("college-closed", field="organisation", college=college.code))
    if living is not None:
        if since <= living.since:
            raise Refused(Refusal.of("moves-before-beginning", field="since", since=living.since))
        living.until = since - timedelta(days=1)
        db.session.flush()
    employment = Employment(organisation_id=organisation_id, post=post.strip(), since=since)
    teacher.employments.append(employment)
    audit.record(
        actor, "teacher.moved", teacher,
        before={"organisation": living.organisation_id if living else None},
        after={"organisation": organisation_id, "since": since},
    )  # fmt: skip
    return employment


@use_case
def end_employment(actor: Actor, teacher_id: int, until: date) -> None:
    """The teacher works there until that day and nowhere we know of after it."""
    teacher = queries.teacher(teacher_id)
    permissions.require(actor, "staff.edit", target_of(teacher))
    living = next((each for each in teacher.employments if each.until is None), None)
    if living is None or until < living.since:
        raise Refused(
            Refusal.of("moves-before-beginning", field="until", since=living.since if living else until)
        )
    living.until = until
    audit.record(
        actor, "teacher.left", teacher, after={"organisation": living.organisation_id, "until": until}
    )
