"""What can never be put into a timetable, however it is made: said where it is entered. Pure.

A module no one can teach, hours no room holds, a lecturer without a free pair.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from retrain.refusal import Refusal
from retrain.timetable.fitting import Need, RoomFacts, Said
from retrain.timetable.states import Part, Stance, Standing

Cell = tuple[int, int, int]
"""A weekday (ISO) and the minutes from which to which a pair of it lasts."""


@dataclass(frozen=True)
class Group:
    """A run as far as its size is concerned."""

    code: str
    places: int


def free_cells(said: Iterable[Said], cells: Iterable[Cell]) -> list[Cell]:
    """The pairs of a week in which the lecturer can come every week."""
    never = [
        each
        for each in said
        if each.weekday and each.stance is Stance.UNAVAILABLE and each.standing is Standing.AGREED
    ]
    return [
        (weekday, starts, ends)
        for weekday, starts, ends in cells
        if not any(
            each.weekday == weekday and each.from_minute < ends and starts < each.to_minute for each in never
        )
    ]


def nobody_for(need: Need, free: Mapping[int, int], names: Mapping[int, str]) -> list[Refusal]:
    """Whether somebody can give the hours; *free*: lecturer (person) → pairs of the week in which they can come."""
    if not free:
        return [Refusal.of("no-lecturers-at-all")]
    able = need.teachers or free.keys()
    if any(free.get(person_id, 0) for person_id in able):
        return []
    who = ", ".join(sorted(names.get(person_id, "") for person_id in able))
    return [Refusal.of("nobody-can-come", who=who)]


def no_room_for(need: Need, rooms: Iterable[RoomFacts], groups: Iterable[Group]) -> list[Refusal]:
    """Whether some open room holds each group and has what is needed; the groups for which none does, together."""
    open_rooms = [room for room in rooms if room.closed_on is None]
    if not open_rooms:
        return [Refusal.of("no-rooms-at-all")]
    fitting = [
        room
        for room in open_rooms
        if need.equipment <= room.equipment and (not need.site or room.site == need.site)
    ]
    if not fitting:
        return [_lacking(need, open_rooms)]
    largest = max(fitting, key=lambda room: room.seats)
    part = Part.FIRST_HALF if need.in_halves else Part.WHOLE
    wanted = {group.code: part.share_of(group.places) for group in groups}
    crowded = sorted(code for code, people in wanted.items() if people > largest.seats)
    if not crowded:
        return []
    people = max(wanted[code] for code in crowded)
    runs = ", ".join(crowded)
    return [
        Refusal.of("every-room-too-small", name=largest.name, seats=largest.seats, people=people, runs=runs)
    ]


def _lacking(need: Need, rooms: Iterable[RoomFacts]) -> Refusal:
    """Says which thing no room has; or that no room has all of it together, or at the site."""
    has = frozenset[str]().union(*(room.equipment for room in rooms))
    what = ", ".join(sorted(need.equipment - has or need.equipment))
    if need.site and not any(room.site == need.site for room in rooms):
        return Refusal.of("no-room-at-site", site=need.site)
    return Refusal.of("no-room-has", what=what)
