"""How many missed hours count, which steps of warning they reach, and who is near the limit. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from retrain.attendance.rules import Tally

NEAR = 0.5
"""Whoever has missed this share of the limit, or been warned, is at risk."""


class Risk(StrEnum):
    """How near somebody is to the limit."""

    NONE = "none"
    WARNED = "warned"
    LIMIT = "limit"


@dataclass(frozen=True)
class Absence:
    """What a run's policy says of missed hours; *limit* and *steps* in minutes of academic hours."""

    limit: float | None
    steps: tuple[int, ...]
    excused_counts: bool
    hour: int

    @classmethod
    def of(cls, policy: Mapping[str, Any], hour: int) -> "Absence":
        """The policy as the run keeps it since it was published."""
        limit = policy.get("max_unexcused_hours")
        return cls(
            limit=None if limit is None else limit * hour,
            steps=tuple(sorted({int(step) for step in policy.get("warnings") or () if step > 0})),
            excused_counts=policy.get("excused_counts", True),
            hour=hour,
        )

    def missed(self, tally: Tally) -> int:
        """The minutes that count: those without an excuse, and the excused ones where the policy counts them."""
        return tally.unexcused + (0 if self.excused_counts else tally.excused)

    def reached(self, missed: int) -> list[int]:
        """The steps, in hours, that so many minutes reach: at a step exactly, it is reached."""
        return [step for step in self.steps if missed >= step * self.hour]

    def at_limit(self, missed: int) -> bool:
        """Whether somebody is to be proposed for exclusion; completion draws the line at the same place."""
        return self.limit is not None and self.limit > 0 and missed >= self.limit

    def risk(self, missed: int) -> Risk:
        """How near the limit so many minutes are."""
        if self.at_limit(missed):
            return Risk.LIMIT
        near = self.limit is not None and 0 < NEAR * self.limit <= missed
        return Risk.WARNED if near or self.reached(missed) else Risk.NONE


def new_steps(reached: Iterable[int], told: Collection[int]) -> list[int]:
    """The steps nobody was told of yet, the highest last: only that one is worth a letter."""
    return [step for step in reached if step not in told]
