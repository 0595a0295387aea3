"""An allocation round: places given by teacher-proposing deferred acceptance (Gale and Shapley 1962).

A run's places lie in *pools*, asked in their published order: first those set aside (for a region, a kind of
organisation, a reserved group), last the one open to all. Inside a pool, ceilings may bound what one region
or college gets; any two of them are nested or have nobody in common. A pool chooses greedily: best priority
first, whoever breaks no ceiling. Whom it turns away asks the next pool.

What is promised, and why it may be:

* Sets that keep nested ceilings form a laminar matroid. Greedy choice from a matroid is substitutable (who
  is turned away stays so when more apply) and obeys the law of aggregate demand (more applicants never fill
  fewer places).
* Pools one after the other keep both. More applicants: the first pool turns a larger set away, so the second
  turns a larger set away, and so on; and each fills at least as many places as before. These are slots
  with priorities of their own (Kominers and Sönmez 2016) for one contract a teacher and run.
* So deferred acceptance ends in the stable outcome that is best for every teacher at once, whatever the order
  of asking (hence the same for any order of the input), and no teacher gains by ranking untruthfully
  (Hatfield and Milgrom 2005).

What is not promised: ceilings that cross, such as region and kind over the same places, are an intersection
of matroids. Choice by priority from it isn't substitutable and a stable outcome need not exist, so such
a round is refused (``CrossingCeilings``); a pool a kind with regions inside it says it exactly. Nor
does it find the outcome with most places filled. In Kamada and Kojima (2015) a region is where the places
are; here it is where the teacher works, and their targets and ceilings become pools and ceilings of a run.
Stable means: nobody prefers a run that, choosing from those it has and them, would take them.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from retrain.allocation.pools import (
    LAST,
    Applicant,
    Box,
    Offering,
    Priority,
    Turn,
    Wish,
    chains,
)
from retrain.enrolment.quota_rules import Group


@dataclass(frozen=True, slots=True)
class Seat:
    """What a teacher got: the run, the pool, and the number of the wish it was."""

    run: str
    pool: str
    wish: int


@dataclass(frozen=True, slots=True)
class Result:
    """Who got what, and what explanations are made of. *boxes* are the pools of a run as they ended."""

    seats: Mapping[str, Seat]
    turns: Mapping[tuple[str, str], Turn]
    boxes: Mapping[str, tuple[Box, ...]]


def lottery(seed: str, key: str) -> str:
    """One person's ticket; it depends on the published seed and the person, not on who else takes part."""
    return sha256(f"{seed}\n{key}".encode()).hexdigest()


def priority(applicant: Applicant, wish: Wish, ticket: str) -> Priority:
    """The published priority: due soonest, match, the college's ranking, lottery."""
    rank = LAST if wish.college_rank is None else wish.college_rank
    return Priority(applicant.due or date.max, wish.match, rank, ticket)


def allocate(offerings: Iterable[Offering], applicants: Sequence[Applicant], seed: str) -> Result:
    """Places for *applicants*: stable, best for each of them, the same for the same input in any order."""
    boxes = _boxes(offerings, {each.groups for each in applicants})
    turns = _turns(applicants, seed)
    seats: dict[str, Seat] = {}
    asking = deque((each, 0) for each in applicants)
    reached = dict.fromkeys((each.key for each in applicants), 0)
    while asking:
        applicant, number = asking.popleft()
        if number == len(applicant.wishes):
            continue
        reached[applicant.key] = number
        run = applicant.wishes[number].run
        if out := _ask(boxes.get(run, ()), turns[applicant.key, run]):
            asking.append((out.applicant, reached[out.applicant.key] + 1))
    for run, in_run in boxes.items():
        for box in in_run:
            for turn in box.held.values():
                key = turn.applicant.key
                seats[key] = Seat(run, box.pool.name, reached[key] + 1)
    return Result(seats, turns, boxes)


def _ask(boxes: Sequence[Box], turn: Turn) -> Turn | None:
    """Ask a run's pools in their order; whoever is left without a place at the end."""
    out: Turn | None = turn
    for box in boxes:
        if out is None:
            return None
        if box.pool.admits(out.applicant.groups):
            out = box.ask(out)
    return out


def _turns(applicants: Sequence[Applicant], seed: str) -> dict[tuple[str, str], Turn]:
    """Each wish with its rank in the run: a strict order, since no two tickets are equal."""
    wanted: dict[str, list[tuple[tuple[date, int, int, str, str], Applicant, Priority]]] = {}
    for each in applicants:
        ticket = lottery(seed, each.key)
        for wish in each.wishes:
            p = priority(each, wish, ticket)
            order = (p.due, p.match, p.college, p.lottery, each.key)
            wanted.setdefault(wish.run, []).append((order, each, p))
    turns: dict[tuple[str, str], Turn] = {}
    for run, lines in wanted.items():
        lines.sort(key=lambda line: line[0])
        turns |= {(each.key, run): Turn(each, rank, p) for rank, (_order, each, p) in enumerate(lines)}
    if len(turns) != sum(len(each.wishes) for each in applicants):
        raise ValueError("a teacher takes part once and ranks a run once")
    return turns


def _boxes(offerings: Iterable[Offering], profiles: set[frozenset[Group]]) -> dict[str, tuple[Box, ...]]:
    known: dict[frozenset[Group], dict[frozenset[Group], tuple[Group | None, ...]]] = {}
    found: dict[str, tuple[Box, ...]] = {}
    for offering in offerings:
        for pool in offering.pools:
            bounds = frozenset(pool.ceilings)
            if bounds not in known:
                known[bounds] = chains(bounds, profiles)
        found[offering.run] = tuple(Box(pool, known[frozenset(pool.ceilings)]) for pool in offering.pools)
    return found
