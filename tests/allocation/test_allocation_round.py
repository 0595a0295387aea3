"""An allocation round against brute force: stable, best for every teacher, blind to order, truthful."""

from collections import Counter
from datetime import date, timedelta
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain.allocation.pools import Applicant, CrossingCeilings, Offering, Pool, Wish
from retrain.allocation.reasons import reasons
from retrain.allocation.rules import allocate, lottery
from tests.allocation.stability import blocking_pairs, choice, feasible_outcomes

COLLEGES = {"A": "X", "B": "X", "C": "Y"}  # college → region
DUE = date(2027, 3, 1)


def groups(college: str, rural: bool = False) -> frozenset[str]:
    found = {f"college:{college}", f"region:{COLLEGES[college]}"}
    return frozenset(found | ({"reserved:rural"} if rural else set()))


def applicant(key: str, *wishes: Wish | str, college="A", due=DUE, rural=False) -> Applicant:
    ranked = tuple(Wish(each) if isinstance(each, str) else each for each in wishes)
    return Applicant(key, due, groups(college, rural), ranked)


@st.composite
def rounds(draw, most_teachers=5, runs=("R1", "R2", "R3")):
    offerings = []
    for run in runs:
        labels = ("region:X", "region:Y", "college:A", "college:C")
        ceilings = draw(st.dictionaries(st.sampled_from(labels), st.integers(0, 2), max_size=3))
        open_pool = Pool("open", draw(st.integers(0, 2)), None, ceilings)
        group = draw(st.sampled_from([None, "reserved:rural", "region:Y", "college:A"]))
        aside = (Pool("aside", 1, group),) if group else ()
        offerings.append(Offering(run, (*aside, open_pool)))
    people = []
    for number in range(draw(st.integers(1, most_teachers))):
        ranked = draw(st.permutations(runs))[: draw(st.integers(0, len(runs)))]
        wishes = [Wish(run, draw(st.integers(0, 1)), draw(st.sampled_from([None, 1, 2]))) for run in ranked]
        people.append(
            applicant(
                f"T{number}",
                *wishes,
                college=draw(st.sampled_from(sorted(COLLEGES))),
                due=draw(st.sampled_from([None, DUE, DUE + timedelta(days=30)])),
                rural=draw(st.booleans()),
            )
        )
    return offerings, people


def got(offerings, people, seed="s") -> dict[str, str]:
    return {key: seat.run for key, seat in allocate(offerings, people, seed).seats.items()}


def place(person: Applicant, outcome: dict[str, str]) -> int:
    """The number of the wish that came true; the worst for none."""
    runs = [wish.run for wish in person.wishes]
    return runs.index(outcome[person.key]) if person.key in outcome else len(runs)


@given(rounds())
def test_nobody_would_rather_change(case):
    offerings, people = case
    assert blocking_pairs(offerings, people, "s", got(offerings, people)) == []


@given(rounds(most_teachers=4))
def test_no_stable_outcome_is_better_for_anyone(case):
    offerings, people = case
    ours = got(offerings, people)
    stable = [each for each in feasible_outcomes(people) if not blocking_pairs(offerings, people, "s", each)]
    assert ours in stable
    for person, other in product(people, stable):
        assert place(person, ours) <= place(person, other)


@given(rounds(), st.randoms())
def test_the_order_of_the_input_does_not_matter(case, chance):
    offerings, people = case
    shuffled = chance.sample(people, len(people))
    first, second = allocate(offerings, people, "s"), allocate(offerings[::-1], shuffled, "s")
    assert first.seats == second.seats
    assert [reasons(first, each) for each in people] == [reasons(second, each) for each in people]


@given(rounds(most_teachers=4))
def test_ranking_untruthfully_gains_nothing(case):
    offerings, people = case
    truth = got(offerings, people)
    person, others = people[0], people[1:]
    for length in range(len(person.wishes) + 1):
        for lie in permutations(person.wishes, length):
            told = Applicant(person.key, person.due, person.groups, lie)
            assert place(person, got(offerings, [told, *others])) >= place(person, truth)


@given(rounds())
def test_every_bound_is_kept_and_every_wish_explained(case):
    offerings, people = case
    result = allocate(offerings, people, "s")
    by_key = {each.key: each for each in people}
    for offering, pool in ((each, pool) for each in offerings for pool in each.pools):
        inside = [
            by_key[key]
            for key, seat in result.seats.items()
            if (seat.run, seat.pool) == (offering.run, pool.name)
        ]
        counted = Counter(group for person in inside for group in person.groups)
        assert len(inside) <= pool.places
        assert all(counted[group] <= most for group, most in pool.ceilings.items())
        assert pool.only_for is None or counted[pool.only_for] == len(inside)
    for person in people:
        told = reasons(result, person)
        assert [each.run for each in told] == [wish.run for wish in person.wishes]
        assert [each.code for each in told].count("given") == (person.key in result.seats)


