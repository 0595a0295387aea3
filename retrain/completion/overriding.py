"""A decision other than the rules give: one person proposes it with a reason, a second confirms or refuses it."""

from sqlalchemy import select

from retrain import audit, clock
from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.catalogue.states import RunState
from retrain.completion import deciding, queries, sheets
from retrain.completion.grading import OPEN
from retrain.completion.models import Override
from retrain.completion.states import Outcome, OverrideState
from retrain.database.use_case import use_case
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.refusal import NotThere, Refusal, Refused

LIVING = (OverrideState.PROPOSED, OverrideState.CONFIRMED)


@use_case
def propose_override(actor: Actor, run_code: str, enrolment_id: int, outcome: Outcome, why: str) -> Override:
    """What somebody proposes to decide against the rules, and why; it holds once another person confirms it."""
    run = deciding.managed_run(actor, run_code, lock=True)
    lock = select(Enrolment).where(Enrolment.id == enrolment_id, Enrolment.run_id == run.id).with_for_update()
    if db.session.scalar(lock) is None or enrolment_id not in queries.members(run.id):
        raise NotThere
    if enrolment_id in sheets.own(run.id, actor):
        raise Refused(Refusal.of("override-of-oneself"))
    if refused := _refusals(run, enrolment_id, outcome, why):
        raise Refused(refused)
    row = Override(
        enrolment_id=enrolment_id, outcome=outcome, why=why.strip(), proposed_by_id=actor.person_id or 0,
        proposed_at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    audit.record(
        actor, "override.proposed", ("enrolment", enrolment_id), after={"outcome": outcome}, why=why.strip()
    )
    return row


def _refusals(run: Run, enrolment_id: int, outcome: Outcome, why: str) -> list[Refusal]:
    found = []
    if not why.strip():
        found.append(Refusal.of("override-reason-missing", field="why"))
    if living(enrolment_id):
        found.append(Refusal.of("override-there-already"))
    if run.state not in (*OPEN, RunState.FINISHED):
        found.append(Refusal.of("run-not-open"))
    decision = queries.decision_of(enrolment_id)
    if decision is not None:
        now, ended = decision.outcome, True
    else:
        (each,) = deciding.weigh(run, enrolment_id)
        now, ended = each.outcome, False
    if now is outcome:
        found.append(Refusal.of("override-changes-nothing"))
    elif ended and outcome is Outcome.NOT_COMPLETED:
        found.append(Refusal.of("completion-stays"))
    return found


@use_case
def answer_override(
    actor: Actor, run_code: str, override_id: int, confirm: bool, answer: str = ""
) -> Override:
    """The second person's answer. Confirmed, it decides when the run is closed, or at once when it is."""
    run = deciding.managed_run(actor, run_code, "completion.confirm", lock=True)
    row = db.session.scalar(
        select(Override)
        .join(Enrolment, Enrolment.id == Override.enrolment_id)
        .where(Override.id == override_id, Enrolment.run_id == run.id)
        .with_for_update(of=Override)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotThere
    if row.state is not OverrideState.PROPOSED:
        raise Refused(Refusal.of("override-answered"))
    if row.enrolment_id in sheets.own(run.id, actor):
        raise Refused(Refusal.of("override-of-oneself"))
    if confirm and row.proposed_by_id in (actor.person_id, actor.delegated_by):
        raise Refused(Refusal.of("override-own"))
    if not confirm and not answer.strip():
        raise Refused(Refusal.of("override-refusal-reason-missing", field="answer"))
    row.state = OverrideState.CONFIRMED if confirm else OverrideState.REFUSED
    row.answered_by_id, row.answered_at, row.answer = actor.person_id, clock.now(), answer.strip()
    if row.answered_by_id == row.proposed_by_id:
        row.answered_by_id = None  # whoever proposed it takes it back; nobody else has answered
    db.session.flush()
    audit.record(
        actor, f"override.{row.state.value}", ("enrolment", row.enrolment_id),
        after={"outcome": row.outcome}, why=answer.strip() or None,
    )  # fmt: skip
    if confirm and queries.decision_of(row.enrolment_id) is not None:
        deciding.decide_again(actor, run, row.enrolment_id)
    return row


def living(enrolment_id: int) -> Override | None:
    """The override that waits or holds for somebody."""
    found = select(Override).where(Override.enrolment_id == enrolment_id, Override.state.in_(LIVING))
    return db.session.scalar(found)


def of_run(run_id: int) -> list[Override]:
    """Everything that was proposed on a run, the latest first."""
    found = select(Override).join(Enrolment, Enrolment.id == Override.enrolment_id)
    return list(db.session.scalars(found.where(Enrolment.run_id == run_id).order_by(Override.id.desc())))
