"""An officer types a name as they can; documents print it right and the person is found again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain.language.names import clean_name, full_name, same_name, short_name, split_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Nazarova\u00a0\u00a0Ma'mura Sanjar  qizi ", "Nazarova Ma’mura Sanjar qizi"),
        ("Normurodov Ulug'bek Rustam o`g`li", "Normurodov Ulug‘bek Rustam o‘g‘li"),
        ("Oʻrinov Temur oʻgʻli", "O‘rinov Temur o‘g‘li"),
        ("KARIMOVA MOHIRA ABDUG‘ANI QIZI", "Karimova Mohira Abdug‘ani qizi"),
        ("ҒУЛОМОВА ГЎЗАЛ КАМОЛ ҚИЗИ", "Ғуломова Гўзал Камол қизи"),
        ("KARIMOVA Mohira", "Karimova Mohira"),
        ("JO‘RAYEVA-G‘ULOMOVA RA’NO", "Jo‘rayeva-G‘ulomova Ra’no"),
        ("McDonald Anna-Maria", "McDonald Anna-Maria"),
        ("de la Cruz", "de la Cruz"),
        ("Ли АН", "Ли АН"),
        ("ЛИ АН", "Ли Ан"),
        ("\u202eAli\u202c", "Ali"),
        ("", ""),
    ],
)
def test_a_name_is_tidied_and_no_more(typed, kept):
    assert clean_name(typed) == kept


@pytest.mark.parametrize(
    ("name", "short"),
    [
        (("G'ulomova", "Nilufar", "Bekzod qizi"), "G‘ulomova N. B."),
        (("Karimov", "Sherzod", "Akmal o‘g‘li"), "Karimov Sh. A."),
        (("Aliyev", "Cho‘lpon", "O'ktam o'g'li"), "Aliyev Ch. O‘."),
        (("Ғуломова", "Шаҳноза", "Ўктам қизи"), "Ғуломова Ш. Ў."),
        (("YO‘LDOSHEV", "SHUHRAT", ""), "Yo‘ldoshev Sh."),
        (("Smith", "John", " "), "Smith J."),
    ],
)
def test_initials(name, short):
    assert short_name(*name) == short


def test_a_name_in_one_cell_has_three_parts():
    assert split_name("Egamberdiyeva  Umida Kamol qizi") == ("Egamberdiyeva", "Umida", "Kamol qizi")
    assert split_name("Madonna") == ("Madonna", "", "")
    assert full_name("Egamberdiyeva", "Umida", " ") == "Egamberdiyeva Umida"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("G‘ulomova Go‘zal Yo‘ldosh qizi", "Гуломова Гузал Йулдошовна"),
        ("Ғуломова Гўзал Йўлдош қизи", "G'ulomova Go'zal Yo'ldosh qizi"),
        ("Xo‘jayeva Feruza", "Хужаева Феруза"),
        ("Jo‘rayeva Nodira", "Джураева Нодира"),
        ("Sharipov Ilhom O‘tkir o‘g‘li", "Шарипов Илхом Уткирович"),
        ("EGAMBERDIYEV BEKZOD DONIYOR O‘G‘LI", "Эгамбердиев Бекзод Дониёрович"),
        ("Muminov Davron Abdug‘ani o‘g‘li", "Муминов Даврон Абдуганиевич"),
    ],
)
def test_one_person_written_twice(one, other):
    assert same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Karimov Ali", "Karimova Ali"),
        ("Karimov Ali Vali o‘g‘li", "Karimov Ali Soli o‘g‘li"),
        ("Rabin Anna", "Rabinovich Anna"),
        ("", ""),
    ],
)
def test_two_people(one, other):
    assert not same_name(one, other)


@given(st.text(max_size=60))
def test_a_tidy_name_stays_as_it_is(text):
    name = clean_name(text)
    assert clean_name(name) == name
    assert short_name(name, name, name) is not None
