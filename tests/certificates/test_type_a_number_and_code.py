"""Numbers and check codes as people type them from paper: forgiving of script and zeros, guessing nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain.certificates import check_code as codes

KEY = b"a key for tests, 32 bytes long .."


@pytest.mark.parametrize(
    "typed",
    ["MO000831", "mo 831", "MO № 000831", "МО № 000831", "мо-831", " MO No. 831 ", "Mo\u00a0#0831", "MO/831"],
)
def test_one_number_typed_in_many_ways(typed: str):
    assert codes.normalise_number(typed) == ("MO", 831)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "831",
        "000831",
        "MO",
        "MO 0",
        "MO 83l",
        "MO 831 x",
        "831 MO",
        "MO 831 832a",
        "ЖЯ 831",
        "MO 8 31 MO 1",
    ],
)
def test_what_is_nearly_a_number_is_none(typed: str):
    assert codes.normalise_number(typed) is None


@given(st.integers(min_value=1, max_value=999_999), st.sampled_from(["MO", "QT", "A"]))
def test_a_printed_number_reads_back(number: int, series: str):
    assert codes.normalise_number(codes.shown(series, number)) == (series, number)
    assert codes.normalise_number(codes.numbered(series, number)) == (series, number)


def test_a_code_is_eight_signs_nobody_can_misread():
    made = {codes.check_code(KEY, codes.numbered("MO", number)) for number in range(1, 400)}
    assert len(made) == 399
    assert all(len(code) == 8 and not set(code) & set("ILOU") for code in made)


def test_a_code_belongs_to_its_number_and_key():
    code = codes.check_code(KEY, "MO000831")
    assert codes.check_code(KEY, "MO000831") == code
    assert codes.check_code(KEY, "MO000832") != code
    assert codes.check_code(KEY + b"x", "MO000831") != code


@given(st.integers(min_value=1, max_value=999_999))
def test_a_code_typed_loosely_matches_and_a_wrong_one_does_not(number: int):
    told = codes.numbered("MO", number)
    code = codes.check_code(KEY, told)
    loose = codes.grouped(code).lower().replace("0", "o").replace("1", "l")
    assert codes.code_matches(KEY, told, loose)
    assert codes.code_matches(KEY, told, loose.replace("a", "а").replace("e", "е"))  # Cyrillic
    assert not codes.code_matches(KEY, told, code[:-1])
    assert not codes.code_matches(KEY, told, code[:-1] + ("2" if code[-1] != "2" else "3"))
    assert not codes.code_matches(KEY, told, "")


def test_tokens_are_128_bits_and_never_the_same():
    made = {codes.new_token() for _ in range(500)}
    assert len(made) == 500
    assert {len(token) for token in made} == {22}
