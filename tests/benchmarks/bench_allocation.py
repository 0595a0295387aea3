"""An allocation round of a country: 10,000 teachers, five wishes each, 300 runs with regional quotas."""

import random
import time
from collections import Counter
from datetime import date, timedelta

from retrain.allocation.pools import Applicant, Offering, Pool, Wish
from retrain.allocation.reasons import reasons
from retrain.allocation.rules import Result, allocate
from tests.allocation.stability import choice
from tests.benchmarks.measure import Sample, milliseconds, report, report_sample

TEACHERS, WISHES, RUNS, PLACES, REGIONS, COLLEGES, TIMES = 10_000, 5, 300, 30, 14, 300, 7


def main() -> None:
    offerings, people = country(random.Random(4))
    result = allocate(offerings, people, "benchmark")
    took = milliseconds(lambda: allocate(offerings, people, "benchmark"), TIMES)
    report_sample("allocation", "round", Sample(tuple(each / 1000 for each in took.values)), "s")
    began = time.perf_counter()
    told = Counter(each.code for person in people for each in reasons(result, person))
    report("allocation", "explanations", time.perf_counter() - began, "s")
    report("allocation", "places_offered", RUNS * PLACES, "places")
    report("allocation", "places_given", len(result.seats), "places")
    report("allocation", "wishes_refused_by_quota", told["quota-full"], "wishes")
    report("allocation", "blocking_pairs", blocking(offerings, people, result), "pairs")
    shuffled = random.Random(5).sample(people, len(people))
    report(
        "allocation",
        "same_when_shuffled",
        allocate(offerings, shuffled, "benchmark").seats == result.seats,
        "1",
    )


def country(chance: random.Random) -> tuple[list[Offering], list[Applicant]]:
    """Some runs are wanted far more than others, as in life."""
    codes = [f"R{number:03}" for number in range(RUNS)]
    offerings = []
    for code in codes:
        ceilings = {f"region:{region}": 3 for region in range(REGIONS)}
        ceilings |= {f"college:{college}": 2 for college in chance.sample(range(COLLEGES), 20)}
        aside = Pool("reserved:rural", 3, "reserved:rural")
        offerings.append(Offering(code, (aside, Pool("open", PLACES - 3, None, ceilings))))
    weights = [1 / (number + 10) for number in range(RUNS)]
    people = []
    for number in range(TEACHERS):
        college = chance.randrange(COLLEGES)
        ranked = list(dict.fromkeys(chance.choices(codes, weights, k=WISHES * 4)))[:WISHES]
        groups = {f"college:{college}", f"region:{college % REGIONS}", "kind:college"}
        if chance.random() < 0.2:
            groups.add("reserved:rural")
        wishes = tuple(Wish(code, chance.randrange(3), chance.choice([None, 1, 2, 3])) for code in ranked)
        due = date(2026, 12, 1) + timedelta(days=30 * chance.randrange(24))
        people.append(Applicant(f"{number:05}", due, frozenset(groups), wishes))
    return offerings, people


def blocking(offerings: list[Offering], people: list[Applicant], result: Result) -> int:
    """How many teachers would rather be in a run that would take them: none, if the round is stable."""
    by_run: dict[str, list[Applicant]] = {each.run: [] for each in offerings}
    by_key = {person.key: person for person in people}
    for key, seat in result.seats.items():
        by_run[seat.run].append(by_key[key])
    known = {each.run: each for each in offerings}
    found = 0
    for person in people:
        seat_of = result.seats.get(person.key)
        better = person.wishes[: seat_of.wish - 1] if seat_of else person.wishes
        for wish in better:
            found += person.key in choice(known[wish.run], [*by_run[wish.run], person], "benchmark")
    return found


if __name__ == "__main__":
    main()
