"""The coordinator prints the orders of a run, to be signed with ink."""

from dataclasses import replace
from datetime import date

import pytest

from retrain.documents import notes
from retrain.documents.dates import LANGUAGES
from retrain.documents.orders import Listed, OrderKind, OrderSheet, Signer, Training, order_pdf
from retrain.documents.wording import ORDER, SLIP
from tests.documents.paper import pages_of, text_of, words_of

PEOPLE = tuple(
    Listed(f"{name} {number}", "Buxoro avtomobil va yo‘llar texnikumi", "o‘qituvchi", "82 ball")
    for number, name in enumerate(["G‘ulomova Nigora", "Ғуломов Ўткир Ҳасан ўғли", "Щербаков-Цой А."] * 10)
)
ORDERED = OrderSheet(
    kind=OrderKind.ENROLMENT,
    training=Training.ADVANCED_TRAINING,
    organisation="Toshkent davlat texnika universiteti",
    course="Payvandlash texnologiyasi",
    group="PT-2026-01",
    starts=date(2026, 1, 5),
    ends=date(2026, 1, 30),
    hours=144,
    people=PEOPLE,
    signer=Signer("Rektor", "A. A. Yo‘ldoshev"),
    number="14-T",
    day=date(2026, 1, 4),
    place="Toshkent",
    basis="Yillik reja, texnikumlar yo‘llanmalari",
)
OPENING = {
    "uz": ("BUYRUQ", "2026-yil 4-yanvar", "30 nafar tinglovchi"),
    "uz-Cyrl": ("БУЙРУҚ", "2026 йил 4 январь", "30 нафар тингловчи"),
    "ru": ("ПРИКАЗ", "4 января 2026 г.", "(30 чел.)"),
    "en": ("ORDER", "4 January 2026", "(30)"),
}


def squeezed(text: str) -> str:
    return text.replace(" ", "").replace("\u00a0", "")


@pytest.mark.parametrize("kind", list(OrderKind))
@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_order_in_every_language(lang: str, kind: OrderKind):
    text = squeezed(text_of(order_pdf(replace(ORDERED, kind=kind), lang=lang)))

    # A commission's order names its members, and counts nobody.
    opening = OPENING[lang][:2] if kind is OrderKind.COMMISSION else OPENING[lang]
    for part in (*opening, "14-T", "PT-2026-01", "A. A. Yo‘ldoshev", ORDERED.basis):
        assert squeezed(part) in text
    assert ("82ball" in text) is (kind in (OrderKind.COMPLETION, OrderKind.EXCLUSION))


def test_every_person_is_in_the_annex():
    words = [word.text for word in words_of(order_pdf(ORDERED, lang="uz"))]
    for person in PEOPLE:
        assert set(person.name.replace("-", " ").split()) <= set(" ".join(words).replace("-", " ").split())


def test_the_heading_of_the_list_is_on_each_of_its_pages():
    made = order_pdf(replace(ORDERED, people=PEOPLE * 3), lang="uz")
    assert pages_of(made) > 3
    headings = {word.page for word in words_of(made) if word.text == "Lavozimi"}
    assert headings >= set(range(2, pages_of(made)))


def test_a_completion_order_names_those_who_did_not_complete():
    absent = Listed("Karimov Anvar", "Qarshi iqtisodiyot texnikumi", "usta", "22 soat sababsiz qoldirgan")
    made = order_pdf(replace(ORDERED, kind=OrderKind.COMPLETION, not_completed=(absent,)), lang="uz")
    text = text_of(made)
    assert "Kursni tamomlamagan tinglovchilar ro‘yxati" in text
    assert "Karimov Anvar" in text


LEFT = Listed(
    "Karimov Anvar", "Qarshi iqtisodiyot texnikumi", "usta", "18 soat sababsiz", last_day=date(2026, 1, 14)
)
CAME = Listed("Yusupova Lola", "Navoiy konchilik texnikumi", "o‘qituvchi")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_order_of_exclusion_says_who_leaves_when_and_why(lang: str):
    order = replace(ORDERED, kind=OrderKind.EXCLUSION, people=(LEFT,), effective=date(2026, 1, 15))
    text = squeezed(text_of(order_pdf(order, lang=lang)))
    for part in ("KarimovAnvar", "14.01.2026", "18soatsababsiz", ORDER[lang]["list_excluded"]):
        assert squeezed(part) in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_order_of_a_changed_list_has_who_goes_who_comes_and_the_list_after_it(lang: str):
    people = (*PEOPLE[:3], CAME)
    order = replace(ORDERED, kind=OrderKind.CHANGE, removed=(LEFT,), added=(CAME,), people=people)
    text = squeezed(text_of(order_pdf(order, lang=lang)))
    titles = [squeezed(ORDER[lang][f"list_{part}"]) for part in ("removed", "added", "now")]
    at = [text.rindex(title) for title in titles]
    assert at == sorted(at)
    assert text.count("YusupovaLola") == 2
    assert text.count("KarimovAnvar") == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_was_lacking_is_worded_in_the_orders_language(lang: str):
    votes = {"votes_for": 1, "votes_against": 2, "abstained": 0, "chair_for": False}
    conditions = [
        {"code": "absence", "missed": 22.5, "limit": 18},
        {"code": "final", "points": None, "needed": 56},
        {"code": "attendance", "hours": 100, "needed": 120},
        {"code": "final-missing", "needed": 56},
        {"code": "module", "points": 40, "needed": 56},
        {"code": "kind-hours", "kind": "practical", "hours": 4.5, "needed": 10},
        {"code": "commission", "protocol": "3/2026", **votes},
        {"code": "commission-missing"},
        {"code": "debts", "owes": 0},
        {"code": "override", "outcome": "not_completed", "why": "Ariza", "by": 7, "second": 8},
        {"code": "appeal", "protocol": "4/2026"},
    ]
    said = notes.worded({"conditions": conditions}, lang)
    assert ("22.5" if lang == "en" else "22,5") in said
    assert ORDER[lang]["no_points"] in said
    assert said.count(";") == len(conditions) - 1
    assert "{" not in said
    assert not [each for each in said.split("; ") if each in {condition["code"] for condition in conditions}]
    assert notes.worded({"points": 82}, lang) == ORDER[lang]["points"].format(n="82")
    assert notes.worded({"why": "Ariza", "left": "2026-01-14"}, lang) == "Ariza"
    assert notes.worded({}, lang) == ""


def test_an_order_without_number_has_lines_to_fill_in():
    text = text_of(order_pdf(replace(ORDERED, number="", day=None), lang="uz"))
    assert "№ ________" in text
    assert "«____»" in text


def test_long_names_stay_on_the_page():
    person = Listed("Ў" * 120, "Қ" * 120, "Ҳ" * 120, "x" * 120)
    for word in words_of(order_pdf(replace(ORDERED, kind=OrderKind.COMPLETION, people=(person,)), lang="uz")):
        assert word.left >= 23
        assert word.right <= 195


def test_no_language_lacks_a_word():
    for table in (ORDER, SLIP):
        assert set(table) == set(LANGUAGES)
        assert len({frozenset(words) for words in table.values()}) == 1
        assert all(text.strip() for words in table.values() for text in words.values())
