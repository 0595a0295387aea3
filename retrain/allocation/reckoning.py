"""What comes out of a round, from plain values: who gets what and why, in numbers, and a digest of all of it. Pure."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from retrain.allocation import quotas, reasons
from retrain.allocation.pools import Applicant, CrossingCeilings, Offering, Wish
from retrain.allocation.rules import Result, allocate
from retrain.enrolment.quota_rules import Group, PlacesFacts
from retrain.refusal import Refusal, Refused


@dataclass(frozen=True, slots=True)
class Ranked:
    """A run as a teacher ranked it. *refusals* say why they may not have it now, whatever the others want."""

    number: int
    run: str
    match: int = 0
    college_rank: int | None = None
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Entrant:
    """A teacher who ranked runs, with all of them, best first."""

    teacher_id: int
    due: date | None
    groups: frozenset[Group]
    wishes: tuple[Ranked, ...]

    @property
    def key(self) -> str:
        """What the lottery knows this teacher by."""
        return str(self.teacher_id)

    @property
    def region(self) -> str:
        """The region of their college; empty for one who works at none."""
        found = (group.partition(":")[2] for group in self.groups if group.startswith("region:"))
        return next(found, "")


@dataclass(frozen=True, slots=True)
class Seat:
    """What a teacher got: the run, the pool it came from, and the number of the wish as they wrote it."""

    run: str
    pool: str
    wish: int


@dataclass(frozen=True)
class Outcome:
    """Who got what, and for each teacher what became of each wish."""

    seats: Mapping[int, Seat]
    told: Mapping[int, tuple[dict[str, Any], ...]]
    numbers: Mapping[str, Any] = field(default_factory=dict)
    digest: str = ""


def reckon(runs: Sequence[PlacesFacts], entrants: Sequence[Entrant], seed: str, now: datetime) -> Outcome:
    """The outcome for these runs and teachers, the same whatever order they come in.

    Raises Refused when the ceilings of a run cross.
    """
    if crossing := [why for run in runs for why in quotas.crossing(run.quotas)]:
        raise Refused(list({(why.facts["first"], why.facts["second"]): why for why in crossing}.values()))
    offerings = [Offering(run.run, quotas.pools(run, now)) for run in sorted(runs, key=lambda one: one.run)]
    people = sorted(entrants, key=lambda one: one.teacher_id)
    applicants = [_applicant(person) for person in people]
    try:
        result = allocate(offerings, applicants, seed)
    except CrossingCeilings as crossed:
        first, second = crossed.groups
        raise Refused(Refusal.of("quotas-cross", first=first, second=second)) from None
    seats, told = {}, {}
    for person, applicant in zip(people, applicants, strict=True):
        told[person.teacher_id] = tuple(_told(result, person, applicant))
        if at := result.seats.get(person.key):
            seats[person.teacher_id] = Seat(at.run, at.pool, _allowed(person)[at.wish - 1].number)
    numbers = _numbers(offerings, people, seats)
    return Outcome(seats, told, numbers, _digest(offerings, applicants, seed, seats, told))


def _allowed(person: Entrant) -> list[Ranked]:
    return [wish for wish in person.wishes if not wish.refusals]


def _applicant(person: Entrant) -> Applicant:
    wishes = tuple(Wish(wish.run, wish.match, wish.college_rank) for wish in _allowed(person))
    return Applicant(person.key, person.due, person.groups, wishes)


def _told(result: Result, person: Entrant, applicant: Applicant) -> list[dict[str, Any]]:
    """Every wish in the teacher's own numbering, with those they may not have among them."""
    numbers = [wish.number for wish in _allowed(person)]
    found = [
        {
            "wish": wish.number,
            "run": wish.run,
            "code": "not-allowed",
            "facts": {"why": [{"code": why.code, "facts": plain(why.facts)} for why in wish.refusals]},
        }
        for wish in person.wishes
        if wish.refusals
    ]
    for each in reasons.reasons(result, applicant):
        facts = dict(each.facts)
        if "given" in facts:
            facts["given"] = numbers[facts["given"] - 1]
        number = numbers[each.wish - 1]
        found.append({"wish": number, "run": each.run, "code": each.code, "facts": plain(facts)})
    return sorted(found, key=lambda told: told["wish"])


def plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as JSON keeps them."""
    return {name: _plain(value) for name, value in facts.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return plain(value)
    return list(value) if isinstance(value, tuple) else value


def _numbers(
    offerings: Sequence[Offering], people: Sequence[Entrant], seats: Mapping[int, Seat]
) -> dict[str, Any]:
    """The outcome counted: by run and its pools and ceilings, by region, by the number of the wish."""
    wished = Counter(wish.run for person in people for wish in person.wishes)
    first = Counter(person.wishes[0].run for person in people if person.wishes)
    given = Counter((seat.run, seat.pool) for seat in seats.values())
    asked = Counter(person.region for person in people)
    placed = Counter(person.region for person in people if person.teacher_id in seats)
    in_pool = {(offering.run, pool.name): pool.ceilings for offering in offerings for pool in offering.pools}
    under = Counter(
        (seats[person.teacher_id].run, group)
        for person in people
        if person.teacher_id in seats
        for group in person.groups
        & in_pool[seats[person.teacher_id].run, seats[person.teacher_id].pool].keys()
    )
    return {
        "teachers": len(people),
        "given": len(seats),
        "places": sum(pool.places for offering in offerings for pool in offering.pools),
        "wishes": dict(sorted(Counter(str(seat.wish) for seat in seats.values()).items())),
        "regions": [[region, number, placed[region]] for region, number in sorted(asked.items())],
        "runs": [
            {
                "run": offering.run,
                "wished": wished[offering.run],
                "first": first[offering.run],
                "places": sum(pool.places for pool in offering.pools),
                "given": sum(given[offering.run, pool.name] for pool in offering.pools),
                "pools": [[pool.name, pool.places, given[offering.run, pool.name]] for pool in offering.pools],
                "ceilings": [
                    [group, places, under[offering.run, group]]
                    for pool in offering.pools
                    for group, places in sorted(pool.ceilings.items())
                ],
            }
            for offering in offerings
        ],
    }  # fmt: skip


def _digest(
    offerings: Sequence[Offering],
    people: Sequence[Applicant],
    seed: str,
    seats: Mapping[int, Seat],
    told: Mapping[int, Sequence[dict[str, Any]]],
) -> str:
    """SHA-256 of all that went in and came out, in one order, so that whoever reckons it again can compare."""
    lines: list[Any] = [["seed", seed]]
    for offering in offerings:
        pools = [[pool.name, pool.places, pool.only_for, dict(pool.ceilings)] for pool in offering.pools]
        lines.append(["run", offering.run, pools])
    for person in people:
        number, due = int(person.key), person.due.isoformat() if person.due else None
        wishes = [[wish.run, wish.match, wish.college_rank] for wish in person.wishes]
        seat = seats.get(number)
        outcome = [seat.run, seat.pool, seat.wish] if seat else None
        lines.append(["teacher", number, due, sorted(person.groups), wishes, outcome, told[number]])
    return hashlib.sha256(json.dumps(lines, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
