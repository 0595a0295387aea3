"""A published timetable repaired when somebody falls ill, a room floods or a day is declared off.

The repair is a scenario of the few classes it changes. Published, it is one action of the coordinator: everyone
concerned is told once, what was out is written down, and all of it can be taken back.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from retrain import audit, clock, jobs
from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.permissions import Target
from retrain.refusal import Refusal, Refused
from retrain.timetable import (
    arranging,
    at_work,
    changing,
    facts,
    guards,
    least_change,
    outages,
    publishing,
    sharing,
    solving,
    spots,
)
from retrain.timetable.arranging import IN_PARTS, Aim
from retrain.timetable.at_work import Watch
from retrain.timetable.least_change import Ground, Repair
from retrain.timetable.models import ClassSession, Lecturer, Room, Scenario, ScenarioClass, TimetableChange
from retrain.timetable.outages import Outage
from retrain.timetable.spots import Scope, Spot
from retrain.timetable.states import BEING_MADE, ChangeSort, Keep, ScenarioState, SessionState
from retrain.timetable.surroundings import Surroundings

JOB = "timetable.repair"

SECONDS = 30
"""So long a repair may take at most."""

LONGEST = timedelta(days=366)


@use_case
def want(actor: Actor, provider_id: int, outage: Outage) -> Scenario:
    """A repair that a worker will make. Refused when nothing is out, or nothing stands there."""
    permissions.require(actor, "timetable.edit", Target(provider_id=provider_id))
    outage = _own(provider_id, outage)
    if why := _refusals(provider_id, outage):
        raise Refused(why)
    hit = hit_by(provider_id, outage)
    if not hit:
        raise Refused(Refusal.of("outage-hits-nothing", first=outage.first, last=outage.last))
    scenario = Scenario(
        provider_id=provider_id, first_on=outage.first, last_on=outage.last, run_ids=sorted({row.run_id for row in hit}),
        keep=Keep.PUBLISHED, weights={}, seconds=SECONDS, wanted=len(hit), outage=outages.stored(outage),
        made_by_id=actor.person_id, made_at=clock.now(),
    )  # fmt: skip
    db.session.add(scenario)
    db.session.flush()
    scenario.job_id = jobs.want(JOB, {"scenario": scenario.id}, actor=actor, key=f"{JOB}:{scenario.id}").id
    audit.record(actor, "scenario.wanted", scenario, after={"outage": scenario.outage, "classes": len(hit)})
    return scenario


def _own(provider_id: int, outage: Outage) -> Outage:
    """The outage of those who are the provider's."""
    people_of = select(Lecturer.person_id).where(
        Lecturer.provider_id == provider_id, Lecturer.person_id.in_(outage.lecturers)
    )
    rooms_of = select(Room.id).where(Room.provider_id == provider_id, Room.id.in_(outage.rooms))
    return Outage(
        outage.first, outage.last, frozenset(db.session.scalars(people_of)), frozenset(db.session.scalars(rooms_of)),
        outage.everybody, outage.note.strip(),
    )  # fmt: skip


def _refusals(provider_id: int, outage: Outage) -> list[Refusal]:
    if outage.last < outage.first:
        return [Refusal.of("days-end-before-they-begin", field="last_on")]
    if outage.last - outage.first > LONGEST:
        return [Refusal.of("outage-too-long", field="last_on")]
    if outage.last < clock.today(people.zone_of(provider_id)):
        return [Refusal.of("outage-is-over", field="last_on")]
    if not (outage.everybody or outage.lecturers or outage.rooms):
        return [Refusal.of("nothing-is-out", field="lecturers")]
    return []


