"""The exclusion of somebody who has not completed, or would not: a person decides, and an order follows."""

from sqlalchemy import select

from retrain import audit, clock
from retrain.attendance.absences import absences
from retrain.attendance.absences.states import Answer
from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.completion import commission_queries, deciding, excluding_rules, queries
from retrain.completion.commission_rules import file_by
from retrain.completion.states import Outcome, Purpose
from retrain.database.use_case import use_case
from retrain.enrolment import service as enrolment
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import State
from retrain.extensions import db
from retrain.orders import service as orders
from retrain.orders.states import OrderKind
from retrain.people import queries as people
from retrain.refusal import NotThere, Refusal, Refused

ACTION = "absence.decide"


@use_case
def exclude(actor: Actor, run_code: str, enrolment_id: int, why: str) -> Enrolment:
    """Take somebody off the list of the group and draft the order of exclusion; asked twice it is once.

    Refused for whoever completes, and while an appeal waits or may still be filed.
    """
    run = deciding.managed_run(actor, run_code, ACTION, lock=True)
    held = select(Enrolment).where(Enrolment.id == enrolment_id, Enrolment.run_id == run.id).with_for_update()
    row = db.session.scalar(held.execution_options(populate_existing=True))
    if row is None:
        raise NotThere(enrolment_id)
    if row.state is State.EXCLUDED:
        return row
    if found := refusals(run, row, why):
        raise Refused(found)
    if row.state is State.NOT_COMPLETED:
        enrolment.exclude_after_all(actor, row.id, why)
    elif any(each.enrolment_id == row.id and each.answer is None for each in absences.proposals(run.id)):
        absences.answer(actor, run.code, row.id, Answer.EXCLUDED, why)
    else:
        enrolment.remove(actor, row.id, why)
    orders.draft_order(actor, run.code, OrderKind.EXCLUSION)
    audit.record(actor, "completion.excluded", ("enrolment", row.id), why=why.strip())
    return row


def refusals(run: Run, row: Enrolment, why: str = "…") -> list[Refusal]:
    """Why somebody can't be excluded from the run; empty when they can."""
    if row.state not in (State.ENROLLED, State.NOT_COMPLETED):
        return [Refusal.of("not-on-run", run=run.code)]
    decision, zone = queries.decision_of(row.id), people.zone_of(run.provider_id)
    if decision is None:
        outcome, last = deciding.weigh(run, row.id)[0].outcome, None
    else:
        decided_on = decision.decided_at.astimezone(zone).date()
        outcome = decision.outcome
        last = file_by(decided_on, commission_queries.terms_of(run.provider_id, Purpose.APPEAL, decided_on))
    appeals = [each.state for each in commission_queries.appeals_of(row.id)]
    return excluding_rules.refusals(outcome is Outcome.COMPLETED, last, clock.today(zone), appeals, why)
