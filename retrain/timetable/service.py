"""Rooms, lecturers and sessions put into the week. The only writer of the timetable's tables."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from retrain import audit, messages
from retrain.audit import Actor
from retrain.calendar.bells import NoSuchPair
from retrain.calendar.hours import to_minutes, to_tenths
from retrain.calendar.slots import slots
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.catalogue.states import RunState
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import permissions, settings
from retrain.people import queries as people
from retrain.people.permissions import Target
from retrain.refusal import ChangedMeanwhile, Refusal, Refused
from retrain.timetable import queries, rules, times
from retrain.timetable.models import ClassSession, Lecturer, Occupancy, Room
from retrain.timetable.states import Resource, SessionState

CLOSED_RUNS = (RunState.FINISHED, RunState.ARCHIVED, RunState.CANCELLED)


@dataclass(frozen=True)
class Place:
    """Where a session is to stand; *hours* are academic hours, at most a pair's."""

    topic_id: int
    on_date: date
    pair: int
    room_id: int | None
    lecturer_id: int | None
    hours: float


@use_case
def add_room(actor: Actor, provider_id: int, name: str, capacity: int, site: str = "") -> Room:
    """A room the provider may teach in."""
    permissions.require(actor, "timetable.edit", Target(provider_id=provider_id))
    same = select(Room).where(Room.provider_id == provider_id, Room.site == site, Room.name == name)
    if db.session.scalar(same):
        raise Refused(Refusal.of("room-exists", field="name", name=name))
    room = Room(provider_id=provider_id, name=name, capacity=capacity, site=site)
    db.session.add(room)
    audit.record(actor, "room.added", room, after={"name": name, "site": site, "capacity": capacity})
    return room


@use_case
def add_lecturer(actor: Actor, provider_id: int, person_id: int, post: str = "") -> Lecturer:
    """Let a person teach for the provider; asking twice changes nothing."""
    permissions.require(actor, "timetable.edit", Target(provider_id=provider_id))
    known = select(Lecturer).where(Lecturer.provider_id == provider_id, Lecturer.person_id == person_id)
    if found := db.session.scalar(known):
        return found
    lecturer = Lecturer(provider_id=provider_id, person_id=person_id, post=post)
    db.session.add(lecturer)
    audit.record(actor, "lecturer.added", lecturer, after={"person": person_id})
    return lecturer


@use_case
def add_session(actor: Actor, run_code: str, place: Place) -> ClassSession:
    """Put a session into the run's week. Raises Refused with every reason, naming what clashes."""
    run = _run(actor, run_code)
    topic = queries.topic(run, place.topic_id)
    meeting = ClassSession(run_id=run.id, module_id=topic.module_id, topic_id=topic.id, kind=topic.kind)
    _put(run, meeting, place)
    meeting.state = SessionState.PLANNED
    db.session.add(meeting)
    _occupy(meeting)
    audit.record(actor, "session.added", meeting, after=_shown(meeting))
    return meeting


@use_case
def move_session(actor: Actor, session_id: int, place: Place, lock: int) -> ClassSession:
    """Give a session another time, room, lecturer or topic; people who know of it are told."""
    meeting = queries.session(session_id)
    run = _run(actor, meeting.run.code)
    if meeting.state is SessionState.CANCELLED:
        raise Refused(Refusal.of("session-cancelled"))
    if meeting.lock != lock:
        raise ChangedMeanwhile(
            {"on_date": (meeting.on_date, place.on_date), "pair": (meeting.pair, place.pair)}
        )
    before = _shown(meeting)
    topic = queries.topic(run, place.topic_id)
    meeting.module_id, meeting.topic_id, meeting.kind = topic.module_id, topic.id, topic.kind
    _put(run, meeting, place)
    meeting.lock += 1
    meeting.sequence += 1
    _leave(meeting)
    _occupy(meeting)
    audit.record(actor, "session.moved", meeting, before=before, after=_shown(meeting))
    if meeting.state is SessionState.PUBLISHED:
        _tell(run, meeting, "timetable.moved")
    return meeting


