"""Somebody in a split group has the hours of their own half, whatever is in the registers of the other."""

from hypothesis import given
from hypothesis import strategies as st

from retrain.attendance.rules import HalfMark, Tally, marks_that_count, tally
from retrain.attendance.states import MarkKind

HOURS = (7, "practical")
PRESENT, ABSENT = MarkKind.PRESENT, MarkKind.ABSENT
MARKS = st.lists(
    st.builds(
        lambda kind, minutes, is_own: HalfMark(
            kind, minutes, minutes if kind is ABSENT else 0, HOURS, is_own
        ),
        st.sampled_from([PRESENT, ABSENT]), st.sampled_from([45, 90]), st.booleans(),
    )
)  # fmt: skip


def mark(is_own: bool, kind: MarkKind = PRESENT, minutes: int = 90) -> HalfMark:
    return HalfMark(kind, minutes, minutes if kind is ABSENT else 0, HOURS, is_own)


@given(MARKS, st.integers(0, 10))
def test_no_more_is_due_than_the_own_half_had_and_own_marks_all_count(marks, without_them):
    own = [each for each in marks if each.is_own]
    held = sum(each.minutes for each in own) + without_them * 45
    counted = tally(marks_that_count(marks, {HOURS: held}))
    mine = tally([(each.kind, each.minutes, each.missed_minutes) for each in own])
    assert mine.due <= counted.due <= held
    assert counted.unexcused >= mine.unexcused


def test_a_register_that_lists_both_halves_makes_nobody_due_twice():
    marks = [mark(True), mark(False, ABSENT)]
    assert tally(marks_that_count(marks, {HOURS: 90})) == Tally(90, 0, 0)


def test_who_changed_halves_keeps_what_they_had_before():
    marks = [mark(False, ABSENT), mark(True)]
    assert tally(marks_that_count(marks, {HOURS: 180})) == Tally(180, 90, 0)
    assert tally(marks_that_count(marks, {(8, "lecture"): 90, HOURS: 90})) == Tally(90, 0, 0), (
        "another module's"
    )
