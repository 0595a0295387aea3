"""Whether a class suits its room, its lecturer, everybody's way and its place in the course. Pure.

What nobody can overrule is refused: a room that lacks what is needed, a lecturer who can't or may not, a limit, a way
that takes longer than the break. What a coordinator may have reasons for is advice beside a class that stands all the
same: wishes, the order of a course, hours beyond a year's norm, a room not chosen yet.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from retrain.calendar.bells import Pair, minute_of
from retrain.refusal import Refusal
from retrain.timetable.states import Stance, Standing

Sites = tuple[str, str]
Edge = tuple[int, int]

ON_SOME_DAYS = ("room-closed", "room-out")
"""Why a room that suits can't be had on some days."""


@dataclass(frozen=True)
class When:
    """A stretch of one day on the provider's clocks, in minutes from midnight."""

    on_date: date
    from_minute: int
    to_minute: int

    @classmethod
    def of(cls, day: date, pair: Pair) -> "When":
        """A pair of a day."""
        return cls(day, minute_of(pair.start), minute_of(pair.end))


@dataclass(frozen=True)
class Said:
    """What a lecturer says of a time: on a weekday of every week, or on every day from one to another."""

    stance: Stance
    standing: Standing
    weekday: int | None
    first_on: date | None
    last_on: date | None
    from_minute: int
    to_minute: int

    def meets(self, when: When) -> bool:
        """Whether any of *when* lies in it."""
        if self.weekday is not None and when.on_date.isoweekday() != self.weekday:
            return False
        if self.first_on and self.last_on and not self.first_on <= when.on_date <= self.last_on:
            return False
        return self.from_minute < when.to_minute and when.from_minute < self.to_minute


@dataclass(frozen=True)
class RoomFacts:
    """A room as the rules see it."""

    name: str
    seats: int
    equipment: frozenset[str]
    site: str
    closed_on: date | None
    outages: tuple[tuple[date, date], ...] = ()
    """From when to when it can't be used."""

    def outage(self, on: date) -> tuple[date, date] | None:
        """The outage that *on* lies in."""
        return next((each for each in self.outages if each[0] <= on <= each[1]), None)


@dataclass(frozen=True)
class Need:
    """What a module's kind of hours needs. Nobody in *teachers* (persons): every lecturer may give it."""

    equipment: frozenset[str] = frozenset()
    site: str = ""
    in_halves: bool = False
    teachers: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Load:
    """A lecturer's limits, and what they have without the class in question; hours are academic."""

    pairs_a_day: int | None = None
    pairs_a_week: int | None = None
    hours_a_year: int | None = None
    that_day: int = 0
    that_week: int = 0
    that_year: float = 0


@dataclass(frozen=True)
class Stay:
    """Where somebody is from when to when; no site where there is no room."""

    site: str | None
    starts: datetime
    ends: datetime
    run_code: str = ""


@dataclass(frozen=True)
class Taught:
    """From the first to the last class of one kind of a module's hours in a run."""

    module_id: int
    is_lecture: bool
    first: datetime
    last: datetime


@dataclass(frozen=True)
class Order:
    """What comes before what: pairs of (module, the one it comes after), and lectures before practicals."""

    edges: frozenset[Edge] = frozenset()
    lectures_first: bool = True
    titles: Mapping[int, dict[str, str]] = field(default_factory=dict)


def room_refusals(room: RoomFacts, need: Need, people: int, on: date) -> list[Refusal]:
    """Why the class can't be in *room*: it is closed, too small, elsewhere, or lacks what is needed."""
    found = []
    if room.closed_on and on >= room.closed_on:
        found.append(Refusal.of("room-closed", field="room_id", name=room.name, since=room.closed_on))
    if out := room.outage(on):
        found.append(Refusal.of("room-out", field="room_id", name=room.name, first=out[0], last=out[1]))
    if room.seats < people:
        found.append(Refusal.of("room-too-small", field="room_id", seats=room.seats, people=people))
    if lacking := need.equipment - room.equipment:
        what = ", ".join(sorted(lacking))
        found.append(Refusal.of("room-lacks", field="room_id", name=room.name, what=what))
    if need.site and room.site != need.site:
        found.append(Refusal.of("room-elsewhere", field="room_id", name=room.name, site=need.site))
    return found


