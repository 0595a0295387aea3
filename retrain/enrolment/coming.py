"""How people come onto a run: by their own button, by their college, by the coordinator's hand, by import."""

from collections.abc import Sequence
from datetime import date

from retrain import audit, clock
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.enrolment import desk, queries, reading_people, reading_runs, rules
from retrain.enrolment.models import Enrolment, Nomination
from retrain.enrolment.outcomes import Outcome
from retrain.enrolment.reading_people import TeacherAtDesk
from retrain.enrolment.reading_runs import RunAtDesk
from retrain.enrolment.states import Source, State
from retrain.extensions import db
from retrain.people import permissions
from retrain.people.permissions import Target
from retrain.refusal import NotThere, Refusal, Refused


@use_case
def enrol(
    actor: Actor, run_code: str, teacher_id: int, *, source: Source = Source.COORDINATOR,
    nomination_id: int | None = None,
) -> Enrolment:  # fmt: skip
    """A place on the run for a teacher, or the next spot on its waiting list.

    Raises Forbidden, or Refused with every reason.
    """
    people = reading_people.teachers_at_desk([teacher_id], lock=True)
    if not people:
        raise NotThere
    return _one(actor, reading_runs.run_at_desk(run_code, lock=True), people[0], source, nomination_id)


@use_case
def enrol_self(actor: Actor, run_code: str) -> Enrolment:
    """The same for who presses the button; pressing twice gives what the first time gave."""
    if actor.person_id is None:
        raise NotThere
    both = reading_people.one_at_a_run(actor.person_id, run_code, lock=True)
    if both is None:
        raise Refused(Refusal.of("not-a-teacher"))
    teacher, run = both
    return _one(actor, run, teacher, Source.SELF, None)


def _one(
    actor: Actor, run: RunAtDesk, teacher: TeacherAtDesk, source: Source, nomination_id: int | None
) -> Enrolment:
    permissions.require(actor, "enrolment.enrol", target_of(teacher, run))
    reading_people.read_standings([teacher], run)
    if source is Source.SELF and (already := teacher.facts.on(run.facts)):
        return queries.enrolment(already.enrolment_id)
    return desk.admit(actor, run, teacher, source, nomination_id)


def target_of(teacher: TeacherAtDesk, run: RunAtDesk) -> Target:
    """A teacher who wants onto a run, as far as permission is concerned."""
    return Target(
        person_id=teacher.person_id, college_id=teacher.college_id, provider_id=run.provider_id,
        curator_id=run.curator_id,
    )  # fmt: skip


@use_case
def nominate(
    actor: Actor, run_code: str, teacher_ids: Sequence[int], *, order_number: str = "",
    order_date: date | None = None, scan_id: int | None = None,
) -> list[Outcome]:  # fmt: skip
    """A college puts its teachers forward: one outcome a person, in the order of *teacher_ids*.

    Who may not come is refused alone and hinders nobody else.
    """
    if actor.organisation_id is None:
        raise NotThere
    permissions.require(actor, "enrolment.nominate", Target(college_id=actor.organisation_id))
    found = reading_people.teachers_at_desk(teacher_ids, lock=True)
    run = reading_runs.run_at_desk(run_code, lock=True)
    if why := rules.run_refusals(run.facts, clock.now(), Source.NOMINATION):
        raise Refused(why)
    if not found:
        raise Refused(Refusal.of("nobody-nominated", field="teachers"))
    nomination = Nomination(
        run_id=run.id, organisation_id=actor.organisation_id, order_number=order_number.strip() or None,
        order_date=order_date, scan_id=scan_id, created_by_id=actor.person_id, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(nomination)
    after = {"run": run_code, "order": nomination.order_number, "people": len(found)}
    audit.record(actor, "nomination.created", nomination, after=after)
    reading_people.read_standings(found, run)
    people = {person.id: person for person in found}
    return [
        _nominated(actor, run, people[number], nomination.id)
        for number in dict.fromkeys(teacher_ids)
        if number in people
    ]


def _nominated(actor: Actor, run: RunAtDesk, person: TeacherAtDesk, nomination_id: int) -> Outcome:
    if not permissions.may(actor, "enrolment.nominate", Target(college_id=person.college_id)):
        # No name: another college's people are none of this one's business.
        return Outcome(person.id, "", refusals=(Refusal.of("not-of-your-college"),))
    try:
        row = desk.admit(actor, run, person, Source.NOMINATION, nomination_id)
    except Refused as refused:
        return Outcome(person.id, person.name, refusals=tuple(refused.why))
    number = run.waiting if row.state is State.WAITLISTED else None
    return Outcome(person.id, person.name, row.state, number)
