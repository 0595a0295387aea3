"""Setting the terms of a run: consent, offers, cut-offs, money, what one should know; copying them with the run."""

from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import UTC, datetime

from sqlalchemy import update

from retrain import audit
from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.database import hot
from retrain.database.use_case import use_case
from retrain.enrolment import reading_runs, terms
from retrain.enrolment.models import Quota, Terms
from retrain.enrolment.states import Way
from retrain.enrolment.terms import TermsFacts
from retrain.extensions import db
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.permissions import Target
from retrain.refusal import Refusal, Refused


@use_case
def set_terms(actor: Actor, run_code: str, wanted: TermsFacts, seen: int | None = None) -> Terms:
    """The run's terms as they are wanted. They hold for who comes from now on; nobody loses what they have.

    *seen* is the lock that the person had before them, 0 where there were no terms yet.
    """
    run = reading_runs.run_at_desk(run_code, lock=True)
    permissions.require(actor, "enrolment.manage", Target(provider_id=run.provider_id))
    if run.facts.state in ("finished", "archived", "cancelled"):
        raise Refused(Refusal.of("run-over", run=run_code))
    if why := terms.refusals(wanted):
        raise Refused(why)
    wanted = replace(wanted, way=run.terms.way)  # the round says it, by ``set_way``
    row = db.session.get(Terms, run.id, populate_existing=True)
    if seen is not None and seen != (row.lock if row else 0):
        raise Refused(Refusal.of("terms-changed"))
    if row is None:
        row = Terms(run_id=run.id, lock=0)
        db.session.add(row)
    new, old = asdict(wanted), asdict(run.terms)
    changed = [name for name in new if new[name] != old[name]]
    for name, value in new.items():
        setattr(row, name, value)
    row.lock += 1
    audit.record(
        actor, "terms.set", ("run", run.id), before={name: old[name] for name in changed},
        after={name: new[name] for name in changed},
    )  # fmt: skip
    return row


@use_case
def set_way(run_id: int, way: Way) -> None:
    """From now on places of the run are given like this. Called while the run's row is held."""
    row = db.session.get(Terms, run_id)
    if row is None:
        if way is Way.FIRST_COME:
            return
        row = Terms(run_id=run_id, **asdict(terms.USUAL))
        db.session.add(row)
    elif row.way is not way:
        row.lock += 1
    row.way = way
    db.session.flush()


@use_case
def set_ways(run_ids: Collection[int], way: Way) -> None:
    """The same for runs that have terms of their own; every run of a round has."""
    changed = update(Terms).where(Terms.run_id.in_(list(run_ids)), Terms.way != way)
    hot.execute(changed.values(way=way, lock=Terms.lock + 1))
    db.session.expire_all()


@use_case
def copy_terms(actor: Actor, run: Run, copy: Run) -> None:
    """Give a copied run the terms and quotas of the earlier one; hours of release move with its first day."""
    db.session.flush()
    if own := db.session.get(Terms, run.id):
        facts = asdict(replace(terms.of(own), way=Way.FIRST_COME))
        db.session.add(Terms(run_id=copy.id, lock=1, **facts))
        audit.record(actor, "terms.set", ("run", copy.id), after=facts)
    for row in db.session.scalars(db.select(Quota).where(Quota.run_id == run.id).order_by(Quota.id)):
        releases_at = _moved(row.releases_at, run, copy)
        again = Quota(run_id=copy.id, sort=row.sort, of=row.of, places=row.places, releases_at=releases_at)
        db.session.add(again)
        db.session.flush()
        after = {
            "run": copy.code,
            "sort": row.sort,
            "of": row.of,
            "places": row.places,
            "releases_at": releases_at,
        }
        audit.record(actor, "quota.set", again, after=after)


def _moved(moment: datetime | None, run: Run, copy: Run) -> datetime | None:
    """The same hour of the provider's clock, as many days later as the copy begins later."""
    if moment is None:
        return None
    zone = people.zone_of(run.provider_id)
    local = moment.astimezone(zone).replace(tzinfo=None) + (copy.starts_on - run.starts_on)
    return local.replace(tzinfo=zone).astimezone(UTC)
