"""Who gives what, where several may: so that nobody has much more than others of what they can take. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

PASSES = 4
"""So often each duty is given away once more, now that it is known what everybody has."""


@dataclass(frozen=True)
class Duty:
    """Hours of a run that one person is to give: so many pairs in these weeks, by one of *candidates*."""

    key: tuple[int, ...]
    pairs: int
    weeks: Sequence[int]
    candidates: Collection[int]

    @property
    def each_week(self) -> float:
        """Pairs in each of its weeks."""
        return self.pairs / max(len(self.weeks), 1)


@dataclass
class Lecturing:
    """What a person can take: pairs in each week, hours in the year; and what they have."""

    week_most: Mapping[int, int]
    pairs_left: float = float("inf")
    has: dict[int, float] = field(default_factory=dict)

    def strain(self, duty: Duty) -> tuple[bool, float]:
        """Whether it passes the year's norm; and how full their fullest week would be, 1 is full."""
        each = duty.each_week
        full = max(
            ((self.has.get(week, 0.0) + each) / (self.week_most.get(week, 0) or 0.01) for week in duty.weeks),
            default=0.0,
        )
        return duty.pairs > self.pairs_left, full

    def take(self, duty: Duty, times: int = 1) -> None:
        """Have that duty too; or, *times* being -1, no longer."""
        each = duty.each_week * times
        for week in duty.weeks:
            self.has[week] = self.has.get(week, 0.0) + each
        self.pairs_left -= duty.pairs * times


def choose(duties: Sequence[Duty], people: Mapping[int, Lecturing]) -> dict[tuple[int, ...], int]:
    """key of each duty → who gives it; a duty that nobody may give is left out.

    Those with least choice are given away first, and of them those that fill their weeks most; then each once more, to
    whoever has most time for it beside all else.
    """
    found: dict[tuple[int, ...], int] = {}
    ordered = sorted(duties, key=lambda each: (len(each.candidates), -each.each_week, each.key))
    for again in range(1 + PASSES):
        for duty in ordered:
            able = [person for person in sorted(duty.candidates) if person in people]
            if not able or (again and len(able) == 1):
                continue
            if again:
                people[found[duty.key]].take(duty, -1)
            chosen = min(able, key=lambda person: (*people[person].strain(duty), person))
            people[chosen].take(duty)
            found[duty.key] = chosen
    return found
