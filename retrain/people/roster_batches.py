"""Rosters confirmed: one batch each, applied in chunks that go on after a kill, and shown as one thing."""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any

from retrain import audit, clock, files, jobs
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.jobs.models import Job
from retrain.language.keys import search_key
from retrain.people import permissions, roster, rosters
from retrain.people.employments import put_employment
from retrain.people.links import send_link
from retrain.people.models import RosterBatch, Teacher
from retrain.people.permissions import Scope
from retrain.people.roles import stronger
from retrain.people.roster_columns import columns_of, is_enough
from retrain.people.roster_line import Line, Outcome, Reading, Verdict, read_line
from retrain.people.states import BatchState, CodePurpose, StaffKind
from retrain.people.teachers import (
    Logins,
    PersonFacts,
    TeacherFacts,
    make_person,
    make_teacher,
)
from retrain.refusal import Refusal, Refused

CHUNK = 100
"""Rows in one transaction: short enough that others write in between."""

CONTACTS = frozenset({"email", "phone"})
"""What a roster leaves as it is in somebody whose role the importer may not give."""

ALLOWED = (files.XLSX, files.CSV)

Progress = Callable[[int, int], None]


@use_case
def confirm(
    actor: Actor,
    content: bytes,
    filename: str,
    *,
    columns: Mapping[str, int] | None = None,
    college_id: int | None = None,
    mail_links: bool = False,
    at_once: bool = False,
    once: str | None = None,
) -> RosterBatch:
    """One batch and the job that applies it; *at_once* leaves the job out, for whoever applies it themself.

    A second confirmation under the same *once* gives the first one's batch.
    """
    key = hashlib.sha256(once.encode()).hexdigest() if once else None
    if key and (before := db.session.scalar(db.select(RosterBatch).where(RosterBatch.once == key))):
        return before
    table = rosters.open_table(content, filename)
    header = rosters.header_of(table)
    chosen = dict(columns or rosters.remembered(actor, header) or columns_of(header.headings))
    reading = rosters.reading_for(actor, chosen, college_id)
    if not is_enough(chosen):
        raise Refused(Refusal.of("columns-missing"))
    stored = files.keep(content, filename, allowed=ALLOWED, actor=actor, purpose="roster")
    batch = RosterBatch(
        organisation_id=reading.default,
        only_organisation_id=reading.only,
        stored_file_id=stored.id,
        filename=filename[:255],
        columns=chosen,
        mail_links=mail_links,
        once=key,
        created_at=clock.now(),
        created_by_id=actor.person_id,
    )
    db.session.add(batch)
    db.session.flush()
    audit.record(actor, "roster_batch.confirmed", batch, after={"file": stored.digest, "columns": chosen})
    if not at_once:
        batch.job_id = jobs.want(
            "roster.apply", {"batch": batch.id}, actor=actor, key=f"roster:{batch.id}"
        ).id
    return batch


def apply_roster(
    actor: Actor,
    content: bytes,
    filename: str,
    *,
    columns: Mapping[str, int] | None = None,
    college_id: int | None = None,
    progress: Progress | None = None,
) -> RosterBatch:
    """Confirm a roster and apply it at once, chunk by chunk; *progress* hears (done, total)."""
    batch = confirm(actor, content, filename, columns=columns, college_id=college_id, at_once=True)
    return finish_batch(actor, batch.id, progress)


def finish_batch(actor: Actor, batch_id: int, progress: Progress | None = None) -> RosterBatch:
    """Apply what is left of a batch; *progress* is called inside each chunk's transaction."""
    batch = db.session.get_one(RosterBatch, batch_id)
    lines = _lines(batch)
    done = [line for line in lines if line.row <= batch.after_row]
    left = [line for line in lines if line.row > batch.after_row]
    # Rows already applied are judged again, so that a row further down meets the same ones before it.
    earlier: dict[str, Line] = {}
    _judge(done, earlier)
    for start in range(0, max(len(left), 1), CHUNK):
        chunk = left[start : start + CHUNK]
        is_last = start + CHUNK >= len(left)
        at = (len(done) + min(start + CHUNK, len(left)), len(lines))
        batch, earlier = _apply_chunk(actor, batch_id, chunk, earlier, is_last, at, progress)
    return batch


