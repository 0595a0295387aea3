"""How a round comes to be: made with its seed, given runs, published, changed, called off."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from retrain import audit, clock, messages
from retrain.allocation import queries, quotas, round_rules
from retrain.allocation.models import AllocationRound, RoundRun
from retrain.allocation.reading import runs_of
from retrain.allocation.states import RoundState
from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.database import hot
from retrain.database.use_case import use_case
from retrain.enrolment.service import set_way, set_ways
from retrain.enrolment.states import Way
from retrain.extensions import db
from retrain.people import permissions
from retrain.people.models import Organisation
from retrain.people.permissions import Target
from retrain.refusal import ChangedMeanwhile, NotThere, Refusal, Refused


@dataclass(frozen=True)
class RoundPlan:
    """What a coordinator decides about a round."""

    titles: Mapping[str, str]
    opens_at: datetime
    closes_at: datetime

    def values(self) -> dict[str, Any]:
        titles = {code: text.strip() for code, text in self.titles.items() if text.strip()}
        return {"titles": titles, "opens_at": self.opens_at, "closes_at": self.closes_at}


@use_case
def create_round(actor: Actor, plan: RoundPlan) -> AllocationRound:
    """A draft of a round of the actor's organisation. Its seed is drawn now and seen by everybody from now on."""
    permissions.require(actor, "allocation.manage", Target(provider_id=actor.organisation_id))
    now = clock.now()
    if why := round_rules.plan_refusals(plan.titles, plan.opens_at, plan.closes_at, now):
        raise Refused(why)
    # The provider's row is held, so that two rounds made at once get two codes.
    provider = db.session.scalars(
        select(Organisation).where(Organisation.id == actor.organisation_id).with_for_update()
    ).one()
    number = db.session.scalar(
        select(func.count()).select_from(AllocationRound).where(AllocationRound.provider_id == provider.id)
    )
    made = AllocationRound(
        code=f"{provider.code}-R{(number or 0) + 1}", provider_id=provider.id, seed=secrets.token_hex(16),
        state=RoundState.DRAFT, created_at=now, created_by_id=actor.person_id, **plan.values(),
    )  # fmt: skip
    db.session.add(made)
    audit.record(actor, "round.created", made, after={**plan.values(), "code": made.code, "seed": made.seed})
    return made


@use_case
def change_round(actor: Actor, code: str, plan: RoundPlan, lock: int) -> AllocationRound:
    """Another name or window. The opening stays once the round is open, the close once it is over."""
    found, now = managed(actor, code), clock.now()
    before = {"titles": found.titles, "opens_at": found.opens_at, "closes_at": found.closes_at}
    changed = {name: value for name, value in plan.values().items() if before[name] != value}
    if changed and lock != found.lock:
        raise ChangedMeanwhile({name: (before[name], value) for name, value in changed.items()})
    why = round_rules.change_refusals(queries.facts(found), plan.opens_at, now)
    why += round_rules.plan_refusals(plan.titles, plan.opens_at, plan.closes_at, now)
    for run in queries.runs_for_round(found, in_it=True):
        why += round_rules.window_refusals(run, plan.closes_at)
    if why:
        raise Refused(why)
    if changed:
        for name, value in changed.items():
            setattr(found, name, value)
        found.lock += 1
        audit.record(
            actor, "round.changed", found, before={name: before[name] for name in changed}, after=changed
        )
    return found


@use_case
def add_runs(actor: Actor, code: str, run_codes: Sequence[str]) -> list[str]:
    """Put runs into a draft round, all or none; those in it already stay. From now on only the round gives places."""
    found = managed(actor, code)
    if why := round_rules.runs_refusals(queries.facts(found)):
        raise Refused(why)
    if not run_codes:
        raise Refused(Refusal.of("round-no-run-chosen"))
    held = _hold(run_codes)
    in_it = {run.code for run in queries.runs_for_round(found, in_it=True)}
    new = [run for run in queries.runs_for_round(found, codes=held) if run.code not in in_it]
    if why := [each for run in new for each in round_rules.run_refusals(run, found.closes_at)]:
        raise Refused(why)
    for run in new:
        db.session.add(RoundRun(run_id=held[run.code], round_id=found.id))
        set_way(held[run.code], Way.ROUND)
    db.session.flush()
    _refuse_crossing(found)
    added = [run.code for run in new]
    if added:
        audit.record(actor, "round.runs_added", found, after={"runs": added})
    return added


