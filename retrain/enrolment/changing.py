"""How a place changes hands or runs: moved to another run, given to a colleague, moved on when a run is cancelled."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from retrain import clock
from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.database.use_case import use_case
from retrain.enrolment import change_rules, desk, going, others, queries, reading_people, reading_runs
from retrain.enrolment.models import Enrolment
from retrain.enrolment.outcomes import Outcome
from retrain.enrolment.reading_people import TeacherAtDesk
from retrain.enrolment.reading_runs import RunAtDesk
from retrain.enrolment.states import MOVES, OPEN, Funding, Source, State
from retrain.extensions import db
from retrain.people import permissions
from retrain.people.permissions import Target
from retrain.refusal import NotThere, Refusal, Refused

LONGEST = 500


@use_case
def transfer(actor: Actor, enrolment_id: int, target_code: str, reason: str) -> Enrolment:
    """A place on another run instead of this one; the old place passes to the first who waits for it.

    A full run refuses with its numbers, and nothing changes. Asked twice, the second answer is the first one's.
    """
    before = queries.enrolment(enrolment_id)
    person = reading_people.teachers_at_desk([before.teacher_id], lock=True)[0]
    source_code = queries.code_of(before.run_id)
    runs = _locked(source_code, target_code)
    source, target = runs[source_code], runs[target_code]
    for run in (source, target):
        permissions.require(actor, "enrolment.manage", Target(provider_id=run.provider_id))
    row = queries.enrolment(enrolment_id)
    if row.state is State.TRANSFERRED and (already := _instead_of(row.id, target.id)):
        return already
    if why := change_rules.transfer_refusals(source.facts, target.facts, row.state, reason, clock.now()):
        raise Refused(why)
    reading_runs.count(source)
    _read(person, row, target)
    why = desk.against(target, person, Source.TRANSFER)
    if why := [*why, *change_rules.no_place(target.places, person.groups, clock.now())]:
        raise Refused(why)
    waited = target.waiting
    new = _move(actor, source, row, target, person, reason)
    if new.state is not State.ENROLLED:  # what was free went to those who wait, and this is all undone
        raise Refused(Refusal.of("free-for-those-who-wait", run=target.facts.code, waiting=waited))
    going.pass_on(actor, source)
    return new


def transfer_many(actor: Actor, enrolment_ids: Sequence[int], target_code: str, reason: str) -> list[Outcome]:
    """The same for several people, each in a transaction of their own: one outcome a person, in their order."""
    return [_transferred(actor, number, target_code, reason) for number in dict.fromkeys(enrolment_ids)]


def _transferred(actor: Actor, enrolment_id: int, target_code: str, reason: str) -> Outcome:
    teacher_id = queries.enrolment(enrolment_id).teacher_id
    name = reading_people.teachers_at_desk([teacher_id])[0].name
    try:
        return Outcome(teacher_id, name, transfer(actor, enrolment_id, target_code, reason).state)
    except Refused as refused:
        return Outcome(teacher_id, name, refusals=tuple(refused.why))


@use_case
def substitute(actor: Actor, enrolment_id: int, teacher_id: int, reason: str = "") -> Enrolment:
    """A colleague comes in somebody's place before the run starts; the place stays the college's.

    It does not pass to those who wait. The colleague meets the same checks as everybody.
    """
    before = queries.enrolment(enrolment_id)
    people = {
        each.id: each for each in reading_people.teachers_at_desk([before.teacher_id, teacher_id], lock=True)
    }
    run = reading_runs.run_at_desk(queries.code_of(before.run_id), lock=True)
    row = queries.enrolment(enrolment_id)
    permissions.require(actor, "enrolment.substitute", Target(college_id=row.organisation_id))
    if (newcomer := people.get(teacher_id)) is None:
        raise NotThere
    already = _instead_of(row.id, run.id)
    if already is not None and already.teacher_id == teacher_id:
        return already
    reading_people.read_standings([newcomer], run)
    if why := against_substitute(run, row, newcomer):
        raise Refused(why)
    held = list(row.taken_from)
    desk.move(
        actor, run, row, State.SUBSTITUTED, why=reason.strip()[:LONGEST] or None,
        kind="enrolment.substituted", by=newcomer.name,
    )  # fmt: skip
    taking = change_rules.same_place(run.places, held, newcomer.groups, clock.now())
    if isinstance(taking, list):
        raise Refused(taking)
    new = desk.admit(
        actor, run, newcomer, Source.SUBSTITUTION, row.nomination_id, instead_of_id=row.id, held=taking
    )
    if row.funding is not Funding.OWN:  # what the college or the budget agreed on stays with the place
        _carry(row, new)
    return new


def against_substitute(run: RunAtDesk, row: Enrolment, newcomer: TeacherAtDesk) -> list[Refusal]:
    """Every reason why *newcomer*, whose standings are read, can't come in the place of *row*."""
    why = change_rules.substitution_refusals(
        run.facts, row.state, row.organisation_id, newcomer.college_id, clock.now()
    )
    # Whoever is of another college is told no more than that.
    return why or desk.against(run, newcomer, Source.SUBSTITUTION)


