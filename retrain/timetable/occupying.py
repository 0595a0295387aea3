"""The clock slots that a class takes of its room, its lecturer and its group, and who has them already."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from retrain.calendar.slots import slots
from retrain.extensions import db
from retrain.people import queries as people
from retrain.refusal import Refusal, Refused
from retrain.timetable import queries, rules
from retrain.timetable.models import ClassSession, Occupancy
from retrain.timetable.states import Part, Resource

Held = tuple[Resource, int]


def held(run_id: int, part: Part, room_id: int | None, lecturer_id: int | None) -> list[Held]:
    """What a class holds while it lasts."""
    found = [(half.resource, run_id) for half in part.halves]
    if room_id is not None:
        found.append((Resource.ROOM, room_id))
    if lecturer_id is not None:
        found.append((Resource.LECTURER, lecturer_id))
    return found


def clashes(
    wanted: Iterable[Held], starts: datetime, ends: datetime, zone: ZoneInfo, but: int | None = None
) -> list[rules.Taken]:
    """What already has any of *wanted* in that time; a class that has both halves of a run is named once."""
    rows = queries.occupants(wanted, starts, ends, but=but)
    lecturing = [row.lecturer_id for kind, row in rows if kind is Resource.LECTURER and row.lecturer_id]
    names = people.display_names(lecturing) if lecturing else {}
    return list(dict.fromkeys(_taken(kind, row, names, zone) for kind, row in rows))


def occupy(meeting: ClassSession) -> None:
    """Take the slots; whoever took one a moment before is named, whatever a check before this saw."""
    db.session.flush()

    def clashing() -> Iterable[Refusal]:
        mine = held(meeting.run_id, meeting.part, meeting.room_id, meeting.lecturer_id)
        zone = people.zone_of(meeting.run.provider_id)
        found = clashes(mine, meeting.starts_at, meeting.ends_at, zone, but=meeting.id)
        return [rules.clash_refusal(clash) for clash in found]

    take([meeting], clashing)


def take(meetings: Iterable[ClassSession], why: Callable[[], Iterable[Refusal]]) -> None:
    """Take the slots of all these classes, or of none: Refused with *why* when one of them is somebody else's."""
    rows = [
        {"resource_kind": kind, "resource_id": number, "slot": slot, "session_id": meeting.id}
        for meeting in meetings
        for kind, number in held(meeting.run_id, meeting.part, meeting.room_id, meeting.lecturer_id)
        for slot in slots(meeting.starts_at, meeting.ends_at)
    ]
    if not rows:
        return
    try:
        with db.session.begin_nested():
            db.session.execute(Occupancy.__table__.insert(), rows)
    except IntegrityError as error:
        raise Refused(why()) from error


def leave(session_ids: Collection[int]) -> None:
    """Give back every slot these classes have."""
    db.session.execute(delete(Occupancy).where(Occupancy.session_id.in_(session_ids)))


def _taken(kind: Resource, meeting: ClassSession, names: dict[int, str], zone: ZoneInfo) -> rules.Taken:
    resource, name = "run", meeting.run.code
    if kind is Resource.ROOM:
        resource, name = "room", meeting.room.name if meeting.room else ""
    elif kind is Resource.LECTURER:
        resource, name = "lecturer", names.get(meeting.lecturer_id or 0, "")
    return named(resource, name, meeting, zone)


def named(resource: str, name: str, meeting: ClassSession, zone: ZoneInfo) -> rules.Taken:
    """A class that is in the way, as rules and sentences know it."""
    topic = next(iter(meeting.topic.titles.values()), "") if meeting.topic else ""
    starts, ends = meeting.starts_at.astimezone(zone), meeting.ends_at.astimezone(zone)
    return rules.Taken(resource, name, meeting.run.code, topic, starts, ends)
