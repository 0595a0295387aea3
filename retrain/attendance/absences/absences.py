"""Warnings of missed hours, each once, and what a person decides at the limit. The only writer of both."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, select

from retrain import audit, clock, messages
from retrain.attendance import queries
from retrain.attendance.absences.models import AbsenceWarning, ExclusionProposal
from retrain.attendance.absences.rules import Absence, new_steps
from retrain.attendance.absences.states import Answer
from retrain.attendance.models import Register
from retrain.attendance.states import CLOSED
from retrain.audit import SYSTEM, Actor
from retrain.calendar.hours import to_tenths
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.catalogue.states import ON_OFFER
from retrain.database.dialect import insert_ignoring
from retrain.database.use_case import use_case
from retrain.enrolment import service as enrolment
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import State
from retrain.extensions import db
from retrain.orders import service as orders
from retrain.orders.states import OrderKind
from retrain.people import permissions, settings
from retrain.people import queries as people
from retrain.people.models import Person, Teacher
from retrain.people.permissions import Target
from retrain.people.states import RoleKind
from retrain.refusal import NotThere, Refusal, Refused
from retrain.timetable.models import ClassSession

SINCE = timedelta(hours=2)
"""How far back a look for newly signed registers goes: a worker that was down for longer is caught up each night."""


def policy_of(run: Run | Row[Any]) -> Absence:
    """What the run's own policy says of missed hours; a row of its policy, provider and first day will do."""
    return Absence.of(run.policy, settings.get(run.provider_id, "academic_hour", run.starts_on))


def look_at_what_was_signed(since: datetime | None = None) -> int:
    """Warn on every run of which a register was signed or corrected since then; how many warnings were given."""
    runs = (
        select(ClassSession.run_id)
        .join(Register, Register.session_id == ClassSession.id)
        .join(Run, Run.id == ClassSession.run_id)
        .where(Register.state.in_(CLOSED), Run.state.in_(ON_OFFER))
        .distinct()
    )
    if since is not None:
        runs = runs.where(Register.signed_at >= since)
    found = db.session.scalars(runs.order_by(ClassSession.run_id)).all()
    db.session.rollback()
    return sum(warn(run_id) for run_id in found)


@use_case
def warn(run_id: int) -> int:
    """Tell whoever has reached a step of missed hours, their college and the coordinators; how many were warned.

    Each step is told once, however often this is asked and by how many at once. Whoever has reached the limit is
    proposed for exclusion; whose hours were corrected below it is proposed no more.
    """
    run = db.session.get_one(Run, run_id)
    absence = policy_of(run)
    missed = {number: absence.missed(tally) for number, tally in queries.tallies(run_id).items()}
    known = told(run_id)
    group = _group(run_id)
    warned = 0
    for row, person in group:
        steps = new_steps(absence.reached(missed.get(row.id, 0)), known[row.id])
        if steps and _note(row, steps, missed[row.id]):
            _tell(run, row, person, missed[row.id], steps[-1], absence)
            warned += 1
    _propose(run, absence, missed, {row.id: (row, person) for row, person in group})
    return warned


def _group(run_id: int) -> list[tuple[Enrolment, Person]]:
    found = (
        select(Enrolment, Person)
        .join(Teacher, Teacher.id == Enrolment.teacher_id)
        .join(Person, Person.id == Teacher.person_id)
        .where(Enrolment.run_id == run_id, Enrolment.state == State.ENROLLED)
        .order_by(Enrolment.id)
    )
    return [(row, person) for row, person in db.session.execute(found).tuples()]


def told(run_id: int) -> dict[int, set[int]]:
    """enrolment → the steps of missed hours that were told."""
    rows = db.session.execute(
        select(AbsenceWarning.enrolment_id, AbsenceWarning.hours)
        .join(Enrolment, Enrolment.id == AbsenceWarning.enrolment_id)
        .where(Enrolment.run_id == run_id)
    )
    found: dict[int, set[int]] = defaultdict(set)
    for number, hours in rows:
        found[number].add(hours)
    return found


def _note(row: Enrolment, steps: Iterable[int], missed: int) -> bool:
    """Keep that these steps are reached; False when somebody else has just told the highest."""
    given, new = clock.now(), False
    for step in steps:
        values = {"enrolment_id": row.id, "hours": step, "missed_minutes": missed, "given_at": given}
        new = insert_ignoring(db.session(), AbsenceWarning.__table__, [values]) == 1
    if new:
        audit.record(SYSTEM, "absence.warned", ("enrolment", row.id), after={"hours": step, "missed": missed})
    return new


