"""The sheets an office signs stay inside their paper, and no word of a heading is cut in two."""

from datetime import date

import pytest

from retrain.documents import office_papers, register_book
from retrain.documents.office_wording import OFFICE
from tests.documents.paper import pages_of, words_of

LONG = "Abdurahmonova-To‘xtasheva Shahnozaxon Muhammadyusuf qizi"
DAY = date(2026, 10, 31)
HEADING = office_papers.Heading(
    "Toshkent kasb ta’limi universiteti", "Pedagogik mahorat", "PE-4", DAY, DAY, DAY
)


def whole_inside(pdf: bytes, lang: str, columns: tuple[str, ...], right: float) -> None:
    words = words_of(pdf)
    assert max(word.right for word in words) < right
    shown = {word.text for word in words if word.page == 1}
    assert {part for column in columns for part in OFFICE[lang][column].split()} <= shown


@pytest.mark.parametrize("lang", ["uz", "uz-Cyrl", "ru", "en"])
def test_a_list_to_sign_stays_inside_its_paper(lang: str):
    line = office_papers.HandedOver(LONG, "MO 000172/2026", "MO 0214023", "2026-yil 26-noyabr")
    handed = office_papers.hand_over_pdf(HEADING, [line] * 3, lang=lang)
    whole_inside(handed, lang, ("name", "number", "blank", "received", "signature"), 194.5)
    assert {"000172/2026", "0214023"} <= {word.text for word in words_of(handed)}
    proof = office_papers.Proof(
        (LONG, LONG),
        "Farg‘ona neft va gaz sanoati politexnikumi",
        "ishlab chiqarish ta’limi ustasi",
        "не просмотрено",
    )
    made = office_papers.proof_pdf(HEADING, [proof] * 3, lang=lang)
    whole_inside(made, lang, ("lines", "workplace", "post", "standing", "signature"), 194.5)
    assert {"просмотрено", "chiqarish"} <= {word.text for word in words_of(made)}


@pytest.mark.parametrize("lang", ["uz", "uz-Cyrl", "ru", "en"])
def test_a_page_of_the_book_is_one_sheet(lang: str):
    row = register_book.BookRow(
        number="MO 000172/2026", blank="MO 0214023", issued="26 ноября 2026 г.", name=LONG,
        document="сертификат о повышении квалификации, Педагогическое мастерство преподавателя профобразования: "
        "современные технологии сварки", group="PE-4", hours="144", grounds="11-t, 4 ноября 2026 г.",
        received="26 ноября 2026 г., по доверенности: Aliyeva", note="заменён на MO 000192/2026; 26 ноября 2026 г.: утеря",
    )  # fmt: skip
    heading = register_book.BookHeading("Toshkent kasb ta’limi universiteti", "MO", 2026, 0)
    made = register_book.register_pdf(heading, [row] * 12, per_page=12, lang=lang)
    assert pages_of(made) == 1
    whole_inside(made, lang, ("number", "blank", "issued", "group", "sign_receiver", "note"), 288)