def _lines(batch: RosterBatch) -> list[Line | Verdict]:
    """The rows of the file below its header, read as they were when it was confirmed."""
    assert batch.stored_file_id is not None  # kept at least until the batch is applied
    with files.open(batch.stored_file_id) as stream:
        table = rosters.open_table(stream.read(), batch.filename)
    header = rosters.header_of(table)
    rows = [row for row in table.rows if row.number > header.row]
    reading = Reading(
        batch.columns,
        rosters.colleges(),
        batch.created_at.date(),
        batch.organisation_id,
        batch.only_organisation_id,
    )
    return [read_line(row, reading) for row in roster.without_footer(rows, batch.columns)]


def _judge(lines: Sequence[Line | Verdict], earlier: dict[str, Line]) -> list[Verdict]:
    people = rosters.known([line.key for line in lines if isinstance(line, Line)])
    return [roster.judge(line, people, earlier) for line in lines]


@use_case
def _apply_chunk(
    actor: Actor,
    batch_id: int,
    lines: Sequence[Line | Verdict],
    before: Mapping[str, Line],
    is_last: bool,
    at: tuple[int, int],
    progress: Progress | None,
) -> tuple[RosterBatch, dict[str, Line]]:
    """Apply some rows in one transaction with how far the batch got; the batch and the rows met so far."""
    batch = db.session.get_one(RosterBatch, batch_id, with_for_update=True, populate_existing=True)
    earlier = dict(before)
    verdicts = _judge(lines, earlier) if not lines or lines[-1].row > batch.after_row else []
    batch.state = BatchState.APPLYING
    _apply(actor, batch, verdicts)
    outcomes = [verdict.outcome for verdict in verdicts]
    batch.accepted += outcomes.count(Outcome.ACCEPTED)
    batch.merged += outcomes.count(Outcome.MERGED)
    batch.refused = [*batch.refused, *(kept(each) for each in verdicts if each.why)]
    if verdicts:
        batch.after_row = verdicts[-1].row
    if is_last:
        batch.state, batch.applied_at = BatchState.APPLIED, clock.now()
        counts = {"accepted": batch.accepted, "merged": batch.merged, "refused": len(batch.refused)}
        audit.record(actor, "roster_batch.applied", batch, after=counts)
    if progress is not None:
        progress(*at)
    return batch, earlier


def _apply(actor: Actor, batch: RosterBatch, verdicts: Sequence[Verdict]) -> None:
    """Write what is accepted, all at once, and then what it changes in those we know."""
    lines = [verdict.line for verdict in verdicts if verdict.line is not None]
    logins = Logins([line.email for line in lines], [line.phone for line in lines])
    with db.session.no_autoflush:
        new = [
            (verdict.line, _create(verdict.line, logins))
            for verdict in verdicts
            if verdict.outcome is Outcome.ACCEPTED and verdict.line is not None
        ]
    db.session.flush()
    for line, teacher in new:
        audit.record(actor, "teacher.imported", teacher, after={"batch": batch.id, "row": line.row})
        if batch.mail_links and teacher.person.email:
            send_link(actor, teacher.person, CodePurpose.ACTIVATION, teacher.person.email)
    changed = [
        (_teacher(verdict.line), verdict.line, set(verdict.changes))
        for verdict in verdicts
        if verdict.changes and verdict.line is not None
    ]
    reached = [teacher.person_id for teacher, _line, changes in changed if changes & CONTACTS]
    kept = stronger(actor, reached) if reached else set()
    for teacher, line, changes in changed:
        _merge(
            actor, batch, teacher, line, changes - CONTACTS if teacher.person_id in kept else changes, logins
        )


def _teacher(line: Line) -> Teacher:
    """Whom the line's number belongs to, locked; a row may repeat an earlier one that made them."""
    query = db.select(Teacher).where(Teacher.pinfl == line.pinfl)
    if line.pinfl is None and line.document is not None:
        country, number = line.document
        query = db.select(Teacher).where(
            Teacher.document_country == country, Teacher.document_number == number
        )
    return db.session.scalars(query.with_for_update()).one()


