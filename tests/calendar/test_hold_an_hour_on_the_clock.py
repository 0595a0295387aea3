"""Two sessions that share a room for a moment share a slot; sessions that only meet share none."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain.calendar.slots import SLOT, overlap, slot_start, slots

START = datetime(2026, 2, 2, 4, 0, tzinfo=UTC)


def test_a_pair_takes_its_slots():
    taken = slots(START, START + timedelta(minutes=90))
    assert len(taken) == 18
    assert slot_start(taken[0]) == START
    assert slot_start(taken[-1] + 1) == START + timedelta(minutes=90)


def test_a_part_of_a_slot_takes_it_whole():
    assert len(slots(START + timedelta(minutes=4), START + timedelta(minutes=6))) == 2
    assert len(slots(START, START + timedelta(microseconds=1))) == 1


def test_the_zone_does_not_matter():
    there = START.astimezone(timezone(timedelta(hours=5)))
    assert slots(there, there + SLOT) == slots(START, START + SLOT)


def test_what_is_no_interval():
    with pytest.raises(ValueError, match="after it starts"):
        slots(START, START)
    with pytest.raises(ValueError, match="zone"):
        slots(START.replace(tzinfo=None), (START + SLOT).replace(tzinfo=None))


starts = st.integers(-2_000, 2_000).map(lambda at: START + at * SLOT)
intervals = st.tuples(starts, st.integers(1, 40)).map(lambda pair: (pair[0], pair[0] + pair[1] * SLOT))
minutes = st.tuples(st.integers(-5_000, 5_000), st.integers(1, 300)).map(
    lambda pair: (START + timedelta(minutes=pair[0]), START + timedelta(minutes=sum(pair)))
)


@given(intervals, intervals)
def test_on_whole_slots_to_clash_is_to_share_one(one, other):
    assert overlap(one, other) == bool(set(slots(*one)) & set(slots(*other)))


@given(minutes, minutes)
def test_whatever_the_minute_a_clash_is_never_missed(one, other):
    if overlap(one, other):
        assert set(slots(*one)) & set(slots(*other))
