"""A provider's term as the database has it: what is asked for, and all that a timetable of it depends on."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from retrain.calendar.bells import Bells, Pair
from retrain.calendar.weeks import monday_of
from retrain.catalogue.models import Module, Run
from retrain.catalogue.states import RunState
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import IN_GROUP
from retrain.extensions import db
from retrain.people import queries as people
from retrain.people import settings
from retrain.people.models import Teacher
from retrain.timetable import facts, spots, times
from retrain.timetable.fitting import Need, Order, Said, Sites
from retrain.timetable.models import ClassSession, Lecturer, Room
from retrain.timetable.states import Keep, SessionState

PLANNABLE = (RunState.PUBLISHED, RunState.CONFIRMED, RunState.RUNNING)


@dataclass(frozen=True)
class Ask:
    """What is to be put together: runs that lie in a stretch of dates, what is kept, and from which day on."""

    provider_id: int
    first: date
    last: date
    run_ids: tuple[int, ...]
    keep: Keep
    today: date


@dataclass(frozen=True)
class Calendar:
    """The periods of a term: the pairs of each working day by that day's bells, weeks from Monday on."""

    monday: date
    weeks: int
    days_in_week: int
    slots: int
    bells: dict[date, Bells]
    zone: ZoneInfo

    @property
    def days(self) -> int:
        return self.weeks * self.days_in_week

    def day(self, number: int) -> date:
        week, weekday = divmod(number, self.days_in_week)
        return self.monday + timedelta(days=7 * week + weekday)

    def period(self, day: date, pair: int) -> int | None:
        """The period of a pair, or None when there is no such one in the term."""
        numbers = [each.number for each in self.bells.get(day, ())]
        if pair not in numbers:
            return None
        week, weekday = divmod((day - self.monday).days, 7)
        return (week * self.days_in_week + weekday) * self.slots + numbers.index(pair)

    def place(self, period: int) -> tuple[date, Pair]:
        """The day and the pair of a period."""
        day = self.day(period // self.slots)
        return day, self.bells[day].pairs[period % self.slots]

    def periods(self) -> list[tuple[int, date, Pair]]:
        """Every period there is, in order."""
        return [
            (number * self.slots + slot, day, pair)
            for number, day in enumerate(map(self.day, range(self.days)))
            for slot, pair in enumerate(self.bells.get(day, ()))
        ]


@dataclass(frozen=True)
class Busy:
    """A time that somebody, or the people of a run, have something elsewhere."""

    person_id: int | None
    run_id: int | None
    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class Facts:
    """All that a timetable of the term depends on."""

    ask: Ask
    calendar: Calendar
    hour: int
    runs: dict[int, Run]
    modules: dict[int, list[Module]]
    needs: dict[facts.Asked, Need]
    orders: dict[int, Order]
    rooms: list[Room]
    lecturers: dict[int, Lecturer]
    names: dict[int, str]
    said: dict[int, list[Said]]
    travel: dict[Sites, int]
    classes: list[ClassSession]
    busy: list[Busy]
    learning: dict[int, set[int]] = field(default_factory=dict)
    """person → runs of the term that they are listeners of."""

    def is_kept(self, row: ClassSession) -> bool:
        """Whether a class stays where it is: of another run, over, pinned, or kept as was asked."""
        if row.run_id not in self.runs or row.on_date < self.ask.today or row.pinned or row.module_id is None:
            return True
        if self.ask.keep is Keep.PLACED:
            return True
        return self.ask.keep is Keep.PUBLISHED and row.state is SessionState.PUBLISHED

    @property
    def fingerprint(self) -> str:
        """Another one as soon as anything that matters was changed."""
        told: list[object] = [
            [(row.id, row.lock, row.starts_on, row.ends_on, row.taken, row.state.value) for row in self.runs.values()],
            [
                (row.id, row.run_id, row.topic_id, row.on_date, row.pair, row.room_id, row.lecturer_id, row.minutes,
                 row.part.value, row.pinned, row.state.value)
                for row in self.classes
            ],
            [(row.id, row.capacity, sorted(row.equipment), row.site, row.closed_on, repr(row.outages))
             for row in self.rooms],
            [(row.id, row.pairs_a_day, row.pairs_a_week) for row in self.lecturers.values()],
            sorted((str(key), sorted(need.equipment), need.site, need.in_halves, sorted(need.teachers))
                   for key, need in self.needs.items()),
            sorted((key, repr(each)) for key, rows in self.said.items() for each in rows),
            sorted(self.travel.items()),
            [(row.id, sorted((str(kind), hours) for kind, hours in row.hours.items()))
             for rows in self.modules.values() for row in rows],
            sorted((row.person_id or 0, row.run_id or 0, row.starts.isoformat()) for row in self.busy),
            sorted(day.isoformat() for day in self.calendar.bells),
        ]  # fmt: skip
        return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def runs_in(provider_id: int, first: date, last: date) -> list[Run]:
    """The provider's runs that begin and end in these dates and may have a timetable."""
    wanted = select(Run).where(
        Run.provider_id == provider_id,
        Run.state.in_(PLANNABLE),
        Run.starts_on >= first,
        Run.ends_on <= last,
    )
    return list(db.session.scalars(wanted.order_by(Run.starts_on, Run.code)))


def calendar(provider_id: int, first: date, last: date) -> Calendar:
    """The periods of the provider from one day to another."""
    days = [first + timedelta(days=number) for number in range(max(0, (last - first).days + 1))]
    bells = {day: times.bells(provider_id, day) for day in days if times.is_working_day(provider_id, day)}
    monday = monday_of(first)
    return Calendar(
        monday=monday,
        weeks=max(0, (last - monday).days // 7 + 1) if bells else 0,
        days_in_week=7 if any(day.weekday() == 6 for day in bells) else 6,
        slots=max((len(each) for each in bells.values()), default=0),
        bells=bells,
        zone=people.zone_of(provider_id),
    )


def read(ask: Ask) -> Facts:
    """Everything of the term, in a bounded number of queries."""
    runs = {row.id: row for row in _runs(ask)}
    versions = {row.course_version_id for row in runs.values()}
    lecturers = {row.person_id: row for row in _lecturers(ask.provider_id)}
    said = facts.said([row.id for row in lecturers.values()])
    classes = _classes(ask)
    return Facts(
        ask=ask,
        calendar=calendar(ask.provider_id, ask.first, ask.last),
        hour=int(settings.get(ask.provider_id, "academic_hour", ask.first)),
        runs=runs,
        modules=_modules(versions),
        needs=facts.needs(versions),
        orders=facts.orders(versions),
        rooms=_rooms(ask),
        lecturers=lecturers,
        names=people.display_names(list(lecturers)),
        said={person_id: said.get(row.id, []) for person_id, row in lecturers.items()},
        travel=facts.travel(ask.provider_id),
        classes=classes,
        busy=_busy(ask, runs, lecturers),
        learning={
            person_id: learnt & runs.keys()
            for person_id, learnt in spots.learning(lecturers).items()
            if learnt & runs.keys()
        },
    )


def _runs(ask: Ask) -> Iterable[Run]:
    wanted = select(Run).options(joinedload(Run.version)).where(Run.id.in_(ask.run_ids))
    return db.session.scalars(
        wanted.where(Run.provider_id == ask.provider_id).order_by(Run.starts_on, Run.code)
    )


def _modules(versions: Collection[int]) -> dict[int, list[Module]]:
    wanted = select(Module).options(joinedload(Module.topics)).where(Module.course_version_id.in_(versions))
    found: dict[int, list[Module]] = {version_id: [] for version_id in versions}
    for row in db.session.scalars(wanted.order_by(Module.position)).unique():
        found[row.course_version_id].append(row)
    return found


def _lecturers(provider_id: int) -> Sequence[Lecturer]:
    return db.session.scalars(
        select(Lecturer).where(Lecturer.provider_id == provider_id).order_by(Lecturer.person_id)
    ).all()


def _rooms(ask: Ask) -> list[Room]:
    open_then = or_(Room.closed_on.is_(None), Room.closed_on > ask.first)
    wanted = select(Room).where(Room.provider_id == ask.provider_id, open_then)
    return list(db.session.scalars(wanted.order_by(Room.capacity, Room.site, Room.name)))


def _classes(ask: Ask) -> list[ClassSession]:
    """Every class of the provider in these dates, and of the runs whenever they are."""
    return list(
        db.session.scalars(
            select(ClassSession)
            .join(Run, Run.id == ClassSession.run_id)
            .options(joinedload(ClassSession.run))
            .where(
                or_(
                    (Run.provider_id == ask.provider_id) & ClassSession.on_date.between(ask.first, ask.last),
                    ClassSession.run_id.in_(ask.run_ids),
                ),
                ClassSession.state != SessionState.CANCELLED,
            )
            .order_by(ClassSession.starts_at, ClassSession.id)
        )
    )


def _busy(ask: Ask, runs: Collection[int], lecturers: Collection[int]) -> list[Busy]:
    """When lecturers teach for others or learn elsewhere, and when somebody of a group teaches elsewhere."""
    around = (ClassSession.on_date >= ask.first - timedelta(days=1)) & (
        ClassSession.on_date <= ask.last + timedelta(days=1)
    )
    living = ClassSession.state != SessionState.CANCELLED
    teaching = (
        select(ClassSession.lecturer_id, ClassSession.starts_at, ClassSession.ends_at)
        .join(Run, Run.id == ClassSession.run_id)
        .where(around, living, Run.provider_id != ask.provider_id, ClassSession.lecturer_id.in_(lecturers))
        .order_by(ClassSession.id)
    )
    found = [Busy(person_id, None, starts, ends) for person_id, starts, ends in db.session.execute(teaching)]
    in_group = select(Teacher.person_id, Enrolment.run_id).join(Enrolment, Enrolment.teacher_id == Teacher.id)
    learns = in_group.where(Enrolment.state.in_(IN_GROUP)).subquery()
    learning = (
        select(learns.c.person_id, ClassSession.starts_at, ClassSession.ends_at)
        .join(ClassSession, ClassSession.run_id == learns.c.run_id)
        .where(around, living, learns.c.person_id.in_(lecturers), ClassSession.run_id.not_in(runs))
        .order_by(ClassSession.id)
    )
    found += [Busy(person_id, None, starts, ends) for person_id, starts, ends in db.session.execute(learning)]
    members = (
        select(learns.c.run_id, ClassSession.starts_at, ClassSession.ends_at)
        .join(ClassSession, ClassSession.lecturer_id == learns.c.person_id)
        .where(around, living, learns.c.run_id.in_(runs), learns.c.person_id.not_in(lecturers))
        .order_by(ClassSession.id)
    )
    found += [Busy(None, run_id, starts, ends) for run_id, starts, ends in db.session.execute(members)]
    return found
