"""Rooms, and the weeks of every run that has a timetable: without a clash, on working days, by real bells."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from retrain.calendar.slots import slots
from retrain.calendar.weeks import monday_of
from retrain.catalogue.states import RunState, StudyForm
from retrain.demo import courses, teaching
from retrain.demo.country import Country, moment
from retrain.demo.habits import HOUR, MAIN, Bells
from retrain.demo.rows import Row
from retrain.demo.runs import BEGUN, Held
from retrain.demo.staff import SECOND
from retrain.people.states import RoleKind
from retrain.timetable.models import ClassSession, Lecturer, Occupancy, Room
from retrain.timetable.states import Resource, SessionState

PAIRS_A_DAY, PAIRS_A_WEEK = 4, 18
_ROOMS = (
    ("101", 30, 0, ("proyektor",)), ("102", 30, 0, ("proyektor",)), ("105", 32, 0, ("proyektor", "kompyuterlar")),
    ("204", 36, 0, ("proyektor", "kompyuterlar")), ("207", 30, 0, ("proyektor",)),
    ("301", 60, 0, ("proyektor", "mikrofon")), ("Ustaxona 1", 30, 1, ("proyektor", "dastgohlar")),
)  # fmt: skip
_BRANCH = (("F-1", 28, ("proyektor",)), ("F-2", 16, ("kompyuterlar",)))
"""Rooms of the main provider's new branch, in which nothing is taught yet."""

CANCELLED = "Ma’ruzachi xizmat safarida, mashg‘ulot boshqa kunga qo‘yildi."


@dataclass
class Week:
    """What the whole country's rooms, lecturers and groups are taken by."""

    country: Country
    bells: dict[str, Bells] = field(default_factory=dict)
    rooms: dict[str, list[Row]] = field(default_factory=dict)
    lecturers: dict[str, list[int]] = field(default_factory=dict)
    taken: set[tuple[Resource, int, int]] = field(default_factory=set)

    def is_free(self, resource: Resource, number: int, clock: range) -> bool:
        """Whether nothing holds it at any time of *clock*."""
        return not any((resource, number, slot) in self.taken for slot in clock)


def make(country: Country, runs: list[Held]) -> dict[str, Bells]:
    """Sessions of all runs that begin soon or have begun; the bells by provider."""
    week = Week(country)
    for code, organisation in country.organisations.items():
        if organisation["is_provider"]:
            _provider(week, code, organisation)
    for held in sorted(runs, key=lambda each: each.flag != "main"):  # the demo lecturer gets the first bells
        if held.state in (*BEGUN, RunState.CONFIRMED):
            _timetable(week, held)
    teaching.make(country, runs)
    return week.bells


def _provider(week: Week, code: str, organisation: Row) -> None:
    week.bells[code] = Bells(week.country, code)
    week.rooms[code] = [
        week.country.rows.add(
            Room, provider_id=organisation["id"], name=name, capacity=seats, site=teaching.SITES[site],
            equipment=list(things),
        )
        for name, seats, site, things in _ROOMS
    ]  # fmt: skip
    for name, seats, things in _BRANCH if code == MAIN else ():
        week.country.rows.add(
            Room, provider_id=organisation["id"], name=name, capacity=seats, site=teaching.SITES[2],
            equipment=list(things),
        )  # fmt: skip
    week.lecturers[code] = [
        row["person_id"] for row in week.country.rows.of(Lecturer) if row["provider_id"] == organisation["id"]
    ]