@use_case
def cancel_and_move(
    actor: Actor, run_code: str, reason: str, to: Mapping[int, str] | None = None
) -> list[Outcome]:
    """Call the run off; who is given another run in *to* (by enrolment) is moved there, in their old order.

    There they get a place, or the list's end. All others end with a message that names runs that fit them.
    """
    wanted = dict(to or {})
    teachers = select(Enrolment.teacher_id).where(Enrolment.id.in_(wanted))
    numbers = list(db.session.scalars(teachers)) if wanted else []
    people = (
        {each.id: each for each in reading_people.teachers_at_desk(numbers, lock=True)} if numbers else {}
    )
    runs = _locked(run_code, *wanted.values())
    source = runs[run_code]
    for run in runs.values():
        permissions.require(actor, "enrolment.manage", Target(provider_id=run.provider_id))
    reading_runs.count(source)
    rows = [row for row in queries.open_enrolments(source.id) if row.id in wanted]
    rows.sort(key=lambda row: (row.state is State.WAITLISTED, row.position or 0, row.id))
    outcomes = [
        _moved_on(actor, source, row, runs[wanted[row.id]], people[row.teacher_id], reason) for row in rows
    ]
    going.cancel_run(actor, run_code, reason)
    return outcomes


def _moved_on(
    actor: Actor, source: RunAtDesk, row: Enrolment, target: RunAtDesk, person: TeacherAtDesk, reason: str
) -> Outcome:
    _read(person, row, target)
    why = change_rules.transfer_refusals(source.facts, target.facts, row.state, reason, clock.now())
    if why := why or desk.against(target, person, Source.TRANSFER):
        return Outcome(person.id, person.name, refusals=tuple(why))
    new = _move(actor, source, row, target, person, reason)
    number = target.waiting if new.state is State.WAITLISTED else None
    return Outcome(person.id, person.name, new.state, number)


def _move(
    actor: Actor, source: RunAtDesk, row: Enrolment, target: RunAtDesk, person: TeacherAtDesk, reason: str
) -> Enrolment:
    """End *row* and admit the person to *target*, with what was agreed on about money."""
    desk.move(
        actor, source, row, State.TRANSFERRED, why=reason.strip()[:LONGEST], kind="enrolment.transferred",
        new_run=target.facts.code, path=f"/runs/{target.facts.code}",
    )  # fmt: skip
    new = desk.admit(actor, target, person, Source.TRANSFER, row.nomination_id, instead_of_id=row.id)
    _carry(row, new)
    return new


def _carry(row: Enrolment, new: Enrolment) -> None:
    new.funding, new.contract, new.price, new.paid_on = row.funding, row.contract, row.price, row.paid_on


def _locked(*codes: str) -> dict[str, RunAtDesk]:
    """The runs, locked in the order of their numbers, so that two who move people both ways never wait in a ring."""
    numbers = dict(db.session.execute(select(Run.code, Run.id).where(Run.code.in_(codes))).tuples().all())
    if set(codes) - set(numbers):
        raise NotThere
    return {
        code: reading_runs.run_at_desk(code, lock=True) for code in sorted(numbers, key=numbers.__getitem__)
    }


def _read(person: TeacherAtDesk, row: Enrolment, target: RunAtDesk) -> None:
    """Fill in what *target* looks at, as if the person had left *row* already: they will have."""
    reading_people.read_standings([person], target)
    others.leave_out(person, row)


def _instead_of(enrolment_id: int, run_id: int) -> Enrolment | None:
    found = select(Enrolment).where(Enrolment.instead_of_id == enrolment_id, Enrolment.run_id == run_id)
    return db.session.scalars(found.order_by(Enrolment.id.desc())).first()


TRANSFERABLE = frozenset(state for state in OPEN if State.TRANSFERRED in MOVES[state])
"""In these states somebody can be moved to another run."""
