"""Mentors at workplaces, asked by mail for somebody's hours; each link is good once. The only writer of the letters."""

from datetime import timedelta

from sqlalchemy import select

from retrain import audit, clock, messages
from retrain.attendance.evidence import evidence
from retrain.attendance.evidence.models import Evidence, MentorLetter
from retrain.attendance.evidence.states import EvidenceSource, EvidenceState
from retrain.audit import SYSTEM, Actor
from retrain.calendar.hours import to_tenths
from retrain.catalogue import queries as catalogue
from retrain.catalogue.states import HourKind
from retrain.database.use_case import use_case
from retrain.enrolment import queries as enrolment
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.people import codes, links, permissions, settings
from retrain.people import queries as people
from retrain.people.states import RoleKind
from retrain.refusal import NotThere, Refusal, Refused


@use_case
def ask_mentor(
    actor: Actor, run_code: str, enrolment_id: int, module_id: int, kind: HourKind, minutes: int | None,
    mentor: str, address: str,
) -> MentorLetter:  # fmt: skip
    """Write to a mentor at a workplace and ask whether somebody did these hours; the link is good once."""
    run = catalogue.run(run_code)
    permissions.require(actor, "evidence.decide", evidence.target_of(run))
    row = db.session.get(Enrolment, enrolment_id)
    if row is None or enrolment_id not in {member.enrolment_id for member in enrolment.group(run)}:
        raise Refused(Refusal.of("evidence-nobody", field="who", name=""))
    module = evidence.module_of(run, module_id)
    evidence.lock(enrolment_id)
    known = evidence.shown(row, module.id, kind)
    why = evidence.refusals(run, module, kind, minutes, evidence.last_day(run), known)
    if not mentor.strip():
        why.append(Refusal.of("mentor-needs-name", field="mentor"))
    if "@" not in address.strip()[1:-1] or " " in address.strip():
        why.append(Refusal.of("mentor-needs-address", field="address"))
    if why or minutes is None:
        raise Refused(why)
    token, person = codes.new_token(), evidence.person_of(enrolment_id)
    days = settings.get(run.provider_id, "mentor_link_days")
    letter = MentorLetter(
        enrolment_id=enrolment_id, module_id=module.id, kind=kind, minutes=minutes, mentor=mentor.strip()[:200],
        address=address.strip()[:254], digest=links.digest(token), sent_by_id=actor.person_id,
        sent_at=clock.now(), expires_at=clock.now() + timedelta(days=days),
    )  # fmt: skip
    db.session.add(letter)
    db.session.flush()
    audit.record(actor, "evidence.mentor_asked", ("enrolment", enrolment_id), after={"minutes": minutes})
    facts = {
        "name": person.full_name, "mentor": letter.mentor, "hours": to_tenths(minutes, evidence.hour_of(run)),
        "title": run.version.titles, "until": letter.expires_at,
    }  # fmt: skip
    messages.later(
        person.id, "evidence.mentor", facts, key=f"evidence.mentor:{letter.id}",
        secret={"path": f"/mentor/{token}"}, address=letter.address,
    )  # fmt: skip
    return letter


def living_letter(token: str) -> MentorLetter:
    """The letter a mentor's link is of; Refused when it was used or is too old."""
    wanted = select(MentorLetter).where(MentorLetter.digest == links.digest(token)).with_for_update()
    letter = db.session.scalar(wanted)
    if letter is None:
        raise NotThere("mentor_letter")
    if letter.used_at is not None:
        raise Refused(Refusal.of("mentor-link-used"))
    if letter.expires_at <= clock.now():
        raise Refused(Refusal.of("mentor-link-old"))
    return letter


@use_case
def answer_mentor(token: str, *, confirm: bool, note: str = "") -> MentorLetter:
    """The mentor says whether the hours were done, once. Confirmed hours count; a no is told to the coordinator."""
    letter = living_letter(token)
    run = evidence.run_of(letter.enrolment)
    letter.used_at, letter.note = clock.now(), note.strip()[:500]
    audit.record(
        SYSTEM, "evidence.mentor_confirmed" if confirm else "evidence.mentor_denied",
        ("enrolment", letter.enrolment_id), after={"letter": letter.id}, why=letter.note or None,
    )  # fmt: skip
    if not confirm:
        person = evidence.person_of(letter.enrolment_id)
        facts = {"name": person.full_name, "mentor": letter.mentor, "run": run.code, "note": letter.note,
                 "path": f"/manage/runs/{run.code}/evidence"}  # fmt: skip
        ours = [each.id for each in people.holders(run.provider_id, RoleKind.COORDINATOR)]
        messages.later_many(ours, "evidence.denied", facts, key_prefix=f"evidence.denied:{letter.id}")
        return letter
    evidence.lock(letter.enrolment_id)
    module = evidence.module_of(run, letter.module_id)
    known, day = evidence.shown(letter.enrolment, module.id, letter.kind), evidence.last_day(run)
    if why := evidence.refusals(run, module, letter.kind, letter.minutes, day, known):
        raise Refused(why)
    row = Evidence(
        enrolment_id=letter.enrolment_id, module_id=letter.module_id, kind=letter.kind, minutes=letter.minutes,
        source=EvidenceSource.MENTOR, state=EvidenceState.ACCEPTED, on_date=day,
        reference=letter.mentor[:120], note=letter.note, handed_in_at=clock.now(), decided_at=clock.now(),
    )  # fmt: skip
    evidence.add(SYSTEM, row)
    letter.evidence_id = row.id
    return letter


def letters(run_id: int) -> list[MentorLetter]:
    """The letters to mentors of a run that have no answer yet."""
    found = (
        select(MentorLetter)
        .join(Enrolment, Enrolment.id == MentorLetter.enrolment_id)
        .where(Enrolment.run_id == run_id, MentorLetter.used_at.is_(None))
        .order_by(MentorLetter.id)
    )
    return list(db.session.scalars(found))
