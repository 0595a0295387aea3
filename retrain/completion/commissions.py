"""Commissions composed, their sessions held and their protocols closed. Writes these tables, and what follows."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import func, select

from retrain import audit, clock
from retrain.audit import Actor
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.catalogue.states import RunState
from retrain.completion import appeals, commission_queries, grading, queries
from retrain.completion import commission_rules as rules
from retrain.completion.commission_models import Commission, CommissionMember, ProtocolLine, Sitting
from retrain.completion.commission_rules import Line, Member
from retrain.completion.grading import OPEN
from retrain.completion.states import AppealState, Purpose
from retrain.database.rows import only
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import contacts, permissions
from retrain.people import queries as people
from retrain.people.models import Organisation
from retrain.people.permissions import Target
from retrain.refusal import NotThere, Refusal, Refused


@use_case
def compose(actor: Actor, run_code: str, purpose: Purpose, members: Sequence[Member]) -> Commission:
    """Who sits in the run's commission for a purpose from now on; an order makes it official.

    Sessions held before keep the names of those who sat there.
    """
    run = managed_run(actor, run_code, purpose)
    members = [replace(each, email=contacts.email(each.email) or each.email) for each in members]
    terms = commission_queries.terms_of(run.provider_id, purpose)
    deciders = [each.name for each in commission_queries.members(_of(run, Purpose.FINAL)) if each.votes]
    why = rules.composition_refusals(members, purpose, terms, deciders)
    why += [
        Refusal.of("member-email-wrong", name=each.name, email=each.email)
        for each in members
        if each.email and contacts.email(each.email) is None
    ]
    if why:
        raise Refused(why)
    colleagues = commission_queries.colleagues(run.provider_id)
    row = _of(run, purpose)
    before = [each.name for each in commission_queries.members(row)]
    if row is None:
        row = Commission(run_id=run.id, purpose=purpose)
        db.session.add(row)
    row.members = []
    db.session.flush()
    row.members = [
        CommissionMember(
            seat=each.seat, name=each.name, post=each.post, workplace=each.workplace, email=each.email,
            language=each.language, person_id=rules.account_of(each, colleagues),
        )
        for each in members
    ]  # fmt: skip
    db.session.flush()
    audit.record(
        actor, "commission.composed", row, before={"members": before},
        after={"run": run_code, "purpose": purpose, "members": [each.name for each in members]},
    )  # fmt: skip
    return row


@use_case
def save_sitting(
    actor: Actor, run_code: str, purpose: Purpose, held_on: date, came: Collection[str],
    lines: Sequence[Line], sitting_id: int | None = None,
) -> Sitting:  # fmt: skip
    """A session as it is written down so far: who came, and what was decided on each. Its protocol stays open.

    A page that is sent twice writes one session.
    """
    run = managed_run(actor, run_code, purpose)
    commission = _of(run, purpose)
    row = db.session.get(Sitting, sitting_id, populate_existing=True) if sitting_id else None
    if commission is None or (sitting_id and (row is None or row.commission_id != commission.id)):
        raise NotThere
    seats = commission_queries.members(commission)
    sat = [Member(each.seat, each.name, each.post, each.workplace, each.name in came) for each in seats]
    if row is None and (twin := _twin(run, purpose, held_on, sat, lines)):
        return twin
    closed = row is not None and row.closed_at is not None
    today = clock.today(people.zone_of(run.provider_id))
    why = rules.holding_refusals(commission_queries.is_ordered(run, purpose), held_on, today, closed)
    why += rules.line_refusals(lines, sat, who_may_be_heard(run, purpose), purpose)
    if why:
        raise Refused(why)
    if row is None:
        row = Sitting(commission_id=commission.id, provider_id=run.provider_id, held_on=held_on, members=[])
        db.session.add(row)
    row.held_on = held_on
    row.members = [
        {"seat": each.seat.value, "name": each.name, "post": each.post, "workplace": each.workplace,
         "present": each.present}
        for each in sat
    ]  # fmt: skip
    row.lines = []
    db.session.flush()
    row.lines = [ProtocolLine(**vars(line)) for line in lines]
    db.session.flush()
    after = {"run": run_code, "on": held_on, "came": len(came), "lines": len(lines)}
    audit.record(actor, "sitting.saved", row, after=after)
    return row


@use_case
def close_sitting(actor: Actor, run_code: str, sitting_id: int) -> Sitting:
    """The protocol under its number of the year, for good; what the commission decided holds from then.

    Refused in words without a quorum. Closed twice, it has one number.
    """
    run = managed_run(actor, run_code)
    wait = select(Organisation.id).where(Organisation.id == run.provider_id).with_for_update()
    db.session.scalar(wait)  # the numbers of a provider's protocols are taken one after the other
    row, commission = _sitting(run, sitting_id)
    if row.closed_at is not None:
        return row
    purpose = Purpose(commission.purpose)
    _must_sit(run, purpose)
    terms = commission_queries.terms_of(run.provider_id, purpose, row.held_on)
    sat, ordered = commission_queries.sat(row), commission_queries.is_ordered(run, purpose)
    today = clock.today(people.zone_of(run.provider_id))
    why = rules.holding_refusals(ordered, row.held_on, today, False)
    why += rules.quorum_refusals(sat, terms)
    why += rules.line_refusals(_lines(row), sat, who_may_be_heard(run, purpose), purpose)
    if not row.lines:
        why.append(Refusal.of("protocol-empty"))
    if why:
        raise Refused(why)
    row.year = row.held_on.year
    last = select(func.max(Sitting.number)).where(
        Sitting.provider_id == run.provider_id, Sitting.year == row.year
    )
    row.number = (db.session.scalar(last) or 0) + 1
    row.closed_at, row.closed_by_id = clock.now(), actor.person_id
    row.heard = {str(number): said for number, said in commission_queries.said_of(run, row).items()}
    db.session.flush()
    audit.record(
        actor, "sitting.closed", row, after={"run": run_code, "number": row.number, "year": row.year}
    )
    if purpose is Purpose.FINAL:
        _give_points(actor, run, row)
    else:
        appeals.answer_all(actor, run, row)
    return row


def _twin(
    run: Run, purpose: Purpose, held_on: date, sat: Sequence[Member], lines: Sequence[Line]
) -> Sitting | None:
    """The session that is written down already word for word."""
    return next(
        (
            each
            for each in commission_queries.sittings(run.id, purpose)
            if each.held_on == held_on and lines
            and commission_queries.sat(each) == list(sat) and _lines(each) == list(lines)
        ),
        None,
    )  # fmt: skip


def _lines(row: Sitting) -> list[Line]:
    return [
        Line(
            each.enrolment_id, each.title, each.votes_for, each.votes_against, each.abstained, each.chair_for,
            each.points, each.note,
        )
        for each in row.lines
    ]  # fmt: skip


def _give_points(actor: Actor, run: Run, row: Sitting) -> None:
    """The points that the commission gave are results of the final assessment, where the run has one."""
    final = queries.final_of(run.id)
    given = {line.enrolment_id: line.points for line in row.lines if line.points is not None}
    if final is not None and given:
        grading.enter_results(
            actor, run.code, {(final.id, number): points for number, points in given.items()}
        )


@use_case
def drop_sitting(actor: Actor, run_code: str, sitting_id: int) -> None:
    """A session written down by mistake goes; one whose protocol is closed stays."""
    run = managed_run(actor, run_code)
    row, _commission = _sitting(run, sitting_id)
    if row.closed_at is not None:
        raise Refused(Refusal.of("sitting-closed"))
    audit.record(actor, "sitting.dropped", row, before={"run": run_code, "on": row.held_on})
    db.session.delete(row)


def _sitting(run: Run, sitting_id: int) -> tuple[Sitting, Commission]:
    row = only(select(Sitting).where(Sitting.id == sitting_id), sitting_id, for_update=True)
    commission = db.session.get(Commission, row.commission_id)
    if commission is None or commission.run_id != run.id:
        raise NotThere
    return row, commission


def who_may_be_heard(run: Run, purpose: Purpose) -> set[int]:
    """Whose work, or whose appeal, the commission may decide on now."""
    if purpose is Purpose.FINAL:
        return queries.members(run.id)
    return {
        each.enrolment_id for each in commission_queries.appeals(run.id) if each.state is AppealState.FILED
    }


def _of(run: Run, purpose: Purpose) -> Commission | None:
    return commission_queries.commission(run.id, purpose)


STATES = {Purpose.FINAL: OPEN, Purpose.APPEAL: (*OPEN, RunState.FINISHED)}
"""While a run is in which states its commissions sit: what was voted after its decisions would change none."""


def managed_run(actor: Actor, run_code: str, purpose: Purpose | None = None) -> Run:
    """The run, for somebody who may see to its commissions, and waits for who closes it.

    Refused when the commission for *purpose* sits no more.
    """
    run = catalogue.run(run_code, for_update=True)
    permissions.require(actor, "commission.manage", Target(provider_id=run.provider_id))
    if purpose is not None:
        _must_sit(run, purpose)
    return run


def _must_sit(run: Run, purpose: Purpose) -> None:
    if run.state not in STATES[purpose]:
        raise Refused(Refusal.of("run-not-open"))
