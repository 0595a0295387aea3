"""Who completed a run and who did not: what closing would decide, the closing itself, and the same asked again later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from retrain import audit, clock, messages
from retrain.attendance import by_kind
from retrain.attendance import queries as attendance
from retrain.audit import Actor
from retrain.catalogue import queries as catalogue
from retrain.catalogue import service as catalogue_service
from retrain.catalogue.models import Run
from retrain.catalogue.states import RunState
from retrain.completion import commission_queries, grading, queries, rules, sheets
from retrain.completion.grading import OPEN
from retrain.completion.models import Decision, DecisionChange, Override
from retrain.completion.rules import Condition, Policy, Standing
from retrain.completion.states import Outcome, OverrideState
from retrain.database.use_case import use_case
from retrain.enrolment import funding
from retrain.enrolment import service as enrolment_service
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.orders import queries as order_queries
from retrain.orders.states import OrderKind
from retrain.people import permissions, settings
from retrain.people import queries as people
from retrain.people.permissions import Target
from retrain.record import service as record
from retrain.record.states import CreditKind
from retrain.refusal import Refusal, Refused

Preview = tuple[queries.Member, Outcome, list[Condition]]


@dataclass(frozen=True)
class Weighed:
    """One person with everything that was weighed, and what came out."""

    member: queries.Member
    standing: Standing
    outcome: Outcome
    conditions: list[Condition]


def hour_of(run: Run) -> int:
    """The academic hour that held when the run ended: a later one changes no decision."""
    return int(settings.get(run.provider_id, "academic_hour", run.ends_on))


def preview(run: Run) -> list[Preview]:
    """What closing the run now would decide for each person; writes nothing."""
    return [(each.member, each.outcome, each.conditions) for each in weigh(run)]


def weigh(run: Run, only: int | None = None) -> list[Weighed]:
    """Everybody of the group, or *only* one enrolment, by the run's policy and the data as they are."""
    policy = Policy.of(run.policy)
    members = [each for each in queries.group(run, hour_of(run)) if only in (None, each.enrolment_id)]
    known = standings(run, policy)
    found = []
    for member in members:
        standing = known.get(member.enrolment_id, rules.NOTHING_MORE)
        found.append(
            Weighed(member, standing, *rules.decide(policy, member.attended, member.graded, standing))
        )
    return found


def standings(run: Run, policy: Policy) -> dict[int, Standing]:
    """enrolment → what its decision rests on beside hours in all and results; who has none of it is left out."""
    kinds = by_kind.hours_done(run, hour_of(run), policy.excused_counts) if policy.least_by_kind else {}
    owes = _owing(run) if policy.unpaid_blocks_completion else {}
    votes, overrides = commission_queries.votes(run.id), _overrides(run)
    appeals = commission_queries.upheld(run.id)
    numbers = {*kinds, *owes, *votes, *overrides, *appeals}
    return {
        number: Standing(
            kinds.get(number, {}), owes.get(number), votes.get(number), overrides.get(number),
            appeals.get(number),
        )
        for number in numbers
    }  # fmt: skip


def _owing(run: Run) -> dict[int, int]:
    rows = db.session.scalars(select(Enrolment).where(Enrolment.run_id == run.id))
    return {row.id: row.price or 0 for row in rows if funding.money_of(row).unpaid}


def _overrides(run: Run) -> dict[int, dict[str, Any]]:
    found = (
        select(Override)
        .join(Enrolment, Enrolment.id == Override.enrolment_id)
        .where(Enrolment.run_id == run.id, Override.state == OverrideState.CONFIRMED)
    )
    return {
        row.enrolment_id: {
            "outcome": row.outcome.value, "why": row.why, "by": row.proposed_by_id, "second": row.answered_by_id,
        }
        for row in db.session.scalars(found)
    }  # fmt: skip


def refusals_to_close(run: Run) -> list[Refusal]:
    """Why the run can't be closed yet; empty when it can."""
    found = []
    if run.state not in OPEN:
        found.append(Refusal.of("run-not-open"))
    if run.ends_on > clock.today(people.zone_of(run.provider_id)):
        found.append(Refusal.of("run-not-over", ends=run.ends_on))
    if count := attendance.unsigned([run.id], run.ends_on).get(run.id, 0):
        found.append(Refusal.of("registers-unsigned", count=count))
    if "enrolment_order" in run.policy.get("grounds", []) and not order_queries.order_of(
        run, OrderKind.ENROLMENT
    ):
        found.append(Refusal.of("enrolment-order-missing"))
    return found


@use_case
def close_run(actor: Actor, run_code: str) -> list[Decision]:
    """Decide on every person of the run by its policy and finish it; all or nothing.

    Statements left open are closed first, as they stand.
    """
    run = managed_run(actor, run_code, lock=True)
    if why := refusals_to_close(run):
        raise Refused(why)
    _close_statements(actor, run)
    found = _decide(actor, run, weigh(run))
    catalogue_service.move_run(actor, run_code, RunState.FINISHED)
    audit.record(actor, "run.closed", run, after={
        outcome.value: sum(decision.outcome is outcome for decision in found) for outcome in Outcome
    })  # fmt: skip
    return found


