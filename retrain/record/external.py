"""Certificates from elsewhere: shown with a scan, recognised by the college for so many hours, or refused."""

from typing import BinaryIO

from retrain import audit, clock, files, messages
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.files import sniff, soundness
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.permissions import Target
from retrain.people.states import RoleKind
from retrain.record import external_queries, rules, service
from retrain.record.models import ExternalCertificate
from retrain.record.rules import Shown
from retrain.record.states import CreditKind, ExternalState
from retrain.refusal import Refusal, Refused

SCANS = {sniff.PDF, sniff.PNG, sniff.JPEG}
PURPOSE = "record.external"


def source_of(row: ExternalCertificate) -> str:
    """Under what name its hours stand in the record."""
    return f"external:{row.id}"


@use_case
def show(
    actor: Actor, teacher_id: int, typed: Shown, scan: BinaryIO | None, filename: str
) -> ExternalCertificate:
    """The certificate before the college that the teacher works at today, with its scan.

    Refused with everything that is wrong, the scan included: an unsound file is not kept.
    """
    teacher = people.teacher(teacher_id)
    college = people.employer_on(teacher_id)
    place = Target(person_id=teacher.person_id, college_id=college.id if college else None)
    permissions.require(actor, "record.show", place)
    service.lock(teacher_id)
    today = clock.today(people.zone_of(college.id if college else None))
    twice = external_queries.stands_already(teacher_id, typed)
    why = rules.showing_refusals(typed, today, teacher.birth_date, twice, scan is not None)
    if college is None:
        why = [Refusal.of("external-no-college"), *why]
    if why or scan is None or college is None or typed.issued_on is None or typed.hours is None:
        raise Refused(why)
    kept = files.keep(
        scan, filename, allowed=SCANS, actor=actor, purpose=PURPOSE, field="scan", faults=soundness.refusals
    )
    row = ExternalCertificate(
        teacher_id=teacher_id, organisation_id=college.id, title=typed.title.strip(), issuer=typed.issuer.strip(),
        number=typed.number.strip(), issued_on=typed.issued_on, hours=typed.hours, scan_id=kept.id,
        shown_at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    after = {"teacher": teacher_id, "hours": row.hours, "issuer": row.issuer, "number": row.number}
    audit.record(actor, "external.shown", row, after=after)
    if actor.person_id == teacher.person_id:
        offices = [each.id for each in people.holders(college.id, RoleKind.COLLEGE_HR)]
        messages.later_many(
            offices, "external.shown", {"title": row.title}, key_prefix=f"external.shown:{row.id}",
            about=("external_certificate", row.id),
        )  # fmt: skip
    return row


@use_case
def take_back(actor: Actor, certificate_id: int) -> ExternalCertificate:
    """The certificate taken back before the college has answered."""
    row = external_queries.certificate(certificate_id, for_update=True)
    teacher = people.teacher(row.teacher_id)
    college = people.employer_on(row.teacher_id)
    place = Target(person_id=teacher.person_id, college_id=college.id if college else None)
    permissions.require(actor, "record.show", place)
    if row.state is ExternalState.TAKEN_BACK:
        return row
    if row.state is not ExternalState.SHOWN:
        raise Refused(Refusal.of("external-answered"))
    row.state = ExternalState.TAKEN_BACK
    audit.record(actor, "external.taken_back", row, before={"state": ExternalState.SHOWN})
    return row


@use_case
def answer(actor: Actor, certificate_id: int, recognised: int | None, why: str) -> ExternalCertificate:
    """The college's answer: hours recognised and counted once in the record, or None to refuse; with the reason."""
    row = external_queries.certificate(certificate_id, for_update=True)
    permissions.require(actor, "record.recognise", Target(college_id=row.organisation_id))
    teacher = people.teacher(row.teacher_id)
    own = actor.person_id == teacher.person_id
    if refused := rules.recognising_refusals(row.state, recognised, row.hours, why, own=own):
        raise Refused(refused)
    row.state = ExternalState.REFUSED if recognised is None else ExternalState.RECOGNISED
    row.recognised_hours, row.why = recognised, why.strip()
    row.decided_by_id, row.decided_at = actor.person_id, clock.now()
    db.session.flush()
    audit.record(
        actor, f"external.{row.state.value}", row, before={"state": ExternalState.SHOWN},
        after={"state": row.state, "hours": recognised}, why=row.why,
    )  # fmt: skip
    if recognised is not None:
        service.add_credit(
            actor, row.teacher_id, source=source_of(row), hours=recognised, kind=CreditKind.EXTERNAL,
            title={"uz": row.title}, on=row.issued_on, document=document_of(row),
        )  # fmt: skip
    _tell(row, teacher.person_id)
    return row


@use_case
def undo(actor: Actor, certificate_id: int, why: str) -> ExternalCertificate:
    """A recognition that was a mistake, refused after all: its hours leave the record, and the trail keeps both."""
    row = external_queries.certificate(certificate_id, for_update=True)
    permissions.require(actor, "record.recognise", Target(college_id=row.organisation_id))
    if row.state is not ExternalState.RECOGNISED:
        raise Refused(Refusal.of("external-not-recognised"))
    if not why.strip():
        raise Refused(Refusal.of("external-reason-missing", field="why"))
    before = {"state": row.state, "hours": row.recognised_hours, "why": row.why}
    row.state, row.recognised_hours, row.why = ExternalState.REFUSED, None, why.strip()
    row.decided_by_id, row.decided_at = actor.person_id, clock.now()
    db.session.flush()
    audit.record(actor, "external.undone", row, before=before, after={"state": row.state}, why=row.why)
    service.take_credit_back(actor, source_of(row), row.why)
    _tell(row, people.teacher(row.teacher_id).person_id)
    return row


def document_of(row: ExternalCertificate) -> str:
    """How the record names the document."""
    return ", ".join(filter(None, (row.issuer, row.number)))


def _tell(row: ExternalCertificate, person_id: int) -> None:
    facts = {"title": row.title, "hours": row.recognised_hours, "why": row.why}
    messages.later(
        person_id, f"external.{row.state.value}", facts, about=("external_certificate", row.id),
        key=f"external:{row.id}:{row.decided_at}",
    )  # fmt: skip
