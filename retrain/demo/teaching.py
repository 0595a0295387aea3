"""What the weeks stand on, said so that the classes that are there fit it: ways, limits, times, who gives what."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from retrain.calendar.bells import minute_of
from retrain.catalogue.models import Run
from retrain.demo.country import Country
from retrain.demo.rows import Row
from retrain.demo.runs import Held
from retrain.people.states import RoleKind
from retrain.timetable.models import (
    Availability,
    Lecturer,
    MayTeach,
    Room,
    TeachingNeed,
    Travel,
)
from retrain.timetable.states import SessionState, Stance, Standing

SITES = ("Bosh bino", "Amaliyot korpusi", "Yangi filial")
WAYS = ((0, 1, 10), (0, 2, 45), (1, 2, 40))
"""Minutes between two sites: the practice building is a break away, and the new branch has no classes yet."""

FEWEST_A_DAY, FEWEST_A_WEEK, NORM = 4, 18, 850
_AWAY = 3
"""Every so many lecturers there is one who is away on a day of the week."""


def make(country: Country, held: list[Held]) -> None:
    """Ways between sites, lecturers' limits and times, and what modules need, from the classes of all runs."""
    taught = [row for each in held for row in each.sessions if row["state"] != SessionState.CANCELLED]
    rooms = {row["id"]: row for row in country.rows.of(Room)}
    _ways(country, rooms)
    _times(country, taught)
    _needs(country, taught, rooms)


def _ways(country: Country, rooms: dict[int, Row]) -> None:
    has = {(row["provider_id"], row["site"]) for row in rooms.values()}
    for provider_id in sorted({provider_id for provider_id, _site in has}):
        for one, other, minutes in WAYS:
            first, second = sorted((SITES[one], SITES[other]))
            if {(provider_id, first), (provider_id, second)} <= has:
                country.rows.add(
                    Travel, provider_id=provider_id, one_site=first, other_site=second, minutes=minutes
                )


def _times(country: Country, taught: list[Row]) -> None:
    """Limits that nobody passes, and days off that nobody teaches on."""
    zones = {row["id"]: ZoneInfo(row["timezone"]) for row in country.organisations.values()}
    own = {row["id"]: row["provider_id"] for row in country.rows.of(Run)}
    by_lecturer: dict[tuple[int, int], list[Row]] = defaultdict(list)
    for row in taught:
        by_lecturer[row["lecturer_id"], own[row["run_id"]]].append(row)
    demo = country.accounts[RoleKind.LECTURER]["id"]
    for number, lecturer in enumerate(country.rows.of(Lecturer)):
        rows = by_lecturer[lecturer["person_id"], lecturer["provider_id"]]
        days = Counter(row["on_date"] for row in rows)
        weeks = Counter(row["on_date"].isocalendar()[:2] for row in rows)
        lecturer["pairs_a_day"] = max(FEWEST_A_DAY, *days.values(), 0)
        lecturer["pairs_a_week"] = max(FEWEST_A_WEEK, *weeks.values(), 0)
        lecturer["hours_a_year"] = NORM
        free = [weekday for weekday in range(1, 7) if weekday not in {day.isoweekday() for day in days}]
        if number % _AWAY == 0 and free:
            _say(country, lecturer, Stance.UNAVAILABLE, free[-1])
        if rows:
            _say(country, lecturer, *_liked(rows[0], zones[lecturer["provider_id"]]))
        if lecturer["person_id"] == demo:
            _ask(country, lecturer)


def _liked(row: Row, zone: ZoneInfo) -> tuple[Stance, int, int, int]:
    """They are glad of the pair that they have anyway."""
    return (
        Stance.WISHED,
        row["on_date"].isoweekday(),
        _minute(row["starts_at"], zone),
        _minute(row["ends_at"], zone),
    )


def _minute(moment: datetime, zone: ZoneInfo) -> int:
    return minute_of(moment.astimezone(zone).time())


def _say(
    country: Country, lecturer: Row, stance: Stance, weekday: int, starts: int = 0, ends: int = 24 * 60
) -> None:
    country.rows.add(
        Availability,
        lecturer_id=lecturer["id"],
        stance=stance,
        weekday=weekday,
        from_minute=starts,
        to_minute=ends,
    )


def _ask(country: Country, lecturer: Row) -> None:
    """A request that waits for the coordinator's yes."""
    first = country.monday + timedelta(weeks=7)
    country.rows.add(
        Availability, lecturer_id=lecturer["id"], stance=Stance.UNAVAILABLE, standing=Standing.PROPOSED,
        first_on=first, last_on=first + timedelta(days=2), note="Ilmiy konferensiya",
    )  # fmt: skip


def _needs(country: Country, taught: list[Row], rooms: dict[int, Row]) -> None:
    """Whoever gives a module may; what all its rooms have is what it needs."""
    lecturers = {(row["person_id"], row["provider_id"]): row["id"] for row in country.rows.of(Lecturer)}
    own = {row["id"]: row["provider_id"] for row in country.rows.of(Run)}
    who: dict[tuple[int, object], set[int]] = defaultdict(set)
    things: dict[tuple[int, object], list[set[str]]] = defaultdict(list)
    for row in taught:
        key = (row["module_id"], row["kind"])
        who[key].add(lecturers[row["lecturer_id"], own[row["run_id"]]])
        things[key].append(set(rooms[row["room_id"]]["equipment"]) if row["room_id"] else set())
    for key, able in who.items():
        for lecturer_id in sorted(able | _others(lecturers, able)):
            country.rows.add(MayTeach, module_id=key[0], kind=key[1], lecturer_id=lecturer_id)
        if common := sorted(set.intersection(*things[key])):
            country.rows.add(TeachingNeed, module_id=key[0], kind=key[1], equipment=common)


def _others(lecturers: dict[tuple[int, int], int], able: set[int]) -> set[int]:
    """Two more of the same provider, who could."""
    provider_id = next(provider for (_person, provider), number in lecturers.items() if number in able)
    ours = [number for (_person, provider), number in lecturers.items() if provider == provider_id]
    return set(sorted(ours)[min(able) % max(1, len(ours) - 1) :][:2])
