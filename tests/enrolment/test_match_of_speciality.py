"""How a speciality fits a course: the grade, and the words that explain it."""

import pytest

from retrain.enrolment.match import Classifier, Diploma, Grade, match

CLASSIFIER = Classifier.of(
    {"Dasturlash": "60610600", "Kompyuter injiniringi": "60610500", "Agronomiya": "60811000"}
)


def test_a_course_for_everyone_fits_everyone():
    assert (match([], []).grade, match([], []).code) == (Grade.EXACT, "for-everyone")


@pytest.mark.parametrize("written", ["Электр таъминоти", "ELEKTR TA'MINOTI", "Elektr taʼminoti"])
def test_the_same_words_in_any_script_fit_exactly(written):
    found = match(["Elektr ta’minoti"], [written])
    assert (found.grade, found.facts) == (Grade.EXACT, {"yours": written, "wanted": "Elektr ta’minoti"})


def test_a_shared_field_of_the_classifier_is_related():
    found = match(["Dasturlash"], ["Agronomiya", "Kompyuter injiniringi"], classifier=CLASSIFIER)
    assert (found.grade, found.facts["yours"], found.facts["field"]) == (
        Grade.RELATED, "Kompyuter injiniringi", "061",
    )  # fmt: skip


def test_a_college_code_meets_a_university_code_of_the_field():
    assert match(["60610600 Dasturlash"], ["4061.05.00 Operator"]).grade is Grade.RELATED


def test_a_beginning_of_a_code_stands_for_its_branch():
    assert match(["6061"], ["60610500 Kompyuter injiniringi"]).grade is Grade.EXACT
    assert match(["6061"], ["60811000 Agronomiya"]).grade is Grade.NONE


def test_an_earlier_diploma_counts_below_the_speciality():
    diplomas = [Diploma("Dasturlash", "QT 000831")]
    found = match(["Dasturlash"], ["Agronomiya"], diplomas, CLASSIFIER)
    assert (found.grade, found.code, found.facts["document"], found.facts["via"]) == (
        Grade.BY_DIPLOMA, "by-diploma", "QT 000831", "exact",
    )  # fmt: skip
    assert match(["Dasturlash"], ["Kompyuter injiniringi"], diplomas, CLASSIFIER).grade is Grade.RELATED


@pytest.mark.parametrize("mine", [[], ["Tikuvchilik"], ["6"], ["Agronomiya"], [""]])
def test_nothing_in_common_says_what_was_compared(mine):
    found = match(["Dasturlash"], mine, classifier=CLASSIFIER)
    assert (found.grade, found.facts) == (Grade.NONE, {"yours": tuple(mine), "wanted": ("Dasturlash",)})


def test_a_word_inside_another_is_not_a_match():
    assert match(["Ona tili"], ["Ona tili va adabiyoti"]).grade is Grade.NONE
