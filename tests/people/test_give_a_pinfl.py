"""Someone gives the fourteen digits that stand for a person."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain.people import pinfl

OFFICIAL = ["31210632040244", "31210932040247", "40201902050010"]


@pytest.mark.parametrize("number", OFFICIAL)
def test_the_official_examples_are_valid(number):
    assert pinfl.parse(number).value == number
    assert number[13] == pinfl.check_digit(number[:13])


def test_it_says_birth_and_sex():
    person = pinfl.parse("40201902050010")
    assert person == pinfl.Pinfl("40201902050010", date(1990, 1, 2), pinfl.Sex.FEMALE)
    assert pinfl.parse("31210632040244").sex is pinfl.Sex.MALE


@pytest.mark.parametrize(
    "typed",
    ["3 121063 2040244", "\u200b31210632040244 ", "31210632040244.0", 31210632040244.0, 31210632040244,
     Decimal(31210632040244), "'31210632040244", "3-121063-204-024-4", "3.1210632040244E13"],
)  # fmt: skip
def test_a_spreadsheet_may_have_dressed_it(typed):
    assert pinfl.parse(typed).value == "31210632040244"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("3121063204024", "pinfl-length"),
        ("312106320402444", "pinfl-length"),
        ("3.12059E+13", "pinfl-rounded"),
        ("3,12059E+13", "pinfl-rounded"),
        (3.12059e13, "pinfl-rounded"),
        ("", "pinfl-not-digits"),
        ("3121063204024O", "pinfl-not-digits"),
        ("٣١٢١٠٦٣٢٠٤٠٢٤٤", "pinfl-not-digits"),
        ("-31210632040244", "pinfl-not-digits"),
        ("1e99", "pinfl-rounded"),
        ("1e999999999", "pinfl-not-digits"),
        (float("nan"), "pinfl-not-digits"),
        ("30101990123458", "pinfl-check-digit"),
        ("31210632040245", "pinfl-check-digit"),
        ("33102" + "632040" + "24" + "4", "pinfl-check-digit"),
        ("3310263204024" + pinfl.check_digit("3310263204024"), "pinfl-date"),
        ("9121063204024" + pinfl.check_digit("9121063204024"), "pinfl-date"),
    ],
)
def test_each_fault_has_its_code(typed, code):
    with pytest.raises(pinfl.InvalidPinfl) as refusal:
        pinfl.parse(typed)
    assert refusal.value.code == code
    assert str(typed) not in str(refusal.value) or typed == ""


def test_pages_show_only_a_hint_of_it():
    assert pinfl.mask("41507891540182") == "4••••••••••182"
    assert pinfl.mask("12345") == "•••••"


people = st.tuples(
    st.dates(date(1800, 1, 1), date(2099, 12, 31)),
    st.sampled_from(pinfl.Sex),
    st.integers(1, 999),
    st.integers(0, 999),
)


@given(people)
def test_what_is_made_can_be_read(person):
    born, sex, district, serial = person
    read = pinfl.parse(pinfl.make(born, sex, district, serial))
    assert (read.birth_date, read.sex) == (born, sex)
    assert read.value[7:13] == f"{district:03d}{serial:03d}"


@given(people, st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(person, at, shift):
    value = pinfl.make(*person)
    wrong = value[:at] + str((int(value[at]) + shift) % 10) + value[at + 1 :]
    with pytest.raises(pinfl.InvalidPinfl):
        pinfl.parse(wrong)


@given(st.text(max_size=20))
def test_no_text_breaks_it(text):
    try:
        code = "" if pinfl.has_structure(pinfl.parse(text).value) else "structure"
    except pinfl.InvalidPinfl as refusal:
        code = refusal.code
    assert code in (
        "",
        "pinfl-length",
        "pinfl-rounded",
        "pinfl-not-digits",
        "pinfl-check-digit",
        "pinfl-date",
    )