def _timetable(week: Week, held: Held) -> None:
    left = courses.in_class(held.course)
    days = [day for day in _days(held) if week.bells[held.provider].works(day)]
    for most in (None, PAIRS_A_DAY):  # evenly; what found no place goes wherever there is one
        by_week: Counter[date] = Counter(monday_of(row["on_date"]) for row in held.sessions)
        for place, day in enumerate(days):
            even = -(-len(left) // (len(days) - place))
            room = PAIRS_A_DAY - sum(row["on_date"] == day for row in held.sessions)
            wanted = min(most or even, room, PAIRS_A_WEEK - by_week[monday_of(day)])
            while wanted > 0 and left and _put(week, held, day, *left[0]):
                left.pop(0)
                by_week[monday_of(day)] += 1
                wanted -= 1
    if left:
        raise AssertionError(f"{held.code} has no room for {len(left)} pairs")
    held.sessions.sort(key=lambda row: row["starts_at"])
    _publish(week.country, held)


def _days(held: Held) -> Iterator[date]:
    day = held.first
    while day <= held.last:
        yield day
        day += timedelta(days=1)


def _put(week: Week, held: Held, day: date, module: Row, topic: Row) -> bool:
    """Put one pair into a day; False when no pair of it has room and lecturer."""
    bells = week.bells[held.provider]
    pairs = range(1, len(bells) + 1)
    early = held.flag == "main" or held.row["id"] % 2
    for pair in pairs if early else reversed(pairs):
        starts, ends = bells.interval(day, pair)
        clock = slots(starts, ends)
        if not week.is_free(Resource.FIRST_HALF, held.row["id"], clock):
            continue
        lecturer = next(
            (each for each in _lecturers(week, held, module) if week.is_free(Resource.LECTURER, each, clock)),
            None,
        )
        room = next(
            (each for each in _rooms(week, held) if week.is_free(Resource.ROOM, each["id"], clock)), None
        )
        if lecturer is None or (room is None and not _is_distant(held)):
            continue
        _session(week, held, day, pair, (starts, ends), (module, topic, lecturer, room))
        return True
    return False


def _is_distant(held: Held) -> bool:
    return bool(held.row["form"] == StudyForm.DISTANCE)


def _rooms(week: Week, held: Held) -> list[Row]:
    """Rooms that hold the group, its own first."""
    if _is_distant(held):
        return []
    rooms = week.rooms[held.provider]
    own = held.row["id"] % len(rooms)
    return [room for room in rooms[own:] + rooms[:own] if room["capacity"] >= held.row["places"]]


def _lecturers(week: Week, held: Held, module: Row) -> list[int]:
    """Who could teach a module, who always does first."""
    account = week.country.accounts[RoleKind.LECTURER]["id"]
    if held.flag == "main":
        return [account]
    known = [each for each in week.lecturers[held.provider] if each != account]
    if held.provider == SECOND and module["position"] == 1:
        return known[::-1]  # the one who came last also teaches elsewhere
    own = (held.row["id"] + module["position"]) % len(known)
    return known[own:] + known[:own]


def _session(
    week: Week,
    held: Held,
    day: date,
    pair: int,
    interval: tuple[datetime, datetime],
    what: tuple[Row, Row, int, Row | None],
) -> None:
    module, topic, lecturer, room = what
    row = week.country.rows.add(
        ClassSession, run_id=held.row["id"], module_id=module["id"], topic_id=topic["id"], kind=topic["kind"],
        room_id=room["id"] if room else None, lecturer_id=lecturer, on_date=day, pair=pair,
        starts_at=interval[0], ends_at=interval[1], minutes=2 * HOUR, state=SessionState.PUBLISHED,
        published_at=week.country.now, changed_at=week.country.now,
    )  # fmt: skip
    held.sessions.append(row)
    group, whole = held.row["id"], (Resource.FIRST_HALF, Resource.SECOND_HALF)
    held_by: list[tuple[Resource, Any]] = [*((half, group) for half in whole), (Resource.LECTURER, lecturer)]
    if room:
        held_by.append((Resource.ROOM, room["id"]))
    for resource, number in held_by:
        for slot in slots(*interval):
            week.taken.add((resource, number, slot))
            week.country.rows.add(
                Occupancy, resource_kind=resource, resource_id=number, slot=slot, session_id=row["id"]
            )


def published_at(country: Country, held: Held) -> datetime:
    """When the timetable was shown to everyone."""
    return min(moment(held.first - timedelta(days=6), 14), country.now - timedelta(days=1))


def _publish(country: Country, held: Held) -> None:
    actor, at = country.actors[held.provider, RoleKind.COORDINATOR], published_at(country, held)
    for row in held.sessions:
        after = {"run": row["run_id"], "on": row["on_date"].isoformat(), "pair": row["pair"]}
        added = at - timedelta(hours=5)
        country.happened(added, "session.added", ("class_session", row["id"]), actor, after=after)
    if held.flag == "planned":
        for row in held.sessions:
            row |= {"state": SessionState.PLANNED, "published_at": None, "changed_at": at}
        return
    for row in held.sessions:
        row |= {"published_at": at, "changed_at": at}
    after = {"sessions": len(held.sessions)}
    country.happened(at, "timetable.published", ("run", held.row["id"]), actor, after=after)


def cancel_one(country: Country, held: Held) -> None:
    """A class that did not take place and was put elsewhere: it stays on record and occupies nothing."""
    like = held.sessions[0]
    kept = {
        name: like[name] for name in ("run_id", "module_id", "topic_id", "kind", "lecturer_id", "minutes")
    }
    later, at = timedelta(hours=12), moment(held.first - timedelta(days=1), 17)
    row = country.rows.add(
        ClassSession, **kept, room_id=like["room_id"], on_date=like["on_date"], pair=like["pair"],
        starts_at=like["starts_at"] + later, ends_at=like["ends_at"] + later, state=SessionState.CANCELLED,
        cancel_reason=CANCELLED, sequence=1, published_at=like["published_at"], changed_at=at,
    )  # fmt: skip
    actor = country.actors[held.provider, RoleKind.COORDINATOR]
    country.happened(at, "session.cancelled", ("class_session", row["id"]), actor, why=CANCELLED)
