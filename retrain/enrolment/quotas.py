"""Setting a run's quotas: kept for a group, or the most of one; each change is audited and never takes a place away."""

from datetime import datetime

from sqlalchemy import select

from retrain import audit, clock
from retrain.audit import SYSTEM, Actor
from retrain.database.use_case import use_case
from retrain.enrolment import going, queries, quota_rules, reading_people, reading_runs
from retrain.enrolment.models import Enrolment, Quota
from retrain.enrolment.reading_runs import RunAtDesk
from retrain.enrolment.states import HOLDS_PLACE, QuotaSort
from retrain.extensions import db
from retrain.people import permissions
from retrain.people.permissions import Target
from retrain.refusal import NotThere, Refusal, Refused


@use_case
def set_quota(
    actor: Actor, run_code: str, sort: QuotaSort, of: str, places: int, releases_at: datetime | None = None
) -> Quota:
    """A quota of the run as it is wanted: made, raised or lowered, but to no less than is taken of it.

    What a change makes free goes to those who wait, all of whom were consented to.
    """
    run = _locked(actor, run_code)
    row = _row(run.id, sort, of)
    already = row.taken if row else 0
    holders = _holders(run, of) if row is None and sort is QuotaSort.CEILING else []
    why = quota_rules.change_refusals(of, places, already + len(holders))
    if sort is QuotaSort.SET_ASIDE and not why:
        own = next((each for each in run.quotas if row is not None and each.id == row.id), None)
        why = quota_rules.set_aside_refusals(run.places, places, own)
    if why:
        raise Refused(why)
    before = {"places": row.places, "releases_at": row.releases_at} if row else None
    if row is None:
        row = Quota(run_id=run.id, sort=sort, of=of, taken=len(holders))
        db.session.add(row)
    if row.releases_at != releases_at:
        row.released_at = None
    row.places, row.releases_at = places, releases_at
    db.session.flush()
    for holder in holders:
        holder.taken_from = sorted([*holder.taken_from, row.id])
    after = {"run": run_code, "sort": sort, "of": of, "places": places, "releases_at": releases_at}
    audit.record(actor, "quota.set", row, before=before, after=after)
    _give(actor, run)
    return row


@use_case
def remove_quota(actor: Actor, run_code: str, quota_id: int) -> None:
    """Take away a quota: a ceiling at any time, what is set aside while nobody has a place of it."""
    run = _locked(actor, run_code)
    row = db.session.get(Quota, quota_id)
    if row is None or row.run_id != run.id:
        raise NotThere
    if row.sort is QuotaSort.SET_ASIDE and row.taken:
        raise Refused(Refusal.of("quota-in-use", quota=row.of, taken=row.taken))
    for holder in _of(run.id):
        if quota_id in holder.taken_from:
            holder.taken_from = [number for number in holder.taken_from if number != quota_id]
    before = {"run": run_code, "sort": row.sort, "of": row.of, "places": row.places}
    audit.record(actor, "quota.removed", row, before=before)
    db.session.delete(row)
    db.session.flush()
    _give(actor, run)


def release_due() -> int:
    """Pass on what quotas kept until now and nobody took; of how many runs."""
    now = clock.now()
    due = select(Quota.run_id).where(Quota.releases_at <= now, Quota.released_at.is_(None)).distinct()
    numbers = db.session.scalars(due.limit(50)).all()
    db.session.rollback()
    for number in numbers:
        _release(number)
    return len(numbers)


@use_case
def _release(run_id: int) -> None:
    run = reading_runs.run_at_desk(queries.code_of(run_id), lock=True)
    now = clock.now()
    due = select(Quota).where(Quota.run_id == run_id, Quota.releases_at <= now, Quota.released_at.is_(None))
    for row in db.session.scalars(due):
        row.released_at = now
        after = {"run": run.facts.code, "of": row.of, "free": row.places - row.taken}
        audit.record(SYSTEM, "quota.released", row, after=after)
    db.session.flush()
    _give(SYSTEM, run)


def _give(actor: Actor, run: RunAtDesk) -> None:
    reading_runs.count(run)
    going.pass_on(actor, run)


def _locked(actor: Actor, run_code: str) -> RunAtDesk:
    run = reading_runs.run_at_desk(run_code, lock=True)
    permissions.require(actor, "enrolment.manage", Target(provider_id=run.provider_id))
    if not (run.facts.is_on_offer() or run.facts.state == "draft"):
        raise Refused(Refusal.of("run-over", run=run_code))
    reading_runs.count(run)
    return run


def _row(run_id: int, sort: QuotaSort, of: str) -> Quota | None:
    return db.session.scalar(select(Quota).where(Quota.run_id == run_id, Quota.sort == sort, Quota.of == of))


def _of(run_id: int) -> list[Enrolment]:
    found = select(Enrolment).where(Enrolment.run_id == run_id, Enrolment.state.in_(HOLDS_PLACE))
    return list(db.session.scalars(found.execution_options(populate_existing=True)))


def _holders(run: RunAtDesk, of: str) -> list[Enrolment]:
    """Who holds an open place of the run and is of the group: a new ceiling counts them from the start."""
    aside = {each.id for each in run.quotas if each.sort is QuotaSort.SET_ASIDE}
    rows = [row for row in _of(run.id) if not aside & set(row.taken_from)]
    people = {each.id: each for each in reading_people.teachers_at_desk([row.teacher_id for row in rows])}
    return [row for row in rows if of in people[row.teacher_id].groups]
