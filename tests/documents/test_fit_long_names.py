"""Any name fits its box by rule: whole, inside, in lines as even as may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain.documents import fitting
from retrain.documents.fitting import Box, fit

NAME = Box("SourceSerif4-SemiBold", width=236, height=15.2, lines=2, size=29, least=7)
LETTERS = st.text(alphabet="AaWwiO‘o’ЎўҚҒҳЩШ- ", min_size=1, max_size=120).filter(lambda name: name.strip())
MM = 72 / 25.4


@given(LETTERS)
def test_every_name_up_to_120_letters_stays_inside(name: str):
    fitted = fit(name, NAME)

    assert "".join(fitted.lines).replace(" ", "") == name.replace(" ", "")
    assert all(fitting._ems(line, NAME.face) * fitted.size / MM <= NAME.width for line in fitted.lines)
    assert fitted.top >= 0
    assert fitted.top + len(fitted.lines) * fitted.size * NAME.leading / MM <= NAME.height + 0.01


def test_a_short_name_is_set_large_and_in_one_line():
    fitted = fit("O‘", NAME)
    assert (fitted.lines, fitted.size) == (("O‘",), 29)


def test_a_long_name_breaks_between_words_and_evenly():
    fitted = fit("Abdurahmonova-To‘xtasheva Shahnozaxon G‘iyosiddin qizi Muhammadyusufxon avlodidan", NAME)
    first, second = (fitting._ems(line, NAME.face) for line in fitted.lines)
    assert abs(first - second) < 0.25 * max(first, second)
    assert not fitted.lines[0].endswith(" ")


def test_one_word_longer_than_the_line_is_cut_only_when_small_type_does_not_help():
    assert fit("W" * 60, NAME).lines == ("W" * 60,)


def test_a_hyphened_surname_may_break_after_its_hyphen():
    narrow = Box("SourceSerif4-Regular", width=30, height=12, lines=2, size=12, least=11)
    assert fit("Karimova-Abdullayeva", narrow).lines == ("Karimova-", "Abdullayeva")


def test_what_fits_in_no_size_is_said():
    with pytest.raises(fitting.DoesNotFit):
        fit("so many words " * 400, NAME)


def test_apostrophes_that_look_the_same_are_one_sign():
    assert fitting.printed("Oʻtkir  Maʼmur") == "O‘tkir  Ma’mur"
    assert fitting.printed("и\u0306") == "й"
