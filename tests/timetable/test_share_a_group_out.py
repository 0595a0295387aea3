"""A group that is split: everybody is in one half, and who comes or leaves moves nobody."""

from hypothesis import given
from hypothesis import strategies as st

from retrain.timetable.halves import shared_out
from retrain.timetable.states import HALVES

GROUPS = st.lists(st.integers(1, 60), unique=True, max_size=40)
SAID = st.dictionaries(st.integers(1, 60), st.sampled_from(HALVES), max_size=20)


@given(GROUPS, SAID)
def test_everybody_is_in_one_half_and_what_was_said_holds(group, said):
    found = shared_out(said, group)
    assert set(found) == set(group)
    assert all(found[number] is half for number, half in said.items() if number in found)


@given(GROUPS, SAID, st.integers(61, 70))
def test_a_newcomer_moves_nobody(group, said, newcomer):
    before = shared_out(said, group)
    after = shared_out(said, [*group, newcomer])
    assert {number: after[number] for number in group} == before


@given(GROUPS)
def test_where_nothing_was_said_the_halves_are_as_even_as_can_be(group):
    sizes = [list(shared_out({}, group).values()).count(half) for half in HALVES]
    assert abs(sizes[0] - sizes[1]) <= 1
