"""Headings, days, numbers, addresses and names as offices write them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain.language.keys import fold_key, search_key
from retrain.people import codes, contacts, roster_cells, roster_columns, roster_line, rules
from retrain.people.roster_line import Colleges, Line, Reading
from retrain.tabular.table import Cell, Kind, Row


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("JSHSHIR", "pinfl"), ("ЖШШИР", "pinfl"), ("ПИНФЛ", "pinfl"), ("JShShIR (PINFL)", "pinfl"),
        ("F.I.Sh.", "name"), ("Ф.И.Ш.", "name"), ("ФИО", "name"), ("Ф.И.О. преподавателя", "name"),
        ("Familiyasi, ismi, sharifi", "name"), ("Фамилияси, исми, отасининг исми", "name"), ("Full name", "name"),
        ("Familiyasi", "family"), ("Имя", "given"), ("Otasining ismi", "patronymic"), ("Отчество", "patronymic"),
        ("Tug‘ilgan sanasi", "birth_date"), ("Туғилган сана", "birth_date"), ("Дата рождения", "birth_date"),
        ("Date of birth", "birth_date"), ("Muassasa", "college"), ("Таълим муассасаси", "college"),
        ("Учебное заведение", "college"), ("Lavozimi", "post"), ("Должность", "post"), ("Fani", "speciality"),
        ("Мутахассислиги", "speciality"), ("E-pochta", "email"), ("Эл. почта", "email"), ("Telefon raqami", "phone"),
        ("Ishga kirgan sanasi", "since"), ("№", None), ("T/r", None), ("Hudud", None), ("", None), ("x" * 200, None),
    ],
)  # fmt: skip
def test_headings(heading, field):
    assert roster_columns.guess(heading) == field


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("03.09.1987", date(1987, 9, 3)), ("3.9.1987 y.", date(1987, 9, 3)), ("03/09/1987", date(1987, 9, 3)),
        ("1987-09-03", date(1987, 9, 3)), ("03-09-87", date(1987, 9, 3)), ("26934", date(1973, 9, 27)),
        ("26934.0", date(1973, 9, 27)), ("03.09.1987 й", date(1987, 9, 3)), ("2000-02-29", date(2000, 2, 29)),
    ],
)  # fmt: skip
def test_days(written, day):
    assert roster_cells.dates(Cell(Kind.TEXT, written, written))[0] == day


@pytest.mark.parametrize(
    "written", ["31.02.1987", "1987", "sentabr", "99.99.9999", "1", "1e9", "NaN", "Infinity", "3.9"]
)
def test_what_is_no_day(written):
    assert roster_cells.dates(Cell(Kind.TEXT, written, written)) == []


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_days(text):
    assert all(isinstance(day, date) for day in roster_cells.dates(Cell(Kind.TEXT, text, text)))


def test_a_moment_is_its_day():
    moment = datetime(1987, 9, 3, 12, 30)
    assert roster_cells.dates(Cell(Kind.DATE, str(moment), moment)) == [date(1987, 9, 3)]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+998 90 123-45-67", "+998901234567"), ("8-90 123-45-67", "+998901234567"), ("901234567", "+998901234567"),
        ("998901234567", "+998901234567"), ("00998 90 1234567", "+998901234567"), ("+7 701 123 45 67", "+77011234567"),
        ("12345", None), ("yo'q", None), ("+998 90", None), ("+0", None),
    ],
)  # fmt: skip
def test_telephones(typed, kept):
    assert contacts.phone(typed) == kept


def test_the_first_of_several_telephones():
    assert contacts.first_phone("uy: 62 xx, 90 123 45 67; 91 765 43 21") == "+998901234567"


@given(st.from_regex(r"\+998[0-9]{9}", fullmatch=True))
def test_a_kept_telephone_is_read_as_itself(number):
    assert contacts.phone(number) == number
    assert contacts.phone(contacts.shown_phone(number)) == number


@pytest.mark.parametrize(
    "typed",
    ["t123@@example", "a@b", "a b@example.uz", ".a@example.uz", "a@example", "a" * 300 + "@example.uz"],
)
def test_what_is_no_address(typed):
    assert contacts.email(typed) is None


def test_addresses_in_lower_case():
    assert contacts.email(" Mailto:A.B+c@Example.UZ".replace("Mailto", "mailto")) == "a.b+c@example.uz"


@given(st.text(max_size=60))
def test_no_text_breaks_a_login(text):
    found = contacts.login(text)
    assert found is None or contacts.login(found) == found


@given(st.text(codes.ALPHABET, min_size=10, max_size=10))
def test_a_slip_code_survives_the_hand(signs):
    code = f"{signs[:5]}-{signs[5:]}"
    assert codes.tidy(f"  {code.lower().replace('-', ' — ')} ") == code


@given(st.integers(0, 200))
def test_the_wait_never_shrinks_and_never_passes_an_hour(failures):
    assert rules.wait_after(failures) <= rules.wait_after(failures + 1) <= rules.LONGEST_WAIT


def read(*texts, columns=None, today=date(2026, 9, 1)):
    names = {"1-son texnikum": 1}
    colleges = Colleges(
        {"T-1": 1}, {search_key(name): number for name, number in names.items()},
        {fold_key(name): number for name, number in names.items()},
    )  # fmt: skip
    row = Row(5, [Cell(Kind.TEXT, text, text) if text else Cell(Kind.EMPTY) for text in texts])
    return roster_line.read_line(
        row, Reading(columns or {"pinfl": 0, "name": 1, "college": 2, "birth_date": 3}, colleges, today)
    )


def test_every_reason_is_given_not_the_first():
    found = read("42506831460183", "", "Noma’lum", "32.13.1980")
    assert [why.code for why in found.why] == [
        "name-missing", "pinfl-check-digit", "birth-date-unreadable", "college-unknown",
    ]  # fmt: skip


def test_a_day_written_the_american_way_is_understood_by_the_pinfl():
    found = read("40302905740218", "Karimova Aziza", "t-1", "")
    found = (
        read("42506831460182", "Karimova Aziza", "t-1", "06/25/1983")
        if not isinstance(found, Line)
        else found
    )
    assert isinstance(found, Line)


@pytest.mark.parametrize("nothing", ["-", "yo‘q", "йўқ", "нет", "—"])
def test_a_word_for_nothing_is_nothing(nothing):
    columns = {"pinfl": 0, "name": 1, "college": 2, "email": 3}
    found = read("42506831460182", "Karimova Aziza", "T-1", nothing, columns=columns)
    assert isinstance(found, Line)
    assert found.email is None


@given(st.lists(st.text(max_size=30), min_size=4, max_size=4))
def test_no_row_breaks_the_reading(texts):
    found = read(*texts)
    assert isinstance(found, Line) or found.why


def test_names_that_would_take_forever():
    found = read("42506831460182", "a" + " -" * 5000, "T-1", "")
    assert found.why
