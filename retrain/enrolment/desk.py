"""The desk: where a place is given, passed on or taken back while the run's row is locked.

Every door leads here, so that each person meets the same checks in the same order. Nothing here asks who
acts: the use cases do, before they come.
"""

from dataclasses import replace

from sqlalchemy import select

from retrain import audit, clock
from retrain.audit import Actor
from retrain.catalogue import service as catalogue
from retrain.enrolment import queries, rules
from retrain.enrolment.models import Enrolment, EnrolmentChange
from retrain.enrolment.queries import RunAtDesk, TeacherAtDesk
from retrain.enrolment.states import HOLDS_PLACE, Source, State, may_move
from retrain.enrolment.telling import tell
from retrain.extensions import db
from retrain.people.models import Teacher
from retrain.refusal import Refused


def admit(
    actor: Actor, run: RunAtDesk, teacher: TeacherAtDesk, source: Source, nomination_id: int | None = None
) -> Enrolment:
    """Give *teacher* a place on *run*, or the next spot on its waiting list; Refused with every reason."""
    now = clock.now()
    if why := rules.refusals(run.facts, teacher.facts, now):
        raise Refused(why)
    if run.free and run.waiting:
        pass_on(actor, run)  # no newcomer goes past those who wait
    # A place still free now is one that nobody waiting can have.
    has_place = _take(run)
    before = rules.repeat_of(run.facts, teacher.facts)
    row = Enrolment(
        run_id=run.id, teacher_id=teacher.id, organisation_id=teacher.college_id, source=source,
        state=State.ENROLLED if has_place else State.WAITLISTED,
        position=None if has_place else catalogue.next_waiting(run.id),
        nomination_id=nomination_id, requested_at=now, changed_at=now,
        since=run.facts.day(now) if has_place else None,
        attempt=before.attempt + 1 if before else 1, repeat_of_id=before.enrolment_id if before else None,
    )  # fmt: skip
    db.session.add(row)
    run.waiting += 0 if has_place else 1
    after = {"run": run.facts.code, "state": row.state, "position": row.position, "source": source}
    audit.record(actor, "enrolment.created", row, after=after)
    kind = "enrolment.enrolled" if has_place else "enrolment.waiting"
    if source is not Source.SELF:
        kind = "enrolment.nominated" if has_place else "enrolment.nominated_waiting"
    tell(run, row, teacher.person_id, kind, 0, number=None if has_place else run.waiting)
    return row


def _take(run: RunAtDesk) -> bool:
    taken = bool(run.free) and catalogue.take_place(run.id)
    if taken:
        run.facts = replace(run.facts, taken=run.facts.taken + 1)
    return taken


def move(
    actor: Actor, run: RunAtDesk, row: Enrolment, to: State, *, why: str | None = None,
    kind: str | None = None, order_id: int | None = None,
) -> None:  # fmt: skip
    """Put an enrolment into another state, keep what it was, and tell the person."""
    if not may_move(row.state, to):
        raise AssertionError(f"an enrolment can't go from {row.state} to {to}")
    now, before = clock.now(), row.state
    change = EnrolmentChange(
        enrolment_id=row.id, at=now, by_id=actor.person_id, before=before, after=to, reason=why,
        order_id=order_id,
    )  # fmt: skip
    db.session.add(change)
    row.state, row.changed_at = to, now
    if to is State.ENROLLED:
        row.since = run.facts.day(now)
    elif to not in HOLDS_PLACE and row.since is not None:
        row.until = max(run.facts.day(now), row.since)
    if before in HOLDS_PLACE and to not in HOLDS_PLACE and catalogue.release_place(run.id):
        run.facts = replace(run.facts, taken=run.facts.taken - 1)
    audit.record(actor, "enrolment.moved", row, before={"state": before}, after={"state": to}, why=why)
    if kind:
        person_id = db.session.scalar(select(Teacher.person_id).where(Teacher.id == row.teacher_id))
        tell(run, row, person_id or 0, kind, queries.steps(row.id), reason=why or "")


def pass_on(actor: Actor, run: RunAtDesk) -> list[Enrolment]:
    """Give free places to those who wait, in their order; who can't have one now keeps their spot."""
    promoted: list[Enrolment] = []
    if not (run.free and run.waiting):
        return promoted
    waiting = queries.waiting_in_order(run.id)
    people = queries.teachers_at_desk([row.teacher_id for row in waiting])
    queries.read_standings(people, run)
    by_id = {person.id: person for person in people}
    for row in waiting:
        if rules.promotion_refusals(run.facts, by_id[row.teacher_id].facts):
            continue
        if not _take(run):
            break
        move(actor, run, row, State.ENROLLED, kind="enrolment.promoted")
        run.waiting -= 1
        promoted.append(row)
    return promoted