def lecturer_refusals(
    name: str, when: When, said: Iterable[Said], load: Load, is_new_pair: bool = True
) -> list[Refusal]:
    """Why the lecturer can't come: they said so and it was agreed, or their day or week is full."""
    found = [
        Refusal.of(
            "lecturer-unavailable", field="lecturer_id", name=name, day=when.on_date,
            starts=clock_of(each.from_minute), ends=clock_of(each.to_minute),
        )
        for each in said
        if each.stance is Stance.UNAVAILABLE and each.standing is Standing.AGREED and each.meets(when)
    ][:1]  # fmt: skip
    for limit, now, code in (
        (load.pairs_a_day, load.that_day, "lecturer-day-full"),
        (load.pairs_a_week, load.that_week, "lecturer-week-full"),
    ):
        if limit is not None and is_new_pair and now + 1 > limit:
            found.append(Refusal.of(code, field="lecturer_id", name=name, most=limit))
    return found


def teacher_refusals(name: str, person_id: int, need: Need, who: str) -> list[Refusal]:
    """Why this lecturer can't give it: others are named for it. *who* lists them for the reader."""
    if not need.teachers or person_id in need.teachers:
        return []
    return [Refusal.of("may-not-teach", field="lecturer_id", name=name, who=who)]


def travel_refusals(
    code: str, name: str, stay: Stay, others: Iterable[Stay], travel: Mapping[Sites, int]
) -> list[Refusal]:
    """Why somebody can't be there in time, or on to what follows: the way is longer than the break.

    *travel* knows minutes by both orders of two sites; two sites it does not know are reached in any break.
    """
    if stay.site is None:
        return []
    found = []
    for other in others:
        if other.site is None or other.site == stay.site:
            continue
        minutes = travel.get((stay.site, other.site), 0)
        gap = stay.starts - other.ends if other.ends <= stay.starts else other.starts - stay.ends
        spare = int(gap.total_seconds() // 60)
        if 0 <= spare < minutes:
            found.append(
                Refusal.of(
                    code, field="pair", name=name, minutes=minutes, spare=spare, site=other.site,
                    here=stay.site, run=other.run_code, starts=other.starts, ends=other.ends,
                )
            )  # fmt: skip
    return found


def wish_advice(name: str, when: When, said: Iterable[Said]) -> list[Refusal]:
    """What the lecturer would rather have, or asks for and nobody has agreed to yet."""
    codes = {
        (Stance.UNWISHED, Standing.AGREED): "lecturer-would-rather-not",
        (Stance.UNAVAILABLE, Standing.PROPOSED): "lecturer-asks-to-be-free",
    }
    found = {
        codes[key] for each in said if (key := (each.stance, each.standing)) in codes and each.meets(when)
    }
    return [Refusal.of(code, name=name, day=when.on_date) for code in sorted(found)]


def load_advice(name: str, load: Load, hours: float) -> list[Refusal]:
    """Whether the year's norm is passed with *hours* more."""
    if load.hours_a_year is None or load.that_year + hours <= load.hours_a_year:
        return []
    return [
        Refusal.of(
            "lecturer-beyond-norm", name=name, most=load.hours_a_year, hours=round(load.that_year + hours, 1)
        )
    ]


def order_advice(
    module_id: int,
    is_lecture: bool,
    starts: datetime,
    ends: datetime,
    order: Order,
    taught: Collection[Taught],
) -> list[Refusal]:
    """What stands in another order than the course wants, if a class of *module_id* is then."""
    found = []
    own = [each for each in taught if each.module_id == module_id and each.is_lecture != is_lecture]
    if order.lectures_first and any(
        each.last > starts if not is_lecture else each.first < ends for each in own
    ):
        found.append(Refusal.of("practical-before-lecture", module=order.titles.get(module_id, {})))
    for each in taught:
        late = (module_id, each.module_id) in order.edges and each.last > starts
        early = (each.module_id, module_id) in order.edges and each.first < ends
        if late or early:
            first, second = (each.module_id, module_id) if late else (module_id, each.module_id)
            found.append(
                Refusal.of(
                    "module-before-module",
                    first=order.titles.get(first, {}),
                    second=order.titles.get(second, {}),
                )
            )
    return _each_once(found)


def goes_round(edges: Collection[Edge]) -> bool:
    """Whether some module would have to come after itself."""
    waiting = {module for edge in edges for module in edge}
    while waiting:
        free = {
            each for each in waiting if not any(late == each and early in waiting for late, early in edges)
        }
        if not free:
            return True
        waiting -= free
    return False


def clock_of(minute: int) -> str:
    """A minute of the day as clocks show it: 24:00 is its end."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _each_once(refusals: Iterable[Refusal]) -> list[Refusal]:
    found: list[Refusal] = []
    for each in refusals:
        if each not in found:
            found.append(each)
    return found
