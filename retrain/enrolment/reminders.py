"""What is said by the calendar: a run that soon begins, to those with a place; requests that wait, to offices."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from retrain import clock, messages
from retrain.catalogue.models import Run
from retrain.catalogue.states import ON_OFFER
from retrain.database.use_case import use_case
from retrain.enrolment import letters, waiting_requests
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import State
from retrain.extensions import db
from retrain.people import queries as people
from retrain.people.states import RoleKind

DAYS_BEFORE = (7, 1)
MORNING = 8
"""From this hour of the provider's day on: nobody is woken by a reminder."""


def _has_begun(now: datetime, zone: ZoneInfo) -> bool:
    return now.astimezone(zone).hour >= MORNING


def say_what_begins() -> int:
    """Tell everybody with a place that their run begins in seven days, or tomorrow; how many were told."""
    now = clock.now()
    days = {now.date() + timedelta(days=number + shift) for number in DAYS_BEFORE for shift in (-1, 0, 1)}
    found = select(Run).where(Run.state.in_(ON_OFFER), Run.starts_on.in_(days)).order_by(Run.id)
    runs = db.session.scalars(found.options(joinedload(Run.version))).all()
    zones = people.zones_of({run.provider_id for run in runs})
    due = [
        (run.id, ahead, zones[run.provider_id].key)
        for run in runs
        if (ahead := (run.starts_on - clock.today(zones[run.provider_id])).days) in DAYS_BEFORE
        and _has_begun(now, zones[run.provider_id])
    ]
    db.session.rollback()
    return sum(_begins(run_id, ahead, zone) for run_id, ahead, zone in due)


@use_case
def _begins(run_id: int, ahead: int, zone: str) -> int:
    run = db.session.get_one(Run, run_id)
    facts = {
        "run": run.code, "course": run.version.titles, "starts": run.starts_on.isoformat(),
        "ends": run.ends_on.isoformat(), "zone": zone, "place": run.place_text, "path": f"/runs/{run.code}",
    }  # fmt: skip
    persons = letters.people_in(run, Enrolment.state == State.ENROLLED)
    return messages.later_many(
        persons, f"enrolment.starts_in_{ahead}", facts, about=("run", run.id),
        key_prefix=f"starts:{run.id}:{run.starts_on}:{ahead}",
    )  # fmt: skip


def say_what_waits() -> int:
    """One message a day to each office whose answer is waited for, however many wait; how many people were told."""
    now, today = clock.now(), clock.today()
    colleges = waiting_requests.counts_of_colleges(now, today)
    providers = waiting_requests.counts_of_providers(now)
    zones = people.zones_of({*colleges, *providers})
    db.session.rollback()
    told = _each_office(colleges, RoleKind.COLLEGE_HR, "/consents", zones, now)
    return told + _each_office(providers, RoleKind.COORDINATOR, "/", zones, now)


def _each_office(
    counts: dict[int, int], kind: RoleKind, path: str, zones: dict[int, ZoneInfo], now: datetime
) -> int:
    return sum(
        _digest(office, number, kind, path, now.astimezone(zones[office]).date())
        for office, number in sorted(counts.items())
        if _has_begun(now, zones[office])
    )


@use_case
def _digest(office: int, number: int, kind: RoleKind, path: str, day: date) -> int:
    persons: Iterable[int] = [person.id for person in people.holders(office, kind)]
    return messages.later_many(
        persons, "enrolment.requests_wait", {"number": number, "path": path}, about=("organisation", office),
        key_prefix=f"requests:{office}:{kind}:{day}",
    )  # fmt: skip
