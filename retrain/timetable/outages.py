"""What is out from one day to another: lecturers, rooms, or everybody. Written down where it belongs, and taken back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, or_, select, true

from retrain.audit import Actor
from retrain.extensions import db
from retrain.people import configuring, settings
from retrain.timetable import availability, premises, times
from retrain.timetable.availability import Days
from retrain.timetable.models import END_OF_DAY, Availability, ClassSession, Lecturer
from retrain.timetable.states import Stance, Standing


class Placed(Protocol):
    """A class as far as an outage is concerned."""

    @property
    def on_date(self) -> date: ...
    @property
    def room_id(self) -> int | None: ...
    @property
    def lecturer_id(self) -> int | None: ...


@dataclass(frozen=True)
class Outage:
    """Lecturers (persons) and rooms that can't be had from *first* to *last*; with *everybody* these are days off."""

    first: date
    last: date
    lecturers: frozenset[int] = frozenset()
    rooms: frozenset[int] = frozenset()
    everybody: bool = False
    note: str = ""

    def hits(self, one: Placed) -> bool:
        """Whether the class can't be held where it stands."""
        if not self.covers(one.on_date):
            return False
        return self.everybody or one.room_id in self.rooms or one.lecturer_id in self.lecturers

    def among_classes(self) -> ColumnElement[bool]:
        """Whether a class can’t be held where it stands, for the database; its day is asked for apart."""
        if self.everybody:
            return true()
        return or_(ClassSession.room_id.in_(self.rooms), ClassSession.lecturer_id.in_(self.lecturers))

    def covers(self, day: date) -> bool:
        """Whether *day* is one of its days."""
        return self.first <= day <= self.last

    @property
    def days(self) -> list[date]:
        """Every day of it."""
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]


def stored(outage: Outage) -> dict[str, Any]:
    """An outage as its column holds it."""
    return {
        "first": outage.first.isoformat(), "last": outage.last.isoformat(), "lecturers": sorted(outage.lecturers),
        "rooms": sorted(outage.rooms), "everybody": outage.everybody, "note": outage.note,
    }  # fmt: skip


def restored(kept: Mapping[str, Any]) -> Outage:
    """An outage out of its column."""
    return Outage(
        date.fromisoformat(kept["first"]), date.fromisoformat(kept["last"]), frozenset(kept["lecturers"]),
        frozenset(kept["rooms"]), bool(kept["everybody"]), str(kept["note"]),
    )  # fmt: skip


def write(actor: Actor, provider_id: int, outage: Outage) -> dict[str, Any]:
    """Write the outage down: lecturers' time, rooms, days off. What was not written before, for :func:`erase`."""
    days = Days(Stance.UNAVAILABLE, outage.first, outage.last, outage.note)
    times_said = [
        availability.add_days(actor, row.id, days).lecturer_id
        for row in _lecturers(provider_id, outage.lecturers)
        if _said(row.id, outage) is None
    ]
    rooms = [
        room_id
        for room_id in sorted(outage.rooms)
        if premises.put_out(actor, room_id, outage.first, outage.last, outage.note)
    ]
    days_off = []
    if outage.everybody:
        days_off = [day for day in outage.days if times.is_working_day(provider_id, day)]
        _set_off(actor, provider_id, days_off, outage.note, off=True)
    return {"times": times_said, "rooms": rooms, "days_off": [day.isoformat() for day in days_off]}


def erase(actor: Actor, provider_id: int, outage: Outage, written: Mapping[str, Any]) -> None:
    """Take back what was written down of it."""
    for lecturer_id in written["times"]:
        row = _said(lecturer_id, outage)
        if row is not None:
            availability.take_back(actor, row.id)
    for room_id in written["rooms"]:
        premises.take_in(actor, room_id, outage.first, outage.last)
    days_off = [date.fromisoformat(day) for day in written["days_off"]]
    _set_off(actor, provider_id, days_off, outage.note, off=False)
    db.session.flush()


def _lecturers(provider_id: int, people: Iterable[int]) -> list[Lecturer]:
    known = select(Lecturer).where(Lecturer.provider_id == provider_id, Lecturer.person_id.in_(people))
    return list(db.session.scalars(known.order_by(Lecturer.id)))


def _said(lecturer_id: int, outage: Outage) -> Availability | None:
    """That the lecturer can't come on any of these days, if it is agreed already."""
    return db.session.scalar(
        select(Availability)
        .where(
            Availability.lecturer_id == lecturer_id,
            Availability.stance == Stance.UNAVAILABLE,
            Availability.standing == Standing.AGREED,
            Availability.first_on <= outage.first,
            Availability.last_on >= outage.last,
            Availability.from_minute == 0,
            Availability.to_minute == END_OF_DAY,
        )
        .order_by(Availability.id.desc())
        .limit(1)
    )


def _set_off(actor: Actor, provider_id: int, days: list[date], note: str, *, off: bool) -> None:
    """These days are days off, or no longer, by each value of the setting that holds on one of them."""
    if not days:
        return
    told = {day.isoformat() for day in days}
    begins = {
        row.valid_from
        for row in settings.history(provider_id, "holidays")
        if days[0] < row.valid_from <= days[-1]
    }
    for since in sorted({days[0]} | begins):
        known = [each for each in settings.get(provider_id, "holidays", since) if each["on"] not in told]
        new = [{"on": day, "working": False, "name": note} for day in sorted(told)] if off else []
        configuring.set_setting(actor, provider_id, "holidays", since, known + new)
