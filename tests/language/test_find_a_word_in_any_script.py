"""A person types a word with the keyboard at hand and finds it."""

import csv
import json
from pathlib import Path
from random import Random

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain.language.alphabet import APOSTROPHES
from retrain.language.keys import fold_key, search_key, sort_key

DATA = Path(__file__).parents[1] / "data"
COLLEGES = json.loads((DATA / "colleges.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ўқитувчи", "o'qituvchi"),
        ("oʻqituvchi", "O‘QITUVCHI"),
        ("Ўқитувчи", "O`qituvchi"),
        ("Маъруза", "ma’ruza"),
        ("ma'ruza", "maruza"),
        ("Европа", "Yevropa"),
        ("электрон", "elektron"),
        ("Эгамбердиева", "Egamberdiyeva"),
        ("объект", "obyekt"),
        ("компьютер", "kompyuter"),
        ("цирк", "sirk"),
        ("аттестация", "attestatsiya"),
        ("Исҳоқ", "Is’hoq"),
        ("мўъжиза", "mo‘jiza"),
        ("тоғ", "tog'"),
        ("Йўлдошев", "Yo‘ldoshev"),
        ("Дониёр", "Doniyor"),
        ("кимё-технология", "kimyo texnologiya"),
        ("Öqituvchi", "o‘qituvchi"),
        ("ＱＲ", "qr"),
        ("у\u0306қитувчи", "ўқитувчи"),
    ],
)
def test_the_same_word_has_one_key(one, other):
    assert search_key(one) == search_key(other) != ""


@pytest.mark.parametrize("sign", sorted(set(APOSTROPHES) | {"\u00b4", "`"}))
def test_any_sign_serves_as_apostrophe(sign):
    assert search_key(f"O{sign}zbek bog{sign}i ma{sign}no") == "o'zbek bog'i mano"


def test_spaces_and_invisible_signs_do_not_matter():
    typed = "\u202b Nazarova\u00a0\u00a0 Ma’\u200bmura\u2069\ufeff\tSanjar \n"
    assert search_key(typed) == "nazarova mamura sanjar"


@pytest.mark.parametrize(
    ("one", "other"),
    [("o‘t", "ot"), ("қўл", "қул"), ("sh", "s h"), ("ҳол", "хол"), ("қор", "кор"), ("бог", "боғ")],
)
def test_different_words_stay_apart(one, other):
    assert search_key(one) != search_key(other)


def test_a_russian_keyboard_still_names_the_college():
    keys = {
        fold_key(name)
        for name in (
            "Наманган тукимачилик саноати техникуми",
            "Наманган тўқимачилик саноати техникуми",
            "Namangan to‘qimachilik sanoati texnikumi",
        )
    }
    assert len(keys) == 1
    assert fold_key("Джураева") == fold_key("Jo‘rayeva") == fold_key("Жўраева")
    assert fold_key("Хужаева") == fold_key("Xo‘jayeva")


def _colleges_named_in_rosters() -> set[str]:
    named: set[str] = set()
    with (DATA / "rosters/russian-cp1251.csv").open(encoding="cp1251", newline="") as file:
        named |= {row["Учебное заведение"] for row in csv.DictReader(file, delimiter=";")}
    for name, heading in (("cyrillic", "Таълим муассасаси"), ("latin", "Muassasa")):
        rows = openpyxl.load_workbook(DATA / f"rosters/{name}.xlsx").worksheets[0].iter_rows(values_only=True)
        table = list(rows)
        header = next(at for at, row in enumerate(table) if heading in row)
        column = table[header].index(heading)
        named |= {row[column] for row in table[header + 1 :] if row[column]}
    return {name for name in named if "tex" in name or "тех" in name}


def test_every_college_of_the_rosters_matches_one_of_the_country():
    named = _colleges_named_in_rosters()
    assert len(named) > 30
    for name in named:
        found = {
            college["code"]
            for college in COLLEGES
            if fold_key(name) in (fold_key(college["name_uz"]), fold_key(college["name_uz_cyrl"]))
        }
        assert len(found) == 1, name


def test_both_names_of_a_college_meet_without_folding():
    assert [search_key(c["name_uz"]) for c in COLLEGES] == [search_key(c["name_uz_cyrl"]) for c in COLLEGES]


def shuffled(words):
    return Random(1).sample(words, len(words))


def test_names_stand_in_the_order_of_the_alphabet():
    names = ["Abdullayev", "Баҳром", "Davron", "Hasan", "Илҳом", "Navro‘z", "Озод", "Ravshan", "Zuhra"]
    assert sorted(shuffled(names), key=sort_key) == names
    words = ["anor", "bola", "dars", "xat", "yer", "zar", "o‘rik", "g‘oz", "sharq", "choy"]
    assert sorted(shuffled(words), key=sort_key) == words
    cyrillic = ["анор", "бола", "дарс", "хат", "ер", "зар", "ўрик", "ғоз", "шарқ", "чой"]
    assert sorted(shuffled(cyrillic), key=sort_key) == cyrillic
    assert [sort_key(word) for word in words] == [sort_key(word) for word in cyrillic]


def test_ng_and_spaces_and_figures_sort_too():
    assert sort_key("tonna") < sort_key("tong")
    assert sort_key("Ali Valiyev") < sort_key("Alibek Aliyev")
    assert sort_key("1 kurs") < sort_key("kurs")


@given(st.text(max_size=40))
def test_keys_are_their_own_keys(text):
    key = search_key(text)
    assert search_key(key) == key
    assert fold_key(fold_key(text)) == fold_key(text)
    assert search_key(text.upper()) == search_key(text.upper().lower())
    assert key == " ".join(key.split())
    assert set(sort_key(text)) <= set("0123456789")


@given(st.lists(st.sampled_from([c["name_uz"] for c in COLLEGES] + [c["name_uz_cyrl"] for c in COLLEGES])))
def test_sorting_does_not_depend_on_the_script(names):
    order = [sort_key(name) for name in sorted(names, key=sort_key)]
    assert order == sorted(order)