def test_a_full_quota_is_told_with_the_date_of_the_last_admitted():
    offering = Offering("R1", (Pool("open", 5, None, {"region:X": 1}),))
    late = applicant("late", "R1", due=date(2027, 9, 1))
    result = allocate([offering], [late, applicant("soon", "R1", college="B")], "s")
    (reason,) = reasons(result, late)
    assert (reason.code, dict(reason.facts)) == (
        "quota-full",
        {
            "pool": "open",
            "places": 1,
            "quota": "region:X",
            "by": "due",
            "last": DUE,
            "yours": date(2027, 9, 1),
        },
    )


def test_due_then_match_then_college_then_lottery_decides():
    offering = Offering("R1", (Pool("open", 1),))
    better = {
        "due": applicant("a", Wish("R1", 2, 9)),
        "match": applicant("b", Wish("R1", 0, 9), due=None),
        "college": applicant("c", Wish("R1", 1, 1), due=None),
    }
    last = applicant("z", Wish("R1", 1, 2), due=None)
    for by, person in better.items():
        result = allocate([offering], [last, person], "s")
        (reason,) = reasons(result, last)
        assert (reason.code, reason.facts["by"]) == ("run-full", by)
    twin = applicant("y", Wish("R1", 1, 2), due=None)
    winner = min(("y", "z"), key=lambda key: lottery("s", key))
    assert got([offering], [last, twin]) == {winner: "R1"}


def test_the_seed_turns_the_lottery():
    offering, pair = Offering("R1", (Pool("open", 1),)), [applicant("a", "R1"), applicant("b", "R1")]
    assert {next(iter(got([offering], pair, f"seed {n}"))) for n in range(20)} == {"a", "b"}


def test_a_run_outside_the_round_and_a_pool_for_others_are_told():
    closed = Offering("R1", (Pool("aside", 3, "region:Y"),))
    shut = Offering("R2", (Pool("open", 3, None, {"region:X": 0}),))
    person = applicant("a", "gone", "R1", "R2")
    result = allocate([closed, shut], [person], "s")
    assert [each.code for each in reasons(result, person)] == ["not-in-round", "no-pool", "quota-closed"]


def test_crossing_ceilings_are_refused_not_guessed():
    pool = Pool("open", 3, None, {"region:X": 1, "reserved:rural": 1})
    people = [
        applicant(f"{n}", "R1", college=c, rural=r) for n, (c, r) in enumerate(product("AC", (True, False)))
    ]
    with pytest.raises(CrossingCeilings):
        allocate([Offering("R1", (pool,))], people, "s")


@pytest.mark.parametrize("twice", [[applicant("a", "R1", "R1")], [applicant("a", "R1")] * 2])
def test_nobody_counts_twice(twice):
    with pytest.raises(ValueError, match="once"):
        allocate([Offering("R1", (Pool("open", 1),))], twice, "s")


def test_the_checker_finds_what_is_wrong():
    people = [applicant("a", "R1"), applicant("b", "R1", due=None)]
    offerings = [Offering("R1", (Pool("open", 1),))]
    assert [each[0] for each in blocking_pairs(offerings, people, "s", {"b": "R1"})] == ["a"]
    assert blocking_pairs(offerings, people, "s", {"a": "R1", "b": "R1"}) == [(None, "R1")]


@given(
    st.lists(st.tuples(st.sampled_from("AABC"), st.integers(0, 1)), min_size=3, max_size=8),
    st.integers(1, 2),
    st.integers(1, 3),
    st.integers(2, 4),
)
def test_a_run_takes_whom_its_nested_ceilings_let_it_choose(people, of_a, of_x, places):
    offering = Offering("R1", (Pool("open", places, None, {"college:A": of_a, "region:X": of_x}),))
    asking = [
        applicant(f"T{n}", Wish("R1", grade), college=college) for n, (college, grade) in enumerate(people)
    ]
    assert set(got([offering], asking)) == choice(offering, asking, "s")


def test_under_two_full_ceilings_the_inner_one_decides_who_leaves():
    offering = Offering("R1", (Pool("open", 5, None, {"college:A": 1, "region:X": 2}),))
    fair, poor, good = (Wish("R1", grade) for grade in (1, 2, 0))
    asking = [applicant("fair", fair), applicant("poor", poor, college="B"), applicant("good", good)]
    assert set(got([offering], asking)) == {"poor", "good"}
