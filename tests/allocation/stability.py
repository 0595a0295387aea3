"""An independent judge of allocation rounds: no heaps, no proposals, only the definition of stability.

A run's choice from a set of people is found by going through them from best to worst, pool by pool, counting.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import sha256
from itertools import product

from retrain.allocation.pools import Applicant, Offering


def choice(offering: Offering, people: Sequence[Applicant], seed: str) -> set[str]:
    """The keys of those whom the run would take."""
    left = sorted(people, key=lambda person: _order(person, offering.run, seed))
    chosen: set[str] = set()
    for pool in offering.pools:
        inside: list[Applicant] = []
        for person in left:
            under = [group for group in pool.ceilings if group in person.groups]
            may = pool.only_for is None or pool.only_for in person.groups
            free = len(inside) < pool.places and all(
                sum(group in other.groups for other in inside) < pool.ceilings[group] for group in under
            )
            if may and free:
                inside.append(person)
        chosen |= {person.key for person in inside}
        left = [person for person in left if person.key not in chosen]
    return chosen


def blocking_pairs(
    offerings: Sequence[Offering], people: Sequence[Applicant], seed: str, outcome: dict[str, str]
) -> list[tuple[str | None, str]]:
    """Who would rather be in a run that would take them; (None, run) for a run that has whom it wouldn't keep."""
    found: list[tuple[str | None, str]] = []
    for offering in offerings:
        members = [person for person in people if outcome.get(person.key) == offering.run]
        if choice(offering, members, seed) != {person.key for person in members}:
            found.append((None, offering.run))
        for person in people:
            runs = [wish.run for wish in person.wishes]
            if offering.run not in runs or person in members:
                continue
            has = runs.index(outcome[person.key]) if person.key in outcome else len(runs)
            if runs.index(offering.run) < has and person.key in choice(offering, [*members, person], seed):
                found.append((person.key, offering.run))
    return found


def feasible_outcomes(people: Sequence[Applicant]) -> Iterator[dict[str, str]]:
    """Every way to give each person one of their wishes or nothing, however many places there are."""
    options = [[None, *(wish.run for wish in person.wishes)] for person in people]
    for runs in product(*options):
        yield {person.key: run for person, run in zip(people, runs, strict=True) if run}


def _order(person: Applicant, run: str, seed: str) -> tuple[bool, date, int, bool, int, str]:
    wish = next(each for each in person.wishes if each.run == run)
    rank = wish.college_rank
    ticket = sha256(f"{seed}\n{person.key}".encode()).hexdigest()
    return person.due is None, person.due or date.min, wish.match, rank is None, rank or 0, ticket
