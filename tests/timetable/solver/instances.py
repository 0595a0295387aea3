"""Small instances of the public format, made up."""

import random


def instance(
    seed: int = 1, courses: int = 12, rooms: int = 4, days: int = 4, slots: int = 4, curricula: int = 6
) -> str:
    """An instance that has a timetable, with something of everything in it."""
    chance = random.Random(seed)
    names = [f"c{number:02}" for number in range(courses)]
    lectures = [chance.randint(1, 4) for _ in names]
    rows = [
        f"{name} t{chance.randrange(courses * 2 // 3)} {number} {chance.randint(1, number)} {chance.randint(5, 60)}"
        for name, number in zip(names, lectures, strict=True)
    ]
    closed = {(chance.choice(names), chance.randrange(days), chance.randrange(slots)) for _ in range(courses)}
    groups = [chance.sample(names, chance.randint(2, 3)) for _ in range(curricula)]
    return "\n".join(
        [
            f"Name: Made-{seed}", f"Courses: {courses}", f"Rooms: {rooms}", f"Days: {days}",
            f"Periods_per_day: {slots}", f"Curricula: {curricula}", f"Constraints: {len(closed)}",
            "", "COURSES:", *rows,
            "", "ROOMS:", *(f"r{number} {chance.choice([10, 30, 50])}" for number in range(rooms)),
            "", "CURRICULA:",
            *(f"q{number} {len(group)} {' '.join(group)}" for number, group in enumerate(groups)),
            "", "UNAVAILABILITY_CONSTRAINTS:", *(" ".join(map(str, each)) for each in sorted(closed)),
            "", "END.", "",
        ]
    )  # fmt: skip