def _create(line: Line, logins: Logins) -> Teacher:
    person = make_person(
        PersonFacts(line.family, line.given, line.patronymic, line.email, line.phone), logins
    )
    facts = TeacherFacts(
        pinfl=line.pinfl,
        organisation_id=line.organisation_id,
        document=line.document,
        birth_date=line.birth_date,
        sex=line.sex,
        post=line.post,
        staff_kind=line.staff_kind or StaffKind.TEACHER,
        category=line.category,
        specialities=[line.speciality] if line.speciality else [],
        since=_begun(line),
    )
    return make_teacher(person, facts)


def _begun(line: Line) -> date:
    """Since when the person works there: a day to come is a slip of the pen."""
    today = clock.today()
    return line.since if line.since is not None and line.since <= today else today


def _merge(
    actor: Actor, batch: RosterBatch, teacher: Teacher, line: Line, changes: set[str], logins: Logins
) -> None:
    person = teacher.person
    living = next((each for each in teacher.employments if each.until is None), None)
    if "college" in changes:
        _move(actor, teacher, line)
    elif "post" in changes and living is not None:
        living.post = line.post
    # Whoever has opened their account chooses themself what they sign in with.
    is_open = person.activated_at is not None
    if "email" in changes and line.email:
        person.contact_email = line.email
        if not is_open:
            person.email = person.email or logins.claim("email", line.email, person)
    if "phone" in changes and line.phone:
        person.contact_phone = line.phone
        if not is_open:
            person.phone = person.phone or logins.claim("phone", line.phone, person)
    if "speciality" in changes and not roster.is_among(line.speciality, teacher.specialities):
        teacher.specialities = [*teacher.specialities, line.speciality]
    if "category" in changes:
        teacher.category = line.category
    what = {"batch": batch.id, "row": line.row, "changed": sorted(changes)}
    audit.record(actor, "teacher.updated_from_roster", teacher, after=what)


def _move(actor: Actor, teacher: Teacher, line: Line) -> None:
    """To the college the roster names, from the day it names if that comes after the present beginning."""
    living = next((each for each in teacher.employments if each.until is None), None)
    last = max((each.until or each.since for each in teacher.employments), default=None)
    since = _begun(line)
    if last is not None and since <= last:
        since = clock.today()
    if living is not None and since <= living.since:
        # Begun today at one college and said to be at another: it was a mistake, not a move.
        before = living.organisation_id
        living.organisation_id, living.post = line.organisation_id, line.post
        audit.record(
            actor, "teacher.moved", teacher, before={"organisation": before},
            after={"organisation": line.organisation_id},
        )  # fmt: skip
        return
    put_employment(actor, teacher, line.organisation_id, line.post, since)


def kept(verdict: Verdict) -> dict[str, Any]:
    """A refused row as the batch keeps it."""
    reasons = [{"code": each.code, "facts": dict(each.facts)} for each in verdict.why]
    return {"row": verdict.row, "name": verdict.name, "why": reasons}


def forget_rows(batch: RosterBatch, names: Collection[str] | None = None) -> None:
    """The file as it was sent is gone, and so are *names* (search keys) beside its refused rows, or all of them.

    A batch that is still being applied keeps its file until it is done.
    """
    if batch.applied_at is None:
        return
    batch.refused = [
        {**row, "name": "" if names is None or search_key(row["name"]) in names else row["name"]}
        for row in batch.refused
    ]
    gone, batch.stored_file_id = batch.stored_file_id, None
    db.session.flush()
    if gone is not None:
        files.forget(gone)


def recent(actor: Actor, limit: int = 10) -> list[RosterBatch]:
    """The latest imports the actor may see."""
    query = db.select(RosterBatch).order_by(RosterBatch.id.desc()).limit(limit)
    if permissions.scope(actor, "roster.import") is not Scope.ALL:
        query = query.where(RosterBatch.organisation_id == actor.organisation_id)
    return list(db.session.scalars(query))


def may_see(actor: Actor, batch: RosterBatch) -> bool:
    """A college sees its own imports, whoever reaches everything sees all."""
    if permissions.scope(actor, "roster.import") is Scope.ALL:
        return True
    return batch.organisation_id is not None and batch.organisation_id == actor.organisation_id


def job_of(batch: RosterBatch) -> Job | None:
    """The job that applies the batch."""
    return db.session.get(Job, batch.job_id) if batch.job_id else None
