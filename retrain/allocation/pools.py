"""What an allocation round is made of: wishes, priorities, and pools that choose under nested ceilings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from heapq import heappop, heappush
from itertools import pairwise

from retrain.enrolment.quota_rules import Group


class CrossingCeilings(ValueError):
    """Two ceilings of one pool share some people and neither holds all of the other's."""

    def __init__(self, first: Group, second: Group) -> None:
        self.groups = (first, second)
        super().__init__(f"{first} crosses {second}")


@dataclass(frozen=True, slots=True)
class Pool:
    """Places of a run: for one group only or for all, with no more of a group than its ceiling."""

    name: str
    places: int
    only_for: Group | None = None
    ceilings: Mapping[Group, int] = field(default_factory=dict)

    def admits(self, groups: frozenset[Group]) -> bool:
        return self.only_for is None or self.only_for in groups


@dataclass(frozen=True, slots=True)
class Offering:
    """A run in the round; its pools in the order in which they are asked."""

    run: str
    pools: tuple[Pool, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """A run that a teacher ranks, the grade of the match (0 is exact) and the place their college gave them."""

    run: str
    match: int = 0
    college_rank: int | None = None


@dataclass(frozen=True, slots=True)
class Applicant:
    """A teacher in the round. *wishes* are what they may have, best first."""

    key: str
    due: date | None
    groups: frozenset[Group]
    wishes: tuple[Wish, ...]


@dataclass(frozen=True, slots=True)
class Priority:
    """What decides, in the order of the fields; the smaller goes first. Without a date or rank one goes last."""

    due: date
    match: int
    college: int
    lottery: str


LAST = 10**9
"""The rank of whom the college did not rank."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A teacher at a run: their rank among all who wish for it, and their priority in plain values."""

    applicant: Applicant
    rank: int
    priority: Priority


class Box:
    """A pool while the round goes on: whom it holds, and for each bound the worst first."""

    def __init__(self, pool: Pool, chains: Mapping[frozenset[Group], tuple[Group | None, ...]]) -> None:
        self.pool = pool
        self.chains = chains
        self.held: dict[int, Turn] = {}
        self.count: dict[Group | None, int] = dict.fromkeys([None, *pool.ceilings], 0)
        self._worst: dict[Group | None, list[int]] = {bound: [] for bound in self.count}

    def bound(self, of: Group | None) -> int:
        """How many a group may have here; None is the pool itself."""
        return self.pool.places if of is None else self.pool.ceilings[of]

    def full(self, groups: frozenset[Group]) -> tuple[Group | None] | None:
        """The innermost bound on these *groups* that is reached, in a tuple; None when there is room."""
        for each in self.chains[groups]:
            if self.count[each] >= self.bound(each):
                return (each,)
        return None

    def ask(self, turn: Turn) -> Turn | None:
        """Hold *turn* if it is among the best; whoever is turned away for it, or itself, comes back.

        In a laminar matroid the newcomer competes with those under the innermost bound that is reached.
        """
        groups = turn.applicant.groups
        out: Turn | None = None
        if full := self.full(groups):
            last = self.last(full[0])
            if last is None or last.rank < turn.rank:
                return turn
            out = self.held.pop(last.rank)
            for each in self.chains[out.applicant.groups]:
                self.count[each] -= 1
        self.held[turn.rank] = turn
        for each in self.chains[groups]:
            self.count[each] += 1
            heappush(self._worst[each], -turn.rank)
        return out

    def last(self, bound: Group | None) -> Turn | None:
        """The worst that is held under a bound."""
        heap = self._worst[bound]
        while heap and -heap[0] not in self.held:
            heappop(heap)
        return self.held[-heap[0]] if heap else None


def chains(
    bounds: frozenset[Group], profiles: Iterable[frozenset[Group]]
) -> dict[frozenset[Group], tuple[Group | None, ...]]:
    """For each sort of person the bounds over them, innermost first, the pool itself (None) last."""
    of = {profile: profile & bounds for profile in profiles}
    holders = {bound: {profile for profile, over in of.items() if bound in over} for bound in bounds}
    found: dict[frozenset[Group], tuple[Group | None, ...]] = {}
    for profile, over in of.items():
        chain = sorted(over, key=lambda bound: (len(holders[bound]), bound))
        for inner, outer in pairwise(chain):
            if not holders[inner] <= holders[outer]:
                raise CrossingCeilings(inner, outer)
        found[profile] = (*chain, None)
    return found