def _tell(run: Run, row: Enrolment, person: Person, missed: int, step: int, absence: Absence) -> None:
    facts = _facts(run, person, missed, absence) | {"step": step}
    key, about = f"absence:{row.id}:{step}", ("enrolment", row.id)
    messages.later(
        person.id,
        "absence.warned",
        facts | {"path": f"/mine/attendance/{run.code}"},
        about=about,
        key=f"{key}:{person.id}",
    )
    college = people.holders(row.organisation_id, RoleKind.COLLEGE_HR) if row.organisation_id else []
    messages.later_many([each.id for each in college], "absence.told", facts, about=about, key_prefix=key)
    ours = [each.id for each in people.holders(run.provider_id, RoleKind.COORDINATOR)]
    ours += [run.curator_id] if run.curator_id else []
    facts |= {"path": f"/manage/runs/{run.code}/attendance"}
    messages.later_many(ours, "absence.told", facts, about=about, key_prefix=key)


def _facts(run: Run, person: Person, missed: int, absence: Absence) -> dict[str, Any]:
    limit = None if absence.limit is None else to_tenths(int(absence.limit), absence.hour)
    return {
        "run": run.code, "title": run.version.titles, "name": person.full_name,
        "missed": to_tenths(missed, absence.hour), "limit": limit,
    }  # fmt: skip


def _propose(
    run: Run, absence: Absence, missed: dict[int, int], group: dict[int, tuple[Enrolment, Person]]
) -> None:
    reached = {number for number in group if absence.at_limit(missed.get(number, 0))}
    known = {each.enrolment_id: each for each in proposals(run.id)}
    for number, each in known.items():
        if each.answer is None and number in group and number not in reached:
            db.session.execute(delete(ExclusionProposal).where(ExclusionProposal.id == each.id))
            audit.record(
                SYSTEM,
                "exclusion.not_proposed",
                ("enrolment", number),
                before={"missed": each.missed_minutes},
            )
    for number in sorted(reached - known.keys()):
        values = {
            "enrolment_id": number, "missed_minutes": missed[number], "limit_minutes": int(absence.limit or 0),
            "proposed_at": clock.now(), "why": "",
        }  # fmt: skip
        if insert_ignoring(db.session(), ExclusionProposal.__table__, [values]) == 1:
            audit.record(
                SYSTEM, "exclusion.proposed", ("enrolment", number), after={"missed": missed[number]}
            )
            facts = _facts(run, group[number][1], missed[number], absence)
            coordinators = [each.id for each in people.holders(run.provider_id, RoleKind.COORDINATOR)]
            messages.later_many(
                coordinators, "absence.proposed", facts | {"path": f"/manage/runs/{run.code}/attendance"},
                about=("enrolment", number), key_prefix=f"exclusion:{number}:{missed[number]}",
            )  # fmt: skip


def proposals(run_id: int) -> list[ExclusionProposal]:
    """Everybody of a run whose exclusion was proposed, decided or not."""
    found = (
        select(ExclusionProposal)
        .join(Enrolment, Enrolment.id == ExclusionProposal.enrolment_id)
        .where(Enrolment.run_id == run_id)
        .order_by(ExclusionProposal.id)
    )
    return list(db.session.scalars(found.execution_options(populate_existing=True)))


@use_case
def answer(actor: Actor, run_code: str, enrolment_id: int, what: Answer, why: str) -> ExclusionProposal:
    """Decide on a proposal: keep somebody in the group, or exclude them and draft the order. Both need a reason.

    Raises Refused when it was decided otherwise already; the same answer twice is one.
    """
    row = db.session.scalar(
        select(ExclusionProposal).where(ExclusionProposal.enrolment_id == enrolment_id).with_for_update()
    )
    run = catalogue.run(run_code)
    permissions.require(actor, "absence.decide", Target(provider_id=run.provider_id))
    if row is None or row.enrolment.run_id != run.id:
        raise NotThere(enrolment_id)
    if row.answer is what:
        return row
    if row.answer is not None:
        raise Refused(Refusal.of("proposal-answered"))
    if not why.strip():
        raise Refused(Refusal.of("reason-missing", field="why"))
    row.answer, row.why = what, why.strip()
    row.answered_by_id, row.answered_at = actor.person_id, clock.now()
    audit.record(
        actor, f"exclusion.{what}", ("enrolment", enrolment_id), after={"missed": row.missed_minutes}, why=why
    )
    if what is Answer.EXCLUDED:
        enrolment.remove(actor, enrolment_id, why)
        orders.draft_order(actor, run.code, OrderKind.EXCLUSION)
    return row
