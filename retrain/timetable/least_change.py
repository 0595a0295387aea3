"""Repairs a timetable with as few changed classes as can be: a search over :class:`Surroundings`, without the database.

What is hit stays in its time if somebody who may teach it, or another room, is free then; the fewest people step in.
Else it goes to another time, near and without gaps. Only when that fails too does a class that was not hit give way.
Every place is asked of the same rules as one that a coordinator chooses by hand, and of the order of the course.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from retrain.refusal import Refusal
from retrain.timetable import spots
from retrain.timetable.course_order import InOrder, Orders
from retrain.timetable.outages import Outage
from retrain.timetable.spots import Spot
from retrain.timetable.states import Resource
from retrain.timetable.surroundings import Surroundings

MOST_TRIED = 400
"""So many other places are asked of the rules for one class."""

MOST_GIVING_WAY = 2
"""So many classes give way for one."""

OTHER_LECTURER, OTHER_ROOM, A_DAY, A_GAP, EVENING, ALONE = 40, 10, 3, 15, 20, 6
"""What makes another place worse than one that is as near as can be."""

LATE = 17
"""A pair that begins at this hour or later is an evening's."""


@dataclass(frozen=True)
class Ground:
    """What may be used: who may teach what, which rooms suit, on which days, and which classes may give way."""

    days: Sequence[date]
    """Working days on which something may be put, in order."""
    since: datetime
    """Nothing is put before this moment."""
    teachers: Callable[[Spot], Sequence[int]]
    rooms: Callable[[Spot], Sequence[int]]
    movable: Collection[int]
    orders: Orders


@dataclass
class Repair:
    """What came of it: by class, where it was and is now; and what found no place, with what would be nearest."""

    moved: dict[int, tuple[Spot, Spot]] = field(default_factory=dict)
    left: list[tuple[Spot, Refusal]] = field(default_factory=list)


def repair(
    around: Surroundings,
    outage: Outage,
    hit: Sequence[Spot],
    ground: Ground,
    stop: Callable[[], bool] = lambda: False,
    tell: Callable[[int], None] = lambda _placed: None,
) -> Repair:
    """Places for all that is hit; *tell* hears how many have one, and *stop* ends it with what there is."""
    search = _Search(around, outage, ground)
    for one in hit:
        search.lift(one)
    waiting = {one.number or 0: one for one in hit}
    for step in (search.step_in, search.shift_round, search.go_elsewhere, search.give_way):
        for number in step(list(waiting.values())):
            del waiting[number]
            tell(len(hit) - len(waiting))
            if stop():
                break
        if not waiting or stop():
            break
    found = Repair(moved=search.changed())
    found.left = [(one, search.nearest(one)) for one in waiting.values()]
    return found


def place_of(one: Spot) -> tuple[object, ...]:
    """When, where and by whom."""
    return one.on_date, one.pair, one.room_id, one.lecturer_id