def hit_by(provider_id: int, outage: Outage) -> list[ClassSession]:
    """The classes still to come that can't be held where they stand, in order."""
    rows = db.session.scalars(
        select(ClassSession)
        .join(Run, Run.id == ClassSession.run_id)
        .options(joinedload(ClassSession.run), joinedload(ClassSession.topic), joinedload(ClassSession.room))
        .where(
            Run.provider_id == provider_id,
            Run.state.not_in(sharing.OVER),
            ClassSession.on_date.between(outage.first, outage.last),
            ClassSession.state != SessionState.CANCELLED,
            ClassSession.starts_at > clock.now(),
            outage.among_classes(),
        )
        .order_by(ClassSession.starts_at, ClassSession.id)
    )
    found = list(rows)
    held = guards.held_fast([row.id for row in found])
    return [row for row in found if row.id not in held]


def make(work: jobs.Work) -> None:
    """Do the whole job. Whatever killed an earlier attempt, this one begins anew."""
    scenario = db.session.get(Scenario, work.payload["scenario"])
    if scenario is None or scenario.state not in BEING_MADE:
        return
    outage, provider_id, number = outages.restored(scenario.outage), scenario.provider_id, scenario.id
    hit = [spots.spot(row) for row in hit_by(provider_id, outage)]
    around, ground, locks = _ground(provider_id, outage, hit)
    db.session.expunge_all()  # what was read stays read: each row would be asked for anew after the transaction
    db.session.rollback()
    watch = Watch(work, number, len(hit), SECONDS, by_time=False)
    watch.begin()
    found = least_change.repair(around, outage, hit, ground, stop=watch.stop, tell=watch.hear)
    at_work.keep(work, number, _found(found, locks, len(hit)))


def _ground(
    provider_id: int, outage: Outage, hit: Sequence[Spot]
) -> tuple[Surroundings, Ground, dict[int, int]]:
    """What stands around, what may be used, and by which lock each class was known."""
    today = clock.today(people.zone_of(provider_id))
    runs = db.session.execute(
        select(Run.id, Run.starts_on, Run.ends_on, Run.course_version_id).where(
            Run.provider_id == provider_id, Run.state.not_in(sharing.OVER), Run.ends_on >= today
        )
    ).all()
    own = {one.run_id for one in hit}
    first = min((row.starts_on for row in runs if row.id in own), default=outage.first)
    last = max((row.ends_on for row in runs if row.id in own), default=outage.last)
    rooms = db.session.scalars(select(Room.id).where(Room.provider_id == provider_id)).all()
    lecturers = db.session.scalars(
        select(Lecturer.person_id).where(Lecturer.provider_id == provider_id)
    ).all()
    run_ids = {row.id for row in runs if row.starts_on <= last}
    around = Surroundings(Scope(provider_id, run_ids, rooms, lecturers, first, last))
    days = [today + timedelta(days=number) for number in range((last - today).days + 1)]
    known = list(
        db.session.execute(
            select(ClassSession.id, ClassSession.lock, ClassSession.pinned, ClassSession.starts_at)
            .where(ClassSession.run_id.in_(run_ids), ClassSession.state != SessionState.CANCELLED)
        )
    )  # fmt: skip
    now = clock.now()
    movable = {row.id for row in known if not row.pinned and row.starts_at > now} - {
        one.number for one in hit
    }
    ground = Ground(
        days=[day for day in days if around.is_working(day) and around.bells(day)],
        since=now,
        teachers=lambda one: sorted(around.need_of(one).teachers) or around.lecturers,
        rooms=_Rooms(around),
        movable=movable - _held_fast(movable),
        orders=facts.orders({row.course_version_id for row in runs if row.id in own}),
    )
    return around, ground, {row.id: row.lock for row in known}


def _held_fast(numbers: Iterable[int]) -> set[int]:
    every, found = sorted(numbers), set[int]()
    for start in range(0, len(every), IN_PARTS):
        found |= guards.held_fast(every[start : start + IN_PARTS]).keys()
    return found


