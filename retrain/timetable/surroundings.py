"""What stands around classes in a stretch of days, read once: any number of places is then tried without the database.

The grid marks free places with it while somebody drags, and many classes are moved at once by it. It asks the same
rules as putting in one class does (``placing``); a test holds that both answer alike.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from retrain.calendar.bells import Bells, NoSuchPair, Pair
from retrain.calendar.hours import to_tenths
from retrain.calendar.slots import slots
from retrain.calendar.weeks import monday_of
from retrain.catalogue.models import Run
from retrain.extensions import db
from retrain.people import queries as people
from retrain.people import settings
from retrain.refusal import Refusal
from retrain.timetable import facts, fitting, queries, rules, spots, times
from retrain.timetable.models import Lecturer, Room
from retrain.timetable.spots import DAY, Scope, Site, Spot
from retrain.timetable.states import HALVES, Resource

GROUP = frozenset({Resource.FIRST_HALF, Resource.SECOND_HALF})


class Surroundings:
    """Classes, rooms, lecturers, bells and days of a :class:`Scope`. Classes can be taken up and set down elsewhere."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.zone: ZoneInfo = people.zone_of(scope.provider_id)
        self.runs = {row.id: row for row in db.session.scalars(select(Run).where(Run.id.in_(scope.run_ids)))}
        self.dates = {row.id: (row.starts_on, row.ends_on) for row in self.runs.values()}
        self._read_what_is_needed()
        self._codes = {row.id: (row.code, row.provider_id) for row in self.runs.values()}
        self._sites: dict[int, Site] = {
            row.id: Site(row.provider_id, row.name, row.site) for row in self._rooms.values()
        }
        self._names: dict[int, str] = {}
        self._held: dict[tuple[Resource, int, date], dict[int, Spot]] = defaultdict(dict)
        self._by_run: dict[tuple[Resource, int], dict[int, Spot]] = defaultdict(dict)
        self._bells: dict[date, Bells] = {}
        self._clocks: dict[tuple[date, int], tuple[datetime, datetime]] = {}
        self._hours: dict[date, int] = {}
        self._working: dict[date, bool] = {}
        for row in spots.around(scope, {run for runs in self._learns.values() for run in runs}):
            self._codes[row.run_id] = (row.code, row.provider_id)
            if row.room_id:
                self._sites[row.room_id] = Site(row.room_of, row.room, row.site)
            self._hold(spots.of_row(row))

    def _read_what_is_needed(self) -> None:
        scope = self.scope
        versions = {run.course_version_id for run in self.runs.values()}
        self._rooms = {
            row.id: row for row in db.session.scalars(select(Room).where(Room.id.in_(scope.room_ids)))
        }
        known = select(Lecturer).where(
            Lecturer.provider_id == scope.provider_id, Lecturer.person_id.in_(scope.lecturer_ids)
        )
        self._lecturers = {row.person_id: row for row in db.session.scalars(known)}
        self._said = facts.said([row.id for row in self._lecturers.values()]) if self._lecturers else {}
        self._needs, self._travel = facts.needs(versions), facts.travel(scope.provider_id)
        self._planned, self._placed = spots.planned(versions), spots.placed(scope.run_ids)
        self._learns, self._members = spots.learning(scope.lecturer_ids), spots.members(scope.run_ids)

    @staticmethod
    def clocks(provider_id: int) -> Callable[[date, int], tuple[datetime, datetime]]:
        """Gives when a pair of a day begins and ends; the bells of a day are looked up once."""
        zone, known = people.zone_of(provider_id), dict[date, Bells]()

        def interval(day: date, pair: int) -> tuple[datetime, datetime]:
            if day not in known:
                known[day] = times.bells(provider_id, day)
            return known[day].interval(pair, day, zone)

        return interval

    def take_up(self, one: Spot) -> None:
        """The class stands nowhere for now, and its hours are not placed."""
        for kind, number in one.held:
            self._held[kind, number, one.on_date].pop(one.number or 0, None)
            self._by_run[kind, number].pop(one.number or 0, None)
        self._count(one, -1)

    def set_down(self, one: Spot) -> None:
        """The class stands there, whether it may or not. Raises NoSuchPair where no bell rings it."""
        self.put_back(self.at(one))

    def put_back(self, one: Spot) -> None:
        """The class stands there at the times it says."""
        self._hold(one)
        self._count(one, 1)

    def at(self, one: Spot) -> Spot:
        """The class with the times of its day and pair. Raises NoSuchPair where no bell rings it."""
        key = (one.on_date, one.pair)
        if key not in self._clocks:
            self._clocks[key] = self.bells(one.on_date).interval(one.pair, one.on_date, self.zone)
        starts, ends = self._clocks[key]
        return spots.moved(one, starts=starts, ends=ends)

    def is_there(self, day: date, pair: int) -> bool:
        """Whether some bell rings that pair on that day."""
        return any(each.number == pair for each in self.bells(day))

    @property
    def lecturers(self) -> list[int]:
        """The persons who may teach."""
        return sorted(self._lecturers)

    def suiting_rooms(self, one: Spot) -> list[int]:
        """The rooms with seats, equipment and site for the class, whatever the day; those that fit best first."""
        need, come = self.need_of(one), one.part.share_of(self.runs[one.run_id].taken)
        fit = [
            row
            for row in self._rooms.values()
            if all(
                each.code in fitting.ON_SOME_DAYS
                for each in fitting.room_refusals(facts.room(row), need, come, self.scope.first)
            )
        ]
        return [row.id for row in sorted(fit, key=lambda row: (row.capacity, row.site, row.name))]

    def classes_of(self, run_id: int) -> list[Spot]:
        """The run's classes in all of these days."""
        found = {one.number: one for half in HALVES for one in self._by_run[half.resource, run_id].values()}
        return list(found.values())

    def pairs_of(self, one: Spot, day: date) -> set[int]:
        """The pairs of a day in which those who come to the class have classes."""
        return {
            other.pair
            for half in one.part.halves
            for other in self._held.get((half.resource, one.run_id, day), {}).values()
        }

    def is_free(self, kind: Resource, number: int, one: Spot) -> bool:
        """Whether a room, a lecturer or half a run has nothing on that day while the class lasts; see :meth:`at`."""
        return not any(
            _overlap(other, one) for other in self._held.get((kind, number, one.on_date), {}).values()
        )

    def in_the_way(self, one: Spot) -> list[Spot]:
        """The classes that hold what this one wants; see :meth:`at`."""
        found = {other.number: other for other, _, _ in self._met(one)}
        return list(found.values())

    def bells(self, day: date) -> Bells:
        """The pairs of *day*."""
        if day not in self._bells:
            self._bells[day] = times.bells(self.scope.provider_id, day)
        return self._bells[day]

    def is_working(self, day: date) -> bool:
        """Whether the provider works on *day*."""
        if day not in self._working:
            self._working[day] = times.is_working_day(self.scope.provider_id, day)
        return self._working[day]

    def is_taken(self, wanted: Spot) -> bool:
        """Whether a class of ours stands in that very pair: a quick no to most places, no yes to the others."""
        return any(
            one.pair == wanted.pair and self._codes[one.run_id][1] == self.scope.provider_id
            for kind, number in wanted.held
            for one in self._held.get((kind, number, wanted.on_date), {}).values()
        )

    def refusals(self, wanted: Spot) -> list[Refusal]:
        """Every reason why the class can't stand there; empty when it can. It must have been taken up before."""
        try:
            pair = self.bells(wanted.on_date).pair(wanted.pair)
        except NoSuchPair:
            return [Refusal.of("no-such-pair", field="pair", pair=wanted.pair)]
        if unknown := self._unknown(wanted):
            return unknown
        wanted = self.at(wanted)
        starts, ends = _clock(wanted)
        in_the_way = [*self._clashes(wanted), *self._own_time(wanted, starts, ends)]
        found = rules.refusals(self._plain(wanted, pair), self._frame(wanted), in_the_way)
        return found + self._room(wanted) + self._lecturer(wanted, pair) + self._way(wanted, starts, ends)

    def _hold(self, one: Spot) -> None:
        for kind, number in one.held:
            self._held[kind, number, one.on_date][one.number or 0] = one
            if kind in GROUP:
                self._by_run[kind, number][one.number or 0] = one

    def _count(self, one: Spot, times: int) -> None:
        for half in one.part.halves:
            self._placed[one.run_id, one.module_id, one.kind, half] += times * one.minutes

    def _on(self, kind: Resource, number: int, *days: date) -> list[Spot]:
        """What a room, a lecturer or half a run has on some days, in order."""
        found = [one for day in days for one in self._held.get((kind, number, day), {}).values()]
        return sorted(found, key=lambda one: (one.starts, one.number))

    def _unknown(self, wanted: Spot) -> list[Refusal]:
        room = self._rooms.get(wanted.room_id) if wanted.room_id else None
        if wanted.room_id and (room is None or room.provider_id != self.scope.provider_id):
            return [Refusal.of("room-unknown", field="room_id")]
        if wanted.lecturer_id and wanted.lecturer_id not in self._lecturers:
            return [Refusal.of("lecturer-unknown", field="lecturer_id")]
        return []

    def _clashes(self, wanted: Spot) -> list[rules.Taken]:
        """Who holds what is wanted, each once; the days around count too, for clocks differ between providers."""
        return list(
            dict.fromkeys(self._taken(kind, number, other) for other, kind, number in self._met(wanted))
        )

    def _met(self, wanted: Spot) -> list[tuple[Spot, Resource, int]]:
        clock = wanted.slots
        around = (wanted.on_date - DAY, wanted.on_date, wanted.on_date + DAY)
        met = [
            (other, kind, number)
            for kind, number in wanted.held
            for other in self._on(kind, number, *around)
            if _meet(other, clock)
        ]
        return sorted(met, key=lambda one: (one[0].number or 0, one[1].value))

    def _taken(self, kind: Resource, number: int, other: Spot) -> rules.Taken:
        if kind is Resource.ROOM:
            return self._named("room", self._sites[number].name, other)
        if kind is Resource.LECTURER:
            return self._named("lecturer", self._name(number), other)
        return self._named("run", self._codes[other.run_id][0], other)

    def _named(self, resource: str, name: str, other: Spot) -> rules.Taken:
        topic, code = next(iter(other.topic.values()), ""), self._codes[other.run_id][0]
        starts, ends = _clock(other)
        return rules.Taken(
            resource, name, code, topic, starts.astimezone(self.zone), ends.astimezone(self.zone)
        )

    def _own_time(self, wanted: Spot, starts: datetime, ends: datetime) -> list[rules.Taken]:
        """Who would have to be in two places: the lecturer learns then, or somebody of the group teaches then."""
        clock = slots(starts, ends)
        days = (wanted.on_date - DAY, wanted.on_date, wanted.on_date + DAY)
        learns = self._learns.get(wanted.lecturer_id or 0, set())
        found = {
            one.number: one for kind in GROUP for run_id in learns for one in self._on(kind, run_id, *days)
        } | {
            one.number: one
            for person_id in self._members.get(wanted.run_id, ())
            for one in self._on(Resource.LECTURER, person_id, *days)
        }
        told = []
        for one in sorted(found.values(), key=lambda one: (one.starts, one.number)):
            if not _meet(one, clock):
                continue
            if one.run_id in learns and one.run_id != wanted.run_id:
                told.append(self._named("lecturer-learns", self._name(wanted.lecturer_id), one))
            elif one.lecturer_id and one.lecturer_id != wanted.lecturer_id:
                told.append(self._named("learner-teaches", self._name(one.lecturer_id), one))
        return told

    def _name(self, person_id: int | None) -> str:
        if person_id and person_id not in self._names:
            everybody = {number for kind, number, _ in self._held if kind is Resource.LECTURER}
            may = {number for need in self._needs.values() for number in need.teachers}
            self._names |= people.display_names({*everybody, *may, *self.scope.lecturer_ids, person_id})
        return self._names.get(person_id or 0, "")

    def _hour(self, day: date) -> int:
        if day not in self._hours:
            self._hours[day] = int(settings.get(self.scope.provider_id, "academic_hour", day))
        return self._hours[day]

    def _plain(self, wanted: Spot, pair: Pair) -> rules.Wanted:
        hour, run = self._hour(wanted.on_date), self.runs[wanted.run_id]
        hours = self._planned.get((run.course_version_id, wanted.module_id), {}).get(wanted.kind)
        left = None
        if hours and wanted.kind in queries.IN_CLASS:
            key = (wanted.run_id, wanted.module_id, wanted.kind)
            left = round(hours - max(self._placed[*key, half] for half in wanted.part.halves) / hour, 1)
        return rules.Wanted(wanted.on_date, to_tenths(wanted.minutes, hour), pair.hours, left)

    def _frame(self, wanted: Spot) -> rules.Frame:
        """Hours of the half that has most, for a day and for a week."""
        week = _week(wanted.on_date)
        minutes = {
            half: [
                sum(one.minutes for one in self._held.get((half.resource, wanted.run_id, day), {}).values())
                for day in week
            ]
            for half in wanted.part.halves
        }
        day, hour = wanted.on_date.weekday(), self._hour(wanted.on_date)
        first, last = self.dates[wanted.run_id]
        return rules.Frame(
            starts_on=first,
            ends_on=last,
            working=self.is_working(wanted.on_date),
            hours_that_day=to_tenths(max(each[day] for each in minutes.values()), hour),
            hours_that_week=to_tenths(max(sum(each) for each in minutes.values()), hour),
        )

    def need_of(self, wanted: Spot) -> fitting.Need:
        """What the class needs."""
        return self._needs.get((wanted.module_id or 0, wanted.kind), fitting.Need())

    def _room(self, wanted: Spot) -> list[Refusal]:
        if wanted.room_id is None:
            return []
        come = wanted.part.share_of(self.runs[wanted.run_id].taken)
        room = facts.room(self._rooms[wanted.room_id])
        return fitting.room_refusals(room, self.need_of(wanted), come, wanted.on_date)

    def _lecturer(self, wanted: Spot, pair: Pair) -> list[Refusal]:
        if wanted.lecturer_id is None:
            return []
        row, name = self._lecturers[wanted.lecturer_id], self._name(wanted.lecturer_id)
        taught = self._on(Resource.LECTURER, wanted.lecturer_id, *_week(wanted.on_date))
        ours = self.scope.provider_id
        pairs = {(one.on_date, one.pair) for one in taught if self._codes[one.run_id][1] == ours}
        load = fitting.Load(
            row.pairs_a_day, row.pairs_a_week, row.hours_a_year,
            that_day=sum(day == wanted.on_date for day, _ in pairs), that_week=len(pairs),
        )  # fmt: skip
        when = fitting.When.of(wanted.on_date, pair)
        is_new = (wanted.on_date, wanted.pair) not in pairs
        found = fitting.lecturer_refusals(name, when, self._said.get(row.id, []), load, is_new)
        need = self.need_of(wanted)
        if need.teachers and wanted.lecturer_id not in need.teachers:
            who = ", ".join(sorted(self._name(number) for number in need.teachers))
            found += fitting.teacher_refusals(name, wanted.lecturer_id, need, who)
        return found

    def _way(self, wanted: Spot, starts: datetime, ends: datetime) -> list[Refusal]:
        """Whether lecturer and group get there from where they were, and on from there."""
        if wanted.room_id is None or not self._travel:
            return []
        here = fitting.Stay(self._sites[wanted.room_id].site, starts, ends)
        group = {
            one.number: one
            for half in wanted.part.halves
            for one in self._on(half.resource, wanted.run_id, wanted.on_date)
        }
        in_order = sorted(group.values(), key=lambda one: (one.starts, one.number))
        code = self._codes[wanted.run_id][0]
        found = fitting.travel_refusals("group-on-the-way", code, here, self._stays(in_order), self._travel)
        if wanted.lecturer_id:
            teaching = self._on(Resource.LECTURER, wanted.lecturer_id, wanted.on_date)
            name = self._name(wanted.lecturer_id)
            found += fitting.travel_refusals(
                "lecturer-on-the-way", name, here, self._stays(teaching), self._travel
            )
        return found

    def _stays(self, ones: Iterable[Spot]) -> list[fitting.Stay]:
        found = []
        for one in ones:
            site = self._sites.get(one.room_id or 0)
            known = site.site if site and site.provider_id == self.scope.provider_id else None
            found.append(fitting.Stay(known, *_clock(one), self._codes[one.run_id][0]))
        return found


def around(provider_id: int, ones: Iterable[Spot], others: Iterable[Spot] = ()) -> Surroundings:
    """What stands around classes where they are (*ones*) and where they are to be (*others*)."""
    every = [*ones, *others]
    return Surroundings(
        Scope(
            provider_id,
            {one.run_id for one in every},
            {one.room_id for one in every if one.room_id},
            {one.lecturer_id for one in every if one.lecturer_id},
            min(one.on_date for one in every),
            max(one.on_date for one in every),
        )
    )


def _overlap(one: Spot, other: Spot) -> bool:
    (starts, ends), (others, until) = _clock(one), _clock(other)
    return starts < until and others < ends


def _meet(other: Spot, clock: range) -> bool:
    theirs = other.slots
    return theirs.start < clock.stop and clock.start < theirs.stop


def _clock(one: Spot) -> tuple[datetime, datetime]:
    if one.starts is None or one.ends is None:
        raise ValueError("a class that stands somewhere has its times")
    return one.starts, one.ends


def _week(day: date) -> list[date]:
    monday = monday_of(day)
    return [monday + timedelta(days=number) for number in range(7)]
