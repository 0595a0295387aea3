"""Rooms, lecturers and sessions put into the week. The only writer of the timetable's tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from retrain import audit, messages
from retrain.audit import Actor
from retrain.calendar.bells import NoSuchPair
from retrain.calendar.hours import to_minutes
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import permissions, settings
from retrain.people.permissions import Target
from retrain.refusal import ChangedMeanwhile, Refusal, Refused
from retrain.timetable import guards, journal, occupying, placing, queries, sharing, telling, times
from retrain.timetable.models import ClassSession, Lecturer, Room
from retrain.timetable.states import Part, SessionState

CLOSED_RUNS = sharing.OVER


@dataclass(frozen=True)
class Place:
    """Where a session is to stand; *hours* are academic hours, at most a pair's."""

    topic_id: int
    on_date: date
    pair: int
    room_id: int | None
    lecturer_id: int | None
    hours: float
    part: Part = Part.WHOLE


@use_case
def add_room(
    actor: Actor, provider_id: int, name: str, capacity: int, site: str = "", equipment: Iterable[str] = ()
) -> Room:
    """A room the provider may teach in."""
    permissions.require(actor, "timetable.edit", Target(provider_id=provider_id))
    same = select(Room).where(Room.provider_id == provider_id, Room.site == site, Room.name == name)
    if db.session.scalar(same):
        raise Refused(Refusal.of("room-exists", field="name", name=name))
    things = list(equipment)
    room = Room(provider_id=provider_id, name=name, capacity=capacity, site=site, equipment=things)
    db.session.add(room)
    after = {"name": name, "site": site, "capacity": capacity, **({"equipment": things} if things else {})}
    audit.record(actor, "room.added", room, after=after)
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
    occupying.occupy(meeting)
    audit.record(actor, "session.added", meeting, after=_shown(meeting))
    return meeting


@use_case
def move_session(actor: Actor, session_id: int, place: Place, lock: int) -> ClassSession:
    """Give a session another time, room, lecturer or topic; people who know of it are told."""
    run = _run(actor, queries.run_code_of(session_id))
    meeting = queries.session(session_id, for_update=True)
    if meeting.state is SessionState.CANCELLED:
        raise Refused(Refusal.of("session-cancelled"))
    if meeting.lock != lock:
        raise ChangedMeanwhile(
            {"on_date": (meeting.on_date, place.on_date), "pair": (meeting.pair, place.pair)},
            catalogue.changed_by("class_session", meeting.id),
        )
    guards.require_free([meeting.id])
    before, was = _shown(meeting), journal.snapshot(meeting)
    topic = queries.topic(run, place.topic_id)
    meeting.module_id, meeting.topic_id, meeting.kind = topic.module_id, topic.id, topic.kind
    _put(run, meeting, place)
    meeting.lock += 1
    meeting.sequence += 1
    occupying.leave([meeting.id])
    occupying.occupy(meeting)
    audit.record(actor, "session.moved", meeting, before=before, after=_shown(meeting))
    if meeting.state is SessionState.PUBLISHED:
        _tell(meeting, was, "timetable.moved")
    return meeting


@use_case
def cancel_session(actor: Actor, session_id: int, reason: str) -> ClassSession:
    """Take a session out of the week; it stays on record and occupies nothing."""
    _run(actor, queries.run_code_of(session_id))
    meeting = queries.session(session_id, for_update=True)
    if not reason.strip():
        raise Refused(Refusal.of("reason-missing", field="reason"))
    if meeting.state is SessionState.CANCELLED:
        return meeting
    guards.require_free([meeting.id])
    was = journal.snapshot(meeting)
    meeting.state, meeting.cancel_reason = SessionState.CANCELLED, reason
    meeting.sequence += 1
    occupying.leave([meeting.id])
    audit.record(actor, "session.cancelled", meeting, why=reason)
    if was["state"] is SessionState.PUBLISHED:
        _tell(meeting, was, "timetable.cancelled")
    return meeting


@use_case
def publish_timetable(actor: Actor, run_code: str) -> int:
    """Show the planned sessions to everyone; how many became public. Lacking hours are refused with numbers."""
    run = _run(actor, run_code)
    _rooms_chosen(run)
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
        sharing.settle(actor, [run])
        messages.later_many(
            queries.people_of(run.id), "timetable.published", {"run": run.code, "title": run.version.titles},
            key_prefix=f"timetable.published:{run.id}:{planned[0].id}", about=("run", run.id),
        )  # fmt: skip
    return len(planned)


def _run(actor: Actor, code: str) -> Run:
    """The run, locked: what it still lacks and how full its days are is counted by one writer at a time."""
    run = catalogue.run(code, for_update=True)
    permissions.require(actor, "timetable.edit", Target(provider_id=run.provider_id))
    if run.state in CLOSED_RUNS:
        raise Refused(Refusal.of("run-not-open"))
    return run


def _rooms_chosen(run: Run) -> None:
    """Distance hours and days at an employer need no room; whoever comes to a class has to know where."""
    without = [
        row for row in queries.sessions(run.id) if row.room_id is None and placing.needs_room(run, row.kind)
    ]
    if without:
        raise Refused(Refusal.of("rooms-not-chosen", count=len(without), first=without[0].on_date))


def _put(run: Run, meeting: ClassSession, place: Place) -> None:
    """Set time and resources on *meeting* after asking the rules."""
    try:
        pair = times.bells(run.provider_id, place.on_date).pair(place.pair)
    except NoSuchPair:
        raise Refused(Refusal.of("no-such-pair", field="pair", pair=place.pair)) from None
    wanted = placing.Wanted(
        run=run,
        module_id=meeting.module_id,
        kind=meeting.kind,
        part=place.part,
        on_date=place.on_date,
        pair=pair,
        hours=place.hours,
        room_id=place.room_id,
        lecturer_id=place.lecturer_id,
        session_id=meeting.id,
    )
    with db.session.no_autoflush:
        if why := placing.refusals(wanted):
            raise Refused(why)
    meeting.on_date, meeting.pair, meeting.part = place.on_date, place.pair, place.part
    meeting.starts_at, meeting.ends_at = wanted.interval
    meeting.room_id, meeting.lecturer_id = place.room_id, place.lecturer_id
    meeting.minutes = to_minutes(place.hours, wanted.hour)


def _tell(meeting: ClassSession, was: journal.Snapshot, kind: str) -> None:
    """Tell those concerned, unless whoever calls tells everybody at the end."""
    if not telling.is_quiet():
        key = f"{kind}:{meeting.id}:{meeting.sequence}"
        telling.tell([telling.News(meeting, was, kind)], key, ("class_session", meeting.id))


def _shown(meeting: ClassSession) -> dict[str, object]:
    return {
        "run": meeting.run_id,
        "topic": meeting.topic_id,
        "on": meeting.on_date,
        "pair": meeting.pair,
        "room": meeting.room_id,
        "lecturer": meeting.lecturer_id,
        "minutes": meeting.minutes,
        **({"part": meeting.part.value} if meeting.part is not Part.WHOLE else {}),
    }
