"""The public format of curriculum-based course timetabling (ITC-2007, track 3): read, and a solution written."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrain.timetable.solver.problem import Problem, Timetable, Weights, plain

UD2 = Weights(seats_short=1, spread=5, alone=2, rooms=1)
"""The competition's weights."""

PUBLIC = {
    "room_capacity": "seats_short",
    "min_working_days": "spread",
    "compactness": "alone",
    "room_stability": "rooms",
}
"""The competition's name of each part → ours."""

BLOCKS = ("COURSES:", "ROOMS:", "CURRICULA:", "UNAVAILABILITY_CONSTRAINTS:")


class Unreadable(ValueError):
    """Not a file of this format; the sentence says where."""


@dataclass(frozen=True)
class Instance:
    """A problem with the names that a solution is written in."""

    problem: Problem
    courses: list[str]
    rooms: list[str]


def read(path: Path) -> Instance:
    """The instance in *path*. Raises Unreadable."""
    try:
        text = path.read_text(encoding="latin-1")
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from error
    try:
        return _instance(*_blocks(text))
    except (ValueError, KeyError, IndexError) as error:
        raise Unreadable(f"{path}: not a curriculum-based instance ({error})") from error


def write(instance: Instance, timetable: Timetable) -> str:
    """The solution: a line ``course room day slot`` for each event."""
    slots = instance.problem.slots
    return "".join(
        f"{instance.courses[subject]} {instance.rooms[room]} {period // slots} {period % slots}\n"
        for subject, room, period in zip(
            instance.problem.subject, timetable.room, timetable.period, strict=True
        )
    )


def _blocks(text: str) -> tuple[dict[str, str], dict[str, list[list[str]]]]:
    head: dict[str, str] = {}
    blocks: dict[str, list[list[str]]] = {name: [] for name in BLOCKS}
    block: list[list[str]] | None = None
    for line in text.splitlines():
        words = line.split()
        if not words:
            continue
        if words[0].upper() == "END.":
            break
        if len(words) == 1 and words[0].upper() in blocks:
            block = blocks[words[0].upper()]
        elif block is None:
            head[words[0].rstrip(":").lower()] = " ".join(words[1:])
        else:
            block.append(words)
    return head, blocks


def _instance(head: dict[str, str], blocks: dict[str, list[list[str]]]) -> Instance:
    courses, rooms, curricula, closed = (blocks[name] for name in BLOCKS)
    days, slots = int(head["days"]), int(head["periods_per_day"])
    for name, rows in (("courses", courses), ("rooms", rooms), ("curricula", curricula)):
        if int(head[name]) != len(rows) or not rows:
            raise ValueError(f"{head[name]} {name} announced, {len(rows)} there")
    if not 0 < slots <= 16 or days < 1:
        raise ValueError(f"{days} days of {slots} periods")
    number = {row[0]: at for at, row in enumerate(courses)}
    if len(number) != len(courses):
        raise ValueError("a course stands there twice")
    lectures, least_days, students = (
        np.array([int(row[field]) for row in courses], np.int32) for field in (2, 3, 4)
    )
    seats = np.array([int(row[1]) for row in rooms], np.int32)
    period_open = np.ones((len(courses), days * slots), np.bool_)
    for course, day, slot in closed:
        if not (0 <= int(day) < days and 0 <= int(slot) < slots):
            raise ValueError(f"no period {day} {slot}")
        period_open[number[course], int(day) * slots + int(slot)] = False
    teachers = [row[1] for row in courses]
    problem = plain(
        name=head.get("name", ""),
        subject=np.repeat(np.arange(len(courses), dtype=np.int32), lectures),
        takes_part=_takes_part(curricula, number),
        clash=np.array([[one == other for other in teachers] for one in teachers], np.bool_),
        days=days,
        slots=slots,
        rooms=len(rooms),
        weights=UD2,
        period_open=period_open,
        seats_short=np.maximum(students[:, None] - seats[None, :], 0),
        least_days=least_days,
        alone=np.ones(len(curricula), np.bool_),
    )
    return Instance(problem, [row[0] for row in courses], [row[0] for row in rooms])


def _takes_part(curricula: list[list[str]], number: dict[str, int]) -> np.ndarray:
    found = np.zeros((len(number), len(curricula)), np.bool_)
    for at, (name, count, *members) in enumerate(curricula):
        if int(count) != len(members):
            raise ValueError(f"curriculum {name}: {count} courses announced, {len(members)} there")
        for course in members:
            found[number[course], at] = True
    return found
