"""What came out of a printer, reckoned: every document stands on one sheet at most, every sheet has one fate."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from retrain.certificates.paper.blank_rules import CameOut, Range, ranges, refusals_to_settle, settle
from retrain.certificates.paper.forms import places, sheet_number

NUMBERS = st.sets(st.integers(0, 60))


@given(NUMBERS)
def test_ranges_say_each_number_once_and_are_as_few_as_can_be(numbers):
    found = ranges(("UZ", number) for number in numbers)
    assert {number for each in found for number in range(each.first, each.last + 1)} == numbers
    assert sum(each.count for each in found) == len(numbers)
    assert all(a.last + 1 < b.first for a, b in pairwise(found))


def test_two_series_never_share_a_range():
    assert ranges([("UZ", 2), ("AB", 1), ("UZ", 3)]) == [Range("AB", 1, 1), Range("UZ", 2, 3)]


said = st.builds(
    CameOut,
    spoiled=st.frozensets(st.integers(1, 12), max_size=4),
    passed_from=st.integers(1, 12),
    passed=st.integers(0, 4),
    passed_clean=st.booleans(),
    went_on=st.booleans(),
)


@given(said)
def test_each_sheet_has_one_fate(words):
    documents = 12
    found = settle(documents, words)
    sheets = [*found.good.values(), *found.spoiled.values(), *found.wasted]
    assert len(set(sheets)) == len(sheets)
    assert max(sheets, default=0) < documents + (words.passed if words.went_on else 0)
    assert not set(found.good) & set(found.spoiled)
    assert set(found.spoiled) <= {number - 1 for number in words.spoiled}
    printed = len(found.good) + len(found.spoiled)
    assert (
        printed == documents
        if words.went_on or not words.passed
        else printed == documents - min(words.passed, documents - words.passed_from + 1)
    )
    assert list(found.good.values()) == sorted(found.good.values()), "sheets stay in the order of the list"


def test_all_good():
    assert settle(3, CameOut()).good == {0: 0, 1: 1, 2: 2}


def test_two_sheets_drawn_at_once_move_all_that_follow():
    told = CameOut(passed_from=2, passed=1, went_on=True, passed_clean=False, spoiled=frozenset({3}))
    found = settle(4, told)
    assert found.good == {0: 0, 1: 2, 3: 4}
    assert found.spoiled == {2: 3}
    assert found.ruined == [1, 3]


def test_what_cannot_have_come_out_is_said():
    told = CameOut(spoiled=frozenset({9}), passed_from=7, passed=2, went_on=True)
    assert [why.code for why in refusals_to_settle(3, told, beyond=1)] == [
        "no-such-sheet", "no-such-sheet", "not-so-many-blanks",
    ]  # fmt: skip


def test_numbers_are_read_as_people_write_them():
    assert places("3, 7;12-14 20") == {3, 7, 12, 13, 14, 20}
    assert places("") == frozenset()
    assert sheet_number(" uz № 0000123") == ("UZ", 123)
    assert sheet_number("0000123") is None
    assert sheet_number("UZ 12 34") is None
