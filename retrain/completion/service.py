"""Assessments, results and decisions. The only writer of this package's tables."""

from collections.abc import Mapping
from dataclasses import asdict

from retrain import audit, clock, messages
from retrain.attendance import queries as attendance
from retrain.audit import Actor
from retrain.catalogue import queries as catalogue
from retrain.catalogue import service as catalogue_service
from retrain.catalogue.models import Run
from retrain.catalogue.states import RunState
from retrain.completion import queries, rules
from retrain.completion.models import Assessment, Decision, Result
from retrain.completion.states import AssessmentKind, Outcome
from retrain.database.use_case import use_case
from retrain.enrolment import service as enrolment_service
from retrain.extensions import db
from retrain.orders import queries as order_queries
from retrain.orders.states import OrderKind
from retrain.people import permissions, settings
from retrain.people import queries as people
from retrain.people.permissions import Target
from retrain.record import service as record
from retrain.record.states import CreditKind
from retrain.refusal import Refusal, Refused

OPEN = (RunState.PUBLISHED, RunState.CONFIRMED, RunState.RUNNING)
"""States of a run in which results may still be entered and the run be closed."""


@use_case
def add_assessment(
    actor: Actor,
    run_code: str,
    titles: dict[str, str],
    kind: AssessmentKind,
    pass_mark: int,
    module_id: int | None = None,
) -> Assessment:
    """Something the people of the run will be given points for."""
    run = _open_run(actor, run_code)
    if kind is AssessmentKind.FINAL and any(row.kind is kind for row in queries.assessments(run.id)):
        raise Refused(Refusal.of("final-exists"))
    assessment = Assessment(run_id=run.id, titles=titles, kind=kind, pass_mark=pass_mark, module_id=module_id)
    db.session.add(assessment)
    audit.record(actor, "assessment.added", assessment, after={"kind": kind, "pass_mark": pass_mark})
    return assessment


@use_case
def enter_results(actor: Actor, run_code: str, points: Mapping[tuple[int, int], int | None]) -> int:
    """Write ``(assessment, enrolment) → points``; None takes a result back. How many changed.

    Raises Refused with each cell that is not 0 to 100 or not of this run; then nothing is written.
    """
    run = _open_run(actor, run_code)
    known = {row.id for row in queries.assessments(run.id)}
    members = queries.members(run.id)
    why = []
    for (assessment_id, enrolment_id), value in points.items():
        field = f"points-{assessment_id}-{enrolment_id}"
        if assessment_id not in known or enrolment_id not in members:
            why.append(Refusal.of("not-of-this-run", field=field))
        if value is not None and not 0 <= value <= 100:
            why.append(Refusal.of("points-out-of-scale", field=field, points=value))
    if why:
        raise Refused(why)
    entered = queries.results(run.id)
    return sum(_enter(actor, *cell, value, entered.get(cell)) for cell, value in points.items())


def _enter(
    actor: Actor, assessment_id: int, enrolment_id: int, value: int | None, row: Result | None
) -> bool:
    """Write one cell over the result there is; False when it says the same already."""
    before = row.points if row else None
    if before == value:
        return False
    if value is None:
        db.session.delete(row)
    elif row is None:
        row = Result(assessment_id=assessment_id, enrolment_id=enrolment_id, points=value)
        row.entered_by_id, row.entered_at = actor.person_id, clock.now()
        db.session.add(row)
    else:
        row.points, row.entered_by_id, row.entered_at = value, actor.person_id, clock.now()
    audit.record(
        actor, "result.entered", ("enrolment", enrolment_id),
        before={"assessment": assessment_id, "points": before}, after={"assessment": assessment_id, "points": value},
    )  # fmt: skip
    return True


def preview(run: Run) -> list[tuple[queries.Member, Outcome, list[rules.Condition]]]:
    """What closing the run now would decide for each person; writes nothing."""
    policy = rules.Policy.of(run.policy)
    members = queries.group(run, settings.get(run.provider_id, "academic_hour"))
    return [(member, *rules.decide(policy, member.attended, member.graded)) for member in members]


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
    """Decide on every person of the run by its policy and finish it; all or nothing."""
    run = _managed_run(actor, run_code)
    if why := refusals_to_close(run):
        raise Refused(why)
    found = [_decide(actor, run, *row) for row in preview(run)]
    catalogue_service.move_run(actor, run_code, RunState.FINISHED)
    audit.record(actor, "run.closed", run, after={
        outcome.value: sum(decision.outcome is outcome for decision in found) for outcome in Outcome
    })  # fmt: skip
    return found


def _decide(
    actor: Actor, run: Run, member: queries.Member, outcome: Outcome, conditions: list[rules.Condition]
) -> Decision:
    decision = Decision(
        enrolment_id=member.enrolment_id,
        outcome=outcome,
        reasons=[asdict(condition) for condition in conditions],
        facts={
            "policy": asdict(rules.Policy.of(run.policy)),
            "attended": asdict(member.attended),
            "results": [asdict(graded) for graded in member.graded],
            "final_mark": rules.final_mark(member.graded),
        },
        decided_at=clock.now(),
        decided_by_id=actor.person_id,
    )
    db.session.add(decision)
    completed = outcome is Outcome.COMPLETED
    enrolment_service.finish_enrolment(actor, member.enrolment_id, completed)
    if completed:
        record.add_credit(
            actor,
            member.teacher_id,
            source=f"enrolment:{member.enrolment_id}",
            hours=run.hours,
            kind=CreditKind(run.kind.value),
            title=run.version.titles,
            on=run.ends_on,
        )
    audit.record(actor, "completion.decided", ("enrolment", member.enrolment_id), after={"outcome": outcome})
    messages.later(
        member.person_id, f"completion.{outcome.value}", {"run": run.code, "title": run.version.titles},
        about=("run", run.id), key=f"completion:{member.enrolment_id}",
    )  # fmt: skip
    return decision


def _managed_run(actor: Actor, code: str, action: str = "completion.decide") -> Run:
    run = catalogue.run(code)
    permissions.require(actor, action, Target(provider_id=run.provider_id, curator_id=run.curator_id))
    return run


def _open_run(actor: Actor, code: str) -> Run:
    """A run whose results may be entered, by whoever may: the commission's secretary as well."""
    run = _managed_run(actor, code, "result.enter")
    if run.state not in OPEN:
        raise Refused(Refusal.of("run-not-open"))
    return run
