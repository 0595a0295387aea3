"""College HR prints slips with one-time codes, cuts them apart and hands them to teachers without e-mail."""

from datetime import date

from retrain.documents.slips import Slip, slips_pdf
from tests.documents.paper import pages_of, text_of, words_of

ADDRESS = "https://retrain.example.uz/activate"


def slip(name: str = "Qodirova Shahnoza O‘tkir qizi", lang: str = "uz", code: str = "K7QD-9XMR") -> Slip:
    return Slip(
        name, "Farg‘ona neft va gaz sanoati texnikumi", "+998 90 123 45 67", code, date(2026, 12, 1), lang
    )


def test_a_slip_says_who_where_and_with_what():
    text = text_of(slips_pdf([slip()], address=ADDRESS))
    for part in (
        "Qodirova Shahnoza O‘tkir qizi",
        "Farg‘ona neft va gaz sanoati texnikumi",
        "retrain.example.uz/activate",
        "+998 90 123 45 67",
        "K7QD-9XMR",
        "2026-yil 1-dekabr",
    ):
        assert part in text


def test_each_slip_speaks_its_readers_language():
    slips = [slip(lang=lang) for lang in ("uz", "uz-Cyrl", "ru", "en")]
    text = text_of(slips_pdf(slips, address=ADDRESS))
    for words in ("Bir martalik kod", "Бир марталик код", "Одноразовый код", "One-time code"):
        assert words in text


def test_eight_slips_a_sheet():
    slips = [slip(code=f"AAAA-{number:04d}") for number in range(17)]
    made = slips_pdf(slips, address=ADDRESS)

    assert pages_of(made) == 3
    assert sum(word.text.startswith("AAAA-") for word in words_of(made)) == 17


def test_a_name_of_120_letters_stays_on_its_slip():
    made = slips_pdf([slip(name="Ш" * 120), slip(name="Щ" * 120)], address=ADDRESS)
    for word in words_of(made):
        assert word.left >= 10
        assert word.right <= 200
        if "Ш" in word.text:
            assert word.right <= 105
        if "Щ" in word.text:
            assert word.left >= 105