@use_case
def cancel_session(actor: Actor, session_id: int, reason: str) -> ClassSession:
    """Take a session out of the week; it stays on record and occupies nothing."""
    meeting = queries.session(session_id)
    run = _run(actor, meeting.run.code)
    if not reason.strip():
        raise Refused(Refusal.of("reason-missing", field="reason"))
    if meeting.state is SessionState.CANCELLED:
        return meeting
    was_published = meeting.state is SessionState.PUBLISHED
    meeting.state, meeting.cancel_reason = SessionState.CANCELLED, reason
    meeting.sequence += 1
    _leave(meeting)
    audit.record(actor, "session.cancelled", meeting, why=reason)
    if was_published:
        _tell(run, meeting, "timetable.cancelled")
    return meeting


@use_case
def publish_timetable(actor: Actor, run_code: str) -> int:
    """Show the planned sessions to everyone; how many became public. Lacking hours are refused with numbers."""
    run = _run(actor, run_code)
    lacking = [
        need for need in queries.needs(run, settings.get(run.provider_id, "academic_hour")) if need.left > 0
    ]
    if lacking:
        raise Refused(
            Refusal.of("hours-unplaced", module=need.module.titles, kind=need.kind.value, left=need.left)
            for need in lacking
        )
    planned = [row for row in queries.sessions(run.id) if row.state is SessionState.PLANNED]
    for meeting in planned:
        meeting.state = SessionState.PUBLISHED
    if planned:
        audit.record(actor, "timetable.published", run, after={"sessions": len(planned)})
        for person_id in queries.people_of(run.id):
            messages.later(
                person_id, "timetable.published", {"run": run.code, "title": run.version.titles},
                about=("run", run.id), key=f"timetable.published:{run.id}:{planned[0].id}:{person_id}",
            )  # fmt: skip
    return len(planned)


def _run(actor: Actor, code: str) -> Run:
    run = catalogue.run(code)
    permissions.require(actor, "timetable.edit", Target(provider_id=run.provider_id))
    if run.state in CLOSED_RUNS:
        raise Refused(Refusal.of("run-not-open"))
    return run


def _put(run: Run, meeting: ClassSession, place: Place) -> None:
    """Set time and resources on *meeting* after asking the rules."""
    try:
        pair = times.bells(run.provider_id, place.on_date).pair(place.pair)
    except NoSuchPair:
        raise Refused(Refusal.of("no-such-pair", field="pair", pair=place.pair)) from None
    zone = people.zone_of(run.provider_id)
    interval = pair.interval(place.on_date, zone)
    hour = settings.get(run.provider_id, "academic_hour", place.on_date)
    room = _own_room(run, place.room_id)
    _own_lecturer(run, place.lecturer_id)
    resources = [
        (kind, number)
        for kind, number in (
            (Resource.ROOM, place.room_id),
            (Resource.LECTURER, place.lecturer_id),
            (Resource.RUN, run.id),
        )
        if number is not None
    ]
    with db.session.no_autoflush:
        clashes = [_taken(*row, zone) for row in queries.occupants(resources, *interval, but=meeting.id)]
        wanted = rules.Wanted(
            on_date=place.on_date,
            hours=place.hours,
            pair_hours=pair.hours,
            room_capacity=room.capacity if room else None,
            group_size=run.taken,
            kind_left=_hours_left(run, meeting, hour),
        )
        if why := rules.refusals(wanted, _frame(run, meeting, place, hour), clashes):
            raise Refused(why)
    meeting.on_date, meeting.pair = place.on_date, place.pair
    meeting.starts_at, meeting.ends_at = interval
    meeting.room_id, meeting.lecturer_id = place.room_id, place.lecturer_id
    meeting.minutes = to_minutes(place.hours, hour)


def _hours_left(run: Run, meeting: ClassSession, hour: int) -> float | None:
    for need in queries.needs(run, hour):
        if need.module.id == meeting.module_id and need.kind == meeting.kind:
            own = to_tenths(meeting.minutes, hour) if meeting.id else 0
            return round(need.left + own, 1)
    return None


