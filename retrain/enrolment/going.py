"""How people leave a run or its waiting list, and how a freed place passes on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from retrain import clock
from retrain.audit import Actor
from retrain.catalogue import queries as catalogue_queries
from retrain.catalogue import service as catalogue
from retrain.catalogue.models import Run
from retrain.catalogue.states import RunState
from retrain.database.use_case import use_case
from retrain.enrolment import desk, others, queries, quota_rules, reading_people, reading_runs, rules, telling
from retrain.enrolment.models import Enrolment
from retrain.enrolment.reading_runs import RunAtDesk
from retrain.enrolment.states import OPEN, Source, State
from retrain.extensions import db
from retrain.people import permissions
from retrain.people.permissions import Target
from retrain.refusal import Refusal, Refused


@use_case
def withdraw(actor: Actor, enrolment_id: int, reason: str = "") -> Enrolment:
    """Give up a place before the run starts, or stop waiting; the place passes to the first who waits for it.

    Asked twice, the second answer is the first one's.
    """
    row, run = locked(actor, enrolment_id, "enrolment.withdraw")
    if row.state is State.WITHDRAWN:
        return row
    if why := rules.withdrawal_refusals(run.facts, row.state, clock.now(), run.terms.withdraw_days):
        raise Refused(why)
    desk.move(actor, run, row, State.WITHDRAWN, why=reason.strip() or None, kind="enrolment.withdrawn")
    pass_on(actor, run)
    return row


@use_case
def remove(actor: Actor, enrolment_id: int, reason: str) -> Enrolment:
    """Take somebody off the run, for a reason they will read: withdrawn before it starts, excluded after."""
    row, run = locked(actor, enrolment_id, "enrolment.manage")
    if row.state in (State.WITHDRAWN, State.EXCLUDED):
        return row
    if row.state not in OPEN:
        raise Refused(Refusal.of("not-on-run", run=run.facts.code))
    if not reason.strip():
        raise Refused(Refusal.of("removal-reason-missing", field="reason"))
    started = row.state is State.ENROLLED and run.facts.has_started(clock.now())
    to = State.EXCLUDED if started else State.WITHDRAWN
    desk.move(actor, run, row, to, why=reason.strip(), kind="enrolment.removed")
    pass_on(actor, run)
    return row


@use_case
def remove_many(actor: Actor, enrolment_ids: Sequence[int], reason: str) -> int:
    """The same for several people at once, all or none; how many there were."""
    for number in sorted(enrolment_ids):
        remove(actor, number, reason)
    return len(enrolment_ids)


def locked(actor: Actor, enrolment_id: int, action: str) -> tuple[Enrolment, RunAtDesk]:
    """The enrolment with its run locked, for who may do *action* with it."""
    run = reading_runs.run_at_desk(queries.code_of(queries.enrolment(enrolment_id).run_id), lock=True)
    # Read again: it may have moved while the run was waited for.
    row = queries.enrolment(enrolment_id)
    person = reading_people.teachers_at_desk([row.teacher_id])[0]
    target = Target(
        person_id=person.person_id, college_ids={row.organisation_id, person.college_id or 0},
        provider_id=run.provider_id, curator_id=run.curator_id,
    )  # fmt: skip
    permissions.require(actor, action, target)
    reading_runs.count(run)
    return row, run


def pass_on(actor: Actor, run: RunAtDesk) -> list[Enrolment]:
    """Give free places to those who wait, as long as the list moves by itself."""
    return desk.pass_on(actor, run) if rules.list_moves(run.facts, clock.now()) else []


@use_case
def promote(actor: Actor, run_code: str) -> list[Enrolment]:
    """Give all free places to those who wait, in their order; a coordinator may after the deadline too."""
    run = reading_runs.run_at_desk(run_code, lock=True)
    permissions.require(actor, "enrolment.manage", Target(provider_id=run.provider_id))
    if not run.facts.is_on_offer():
        raise Refused(Refusal.of("run-over", run=run_code))
    reading_runs.count(run)
    return desk.pass_on(actor, run, by_hand=True)


@use_case
def change_places(actor: Actor, run_code: str, places: int) -> int:
    """Offer more places, or fewer but none that is taken; how many moved up from the waiting list by it."""
    run = reading_runs.run_at_desk(run_code, lock=True)
    permissions.require(actor, "enrolment.manage", Target(provider_id=run.provider_id))
    reading_runs.count(run)
    if why := rules.places_refusals(run.facts, places) or quota_rules.places_refusals(run.places, places):
        raise Refused(why)
    row = catalogue_queries.run(run_code)
    plan = replace(catalogue_queries.run_plan(row), places=places)
    before = run.waiting
    catalogue.change_run(actor, run_code, plan, row.lock)
    reading_runs.count(run)
    return before - run.waiting


@use_case
def after_change(actor: Actor, run: Run) -> list[Enrolment]:
    """Pass on the places that a change of the run has made free; refused when its quotas need more places."""
    at_desk = reading_runs.run_at_desk(run.code, lock=True)
    reading_runs.count(at_desk)
    if why := quota_rules.places_refusals(at_desk.places, run.places):
        raise Refused(why)
    return pass_on(actor, at_desk)


@use_case
def tell_of_change(run: Run) -> None:
    """Everybody who is on the run, or would like to be, reads what it says now; calendars are put right."""
    at_desk = reading_runs.run_at_desk(run.code)
    people = queries.living_with_steps(run.id)
    telling.tell_of_change(
        at_desk, [(person, number, state is State.ENROLLED, steps) for person, number, state, steps in people]
    )


@use_case
def cancel_run(actor: Actor, run_code: str, reason: str) -> Run:
    """Call the run off; all that is open on it ends with a message (see ``handlers``)."""
    return catalogue.move_run(actor, run_code, RunState.CANCELLED, reason)


@use_case
def close_what_is_open(actor: Actor, run: Run, why: str | None) -> int:
    """End every open enrolment of a cancelled run and tell each person which others fit; how many there were."""
    at_desk = reading_runs.run_at_desk(run.code, lock=True)
    rows = queries.open_enrolments(run.id)
    fit = others.fitting(rows, others.candidates(run.id), by=Source.SELF) if rows else {}
    for row in rows:
        named = others.told(fit[row.id])
        more: dict[str, Any] = {"others": named, "path": f"/runs/{named[0]['run']}"} if named else {}
        desk.move(actor, at_desk, row, State.LAPSED, why=why, kind="enrolment.cancelled", **more)
    return len(rows)


@use_case
def end_waiting(actor: Actor, run: Run) -> int:
    """End what still waits when a run is over, and tell each person; how many there were."""
    at_desk = reading_runs.run_at_desk(run.code, lock=True)
    rows = [row for row in queries.open_enrolments(run.id) if row.state is not State.ENROLLED]
    for row in rows:
        desk.move(actor, at_desk, row, State.LAPSED, kind="enrolment.lapsed")
    return len(rows)


@use_case
def finish_enrolments(actor: Actor, run_code: str, completed: Mapping[int, bool]) -> None:
    """Enrolments as completed or not completed. The completion stage decides, and asks who may."""
    run = reading_runs.run_at_desk(run_code, lock=True)
    found = select(Enrolment).where(Enrolment.run_id == run.id).execution_options(populate_existing=True)
    rows = [row for row in db.session.scalars(found.order_by(Enrolment.id)) if row.id in completed]
    wanted = {row.id: State.COMPLETED if completed[row.id] else State.NOT_COMPLETED for row in rows}
    if len(rows) < len(completed) or any(row.state not in (State.ENROLLED, wanted[row.id]) for row in rows):
        raise Refused(Refusal.of("not-on-run", run=run.facts.code))
    desk.move_many(actor, [(row, wanted[row.id]) for row in rows if row.state is not wanted[row.id]])


@use_case
def finish_enrolment(actor: Actor, enrolment_id: int, completed: bool) -> Enrolment:
    """The same for one person."""
    row = queries.enrolment(enrolment_id)
    finish_enrolments(actor, queries.code_of(row.run_id), {row.id: completed})
    return row


@use_case
def complete_after_all(actor: Actor, enrolment_id: int) -> Enrolment:
    """Who had not completed has, when an appeal or a second person has found so; the completion stage asks who may."""
    row = queries.enrolment(enrolment_id)
    run = reading_runs.run_at_desk(queries.code_of(row.run_id), lock=True)
    if row.state is State.NOT_COMPLETED:
        desk.move(actor, run, row, State.COMPLETED)
    return row


@use_case
def exclude_after_all(actor: Actor, enrolment_id: int, reason: str) -> Enrolment:
    """Who had not completed is taken off the list of the group; the completion stage asks who may.

    The run is over: the place passes to nobody.
    """
    row = queries.enrolment(enrolment_id)
    run = reading_runs.run_at_desk(queries.code_of(row.run_id), lock=True)
    reading_runs.count(run)
    if row.state is State.NOT_COMPLETED:
        desk.move(actor, run, row, State.EXCLUDED, why=reason.strip(), kind="enrolment.removed")
    return row