@use_case
def remove_run(actor: Actor, code: str, run_code: str) -> None:
    """Take a run out of a draft round; its places go to the first who come again."""
    found = managed(actor, code)
    if why := round_rules.runs_refusals(queries.facts(found)):
        raise Refused(why)
    held = _hold([run_code])
    gone = delete(RoundRun).where(RoundRun.round_id == found.id, RoundRun.run_id.in_(held.values()))
    if not hot.execute(gone).rowcount:
        raise NotThere
    set_way(held[run_code], Way.FIRST_COME)
    audit.record(actor, "round.run_removed", found, before={"run": run_code})


@use_case
def publish_round(actor: Actor, code: str) -> AllocationRound:
    """Put the round before the teachers; its runs and its seed are settled from now on."""
    found = managed(actor, code)
    if found.state is RoundState.PUBLISHED:
        return found
    runs = queries.runs_for_round(found, in_it=True)
    if why := round_rules.publish_refusals(queries.facts(found), runs, clock.now()):
        raise Refused(why)
    _refuse_crossing(found)
    found.state = RoundState.PUBLISHED
    found.lock += 1
    audit.record(
        actor, "round.published", found, after={"runs": [run.code for run in runs], "seed": found.seed}
    )
    return found


@use_case
def cancel_round(actor: Actor, code: str, reason: str) -> AllocationRound:
    """Call the round off: whoever ranked runs is told why, and places go to the first who come."""
    found = managed(actor, code)
    if found.state is RoundState.CANCELLED:
        return found
    why = round_rules.cancel_refusals(queries.facts(found))
    if not reason.strip():
        why.append(Refusal.of("round-reason-missing", field="why"))
    if why:
        raise Refused(why)
    before, found.state = found.state, RoundState.CANCELLED
    found.lock += 1
    free_runs(found)
    audit.record(
        actor,
        "round.cancelled",
        found,
        before={"state": before},
        after={"state": found.state},
        why=reason.strip(),
    )
    facts = {**queries.told(found), "reason": reason.strip(), "path": "/rounds"}
    messages.later_many(
        queries.who_ranked(found.id), "round.cancelled", facts, about=("allocation_round", found.id),
        key_prefix=f"round:{found.id}:cancelled",
    )  # fmt: skip
    return found


def managed(actor: Actor, code: str, action: str = "allocation.manage") -> AllocationRound:
    """The round, its row held, if *actor* may do *action* with it."""
    found = queries.allocation_round(code, lock=True)
    permissions.require(actor, action, Target(provider_id=found.provider_id))
    return found


def free_runs(found: AllocationRound) -> None:
    """What the round does not give any more goes to the first who come."""
    codes = [run.code for run in queries.runs_for_round(found, in_it=True)]
    set_ways(_hold(codes).values(), Way.FIRST_COME)


def _hold(run_codes: Sequence[str]) -> dict[str, int]:
    """The runs, held in the order of their numbers, so that nobody takes a place meanwhile."""
    rows = select(Run.id, Run.code).where(Run.code.in_(run_codes)).order_by(Run.id)
    found = {
        code: number for number, code in db.session.execute(rows.with_for_update(key_share=True)).tuples()
    }
    if found.keys() != set(run_codes):
        raise NotThere
    return found


def _refuse_crossing(found: AllocationRound) -> None:
    why = [
        Refusal.of("quotas-cross", run=run.facts.code, **each.facts)
        for run in runs_of(found.id)
        for each in quotas.crossing(run.quotas)
    ]
    if why:
        raise Refused(why)