class _Search:
    """Classes taken up and set down again, each known by where it was; what was tried can be taken back."""

    def __init__(self, around: Surroundings, outage: Outage, ground: Ground) -> None:
        self.around, self.outage, self.ground = around, outage, ground
        self.order = InOrder(around, ground.orders)
        self.was: dict[int, Spot] = {}
        self.now: dict[int, Spot] = {}
        self.done: list[tuple[bool, Spot, bool]] = []
        """What was done, in order: taken up or set down, which class, and whether it stood where this search put it."""

    def lift(self, one: Spot) -> None:
        number = one.number or 0
        self.was.setdefault(number, one)
        self.done.append((True, one, self.now.pop(number, None) is not None))
        self.around.take_up(one)
        self.order.forget(one.run_id)

    def drop(self, one: Spot) -> None:
        self.now[one.number or 0] = there = self.around.at(one)
        self.done.append((False, there, False))
        self.around.put_back(there)
        self.order.forget(one.run_id)

    def back_to(self, mark: int) -> None:
        """All that was done since the list had *mark* entries is taken back, the last first."""
        while len(self.done) > mark:
            lifted, one, was_ours = self.done.pop()
            self.order.forget(one.run_id)
            if not lifted:
                self.around.take_up(one)
                del self.now[one.number or 0]
                continue
            self.around.put_back(one)
            if was_ours:
                self.now[one.number or 0] = one

    def changed(self) -> dict[int, tuple[Spot, Spot]]:
        """The classes that stand elsewhere than before."""
        return {
            number: (self.was[number], now)
            for number, now in sorted(self.now.items())
            if place_of(now) != place_of(self.was[number])
        }

    def fits(self, one: Spot) -> bool:
        """Whether the class may stand there by every rule, the outage and the order of its course."""
        if self.outage.hits(one) or not self.around.is_there(one.on_date, one.pair):
            return False
        one = self.around.at(one)
        if one.starts is None or one.starts < self.ground.since or self.around.refusals(one):
            return False
        was = self.was.get(one.number or 0, one)
        return (one.on_date, one.pair) == (was.on_date, was.pair) or self.order.allows(one, was)

    def step_in(self, waiting: Sequence[Spot]) -> Iterator[int]:
        """In the same time: each round the one who can take most of a duty, so that few people step in."""
        duties: dict[tuple[object, ...], list[Spot]] = defaultdict(list)
        for one in waiting:
            duties[one.run_id, one.module_id, one.kind, one.lecturer_id].append(one)
        for duty in duties.values():
            left = duty
            while left:
                taken = max((self._takes(left, who) for who in self._people(left)), key=len, default=[])
                if not taken:
                    break
                for one in taken:
                    self.drop(one)
                    yield one.number or 0
                done = {one.number for one in taken}
                left = [one for one in left if one.number not in done]

    def _people(self, duty: Sequence[Spot]) -> Sequence[int | None]:
        """Who may give a duty: its own lecturer where they can come, else others, those the group knows first."""
        first = duty[0]
        if first.lecturer_id is None or not self._is_out(first):
            return [first.lecturer_id]
        return self._others(first)

    def _others(self, one: Spot) -> list[int]:
        known = {other.lecturer_id for other in self.around.classes_of(one.run_id)}
        return sorted(
            (who for who in self.ground.teachers(one) if who != one.lecturer_id and who not in self.outage.lecturers),
            key=lambda who: (who not in known, who),
        )  # fmt: skip

    def _is_out(self, one: Spot) -> bool:
        return one.lecturer_id in self.outage.lecturers and self.outage.covers(one.on_date)

    def _takes(self, duty: Sequence[Spot], who: int | None) -> list[Spot]:
        """What of a duty somebody can take in the same times; tried one after another, and taken up again."""
        taken: list[Spot] = []
        mark = len(self.done)
        for one in duty:
            place = next((each for each in self._at(one, who) if self.fits(each)), None)
            if place is not None:
                self.drop(place)
                taken.append(place)
        self.back_to(mark)
        return taken

    def _at(self, one: Spot, who: int | None, *, free: bool = True) -> Iterator[Spot]:
        """The class in its own time with that lecturer, in its own room if that can be had, or in others.

        With *free* only where neither has anything then.
        """
        if free and who and not self.around.is_free(Resource.LECTURER, who, one):
            return
        for room in self._rooms(one):
            if room is None or not free or self.around.is_free(Resource.ROOM, room, one):
                yield spots.moved(one, lecturer_id=who, room_id=room)

    def _rooms(self, one: Spot) -> list[int | None]:
        """Its own room first; a class without one needs none."""
        if one.room_id is None:
            return [None]
        own = one.room_id
        return [own, *(room for room in self.ground.rooms(one) if room != own)]

    def _same_time(self, one: Spot) -> Iterator[Spot]:
        """The class in its own time, whoever and whatever is in the way."""
        for who in self._people([one]):
            yield from self._at(one, who, free=False)

    def shift_round(self, waiting: Sequence[Spot]) -> Iterator[int]:
        """In the same time after all, when another class that was hit anyway makes room for it."""
        mine = set(self.now)
        for one in waiting:
            if self._seat(one, self._same_time(one), mine, depth=2):
                yield one.number or 0
                mine.add(one.number or 0)

    def go_elsewhere(self, waiting: Sequence[Spot]) -> Iterator[int]:
        """To another time, the nearest and best that is free."""
        for one in waiting:
            if self._seat(one, self._elsewhere(one), (), depth=0):
                yield one.number or 0

    def give_way(self, waiting: Sequence[Spot]) -> Iterator[int]:
        """Where another class gives way; it stays in its own time if it can."""
        movable = set(self.ground.movable) | set(self.now)
        for one in waiting:
            if self._seat(one, self._anywhere(one), movable, depth=1):
                yield one.number or 0

    def _anywhere(self, one: Spot) -> Iterator[Spot]:
        """Its own time and others, near ones first, whoever and whatever is in the way."""
        yield from islice(self._same_time(one), MOST_TRIED // 2)
        yield from islice(self._elsewhere(one, free=False), MOST_TRIED // 2)

    def _seat(self, one: Spot, places: Iterator[Spot], may_go: Collection[int], depth: int) -> bool:
        """Put the class into the first place it fits, others that may go made to; whether there is one."""
        for tried, place in enumerate(places):
            if tried >= MOST_TRIED:
                return False
            if self.fits(place):
                self.drop(place)
                return True
            if depth and self._push(place, may_go, depth):
                return True
        return False

    def _push(self, place: Spot, may_go: Collection[int], depth: int) -> bool:
        """Put the class there if whoever is in the way finds another place; else all is as before."""
        if self.outage.hits(place) or not self.around.is_there(place.on_date, place.pair):
            return False
        in_the_way = self.around.in_the_way(self.around.at(place))
        if not 0 < len(in_the_way) <= MOST_GIVING_WAY:
            return False
        if any(other.number not in may_go for other in in_the_way):
            return False
        mark = len(self.done)
        for other in in_the_way:
            self.lift(other)
        done = self.fits(place)
        if done:
            self.drop(place)
            rest = set(may_go) - {other.number or 0 for other in in_the_way} - {place.number or 0}
            done = all(self._move_over(other, rest, depth - 1) for other in in_the_way)
        if not done:
            self.back_to(mark)
        return done

    def _move_over(self, other: Spot, may_go: Collection[int], depth: int) -> bool:
        was = self.was[other.number or 0]
        people = self._people([was]) if self._is_out(was) else [was.lecturer_id]
        here = (each for who in people for each in self._at(was, who, free=depth == 0))
        return self._seat(was, here, may_go, depth) or (
            not self.outage.hits(was) and self._seat(was, self._elsewhere(was), (), depth=0)
        )

    def _elsewhere(self, one: Spot, *, free: bool = True) -> Iterator[Spot]:
        """Other times, the nearest and best first; with *free* only where group, lecturer and room have nothing then."""
        people = [one.lecturer_id, *(self._others(one) if one.lecturer_id else [])]
        found: list[tuple[float, int, Spot]] = []
        for there, worse in self._times(one):
            if free and not self._group_is_free(there):
                continue
            for rank, who in enumerate(people):
                place = spots.moved(there, lecturer_id=who)
                if not self._is_out(place) and not (free and self._teaches(place)):
                    found.append((worse + OTHER_LECTURER * (who != one.lecturer_id), rank, place))
        found.sort(key=lambda each: (each[0], each[2].on_date, each[2].pair, each[1]))
        for _, _, place in found:
            for room in self._rooms(one):
                if room is None or not free or self.around.is_free(Resource.ROOM, room, place):
                    yield spots.moved(place, room_id=room)

    def _times(self, one: Spot) -> Iterator[tuple[Spot, float]]:
        """Every other time of the run, and how much worse it is."""
        first, last = self.around.dates[one.run_id]
        for day in self.ground.days:
            if not first <= day <= last or (self.outage.everybody and self.outage.covers(day)):
                continue
            for pair in self.around.bells(day):
                if (day, pair.number) != (one.on_date, one.pair):
                    late = EVENING * (pair.start.hour >= LATE)
                    there = self.around.at(spots.moved(one, on_date=day, pair=pair.number))
                    yield there, self._worse(one, day, pair.number) + late

    def _group_is_free(self, there: Spot) -> bool:
        return all(self.around.is_free(half.resource, there.run_id, there) for half in there.part.halves)

    def _teaches(self, place: Spot) -> bool:
        who = place.lecturer_id
        return who is not None and not self.around.is_free(Resource.LECTURER, who, place)

    def nearest(self, one: Spot) -> Refusal:
        """Why the class has no place: what stands in the way where least does, for that is the least to change."""
        told: dict[str, Any] = {
            "run": self.around.runs[one.run_id].code,
            "topic": dict(one.topic),
            "day": one.on_date,
            "pair": one.pair,
        }
        best: tuple[int, Spot, list[Refusal]] | None = None
        for place in self._anywhere(one):
            if self.outage.hits(place) or not self.around.is_there(place.on_date, place.pair):
                continue
            why = self.around.refusals(place) or [Refusal.of("out-of-course-order")]
            if best is None or len(why) < best[0]:
                best = (len(why), place, why)
        if best is None:
            return Refusal.of("nobody-else-may-give", **told)
        near = best[1]
        return Refusal.of("no-place-nearest", near=near.on_date, near_pair=near.pair, why=best[2], **told)

    def _worse(self, one: Spot, day: date, pair: int) -> float:
        """How much worse another day and pair is for the group: far away, with gaps, or alone in its day."""
        taken = self.around.pairs_of(one, day)
        gaps = _gaps({*taken, pair}) - _gaps(taken)
        return A_DAY * abs((day - one.on_date).days) + A_GAP * gaps + ALONE * (not taken)


def _gaps(pairs: Collection[int]) -> int:
    return max(pairs) - min(pairs) + 1 - len(set(pairs)) if pairs else 0
