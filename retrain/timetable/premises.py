"""Rooms with what is in them, and the way between sites: changed by who makes timetables."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select

from retrain import audit
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import permissions
from retrain.people.permissions import Target
from retrain.refusal import ChangedMeanwhile, NotThere, Refusal, Refused
from retrain.timetable.fitting import Sites
from retrain.timetable.models import ClassSession, Room, Travel
from retrain.timetable.states import SessionState


@dataclass(frozen=True)
class RoomPlan:
    """A room as somebody wants it."""

    name: str
    site: str
    capacity: int
    equipment: tuple[str, ...]


def own_room(actor: Actor, room_id: int, action: str = "timetable.edit") -> Room:
    """A room of a provider at which the actor may do *action*, or :class:`NotThere`."""
    room = db.session.get(Room, room_id)
    if room is None:
        raise NotThere(room_id)
    permissions.require(actor, action, Target(provider_id=room.provider_id))
    return room


@use_case
def edit_room(actor: Actor, room_id: int, plan: RoomPlan, lock: int) -> Room:
    """Give a room another name, site, size or equipment. Classes that are in it already stay."""
    room = own_room(actor, room_id)
    same = select(Room.id).where(
        Room.provider_id == room.provider_id,
        Room.site == plan.site,
        Room.name == plan.name,
        Room.id != room_id,
    )
    if db.session.scalar(same):
        raise Refused(Refusal.of("room-exists", field="name", name=plan.name))
    before, after = asdict(_plan_of(room)), asdict(plan)
    if room.lock != lock:
        raise ChangedMeanwhile({name: (before[name], after[name]) for name in after})
    changed = [name for name in after if before[name] != after[name]]
    if changed:
        for name in changed:
            setattr(room, name, list(after[name]) if name == "equipment" else after[name])
        room.lock += 1
        audit.record(
            actor, "room.changed", room,
            before={name: before[name] for name in changed}, after={name: after[name] for name in changed},
        )  # fmt: skip
    return room


@use_case
def close_room(actor: Actor, room_id: int, on: date) -> Room:
    """Take no more classes into a room from a day on; refused while some are planned there for later."""
    room = own_room(actor, room_id)
    planned = select(ClassSession.on_date).where(
        ClassSession.room_id == room_id,
        ClassSession.on_date >= on,
        ClassSession.state != SessionState.CANCELLED,
    )
    days = sorted(db.session.scalars(planned))
    if days:
        raise Refused(
            Refusal.of("room-in-use", field="closed_on", name=room.name, count=len(days), last=days[-1])
        )
    if room.closed_on != on:
        audit.record(
            actor, "room.closed", room, before={"closed_on": room.closed_on}, after={"closed_on": on}
        )
        room.closed_on = on
        room.lock += 1
    return room


@use_case
def open_room(actor: Actor, room_id: int) -> Room:
    """Take classes into a closed room again."""
    room = own_room(actor, room_id)
    if room.closed_on is not None:
        audit.record(
            actor, "room.opened", room, before={"closed_on": room.closed_on}, after={"closed_on": None}
        )
        room.closed_on = None
        room.lock += 1
    return room


@use_case
def put_out(actor: Actor, room_id: int, first: date, last: date, note: str) -> bool:
    """The room can't be used from one day to another; whether that is new."""
    room = own_room(actor, room_id)
    same = _outage(room, first, last)
    if same is not None:
        return False
    new = {"first": first.isoformat(), "last": last.isoformat(), "note": note}
    room.outages = sorted([*room.outages, new], key=lambda each: (each["first"], each["last"]))
    room.lock += 1
    audit.record(actor, "room.put_out", room, after=new)
    return True


@use_case
def take_in(actor: Actor, room_id: int, first: date, last: date) -> None:
    """The room can be used on these days again."""
    room = own_room(actor, room_id)
    same = _outage(room, first, last)
    if same is not None:
        room.outages = [each for each in room.outages if each != same]
        room.lock += 1
        audit.record(actor, "room.taken_in", room, before=same)


def _outage(room: Room, first: date, last: date) -> dict[str, str] | None:
    days = (first.isoformat(), last.isoformat())
    return next((each for each in room.outages if (each["first"], each["last"]) == days), None)


@use_case
def set_travel(actor: Actor, provider_id: int, minutes: Mapping[Sites, int | None]) -> int:
    """How long the way between two sites takes, both ways; None takes the answer back. How many changed."""
    permissions.require(actor, "timetable.edit", Target(provider_id=provider_id))
    wanted = {_in_order(sites): asked for sites, asked in minutes.items()}
    known = {
        (row.one_site, row.other_site): row
        for row in db.session.scalars(select(Travel).where(Travel.provider_id == provider_id))
    }
    changed = {}
    for sites, asked in wanted.items():
        row = known.get(sites)
        if (row.minutes if row else None) == asked:
            continue
        changed[sites] = (row.minutes if row else None, asked)
        if row and asked is None:
            db.session.delete(row)
        elif row and asked is not None:
            row.minutes = asked
        elif asked is not None:
            db.session.add(
                Travel(provider_id=provider_id, one_site=sites[0], other_site=sites[1], minutes=asked)
            )
    if changed:
        before = {" – ".join(sites): was for sites, (was, _) in changed.items()}
        after = {" – ".join(sites): now for sites, (_, now) in changed.items()}
        audit.record(actor, "travel.changed", ("organisation", provider_id), before=before, after=after)
    return len(changed)


def _in_order(sites: Sites) -> Sites:
    one, other = sorted(sites)
    return one, other


def _plan_of(room: Room) -> RoomPlan:
    return RoomPlan(room.name, room.site, room.capacity, tuple(room.equipment))
