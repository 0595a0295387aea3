"""Evidence of hours without a register: handed in and decided. With ``mentors`` and ``evidence_import`` the only writer."""

from datetime import date, timedelta
from typing import BinaryIO

from sqlalchemy import func, select

from retrain import audit, clock, files, messages
from retrain.attendance import moved
from retrain.attendance.evidence import evidence_hours
from retrain.attendance.evidence import rules as evidence_rules
from retrain.attendance.evidence.models import Evidence
from retrain.attendance.evidence.states import MOVES, EvidenceSource, EvidenceState
from retrain.audit import Actor
from retrain.calendar.hours import to_tenths
from retrain.catalogue.models import Module, Run
from retrain.catalogue.states import HourKind
from retrain.database.use_case import use_case
from retrain.enrolment import queries as enrolment
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import IN_GROUP
from retrain.extensions import db
from retrain.files import StoredFile, sniff, soundness
from retrain.people import permissions, settings
from retrain.people import queries as people
from retrain.people.models import Person, Teacher
from retrain.people.permissions import Target
from retrain.refusal import NotThere, Refusal, Refused
from retrain.timetable import queries as timetable

PURPOSE = "attendance.evidence"
REPORTS = {sniff.PDF, sniff.PNG, sniff.JPEG}
COUNTS = (EvidenceState.WAITING, EvidenceState.ACCEPTED)
AFTER = timedelta(days=14)
"""So long after the run what was done in it may still be dated."""


def target_of(run: Run) -> Target:
    """Whom the evidence of a run belongs to, for the permission table."""
    return Target(provider_id=run.provider_id, curator_id=run.curator_id)


def run_of(row: Enrolment) -> Run:
    """The run a place is on."""
    return db.session.get_one(Run, row.run_id)


def hour_of(run: Run) -> int:
    """Minutes of an academic hour on the run."""
    return int(settings.get(run.provider_id, "academic_hour", run.starts_on))


def module_of(run: Run, module_id: int) -> Module:
    """The run's module of that number."""
    found = next((module for module in timetable.modules(run) if module.id == module_id), None)
    if found is None:
        raise NotThere(module_id)
    return found


def last_day(run: Run) -> date:
    """The latest day that hours shown now may be of."""
    return min(clock.today(people.zone_of(run.provider_id)), run.ends_on + AFTER)


def shown(row: Enrolment, module_id: int, kind: HourKind) -> int:
    """Minutes of that kind which somebody has shown of a module already, decided on or not, in whichever group."""
    found = select(func.sum(Evidence.minutes)).where(
        Evidence.enrolment_id.in_(moved.with_earlier(row)),
        Evidence.module_id == module_id,
        Evidence.kind == kind,
        Evidence.state.in_(COUNTS),
    )
    return db.session.scalar(found) or 0


def since(row: Enrolment) -> date | None:
    """The first day from which somebody's hours may be; None for who came from another group and worked there."""
    return None if row.id in moved.came_from(row.run_id) else row.since


def refusals(
    run: Run, module: Module, kind: HourKind, minutes: int | None, on: date | None, known: int,
    since: date | None = None,
) -> list[Refusal]:  # fmt: skip
    """Why somebody who is in the group *since* a day can't show so many minutes of that kind beside the *known*."""
    hour = hour_of(run)
    asked = evidence_rules.Shown(
        minutes=minutes,
        planned=evidence_hours.kinds(run, module).get(kind, 0) * hour,
        known=known,
        on=on,
        first=run.starts_on,
        last=run.ends_on + AFTER,
        today=clock.today(people.zone_of(run.provider_id)),
        since=since,
    )
    return [_in_hours(why, hour) for why in evidence_rules.refusals(asked)]


def _in_hours(why: Refusal, hour: int) -> Refusal:
    if why.code != "evidence-too-many-hours":
        return why
    return Refusal.of(why.code, field=why.field, left=to_tenths(why.facts["left"], hour))


@use_case
def hand_in(
    actor: Actor, run_code: str, module_id: int, kind: HourKind, minutes: int | None, on: date | None,
    content: BinaryIO | None, filename: str, note: str = "",
) -> Evidence:  # fmt: skip
    """A teacher hands in a report of their own hours; the coordinator decides on it."""
    row = enrolment.own_enrolment(actor.person_id or 0, run_code)
    if row is None or row.state not in IN_GROUP:
        raise NotThere(run_code)
    run = run_of(row)
    module = module_of(run, module_id)
    lock(row.id)
    why = refusals(run, module, kind, minutes, on, shown(row, module.id, kind), since(row))
    if content is None:
        why.append(Refusal.of("file-not-chosen", field="report"))
    if why or content is None:
        raise Refused(why)
    stored = files.keep(
        content, filename, allowed=REPORTS, actor=actor, purpose=PURPOSE, field="report",
        faults=soundness.refusals,
    )  # fmt: skip
    found = Evidence(
        enrolment_id=row.id, module_id=module.id, kind=kind, minutes=minutes, source=EvidenceSource.REPORT,
        state=EvidenceState.WAITING, on_date=on, file_id=stored.id, note=note.strip()[:500],
        handed_in_by_id=actor.person_id, handed_in_at=clock.now(),
    )  # fmt: skip
    add(actor, found)
    return found


