"""Certificates and diplomas on paper: exact names, nothing over the border, the same bytes in ten years."""

from dataclasses import replace

import pytest

from retrain.certificates import press
from retrain.certificates.designs import design, places
from retrain.certificates.frozen import ModuleLine
from tests.certificates.papers import AWKWARD_NAMES, CERTIFICATE, DIPLOMA, LANGUAGES, OF, awkward
from tests.documents.paper import pages_of, text_of, words_of

# The inner rule of the frame.
LEFT, TOP, RIGHT, BOTTOM = 15.6, 15.6, 297 - 15.6, 210 - 15.6


def together(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("name", design.DESIGNS)
def test_the_same_document_gives_the_same_bytes(name: str):
    first = design.render([OF[name]], name, "v2")
    assert first.startswith(b"%PDF-")
    assert design.render([OF[name]], name, "v2") == first
    assert design.render([replace(OF[name], name="Boshqa")], name, "v2") != first


# Every design and every language once; every design in every language takes as long as the rest of the file.
FEW = {
    ("advanced_training", "uz"),
    ("advanced_training", "ru"),
    ("retraining_diploma", "uz-Cyrl"),
    ("retraining_diploma", "en"),
    ("participation", "uz"),
    ("duplicate", "ru"),
}


@pytest.mark.parametrize(
    ("name", "lang"),
    [
        pytest.param(name, lang, marks=() if (name, lang) in FEW else pytest.mark.slow)
        for name in design.DESIGNS
        for lang in LANGUAGES
    ],
)
def test_awkward_names_are_whole_and_inside_the_frame(name: str, lang: str):
    documents = [awkward(name, language=lang, name=person) for person in AWKWARD_NAMES]
    words = words_of(design.render(documents, name, "v2"))

    faces = range(1, len(documents) * (2 if OF[name].modules else 1) + 1)
    step = len(faces) // len(documents)
    for person, page in zip(AWKWARD_NAMES, faces[::step], strict=True):
        on_page = together("".join(word.text for word in words if word.page == page and 85 < word.top < 107))
        assert together(person) in on_page
    for word in words:
        assert word.left > LEFT, word
        assert word.right < RIGHT, word
        assert word.top > TOP, word
        assert word.bottom < BOTTOM, word


@pytest.mark.parametrize("name", design.DESIGNS)
def test_no_two_texts_lie_on_each_other(name: str):
    longest = awkward(
        name,
        name="Abdurahmonova " * 8 + "Guli",
        name_second="Абдураҳмонова " * 8,
        course="Zamonaviy ta’lim texnologiyalari " * 7,
        course_second="Modern technologies of teaching " * 5,
        workplace="Texnikum " * 12,
        provider="Universitet huzuridagi markaz " * 5,
        legal_basis="Qarorga muvofiq berildi. " * 8,
        place="Qoraqalpog‘iston Respublikasi, Nukus shahri, Amudaryo ko‘chasi",
        signatories=CERTIFICATE.signatories + CERTIFICATE.signatories[:1],
    )
    words = [word for word in words_of(design.render([longest], name, "v2")) if word.page == 1]
    for at, one in enumerate(words):
        for other in words[at + 1 :]:
            across = min(one.right, other.right) - max(one.left, other.left)
            # Boxes of neighbouring lines include room for accents, which may overlap a little.
            down = min(one.bottom, other.bottom) - max(one.top, other.top)
            shallow = 0.5 * min(one.bottom - one.top, other.bottom - other.top)
            assert across <= 0.1 or down <= shallow, (one, other)


def test_a_certificate_says_what_the_rules_ask():
    text = text_of(design.render([CERTIFICATE], "advanced_training", "v2")).replace("\u00a0", " ")
    for part in (
        "S E R T I F I K A T",
        "MO № 000831",
        "To‘xtayeva Dilnoza Baxtiyorovna",
        "Farg‘ona neft va gaz sanoati texnikumi, maxsus fan o‘qituvchisi",
        "Payvandlash ishlari texnologiyasi",
        "2026-yil 5-yanvar — 2026-yil 30-yanvar",
        "144 akademik soat",
        "82 ball (yaxshi)",
        "2026/831",
        "2026-yil 30-yanvar, № 7",
        "2026-yil 31-yanvar, № 14-T",
        "Toshkent shahri",
        "2026-yil 2-fevral",
        "A. A. Yo‘ldoshev",
        "M.O‘.",
        "Vazirlar Mahkamasining qaroriga muvofiq berildi.",
        f"{CERTIFICATE.check_code[:4]} {CERTIFICATE.check_code[4:]}",
        "Certificate of advanced training",
    ):
        assert together(part) in together(text), part


def test_a_diploma_has_a_supplement_with_every_module():
    made = design.render([DIPLOMA], "retraining_diploma", "v2")
    assert pages_of(made) == 2
    supplement = " ".join(word.text for word in words_of(made) if word.page == 2)
    assert "Diplomga ilova" in supplement
    assert all(line.name in supplement for line in DIPLOMA.modules)
    assert "576" in supplement


def test_a_blank_for_the_supplement_gets_the_modules_but_not_what_every_blank_has():
    overlay = press.Press(places.drawn("retraining_diploma", "v2"), overlay=True, shift=(3.0, 0.0))
    words = [word for word in words_of(b"".join(overlay.merged([DIPLOMA]))) if word.page == 2]
    told = " ".join(word.text for word in words)
    assert all(line.name in told for line in DIPLOMA.modules)
    assert "Jami" in told
    assert not {"Diplomga", "Natija", "Akademik"} & {word.text for word in words}
    whole = words_of(design.render([DIPLOMA], "retraining_diploma", "v2"))
    lefts = [
        next(word.left for word in found if word.page == 2 and word.text == "mashg‘ulotlar")
        for found in (whole, words)
    ]
    assert lefts[1] - lefts[0] == pytest.approx(3.0, abs=0.05), "moved as the printer needs"


def test_a_supplement_of_many_modules_goes_on_and_loses_none():
    modules = tuple(ModuleLine(f"Modul-{number:03d}", 8, "o‘tdi") for number in range(60))
    words = words_of(design.render([replace(DIPLOMA, modules=modules)], "retraining_diploma", "v2"))
    assert {line.name for line in modules} <= {word.text for word in words}
    assert max(word.bottom for word in words if word.page > 1) < BOTTOM


def test_a_group_is_one_file_in_the_order_given():
    people = [replace(CERTIFICATE, name=f"Tinglovchi{number:02d}", number=number) for number in range(1, 31)]
    made = design.render(people, "advanced_training", "v2")
    found = {word.page: word.text for word in words_of(made) if word.text.startswith("Tinglovchi")}
    assert found == {at: one.name for at, one in enumerate(people, start=1)}
    # The ground is in the file once and not with every page.
    assert len(made) < 3 * len(design.render(people[:1], "advanced_training", "v2"))


@pytest.mark.parametrize("strange", ["漢", "😀", "علي", "\u202eila"])
def test_a_name_no_letters_exist_for_is_refused_before_it_prints_as_question_marks(strange: str):
    unprintable = replace(CERTIFICATE, name=f"Ali {strange}")
    (problem,) = design.problems(unprintable, "advanced_training", "v2")

    assert (problem.field, problem.code) == ("name", "no-glyph")
    assert problem.characters[0] == strange[0]
    with pytest.raises(design.Unprintable):
        design.render([unprintable], "advanced_training", "v2")


def test_a_title_without_end_is_refused():
    endless = replace(CERTIFICATE, course="Zamonaviy texnologiyalar " * 100)
    assert [(p.field, p.code) for p in design.problems(endless, "advanced_training", "v2")] == [
        ("course", "too-long")
    ]


@pytest.mark.parametrize(
    ("letters", "code"), [(120, None), (180, None), (300, "name-small"), (600, "name-small")]
)
def test_a_name_is_never_smaller_than_the_text_around_it(letters: int, code: str | None):
    name = ("Abdurahmonova-To‘xtasheva Shahnoza " * 20)[:letters].strip()
    for kind in design.DESIGNS:
        document = replace(OF[kind], name=name)
        found = [(one.field, one.code) for one in design.problems(document, kind, "v2")]
        assert found in ([], [("name", code)], [("who", "too-long")], [("name", "too-long")]), (kind, found)
        assert bool(found) == bool(code), (kind, found)


def test_an_officer_who_wants_names_small_has_them_so():
    small = {"places": {"name": {"size": 9}}}
    assert design.problems(CERTIFICATE, "advanced_training", "v2", small) == []


def test_an_ordinary_document_has_no_problem():
    for name, document in OF.items():
        assert design.problems(document, name, "v2") == []


@pytest.mark.parametrize("version", ["v99", "../v1", ""])
def test_a_version_that_was_never_drawn_is_not_guessed(version: str):
    with pytest.raises(LookupError):
        design.render([CERTIFICATE], "advanced_training", version)
