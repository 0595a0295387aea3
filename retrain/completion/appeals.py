"""Appeals: filed by the teacher within their days, answered in a session of the commission of appeals."""

from datetime import timedelta

from sqlalchemy import select

from retrain import audit, clock, messages
from retrain.audit import Actor
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.completion import commission_queries, deciding, grading, queries, sheets
from retrain.completion import commission_rules as rules
from retrain.completion.commission_models import Appeal, ProtocolLine, Sitting
from retrain.completion.states import DECIDED, AppealState, Purpose
from retrain.database.rows import only
from retrain.database.use_case import use_case
from retrain.enrolment import queries as enrolment
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.permissions import Target
from retrain.people.states import RoleKind
from retrain.refusal import NotThere, Refusal, Refused


@use_case
def file_appeal(actor: Actor, enrolment_id: int, why: str) -> Appeal:
    """The teacher's appeal against what was decided on them; Refused with the day it could have been filed until."""
    row, run = _own(actor, enrolment_id)
    zone, now = people.zone_of(run.provider_id), clock.now()
    decision = queries.decision_of(row.id)
    decided_on = decision.decided_at.astimezone(zone).date() if decision else None
    earlier = [each.state for each in commission_queries.appeals_of(row.id)]
    terms = commission_queries.terms_of(run.provider_id, Purpose.APPEAL, decided_on)
    outcome = decision.outcome if decision else None
    if refused := rules.appeal_refusals(outcome, decided_on, clock.today(zone), why, earlier, terms):
        raise Refused(refused)
    appeal = Appeal(
        enrolment_id=row.id, why=why.strip(), filed_at=now, decide_by=rules.decide_by(now, zone, terms)
    )
    db.session.add(appeal)
    db.session.flush()
    audit.record(actor, "appeal.filed", appeal, after={"enrolment": row.id, "decide_by": appeal.decide_by})
    offices = {
        person.id
        for kind in (RoleKind.COORDINATOR, RoleKind.SECRETARY)
        for person in people.holders(run.provider_id, kind)
    }
    facts = {"run": run.code, "title": run.version.titles, "by": appeal.decide_by.isoformat(),
             "path": f"/manage/runs/{run.code}/commissions/appeal"}  # fmt: skip
    messages.later_many(
        offices, "appeal.filed", facts, key_prefix=f"appeal.filed:{appeal.id}", about=("appeal", appeal.id)
    )
    return appeal


@use_case
def take_appeal_back(actor: Actor, enrolment_id: int) -> Appeal:
    """The appeal that is under way, taken back by who filed it."""
    row, _run = _own(actor, enrolment_id)
    found = [each for each in commission_queries.appeals_of(row.id) if each.state is AppealState.FILED]
    if not found:
        raise Refused(Refusal.of("no-appeal"))
    found[0].state = AppealState.WITHDRAWN
    audit.record(actor, "appeal.withdrawn", found[0], after={"enrolment": row.id})
    return found[0]


def answer_all(actor: Actor, run: Run, sitting: Sitting) -> None:
    """What a closed session decided on each appeal it heard, and what follows from it."""
    today = clock.today(people.zone_of(run.provider_id))
    terms = commission_queries.terms_of(run.provider_id, Purpose.APPEAL, sitting.held_on)
    waiting = {
        each.enrolment_id: each
        for each in commission_queries.appeals(run.id)
        if each.state is AppealState.FILED
    }
    for line in sitting.lines:
        appeal = waiting[line.enrolment_id]
        vote = commission_queries.vote_of(line, sitting)
        appeal.state = AppealState.UPHELD if vote.carried else AppealState.REJECTED
        appeal.decided_on, appeal.sitting_id, appeal.answer = sitting.held_on, sitting.id, line.note
        appeal.copy_by = today + timedelta(days=terms.copy_days)
        db.session.flush()
        audit.record(
            actor, f"appeal.{appeal.state.value}", appeal, after={"enrolment": line.enrolment_id},
            why=line.note or None,
        )  # fmt: skip
        if appeal.state is AppealState.UPHELD:
            _put_right(actor, run, line)
        person_id = people.teacher(enrolment.enrolment(line.enrolment_id).teacher_id).person_id
        messages.later(
            person_id, f"appeal.{appeal.state.value}",
            {"run": run.code, "title": run.version.titles, "why": line.note,
             "path": f"/enrolments/{line.enrolment_id}/outcome"},
            about=("appeal", appeal.id), key=f"appeal:{appeal.id}",
        )  # fmt: skip


def _put_right(actor: Actor, run: Run, line: ProtocolLine) -> None:
    """New points decide by the rules as any result does; without points the commission decides the outcome."""
    final = queries.final_of(run.id)
    if line.points is not None and final is not None:
        grid = sheets.grid(run, lock=True)
        key = max(
            (at for at in grid.attempts if at[:2] == (final.id, line.enrolment_id)),
            default=(final.id, line.enrolment_id, 1),
        )
        grading.write_correction(actor, grid.attempts.get(key), key, line.points, line.note)
        db.session.flush()
    deciding.decide_again(actor, run, line.enrolment_id)


@use_case
def hand_copy(actor: Actor, run_code: str, appeal_id: int) -> Appeal:
    """The day on which the teacher was given the copy of the decision; asked twice, the first day stays."""
    run = catalogue.run(run_code)
    permissions.require(actor, "commission.manage", Target(provider_id=run.provider_id))
    row = db.session.get(Appeal, appeal_id)
    if row is None or row not in commission_queries.appeals(run.id):
        raise NotThere
    if row.state not in DECIDED:
        raise Refused(Refusal.of("appeal-undecided"))
    if row.copied_on is None:
        row.copied_on = clock.today(people.zone_of(run.provider_id))
        audit.record(actor, "appeal.copied", row, after={"on": row.copied_on})
    return row


def _own(actor: Actor, enrolment_id: int) -> tuple[Enrolment, Run]:
    """Somebody's own place on a run, held while it is written."""
    row = only(select(Enrolment).where(Enrolment.id == enrolment_id), enrolment_id, for_update=True)
    person_id = people.teacher(row.teacher_id).person_id
    permissions.require(actor, "appeal.file", Target(person_id=person_id))
    return row, catalogue.run(enrolment.code_of(row.run_id))
