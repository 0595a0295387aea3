"""Who gives what, where several may: so that nobody has much more than others of what they can take. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Duty:
    """Hours of a run that one person is to give: so many pairs in these weeks, by one of *candidates*."""

    key: tuple[int, ...]
    pairs: int
    weeks: Sequence[int]
    candidates: Collection[int]


@dataclass
class Lecturing:
    """What a person can take: pairs in each week, hours in the year; and what they have."""

    week_most: Mapping[int, int]
    pairs_left: float = float("inf")
    has: dict[int, float] = field(default_factory=dict)

    def strain(self, duty: Duty) -> tuple[bool, float]:
        """Whether it passes the year's norm; and how full their fullest week would be, 1 is full."""
        each = duty.pairs / max(len(duty.weeks), 1)
        full = max(
            ((self.has.get(week, 0.0) + each) / (self.week_most.get(week, 0) or 0.01) for week in duty.weeks),
            default=0.0,
        )
        return duty.pairs > self.pairs_left, full

    def take(self, duty: Duty) -> None:
        each = duty.pairs / max(len(duty.weeks), 1)
        for week in duty.weeks:
            self.has[week] = self.has.get(week, 0.0) + each
        self.pairs_left -= duty.pairs


def choose(duties: Sequence[Duty], people: Mapping[int, Lecturing]) -> dict[tuple[int, ...], int]:
    """key of each duty → who gives it; a duty that nobody may give is left out.

    Those with least choice are given away first, and of them the largest.
    """
    found: dict[tuple[int, ...], int] = {}
    for duty in sorted(duties, key=lambda each: (len(each.candidates), -each.pairs, each.key)):
        able = [person for person in sorted(duty.candidates) if person in people]
        if able:
            chosen = min(able, key=lambda person: (*people[person].strain(duty), person))
            people[chosen].take(duty)
            found[duty.key] = chosen
    return found
