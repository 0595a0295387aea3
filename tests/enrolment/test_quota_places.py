"""Quotas: nobody's sequence of presses, releases and clocks gives a place too many."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from retrain.allocation.quotas import crossing, pools
from retrain.enrolment.quota_rules import (
    PlacesFacts,
    QuotaFacts,
    Taking,
    after,
    change_refusals,
    free_for,
    groups,
    places_refusals,
    set_aside_refusals,
    take,
)
from retrain.enrolment.states import QuotaSort

NOW = datetime(2026, 9, 7, 5, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
RURAL = groups("UZ-XO", 1, "college", ["rural"])
KHOREZM = groups("UZ-XO", 1, "college")
BUKHARA = groups("UZ-BU", 2, "college")
PEOPLE = (RURAL, KHOREZM, BUKHARA, groups("UZ-BU", 3, "university", ["rural"]))
ASIDE, CEILING = QuotaSort.SET_ASIDE, QuotaSort.CEILING


def run(places, *quotas, taken=0) -> PlacesFacts:
    return PlacesFacts("IT-001", places, taken, quotas)


@st.composite
def runs(draw):
    places, left = draw(st.integers(1, 8)), draw(st.integers(0, 8))
    quotas = []
    named = draw(st.lists(st.sampled_from(sorted(frozenset.union(*PEOPLE))), max_size=5))
    for number, group in enumerate(named, 1):
        sort = draw(st.sampled_from(QuotaSort))
        most = min(left, places) if sort is ASIDE else places
        count = draw(st.integers(0, most))
        if sort is ASIDE:
            count = min(count, places - sum(each.places for each in quotas if each.sort is ASIDE))
        release = draw(st.sampled_from([None, NOW, LATER]))
        quotas.append(QuotaFacts(number, sort, group, count, 0, release))
    return run(places, *quotas)


MOMENTS = st.sampled_from([NOW - timedelta(hours=1), NOW, LATER - timedelta(hours=1), LATER])  # any order
STEPS = st.lists(st.tuples(MOMENTS, st.sampled_from(PEOPLE), st.booleans(), st.integers(0, 9)), max_size=40)


@given(runs(), STEPS)
def test_no_sequence_gives_a_place_too_many(state, steps):
    held: list[Taking] = []
    for now, person, leaves, which in steps:
        if leaves and held:
            state = after(state, held.pop(which % len(held)), by=-1)
            continue
        free, taking = free_for(state, person, now), take(state, person, now)
        assert (free > 0) is isinstance(taking, Taking)
        if not isinstance(taking, Taking):
            assert taking
            continue
        held.append(taking)
        before, state = state, after(state, taking)
        for old, new in zip(before.quotas, state.quotas, strict=True):
            assert new.taken == old.taken or new.taken <= new.places or not new.holds(now)
        assert free_for(state, person, now) == free - 1
        assert state.taken == len(held) <= state.places


@given(runs(), st.lists(st.sampled_from(PEOPLE), max_size=12))
def test_what_is_set_aside_waits_for_its_people(state, others):
    for person in others:
        taking = take(state, person, NOW)
        if isinstance(taking, Taking):
            state = after(state, taking)
    for quota in state.quotas:
        if quota.sort is ASIDE and quota.holds(NOW) and quota.free:
            assert isinstance(take(state, frozenset({quota.group}), NOW), Taking)


@given(runs(), MOMENTS)
def test_a_round_has_the_places_that_are_free(state, now):
    assert sum(pool.places for pool in pools(state, now)) == state.places - state.taken


def test_places_flow_back_at_their_hour():
    state = run(2, QuotaFacts(1, ASIDE, "reserved:rural", 2, 0, LATER))
    assert [each.code for each in take(state, BUKHARA, LATER - timedelta(seconds=1))] == [
        "only-set-aside-left"
    ]
    assert take(state, BUKHARA, LATER) == Taking(None)
    assert (free_for(state, RURAL, NOW), free_for(state, BUKHARA, NOW), free_for(state, BUKHARA, LATER)) == (
        2,
        0,
        2,
    )


def test_a_ceiling_is_told_with_its_numbers_and_ends_at_its_hour():
    state = run(9, QuotaFacts(1, CEILING, "region:UZ-XO", 2, 2, LATER), taken=2)
    (why,) = take(state, KHOREZM, NOW)
    assert (why.code, why.facts["quota"], why.facts["places"], why.facts["taken"]) == (
        "quota-full",
        "region:UZ-XO",
        2,
        2,
    )
    assert take(state, BUKHARA, NOW) == Taking(None)
    assert take(state, KHOREZM, LATER) == Taking(None, (1,))


def test_below_what_is_taken_is_refused_with_the_numbers():
    (why,) = change_refusals("region:UZ-XO", 3, taken=5)
    assert (why.code, why.facts) == ("quota-below-taken", {"quota": "region:UZ-XO", "wanted": 3, "taken": 5})
    assert change_refusals("region:UZ-XO", 5, taken=5) == []
    assert [each.code for each in change_refusals("region:UZ-XO", -1)] == ["quota-negative"]


def test_set_aside_and_the_whole_must_agree():
    quota = QuotaFacts(1, ASIDE, "reserved:rural", 3, 1)
    state = run(10, quota, taken=6)  # five on open places
    assert set_aside_refusals(state, 5, quota) == []
    assert set_aside_refusals(state, 6, quota)[0].facts == {"wanted": 6, "most": 5}
    assert places_refusals(state, 8) == []
    assert places_refusals(state, 7)[0].facts == {"wanted": 7, "taken": 6, "kept": 3, "least": 8}


def test_a_round_refuses_ceilings_that_cross():
    def found(*named):
        return [
            each.code for each in crossing([QuotaFacts(n, CEILING, name, 1) for n, name in enumerate(named)])
        ]

    assert found("region:UZ-XO", "region:UZ-BU", "college:1") == []
    assert found("region:UZ-XO", "kind:college") == ["quotas-cross"]
    assert found("reserved:rural", "reserved:young") == ["quotas-cross"]
