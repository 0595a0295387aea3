"""How a round ends: tried beforehand, reckoned at its close, and given in one transaction when it is confirmed."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select

from retrain import audit, clock, jobs, messages
from retrain.allocation import queries, reading, round_rules
from retrain.allocation.making import free_runs, managed
from retrain.allocation.models import AllocationRound, RoundOutcome, RoundRun, Wish
from retrain.allocation.quotas import OPEN_POOL
from retrain.allocation.reckoning import Outcome
from retrain.allocation.states import RoundState
from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.database import hot
from retrain.database.use_case import use_case
from retrain.enrolment import telling, together
from retrain.enrolment.reading_runs import RunAtDesk
from retrain.enrolment.states import Source
from retrain.extensions import db
from retrain.jobs.models import Job
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.models import Person, Role, Teacher
from retrain.people.permissions import Target
from retrain.people.states import RoleKind
from retrain.refusal import Refusal, Refused


@use_case
def want_trial(actor: Actor, code: str) -> Job:
    """What would come out now, reckoned by the worker; the one under way when there is one."""
    found = managed(actor, code)
    if not queries.facts(found).is_open_state:
        raise Refused(Refusal.of(f"round-{found.state}", round=code))
    before = queries.jobs_of(found.id, queries.TRIAL)
    for job in before:
        if job.state in (jobs.JobState.QUEUED, jobs.JobState.RUNNING):
            return job
    key = f"round:{found.id}:trial:{len(before) + 1}"
    return jobs.want(queries.TRIAL, {"round": code}, actor=actor, key=key)


def reckon_round(actor: Actor, code: str) -> dict[str, Any]:
    """The outcome as things stand, as a job keeps it: numbers, digest, and who would get what."""
    found = queries.allocation_round(code)
    permissions.require(actor, "allocation.see", Target(provider_id=found.provider_id))
    now = clock.now()
    return kept(reading.outcome_of(found, clock.today(people.zone_of(found.provider_id)), now)) | {
        "at": now.isoformat(),
        "url": f"/manage/rounds/{code}",
    }


def kept(outcome: Outcome) -> dict[str, Any]:
    """An outcome as JSON: numbers, digest and lines of teacher, run, wish and pool; who gets none comes last."""
    lines = [
        [number, seat.run, seat.wish, seat.pool]
        for number, seat in sorted(outcome.seats.items(), key=lambda one: (one[1].run, one[0]))
    ]
    lines += [[number, None, None, None] for number in sorted(outcome.told) if number not in outcome.seats]
    return {**outcome.numbers, "digest": outcome.digest, "list": lines}


@use_case
def want_closing(actor: Actor, found: AllocationRound) -> None:
    """The outcome of a round that has just closed, reckoned by the worker; once, however many ask."""
    jobs.want(queries.CLOSED, {"round": found.code}, actor=actor, key=f"round:{found.id}:closed")


@use_case
def tell_closed(code: str, work: jobs.Work, result: Mapping[str, Any]) -> None:
    """Whoever confirms the round is told that it has closed; the job ends with that."""
    found = queries.allocation_round(code)
    holders = people.holders(found.provider_id, RoleKind.COORDINATOR)
    facts = {
        **queries.told(found), "teachers": result["teachers"], "given": result["given"],
        "path": f"/manage/rounds/{code}",
    }  # fmt: skip
    messages.later_many(
        [person.id for person in holders], "round.closed", facts, about=("allocation_round", found.id),
        key_prefix=f"round:{found.id}:closed",
    )  # fmt: skip
    work.finish(dict(result))


@use_case
def confirm_round(actor: Actor, code: str, digest: str) -> Job:
    """Have the outcome with this digest given; the worker does it, and refuses if anything has changed."""
    found = managed(actor, code)
    if found.state is not RoundState.DONE and (why := _against_giving(found)):
        raise Refused(why)
    before = queries.jobs_of(found.id, queries.DO)
    for job in before:
        if job.state is not jobs.JobState.FAILED:
            return job
    key = f"round:{found.id}:do:{len(before) + 1}"
    return jobs.want(queries.DO, {"round": code, "digest": digest}, actor=actor, key=key)


def do_round(actor: Actor, code: str, digest: str) -> AllocationRound:
    """Give the places: all or none, once, and exactly the outcome with this *digest*, which somebody has seen.

    It is reckoned before anything is held, so that others wait only while it is read again and written down.
    """
    with reading.collector_at_rest():
        return _do_round(actor, code, digest, _reckoned_ahead(code))


def _reckoned_ahead(code: str) -> reading.Reckoned | None:
    """The outcome as things stand; nothing where there will be none, which the giving itself says with its reasons."""
    found, now = queries.allocation_round(code), clock.now()
    if found.state is RoundState.DONE or _against_giving(found):
        return None
    try:
        return reading.reckoned(found, clock.today(people.zone_of(found.provider_id)), now)
    except Refused:
        return None


@use_case
def _do_round(actor: Actor, code: str, digest: str, ahead: reading.Reckoned | None) -> AllocationRound:
    """Teachers, then runs are held in the order of their numbers before anything is read."""
    found = managed(actor, code)
    if found.state is RoundState.DONE:
        return found
    _hold_teachers(found)
    _hold_runs(found)
    if why := _against_giving(found):
        raise Refused(why)
    now = clock.now()
    outcome = reading.outcome_of(found, clock.today(people.zone_of(found.provider_id)), now, ahead)
    if outcome.digest != digest:
        raise Refused(Refusal.of("round-changed", round=found.code))
    free_runs(found)
    found.state, found.done_at, found.digest = RoundState.DONE, now, digest
    found.lock += 1
    given, runs = _give_seats(actor, outcome)
    _write_down(found, outcome, given)
    after = {"digest": digest, "teachers": len(outcome.told), "given": len(given)}
    audit.record(actor, "round.done", found, after=after)
    _tell_teachers(found, outcome, given, runs)
    _tell_colleges(found, outcome)
    return found


def _against_giving(found: AllocationRound) -> list[Refusal]:
    return round_rules.do_refusals(queries.facts(found), clock.now())


def _hold_teachers(found: AllocationRound) -> None:
    theirs = select(Wish.teacher_id).where(Wish.round_id == found.id)
    query = select(Teacher.id).where(Teacher.id.in_(theirs)).order_by(Teacher.id)
    db.session.execute(query.with_for_update(of=Teacher, key_share=True)).all()


def _hold_runs(found: AllocationRound) -> None:
    theirs = select(RoundRun.run_id).where(RoundRun.round_id == found.id)
    query = select(Run.id).where(Run.id.in_(theirs)).order_by(Run.id)
    db.session.execute(query.with_for_update(of=Run, key_share=True)).all()


def _give_seats(actor: Actor, outcome: Outcome) -> tuple[dict[int, int], dict[str, RunAtDesk]]:
    """teacher id → the enrolment that the seat became, and the runs by their codes.

    Within a run places set aside are given first, in the order in which they were asked: so the desk, which
    takes the first that is free for a person, takes each from where the round found it.
    """
    by_run: dict[str, list[int]] = defaultdict(list)
    for number, seat in outcome.seats.items():
        by_run[seat.run].append(number)
    order = {
        (run["run"], pool[0]): place
        for run in outcome.numbers["runs"]
        for place, pool in enumerate(run["pools"])
    }
    for code, numbers in by_run.items():
        numbers.sort(key=lambda one: (order[code, outcome.seats[one].pool], one))
    coming = together.read(by_run)
    try:
        given = together.admit_all(actor, coming, Source.ROUND)
    except together.NoPlace as none:
        raise Refused(Refusal.of("round-place-not-given", run=none.run_code)) from None
    return given, {run.facts.code: run for run, _people in coming}


def _write_down(found: AllocationRound, outcome: Outcome, given: Mapping[int, int]) -> None:
    """What everybody got, with a reason for each wish."""
    rows = [
        {"round_id": found.id, "teacher_id": number, "enrolment_id": given.get(number), "reasons": list(told)}
        for number, told in sorted(outcome.told.items())
    ]
    if rows:
        hot.execute(insert(RoundOutcome.__table__), rows)


def _tell_teachers(
    found: AllocationRound, outcome: Outcome, given: Mapping[int, int], runs: Mapping[str, RunAtDesk]
) -> None:
    """Everybody reads which wish they got, or that they got none; the reasons stand on the page."""
    rows = select(Teacher.id, Teacher.person_id).where(
        Teacher.id.in_(select(Wish.teacher_id).where(Wish.round_id == found.id))
    )
    people_of = dict(db.session.execute(rows).tuples().all())
    about, path = ("allocation_round", found.id), f"/rounds/{found.code}/mine"
    plain = {**queries.told(found), "path": path}
    without = [people_of[number] for number in sorted(outcome.told) if number not in given]
    messages.later_many(without, "round.none", plain, about=about, key_prefix=f"round:{found.id}")
    told = []
    for number, seat in sorted(outcome.seats.items()):
        run, person_id = runs[seat.run], people_of[number]
        facts = {
            **plain, "run": seat.run, "course": run.titles, "starts": run.facts.starts_on, "ends": run.facts.ends_on,
            "wish": seat.wish,
        }  # fmt: skip
        key, calendar = f"round:{found.id}:{person_id}", telling.entry(run, given[number], "REQUEST", 0)
        told.append(messages.Said(person_id, facts, key, about, calendar))
    messages.later_each("round.given", told)


def _tell_colleges(found: AllocationRound, outcome: Outcome) -> None:
    """One message for each HR person of a college, with how many of its teachers got a place."""
    day = clock.today(people.zone_of(found.provider_id))
    asked, given = Counter[int](), Counter[int]()
    for number, college_id in queries.colleges_of(found.id, day).items():
        asked[college_id] += 1
        given[college_id] += number in outcome.seats
    offices = (
        select(Role.organisation_id, Role.person_id)
        .join(Person, Person.id == Role.person_id)
        .where(Role.kind == RoleKind.COLLEGE_HR, people.role_lives(day), Person.disabled_at.is_(None))
        .order_by(Role.organisation_id, Role.person_id)
    )
    plain, about = queries.told(found), ("allocation_round", found.id)
    told = []
    for college_id, person_id in db.session.execute(offices).tuples():
        if college_id in asked:
            facts = {
                **plain, "given": given[college_id], "none": asked[college_id] - given[college_id],
                "path": f"/rounds/{found.code}/order",
            }  # fmt: skip
            key = f"round:{found.id}:college:{college_id}:{person_id}"
            told.append(messages.Said(person_id, facts, key, about))
    messages.later_each("round.college", told)


@use_case
def leave_round(actor: Actor, run: Run, why: str | None) -> None:
    """A cancelled run leaves its round; whoever ranked it is told, and may rank another while there is time."""
    found = queries.round_of_run(run.id)
    if found is None:
        return
    found = queries.allocation_round(found.code, lock=True)
    row = db.session.get(RoundRun, run.id)
    if row is None or not queries.facts(found).is_open_state:
        return
    db.session.delete(row)
    audit.record(actor, "round.run_left", found, before={"run": run.code}, why=why)
    facts = {
        **queries.told(found), "run": run.code, "course": run.version.titles, "reason": why or "",
        "path": f"/rounds/{found.code}/rank",
    }  # fmt: skip
    messages.later_many(
        queries.who_ranked(found.id, run.id), "round.run_gone", facts, about=("allocation_round", found.id),
        key_prefix=f"round:{found.id}:gone:{run.id}",
    )  # fmt: skip


def pool_name(pool: str | None) -> str | None:
    """The group that a place was set aside for; None for one open to all."""
    return None if pool in (None, OPEN_POOL) else pool