def _frame(run: Run, meeting: ClassSession, place: Place, hour: int) -> rules.Frame:
    monday = place.on_date - timedelta(days=place.on_date.weekday())
    week = queries.placed_minutes(run.id, monday, monday + timedelta(days=6), but=meeting.id)
    return rules.Frame(
        starts_on=run.starts_on,
        ends_on=run.ends_on,
        working=times.is_working_day(run.provider_id, place.on_date),
        hours_that_day=to_tenths(week.get(place.on_date, 0), hour),
        hours_that_week=to_tenths(sum(week.values()), hour),
    )


def _own_room(run: Run, room_id: int | None) -> Room | None:
    room = db.session.get(Room, room_id) if room_id else None
    if room_id and (room is None or room.provider_id != run.provider_id):
        raise Refused(Refusal.of("room-unknown", field="room_id"))
    return room


def _own_lecturer(run: Run, person_id: int | None) -> None:
    known = select(Lecturer.id).where(
        Lecturer.person_id == person_id, Lecturer.provider_id == run.provider_id
    )
    if person_id and db.session.scalar(known) is None:
        raise Refused(Refusal.of("lecturer-unknown", field="lecturer_id"))


def _taken(resource: Resource, meeting: ClassSession, zone: ZoneInfo) -> rules.Taken:
    name = meeting.run.code
    if resource is Resource.ROOM and meeting.room:
        name = meeting.room.name
    if resource is Resource.LECTURER and meeting.lecturer_id:
        name = people.display_names([meeting.lecturer_id])[meeting.lecturer_id]
    topic = next(iter(meeting.topic.titles.values()), "") if meeting.topic else ""
    starts, ends = meeting.starts_at.astimezone(zone), meeting.ends_at.astimezone(zone)
    return rules.Taken(resource.value, name, meeting.run.code, topic, starts, ends)


def _occupy(meeting: ClassSession) -> None:
    """Take the slots; whoever took one a moment before is named, whatever the check above saw."""
    db.session.flush()
    held = [
        (kind, number)
        for kind, number in (
            (Resource.ROOM, meeting.room_id),
            (Resource.LECTURER, meeting.lecturer_id),
            (Resource.RUN, meeting.run_id),
        )
        if number is not None
    ]
    rows = [
        {"resource_kind": kind, "resource_id": number, "slot": slot, "session_id": meeting.id}
        for kind, number in held
        for slot in slots(meeting.starts_at, meeting.ends_at)
    ]
    try:
        with db.session.begin_nested():
            db.session.execute(Occupancy.__table__.insert(), rows)
    except IntegrityError as error:
        zone = people.zone_of(meeting.run.provider_id)
        clashes = queries.occupants(held, meeting.starts_at, meeting.ends_at, but=meeting.id)
        raise Refused(rules.clash_refusal(_taken(*row, zone)) for row in clashes) from error


def _leave(meeting: ClassSession) -> None:
    db.session.execute(delete(Occupancy).where(Occupancy.session_id == meeting.id))


def _tell(run: Run, meeting: ClassSession, kind: str) -> None:
    facts = {
        "run": run.code,
        "title": run.version.titles,
        "day": meeting.on_date.isoformat(),
        "starts": meeting.starts_at.isoformat(),
        "zone": people.zone_of(run.provider_id).key,
        "room": meeting.room.name if meeting.room else "",
    }
    concerned = {*queries.people_of(run.id), *([meeting.lecturer_id] if meeting.lecturer_id else [])}
    for person_id in sorted(concerned):
        messages.later(
            person_id, kind, facts, about=("class_session", meeting.id),
            key=f"{kind}:{meeting.id}:{meeting.sequence}:{person_id}",
        )  # fmt: skip


def _shown(meeting: ClassSession) -> dict[str, object]:
    return {
        "run": meeting.run_id,
        "topic": meeting.topic_id,
        "on": meeting.on_date,
        "pair": meeting.pair,
        "room": meeting.room_id,
        "lecturer": meeting.lecturer_id,
        "minutes": meeting.minutes,
    }
