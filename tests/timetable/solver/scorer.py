"""Scores a solution of a public instance from the two texts alone, by the published rules: no code of the solver."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field


@dataclass
class Score:
    hard: Counter[str] = field(default_factory=Counter)
    soft: Counter[str] = field(default_factory=Counter)

    @property
    def violations(self) -> int:
        return self.hard.total()

    @property
    def cost(self) -> int:
        return self.soft.total()


def score(instance: str, solution: str) -> Score:
    head, blocks = parsed(instance)
    courses = {
        name: (teacher, int(lectures), int(days), int(people))
        for name, teacher, lectures, days, people in blocks["COURSES:"]
    }
    seats = {name: int(number) for name, number in blocks["ROOMS:"]}
    curricula = [set(members) for _, _, *members in blocks["CURRICULA:"]]
    closed = {(course, int(day), int(slot)) for course, day, slot in blocks["UNAVAILABILITY_CONSTRAINTS:"]}
    days, slots = int(head["Days:"]), int(head["Periods_per_day:"])
    lectures = [(c, r, int(d), int(s)) for c, r, d, s in map(str.split, solution.splitlines())]
    found = Score()
    of_course: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for course, room, day, slot in lectures:
        assert 0 <= day < days
        assert 0 <= slot < slots
        found.hard["availability"] += (course, day, slot) in closed
        found.soft["room_capacity"] += max(0, courses[course][3] - seats[room])
        of_course[course].append((room, day, slot))
    for number in Counter((room, day, slot) for _, room, day, slot in lectures).values():
        found.hard["rooms"] += number - 1
    for course, (_, number, least_days, _) in courses.items():
        held = of_course[course]
        found.hard["lectures"] += abs(number - len(held)) + len(held) - len({at[1:] for at in held})
        found.soft["min_working_days"] += 5 * max(0, least_days - len({day for _, day, _ in held}))
        found.soft["room_stability"] += max(0, len({room for room, _, _ in held}) - 1)
    for at, one in enumerate(lectures):
        for other in lectures[at + 1 :]:
            if one[0] == other[0] or one[2:] != other[2:]:
                continue
            same_teacher = courses[one[0]][0] == courses[other[0]][0]
            found.hard["conflicts"] += same_teacher or any({one[0], other[0]} <= each for each in curricula)
    for members in curricula:
        held_at = [(day, slot) for course in members for _, day, slot in of_course[course]]
        near = set(held_at)
        found.soft["compactness"] += 2 * sum(
            (day, slot - 1) not in near and (day, slot + 1) not in near for day, slot in held_at
        )
    return found


def parsed(instance: str) -> tuple[dict[str, str], dict[str, list[list[str]]]]:
    head: dict[str, str] = {}
    blocks: dict[str, list[list[str]]] = {}
    block: list[list[str]] | None = None
    for line in filter(str.strip, instance.splitlines()):
        if line.strip() == "END.":
            break
        if line.strip().endswith(":"):
            block = blocks.setdefault(line.strip(), [])
        elif block is None:
            name, value = line.split(maxsplit=1)
            head[name] = value
        else:
            block.append(line.split())
    return head, blocks
