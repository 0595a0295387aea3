"""The only writer of teachers' records. Later stages call it; *source* keeps anything from counting twice."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from retrain import audit, clock
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people.models import Teacher
from retrain.record import queries, rules
from retrain.record.models import Credit, Qualification
from retrain.record.states import CreditKind
from retrain.refusal import NotThere, Refused


@use_case
def add_credit(
    actor: Actor,
    teacher_id: int,
    *,
    source: str,
    hours: int,
    kind: CreditKind,
    title: Mapping[str, str],
    on: date,
    document: str = "",
) -> Credit:
    """The hours earned by *source*, such as ``certificate:17``; the same row however often it is added.

    For later stages, whose own act (issuing, recognising) earns the hours and was permitted there.
    """
    lock(teacher_id)
    if known := queries.by_source(source):
        return known
    if why := rules.credit_refusals(hours, source, on, clock.today()):
        raise Refused(why)
    credit = Credit(
        teacher_id=teacher_id, source=source, hours=hours, kind=CreditKind(kind), title=dict(title), on=on,
        year=on.year, document=document, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(credit)
    audit.record(
        actor, "credit.added", credit, after={"teacher": teacher_id, "source": source, "hours": hours}
    )
    return credit


@dataclass(frozen=True)
class Earned:
    """What :func:`add_credits` adds."""

    teacher_id: int
    source: str
    hours: int
    kind: CreditKind
    title: Mapping[str, str]
    on: date


@use_case
def add_credits(actor: Actor, earned: Sequence[Earned]) -> int:
    """The hours that many teachers earned at once, each counted once; how many were new."""
    _lock_all({each.teacher_id for each in earned})
    known = set(
        db.session.scalars(select(Credit.source).where(Credit.source.in_([each.source for each in earned])))
    )
    new = [each for each in earned if each.source not in known]
    if why := [
        refusal
        for each in new
        for refusal in rules.credit_refusals(each.hours, each.source, each.on, clock.today())
    ]:
        raise Refused(why)
    rows = [
        Credit(
            teacher_id=each.teacher_id, source=each.source, hours=each.hours, kind=CreditKind(each.kind),
            title=dict(each.title), on=each.on, year=each.on.year, created_at=clock.now(),
        )
        for each in new
    ]  # fmt: skip
    db.session.add_all(rows)
    db.session.flush()
    audit.record_many(actor, "credit.added", [
        (("credit", row.id), {"teacher": row.teacher_id, "source": row.source, "hours": row.hours})
        for row in rows
    ])  # fmt: skip
    return len(rows)


@use_case
def take_credit_back(actor: Actor, source: str, why: str) -> bool:
    """Undo what *source* earned, as when its certificate is revoked; False when it had earned nothing."""
    credit = queries.by_source(source)
    if credit is None:
        return False
    before = {"teacher": credit.teacher_id, "source": source, "hours": credit.hours}
    audit.record(actor, "credit.taken_back", credit, before=before, why=why)
    db.session.delete(credit)
    return True


@use_case
def add_qualification(
    actor: Actor,
    teacher_id: int,
    *,
    source: str,
    speciality: str,
    titles: Mapping[str, str],
    on: date,
    document: str = "",
) -> Qualification:
    """A speciality obtained by *source*; the same row however often it is added."""
    lock(teacher_id)
    known = db.session.scalar(select(Qualification).where(Qualification.source == source))
    if known:
        return known
    qualification = Qualification(
        teacher_id=teacher_id, source=source, speciality=speciality, titles=dict(titles), on=on,
        document=document, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(qualification)
    after = {"teacher": teacher_id, "source": source, "speciality": speciality}
    audit.record(actor, "qualification.added", qualification, after=after)
    return qualification


def _lock_all(teacher_ids: Collection[int]) -> None:
    """Hold many teachers in one order, so that no two who do so wait for each other."""
    query = select(Teacher.id).where(Teacher.id.in_(teacher_ids)).order_by(Teacher.id)
    db.session.scalars(query.with_for_update()).all()


def lock(teacher_id: int) -> None:
    """Hold the teacher, so that two who add the same source at once take turns."""
    query = select(Teacher.id).where(Teacher.id == teacher_id).with_for_update()
    if db.session.scalar(query) is None:
        raise NotThere