def _close_statements(actor: Actor, run: Run) -> None:
    grid = sheets.grid(run, lock=True)
    sat = {(number, attempt) for number, _who, attempt in grid.attempts}
    still_open = [row for row in grid.assessments if (row.id, grid.attempt(row)) in sat]
    group = grading.sitters(run) if still_open else {}
    for row in still_open:
        grading.close_sheet(actor, grid, row, group)


def _decide(actor: Actor, run: Run, weighed: Sequence[Weighed]) -> list[Decision]:
    """The decisions written down, and what follows from each: the end of the enrolment, hours earned, a message."""
    policy, now = Policy.of(run.policy), clock.now()
    found = [
        Decision(
            enrolment_id=each.member.enrolment_id,
            outcome=each.outcome,
            reasons=reasons(each.conditions),
            facts=rules.facts(policy, each.member.attended, each.member.graded, each.standing, run.hours),
            decided_at=now,
            decided_by_id=actor.person_id,
        )
        for each in weighed
    ]
    db.session.add_all(found)
    ended = {each.member.enrolment_id: each.outcome is Outcome.COMPLETED for each in weighed}
    enrolment_service.finish_enrolments(actor, run.code, ended)
    earned = [
        _credit(run, each.member, decision.facts["hours"])
        for each, decision in zip(weighed, found, strict=True)
        if each.outcome is Outcome.COMPLETED
    ]
    record.add_credits(actor, earned)
    audit.record_many(actor, "completion.decided", [
        (("enrolment", each.member.enrolment_id), {"outcome": each.outcome}) for each in weighed
    ])  # fmt: skip
    facts = {"run": run.code, "title": run.version.titles}
    for outcome in Outcome:
        messages.later_each(f"completion.{outcome.value}", [
            messages.Said(
                each.member.person_id, facts, f"completion:{each.member.enrolment_id}", ("run", run.id)
            )
            for each in weighed
            if each.outcome is outcome
        ])  # fmt: skip
    return found


def reasons(conditions: Sequence[Condition]) -> list[dict[str, Any]]:
    """Conditions as they are kept."""
    return [vars(condition).copy() for condition in conditions]


def _credit(run: Run, member: queries.Member, hours: int) -> record.Earned:
    return record.Earned(
        member.teacher_id, f"enrolment:{member.enrolment_id}", hours, CreditKind(run.kind.value),
        run.version.titles, run.ends_on,
    )  # fmt: skip


def decide_again(actor: Actor, run: Run, enrolment_id: int) -> Decision:
    """The decision anew on the data as they are now, for whoever has found that it must be; the old one is kept.

    It takes nobody's completion back: a document may rest on it.
    """
    decision = db.session.scalars(select(Decision).where(Decision.enrolment_id == enrolment_id)).one()
    (each,) = weigh(run, enrolment_id)
    outcome = each.outcome if decision.outcome is Outcome.NOT_COMPLETED else decision.outcome
    db.session.add(_kept(decision, actor))
    was, decision.outcome = decision.outcome, outcome
    decision.reasons = reasons(each.conditions)
    policy = Policy.of(run.policy)
    decision.facts = rules.facts(policy, each.member.attended, each.member.graded, each.standing, run.hours)
    decision.decided_at, decision.decided_by_id = clock.now(), actor.person_id
    audit.record(
        actor, "completion.decided_again", ("enrolment", enrolment_id),
        before={"outcome": was}, after={"outcome": outcome},
    )  # fmt: skip
    if was is not outcome:
        enrolment_service.complete_after_all(actor, enrolment_id)
        record.add_credits(actor, [_credit(run, each.member, decision.facts["hours"])])
        messages.later(
            each.member.person_id, "completion.completed", {"run": run.code, "title": run.version.titles},
            about=("run", run.id), key=f"completion:{enrolment_id}:again",
        )  # fmt: skip
    return decision


def _kept(decision: Decision, actor: Actor) -> DecisionChange:
    return DecisionChange(
        enrolment_id=decision.enrolment_id, was=decision.outcome, reasons=decision.reasons, facts=decision.facts,
        decided_at=decision.decided_at, decided_by_id=decision.decided_by_id,
        changed_at=clock.now(), changed_by_id=actor.person_id,
    )  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """A decision that the rules would not give again: from what it kept, or from the data as they are."""

    enrolment_id: int
    source: str
    was: tuple[str, Any]
    now: tuple[str, Any]


def replayed(run: Run) -> list[Difference]:
    """The decisions of *run* asked again of what they kept, and of registers and results; empty when all agree."""
    live = {each.member.enrolment_id: each for each in weigh(run)}
    found = []
    for number, decision in queries.decisions(run.id).items():
        if number not in live:  # excluded since: the decision stands, and nobody weighs them any more
            continue
        kept = (decision.outcome.value, decision.reasons)
        outcome, conditions = rules.replay(decision.facts)
        answers: Mapping[str, tuple[str, Any]] = {
            "kept": (outcome.value, reasons(conditions)),
            "data": (live[number].outcome.value, reasons(live[number].conditions)),
        }
        found += [Difference(number, name, kept, now) for name, now in answers.items() if now != kept]
    return found


def managed_run(actor: Actor, code: str, action: str = "completion.decide", lock: bool = False) -> Run:
    """The run, for somebody who may do *action* with it; locked, it is closed by one and its results wait."""
    run = catalogue.run(code, for_update=lock)
    permissions.require(actor, action, Target(provider_id=run.provider_id, curator_id=run.curator_id))
    return run