class _Rooms:
    """The rooms that suit a class, looked up once for all that are alike."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._known: dict[tuple[object, ...], list[int]] = {}

    def __call__(self, one: Spot) -> list[int]:
        alike = (one.run_id, one.module_id, one.kind, one.part)
        if alike not in self._known:
            self._known[alike] = self._around.suiting_rooms(one)
        return self._known[alike]


def _found(repair: Repair, locks: dict[int, int], wanted: int) -> at_work.Found:
    """The classes that change, known by the lock they had, and those for which there is no place."""
    rows = [
        {
            "run_id": now.run_id, "module_id": now.module_id, "kind": now.kind, "part": now.part,
            "minutes": now.minutes, "lecturer_id": now.lecturer_id, "room_id": now.room_id, "on_date": now.on_date,
            "pair": now.pair, "session_id": number, "seen_lock": locks[number],
        }
        for number, (_, now) in repair.moved.items()
    ]  # fmt: skip
    runs = {now.run_id for _, now in repair.moved.values()} | {one.run_id for one, _ in repair.left}
    return at_work.Found(
        ScenarioState.READY if repair.moved else ScenarioState.IMPOSSIBLE, wanted - len(repair.left), rows,
        [why for _, why in repair.left], {"run_ids": sorted(runs)} if runs else {},
    )  # fmt: skip


@use_case
def publish(actor: Actor, scenario_id: int) -> TimetableChange:
    """The repair becomes what is published, and what was out is written down. Refused when a class was changed since."""
    scenario = solving.own(actor, scenario_id)
    if scenario.state is not ScenarioState.READY:
        raise Refused(Refusal.of("scenario-not-whole"))
    outage, provider_id = outages.restored(scenario.outage), scenario.provider_id
    rows = {row.session_id or 0: row for row in publishing.classes_of(scenario_id)}
    for run_id in sorted({row.run_id for row in rows.values()}):
        changing.open_run(actor, run_id)
    meetings = arranging.locked(list(rows))
    if changed := changed_since(rows, meetings) or hit_since(scenario, rows):
        raise Refused(
            Refusal.of("repair-overtaken", run=changed.run.code, day=changed.on_date, pair=changed.pair)
        )
    written = outages.write(actor, provider_id, outage)
    aims = [Aim(row, _to(row, rows[row.id])) for row in meetings]
    kinds = (
        {"timetable.lecturer"}
        if all(aim.to.keys() == {"lecturer_id"} for aim in aims)
        else {"timetable.moved"}
    )
    change = arranging.arrange(
        actor, provider_id, ChangeSort.REPAIR, aims, kind=kinds.pop(), why=outage.note or None,
        scenario=scenario_id, outage=scenario.outage, written=written,
    )  # fmt: skip
    scenario.state, scenario.change_id = ScenarioState.PUBLISHED, change.id
    audit.record(actor, "scenario.published", scenario, after={"moved": len(aims)})
    return change


def changed_since(rows: dict[int, ScenarioClass], meetings: Iterable[ClassSession]) -> ClassSession | None:
    """A class of the repair that somebody changed after it was made."""
    for row in meetings:
        if row.lock != rows[row.id].seen_lock or row.state is SessionState.CANCELLED:
            return row
    return None


def hit_since(scenario: Scenario, rows: dict[int, ScenarioClass]) -> ClassSession | None:
    """A class that was put into the outage after the repair was made."""
    outage = outages.restored(scenario.outage)
    new = [row for row in hit_by(scenario.provider_id, outage) if row.id not in rows]
    return new[0] if len(new) > len(scenario.why_not) else None


def _to(meeting: ClassSession, row: ScenarioClass) -> dict[str, object]:
    wanted = {
        "on_date": row.on_date,
        "pair": row.pair,
        "room_id": row.room_id,
        "lecturer_id": row.lecturer_id,
    }
    return {name: value for name, value in wanted.items() if getattr(meeting, name) != value}


def overtaken(scenario: Scenario) -> ClassSession | None:
    """A class by which a repair that waits to be published was overtaken."""
    rows = {row.session_id or 0: row for row in publishing.classes_of(scenario.id)}
    meetings = db.session.scalars(select(ClassSession).where(ClassSession.id.in_(rows)))
    return changed_since(rows, meetings) or hit_since(scenario, rows)


def today_of(provider_id: int) -> date:
    """Today where the provider is."""
    return clock.today(people.zone_of(provider_id))
