"""How much lecturers teach against their norm, how rooms are used, and who teaches for several providers."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select

from retrain.calendar.hours import to_tenths
from retrain.catalogue.models import Run
from retrain.catalogue.states import HourKind
from retrain.extensions import db
from retrain.people import settings
from retrain.timetable import own
from retrain.timetable.models import ClassSession, Lecturer, Room


@dataclass
class Load:
    """Academic hours of one lecturer in a year by kind, those already held, the norm, and hours at other providers."""

    person_id: int
    lecturer_id: int
    post: str
    norm: int | None
    by_kind: dict[HourKind, float] = field(default_factory=dict)
    held: float = 0
    elsewhere: dict[int, float] = field(default_factory=dict)

    @property
    def hours(self) -> float:
        """All hours of the year at this provider."""
        return round(sum(self.by_kind.values()), 1)

    @property
    def everywhere(self) -> float:
        """With those at other providers."""
        return round(self.hours + sum(self.elsewhere.values()), 1)

    @property
    def left(self) -> float | None:
        """Hours up to the norm, negative beyond it; None where no norm is set."""
        return None if self.norm is None else round(self.norm - self.hours, 1)


Use = dict[tuple[int, int], float]
"""(weekday from 1, pair) → the share of weeks in which it is used, 0 to 1."""


@dataclass(frozen=True)
class RoomUse:
    """How one room, or all rooms together, are used in the weeks that have classes."""

    room: Room | None
    pairs: int
    use: Use


def lecturers(provider_id: int, year: int, today: date) -> list[Load]:
    """Every lecturer of the provider in a calendar year, public classes only, the order of the list being names'."""
    rows = db.session.scalars(select(Lecturer).where(Lecturer.provider_id == provider_id)).all()
    loads = {row.person_id: Load(row.person_id, row.id, row.post, row.hours_a_year) for row in rows}
    minutes: dict[int, dict[HourKind, int]] = defaultdict(lambda: defaultdict(int))
    held: dict[int, int] = defaultdict(int)
    other: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    ours = select(Lecturer.person_id).where(Lecturer.provider_id == provider_id)
    is_over = ClassSession.on_date < today
    taught = (
        select(
            ClassSession.lecturer_id,
            Run.provider_id,
            ClassSession.kind,
            is_over,
            func.sum(ClassSession.minutes),
        )
        .join(Run, Run.id == ClassSession.run_id)
        .where(ClassSession.lecturer_id.in_(ours), ClassSession.on_date.between(*days_of(year)), own.shown())
        .group_by(ClassSession.lecturer_id, Run.provider_id, ClassSession.kind, is_over)
    )
    for person_id, where, kind, over, total in db.session.execute(taught):
        if where != provider_id:
            other[person_id][where] += total
            continue
        minutes[person_id][kind] += total
        held[person_id] += total if over else 0
    hours = {where: settings.get(where, "academic_hour") for where in {provider_id, *_keys(other)}}
    for person_id, load in loads.items():
        own_hour = hours[provider_id]
        load.by_kind = {kind: to_tenths(total, own_hour) for kind, total in minutes[person_id].items()}
        load.held = to_tenths(held[person_id], own_hour)
        load.elsewhere = {where: to_tenths(total, hours[where]) for where, total in other[person_id].items()}
    return list(loads.values())


def rooms(provider_id: int, year: int) -> tuple[list[RoomUse], RoomUse, int]:
    """The use of each room, of all together, and in how many weeks anything was taught."""
    found = db.session.scalars(
        select(Room).where(Room.provider_id == provider_id).order_by(Room.site, Room.name)
    ).all()
    taken = db.session.execute(
        select(ClassSession.room_id, ClassSession.on_date, ClassSession.pair)
        .join(Run, Run.id == ClassSession.run_id)
        .where(
            ClassSession.room_id.in_([room.id for room in found]),
            ClassSession.on_date.between(*days_of(year)),
            own.shown(),
        )
        .distinct()
    ).all()
    weeks = {day.isocalendar()[:2] for _room, day, _pair in taken}
    counts: dict[int, dict[tuple[int, int], int]] = defaultdict(lambda: defaultdict(int))
    for room_id, day, pair in taken:
        counts[room_id][day.isoweekday(), pair] += 1
    each = [_use(room, counts[room.id], len(weeks)) for room in found]
    together: dict[tuple[int, int], int] = defaultdict(int)
    for by_place in counts.values():
        for place, number in by_place.items():
            together[place] += number
    return each, _use(None, together, len(weeks) * max(len(found), 1)), len(weeks)


def years(provider_id: int) -> list[int]:
    """The years in which the provider has classes, the newest first."""
    first, last = db.session.execute(
        select(func.min(ClassSession.on_date), func.max(ClassSession.on_date))
        .join(Run, Run.id == ClassSession.run_id)
        .where(Run.provider_id == provider_id)
    ).one()
    return list(range(last.year, first.year - 1, -1)) if first else []


def days_of(year: int) -> tuple[date, date]:
    """The first and the last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def _use(room: Room | None, counts: dict[tuple[int, int], int], of: int) -> RoomUse:
    return RoomUse(
        room, sum(counts.values()), {place: number / of for place, number in counts.items()} if of else {}
    )


def _keys(tables: dict[int, dict[int, int]]) -> set[int]:
    return {key for table in tables.values() for key in table}
