"""A group that is split: everybody is in one half, and who comes or leaves moves nobody."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from retrain.timetable.halves import Comer, shared_out
from retrain.timetable.states import HALVES

FIRST = date(2026, 9, 14)
DAYS = st.integers(0, 60).map(lambda number: FIRST + timedelta(days=number))
LATER = FIRST + timedelta(days=61)


@st.composite
def groups(draw):
    """A list with newcomers and people who left."""
    numbers = draw(st.lists(st.integers(1, 60), unique=True, max_size=40))
    found = []
    for number in numbers:
        since = draw(DAYS)
        left = draw(
            st.none() | st.integers(0, 30).map(lambda days, since=since: since + timedelta(days=days))
        )
        found.append(Comer(number, since, left))
    return found


SAID = st.dictionaries(st.integers(1, 60), st.sampled_from(HALVES), max_size=20)


def numbers(group):
    return [one.enrolment_id for one in group]


@given(groups(), SAID)
def test_everybody_is_in_one_half_and_what_was_said_holds(group, said):
    found = shared_out(said, group)
    assert set(found) == set(numbers(group))
    assert set(found.values()) <= set(HALVES)
    assert all(found[number] is half for number, half in said.items() if number in found)


@given(groups(), SAID, st.integers(61, 70), st.integers(0, 40))
def test_a_newcomer_moves_nobody_once_anything_is_written(group, said, newcomer, place):
    before = shared_out(said, group)
    written = {number: half for number, half in before.items() if number in said} or before
    if written:
        longer = [*group[:place], Comer(newcomer, LATER), *group[place:]]
        after = shared_out(written, longer)
        assert {number: after[number] for number in before} == before


@given(groups(), SAID, st.integers(61, 70))
def test_a_newcomer_comes_into_the_smaller_half(group, said, newcomer):
    written = shared_out(said, group)
    there = [written[one.enrolment_id] for one in group if one.is_there(LATER)]
    half = shared_out(written, [*group, Comer(newcomer, LATER)])[newcomer]
    other = HALVES[half is HALVES[0]]
    if written:
        assert there.count(half) <= there.count(other)


@given(groups(), SAID, st.data())
def test_who_leaves_later_moves_nobody(group, said, data):
    written = shared_out(said, group)
    staying = [place for place, one in enumerate(group) if one.left is None]
    if staying:
        place = data.draw(st.sampled_from(staying))
        shorter = [*group]
        shorter[place] = Comer(group[place].enrolment_id, group[place].since, LATER)
        assert shared_out(written, shorter) == written


@given(st.lists(st.integers(1, 60), unique=True, max_size=40))
def test_where_nothing_was_said_the_list_is_cut_in_the_middle(listed):
    found = shared_out({}, [Comer(number, FIRST) for number in listed])
    middle = (len(listed) + 1) // 2
    assert [found[number] for number in listed] == [HALVES[0]] * middle + [HALVES[1]] * (len(listed) - middle)
