"""References, business-trip certificates and the group's list on paper, in each language."""

from dataclasses import replace
from datetime import date

import pytest

from retrain.documents.dates import LANGUAGES
from retrain.documents.orders import Listed, Signer, Training
from retrain.documents.paper_wording import PAPER
from retrain.documents.papers import (
    Course,
    GroupList,
    Reference,
    Standing,
    Trip,
    group_list_pdf,
    reference_pdf,
    trips_pdf,
)
from tests.documents.paper import pages_of, text_of, words_of

PERSON = Listed("G‘ulomova Nigora Botirovna", "Buxoro avtomobil va yo‘llar texnikumi", "katta o‘qituvchi")
COURSE = Course(
    "Toshkent davlat texnika universiteti", Training.ADVANCED_TRAINING, "Payvandlash texnologiyasi", "PT-1",
    date(2026, 1, 5), date(2026, 1, 30), 144, "Universitet ko‘chasi 2",
)  # fmt: skip
REFERENCE = Reference(
    COURSE, PERSON, Standing.NOW, date(2026, 1, 10), Signer("Rektor", "A. A. Yo‘ldoshev"),
    date(2026, 1, 5), date(2026, 1, 14), "14-k", date(2026, 1, 4),
)  # fmt: skip


def squeezed(text: str) -> str:
    return "".join(text.split()).replace("\u00ad", "")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_reference_is_one_page_that_says_what_is_true_today(lang: str):
    made = reference_pdf(REFERENCE, lang=lang)
    text = squeezed(text_of(made))
    assert pages_of(made) == 1
    for part in (
        PERSON.name,
        PERSON.workplace,
        COURSE.title,
        "14-k",
        "A. A. Yo‘ldoshev",
        PAPER[lang]["was_there"],
    ):
        assert (squeezed(part) in text) is (part != PAPER[lang]["was_there"])
    past = squeezed(text_of(reference_pdf(replace(REFERENCE, standing=Standing.PAST), lang=lang)))
    assert squeezed(PAPER[lang]["was_there"]) in past


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_standing_has_its_sentence(lang: str):
    said = {text_of(reference_pdf(replace(REFERENCE, standing=one), lang=lang)) for one in Standing}
    assert len(said) == len(Standing)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_business_trip_is_a_page_a_person(lang: str):
    made = trips_pdf([Trip(COURSE, PERSON, "77", date(2025, 12, 29)), Trip(COURSE, PERSON)], lang=lang)
    assert pages_of(made) == 2
    text = squeezed(text_of(made))
    assert text.count(squeezed(PAPER[lang]["valid"])) == 2
    assert text.count(squeezed(PAPER[lang]["days"].format(n=26))) == 2
    assert text.count(squeezed(PAPER[lang]["left"])) >= 4
    assert "77" in text
    assert all(word.right <= 195 for word in words_of(made))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_groups_list_has_everybody_once(lang: str):
    people = tuple(replace(PERSON, name=f"Aliyev{number:02d}") for number in range(45))
    made = group_list_pdf(GroupList(COURSE, people, date(2026, 1, 10), "Karimova D."), lang=lang)
    found = [word.text for word in words_of(made) if word.text.startswith("Aliyev")]
    assert sorted(found) == [person.name for person in people]
    assert PAPER[lang]["signature"] in [word.text for word in words_of(made) if word.page == 2]


def test_long_names_stay_on_the_page():
    person = Listed("Ў" * 120, "Қ" * 120, "Ҳ" * 120)
    for made in (
        reference_pdf(replace(REFERENCE, person=person), lang="uz"),
        trips_pdf([Trip(COURSE, person)], lang="ru"),
        group_list_pdf(GroupList(COURSE, (person,), date(2026, 1, 10)), lang="uz-Cyrl"),
    ):
        assert all(word.left >= 23 and word.right <= 195 for word in words_of(made))


def test_no_language_lacks_a_word():
    assert set(PAPER) == set(LANGUAGES)
    assert len({frozenset(words) for words in PAPER.values()}) == 1
    assert all(text.strip() for words in PAPER.values() for text in words.values())