def lock(*enrolment_ids: int) -> None:
    """One at a time for a person, so that two pieces never pass the planned hours together."""
    theirs = select(Enrolment.id).where(Enrolment.id.in_(enrolment_ids)).order_by(Enrolment.id)
    db.session.execute(theirs.with_for_update())


def add(actor: Actor, row: Evidence) -> None:
    db.session.add(row)
    db.session.flush()
    after = {"enrolment": row.enrolment_id, "kind": str(row.kind), "minutes": row.minutes}
    audit.record(actor, f"evidence.{row.source}", ("evidence", row.id), after=after)


@use_case
def decide(actor: Actor, evidence_id: int, *, accept: bool, why: str = "") -> Evidence:
    """Count the hours, or return the evidence with a reason; the teacher is told. The same twice is one."""
    row = db.session.scalar(select(Evidence).where(Evidence.id == evidence_id).with_for_update())
    if row is None:
        raise NotThere(evidence_id)
    run = run_of(row.enrolment)
    permissions.require(actor, "evidence.decide", target_of(run))
    state = EvidenceState.ACCEPTED if accept else EvidenceState.RETURNED
    if row.state is state:
        return row
    if state not in MOVES[row.state]:
        raise Refused(Refusal.of("evidence-decided"))
    if not accept and not why.strip():
        raise Refused(Refusal.of("reason-missing", field="why"))
    before, row.state, row.why = row.state, state, why.strip()[:500]
    row.decided_by_id, row.decided_at = actor.person_id, clock.now()
    audit.record(
        actor, f"evidence.{state}", ("evidence", row.id), before={"state": str(before)}, why=row.why or None
    )
    facts = {
        "run": run.code, "title": run.version.titles, "hours": to_tenths(row.minutes, hour_of(run)),
        "why": row.why, "path": f"/mine/hours/{run.code}",
    }  # fmt: skip
    person = person_of(row.enrolment_id)
    messages.later(person.id, f"evidence.{state}", facts, key=f"evidence:{row.id}:{state}")
    return row


def person_of(enrolment_id: int) -> Person:
    return db.session.scalars(
        select(Person)
        .join(Teacher, Teacher.person_id == Person.id)
        .join(Enrolment, Enrolment.teacher_id == Teacher.id)
        .where(Enrolment.id == enrolment_id)
    ).one()


def of_run(run_id: int) -> list[Evidence]:
    """Everything handed in on a run, what waits first."""
    rows = db.session.scalars(
        select(Evidence)
        .join(Enrolment, Enrolment.id == Evidence.enrolment_id)
        .where(Enrolment.run_id == run_id)
        .order_by(Evidence.handed_in_at.desc(), Evidence.id.desc())
    ).all()
    return sorted(rows, key=lambda row: row.state is not EvidenceState.WAITING)


def of_enrolment(enrolment_id: int) -> list[Evidence]:
    """What somebody has shown, latest first."""
    found = select(Evidence).where(Evidence.enrolment_id == enrolment_id).order_by(Evidence.id.desc())
    return list(db.session.scalars(found))


def waiting(curator_id: int) -> dict[str, int]:
    """run code → how much evidence waits for a decision in a curator's groups."""
    found = (
        select(Run.code, func.count())
        .join(Enrolment, Enrolment.run_id == Run.id)
        .join(Evidence, Evidence.enrolment_id == Enrolment.id)
        .where(Evidence.state == EvidenceState.WAITING, Run.curator_id == curator_id)
        .group_by(Run.code)
        .order_by(Run.code)
    )
    return dict(db.session.execute(found).tuples().all())


@files.readable(PURPOSE)
def may_read(actor: Actor, stored: StoredFile) -> bool:
    """Whoever may see the evidence of the run reads the report."""
    row = db.session.scalar(select(Evidence).where(Evidence.file_id == stored.id))
    return row is not None and permissions.may(actor, "evidence.see", target_of(run_of(row.enrolment)))
