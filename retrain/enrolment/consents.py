"""Consent of college and provider: asked ahead or with the request, given or refused for many at once."""

from collections.abc import Sequence

from retrain import audit, clock
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.enrolment import coming, counters, desk, reading_people, reading_runs, rules
from retrain.enrolment.models import Approval, Enrolment
from retrain.enrolment.outcomes import Outcome
from retrain.enrolment.reading_people import TeacherAtDesk
from retrain.enrolment.reading_runs import RunAtDesk
from retrain.enrolment.states import LIVING, Side, Source, State
from retrain.extensions import db
from retrain.people import permissions
from retrain.people.permissions import Target
from retrain.refusal import Refusal, Refused

LONGEST = 500


@use_case
def ask_ahead(actor: Actor, run_code: str) -> list[Side]:
    """A teacher asks for the consents a run wants before it opens; the sides that are asked now."""
    both = reading_people.one_at_a_run(actor.person_id or 0, run_code, lock=True)
    if both is None:
        raise Refused(Refusal.of("not-a-teacher"))
    teacher, run = both
    permissions.require(actor, "enrolment.enrol", coming.target_of(teacher, run))
    reading_people.read_standings([teacher], run)
    now = clock.now()
    waits_for_opening = {"enrolment-not-open"}
    why = [each for each in desk.against(run, teacher, Source.SELF) if each.code not in waits_for_opening]
    if why:
        raise Refused(why)
    missing = rules.missing_consents(run.terms.consent.sides, teacher.consents)
    sides = [each for each in missing if isinstance(each, Side) and each not in teacher.consents]
    counters.ask(run.id, teacher.id, sides, now)
    if sides:
        after = {"run": run_code, "sides": sides}
        audit.record(actor, "consent.asked", ("teacher", teacher.id), after=after)
    return sides


@use_case
def answer(
    actor: Actor, side: Side, run_code: str, teacher_ids: Sequence[int], given: bool, reason: str = ""
) -> list[Outcome]:
    """One side consents to its teachers coming to the run, or refuses for a reason they will read.

    Also before anybody has asked. One outcome a person, in their order; who can't be answered hinders nobody.
    """
    if not given and not reason.strip():
        raise Refused(Refusal.of("refusal-reason-missing", field="reason"))
    people = {person.id: person for person in reading_people.teachers_at_desk(teacher_ids, lock=True)}
    run = reading_runs.run_at_desk(run_code, lock=True)
    if side is Side.PROVIDER:
        permissions.require(actor, "enrolment.manage", Target(provider_id=run.provider_id))
    else:
        permissions.require(actor, "enrolment.nominate", Target(college_id=actor.organisation_id))
    reading_people.read_standings(list(people.values()), run)
    chosen = [people[number] for number in dict.fromkeys(teacher_ids) if number in people]
    ours = [each for each in chosen if side is Side.PROVIDER or each.college_id == actor.organisation_id]
    living = _living(run.id, ours)
    in_time = [each for each in ours if each.id not in living or living[each.id].state is State.REQUESTED]
    approvals = _asked(run.id, side, in_time)
    return [
        _answered(
            actor, run, person, living.get(person.id), approvals.get(person.id), given, reason.strip()[:LONGEST] or None
        )
        if person in ours
        else Outcome(person.id, "", refusals=(Refusal.of("not-of-your-college"),))
        for person in chosen
    ]  # fmt: skip


def _answered(
    actor: Actor, run: RunAtDesk, person: TeacherAtDesk, row: Enrolment | None, approval: Approval | None,
    given: bool, reason: str | None,
) -> Outcome:  # fmt: skip
    if approval is None:
        state = row.state if row else None
        return Outcome(person.id, person.name, state, refusals=(Refusal.of("answered-too-late"),))
    _write(actor, run, person, approval, given, reason)
    if row is None:
        return Outcome(person.id, person.name)
    try:
        _follow(actor, run, row, person, reason)
    except Refused as refused:
        return Outcome(person.id, person.name, row.state, refusals=tuple(refused.why))
    number = run.waiting if row.state is State.WAITLISTED else None
    return Outcome(person.id, person.name, row.state, number)


def _follow(actor: Actor, run: RunAtDesk, row: Enrolment, person: TeacherAtDesk, reason: str | None) -> None:
    """What an answer makes of a request: an end, a place or a spot on the list; nothing while others are silent."""
    # Whoever put the person forward consented by that, unless they said no since.
    implied = [side for side in desk.IMPLIED.get(row.source, ()) if person.consents.get(side) is not False]
    missing = rules.missing_consents(run.terms.consent.sides, person.consents, implied)
    if any(isinstance(each, Refusal) for each in missing):
        desk.move(actor, run, row, State.REJECTED, why=reason, kind="enrolment.rejected")
    elif not missing:
        desk.settle(actor, run, row, person)


def _write(
    actor: Actor, run: RunAtDesk, person: TeacherAtDesk, row: Approval, given: bool, reason: str | None
) -> None:
    before = {"given": row.given}
    row.given, row.decided_at, row.by_id, row.reason = given, clock.now(), actor.person_id, reason
    person.consents[row.side] = given
    after = {"run": run.facts.code, "teacher": person.id, "side": row.side, "given": given}
    audit.record(actor, "consent.answered", row, before=before, after=after, why=reason)


def _asked(run_id: int, side: Side, people: Sequence[TeacherAtDesk]) -> dict[int, Approval]:
    """teacher id → the row of the side's answer; who was not asked yet is asked by this."""
    numbers = [person.id for person in people]
    counters.ask_many(run_id, numbers, [side], clock.now())
    found = db.select(Approval).where(
        Approval.run_id == run_id, Approval.teacher_id.in_(numbers), Approval.side == side
    )
    rows = db.session.scalars(found.execution_options(populate_existing=True))
    return {row.teacher_id: row for row in rows}


def _living(run_id: int, people: Sequence[TeacherAtDesk]) -> dict[int, Enrolment]:
    """teacher id → their living enrolment on the run."""
    found = db.select(Enrolment).where(
        Enrolment.run_id == run_id,
        Enrolment.teacher_id.in_([person.id for person in people]),
        Enrolment.state.in_(LIVING),
    )
    rows = db.session.scalars(found.execution_options(populate_existing=True))
    return {row.teacher_id: row for row in rows}
