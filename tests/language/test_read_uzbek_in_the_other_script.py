"""A reader asks for the other script of Uzbek and gets what an editor would write."""

import json
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from retrain.language.transliteration import in_letters_of, to_cyrillic, to_latin

COLLEGES = json.loads((Path(__file__).parents[1] / "data/colleges.json").read_text(encoding="utf-8"))

TERMS = [
    ("O‘zbekcha", "Ўзбекча"),
    ("qayta tayyorlash", "қайта тайёрлаш"),
    ("malaka oshirish", "малака ошириш"),
    ("kurs", "курс"),
    ("oqim", "оқим"),
    ("guruh", "гуруҳ"),
    ("modul", "модуль"),
    ("mavzuiy reja; mavzu", "мавзуий режа; мавзу"),
    ("mashg‘ulot", "машғулот"),
    ("juftlik (para)", "жуфтлик (пара)"),
    ("akademik soat", "академик соат"),
    ("ma’ruza; amaliy; mustaqil ta’lim", "маъруза; амалий; мустақил таълим"),
    ("masofaviy; stajirovka", "масофавий; стажировка"),
    ("dars jadvali", "дарс жадвали"),
    ("xona; bino", "хона; бино"),
    ("o‘qituvchi; tinglovchi", "ўқитувчи; тингловчи"),
    ("ishlab chiqarish ta’limi ustasi", "ишлаб чиқариш таълими устаси"),
    ("professor-o‘qituvchi", "профессор-ўқитувчи"),
    ("koordinator", "координатор"),
    ("guruh rahbari", "гуруҳ раҳбари"),
    ("kadrlar bo‘limi xodimi", "кадрлар бўлими ходими"),
    ("ta’lim beruvchi muassasa", "таълим берувчи муассаса"),
    ("texnikum", "техникум"),
    ("mutaxassislik", "мутахассислик"),
    ("toifa", "тоифа"),
    ("o‘rin; kvota", "ўрин; квота"),
    ("tavsiya", "тавсия"),
    ("yo‘llanma", "йўлланма"),
    ("ariza; qabul", "ариза; қабул"),
    ("navbat", "навбат"),
    ("taklif", "таклиф"),
    ("voz kechish; chetlashtirish; ko‘chirish", "воз кечиш; четлаштириш; кўчириш"),
    ("buyruq", "буйруқ"),
    ("davomat varaqasi; guruh jurnali", "давомат варақаси; гуруҳ журнали"),
    ("keldi; kech qoldi; kelmadi; sababli", "келди; кеч қолди; келмади; сабабли"),
    ("nazorat; natija; ball", "назорат; натижа; балл"),
    ("qaydnoma", "қайднома"),
    ("attestatsiya komissiyasi; bayonnoma", "аттестация комиссияси; баённома"),
    ("apellyatsiya", "апелляция"),
    ("tamomladi; tamomlamadi", "тамомлади; тамомламади"),
    ("sertifikat; diplom; ilova", "сертификат; диплом; илова"),
    ("seriya, raqam, qayd raqami", "серия, рақам, қайд рақами"),
    ("blanka; yaroqsiz blanka dalolatnomasi", "бланка; яроқсиз бланка далолатномаси"),
    ("dublikat; almashtirilgan; bekor qilingan", "дубликат; алмаштирилган; бекор қилинган"),
    ("hujjatlarni ro‘yxatga olish kitobi", "ҳужжатларни рўйхатга олиш китоби"),
    ("ma’lumotnoma", "маълумотнома"),
    ("yillik reja; reja va amal", "йиллик режа; режа ва амал"),
    ("tekshirish", "текшириш"),
]  # fmt: skip


@pytest.mark.parametrize(("latin", "cyrillic"), TERMS)
def test_terms_of_the_field_in_both_scripts(latin, cyrillic):
    assert to_cyrillic(latin) == cyrillic
    assert to_latin(cyrillic) == latin


def test_colleges_in_both_scripts():
    assert [to_cyrillic(c["name_uz"]) for c in COLLEGES] == [c["name_uz_cyrl"] for c in COLLEGES]
    assert [to_latin(c["name_uz_cyrl"]) for c in COLLEGES] == [c["name_uz"] for c in COLLEGES]


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("yettinchi element", "еттинчи элемент"),
        ("poeziya va aeroport", "поэзия ва аэропорт"),
        ("Yo‘ldosh, yo‘q, yorug‘", "Йўлдош, йўқ, ёруғ"),
        ("Yusuf YANGI YO‘L", "Юсуф ЯНГИ ЙЎЛ"),
        ("SHAHAR CHO‘L", "ШАҲАР ЧЎЛ"),
        ("Shahar Cho‘l", "Шаҳар Чўл"),
        ("G‘ulomova Sh. Ch.", "Ғуломова Ш. Ч."),
        ("Is’hoq", "Исҳоқ"),
        ("mo‘jiza va mo‘tabar", "мўъжиза ва мўътабар"),
        ("ketsin, shartsiz, aytsa", "кетсин, шартсиз, айтса"),
        ("leksiya, funksiya, konferensiya, sessiya, versiya, pensiya",
         "лекция, функция, конференция, сессия, версия, пенсия"),
        ("sirk va sirka", "цирк ва сирка"),
        ("litsey, litsenziya, meditsina", "лицей, лицензия, медицина"),
        ("modul, modullar, rol, rolik, parolni", "модуль, модуллар, роль, ролик, паролни"),
        ("kompyuter obyekti", "компьютер объекти"),
        ("2026-yil 2-fevraldagi", "2026-йил 2-февралдаги"),
        ("Vasilyev", "Васильев"),
        ("ZIYOYEVA", "ЗИЁЕВА"),
        ("JSHSHIR", "ЖШШИР"),
    ],
)  # fmt: skip
def test_the_hard_words(latin, cyrillic):
    assert to_cyrillic(latin) == cyrillic
    assert to_latin(cyrillic) == latin


@pytest.mark.parametrize("sign", "'`´‘’ʻʼ")
def test_any_apostrophe_will_do(sign):
    assert to_cyrillic(f"o{sign}qituvchi ma{sign}ruza bog{sign}") == "ўқитувчи маъруза боғ"


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("%(name)s uchun %(count)d ta o‘rin", "%(name)s учун %(count)d та ўрин"),
        ("100% tayyor, 50%%", "100% тайёр, 50%%"),
        ("%s va {kurs} va {{ oqim.nomi }}", "%s ва {kurs} ва {{ oqim.nomi }}"),
        ('<a href="/runs" title="oqim">oqim</a>', '<a href="/runs" title="oqim">оқим</a>'),
        ("yangi&nbsp;<b>kurs</b>", "янги&nbsp;<b>курс</b>"),
        ("https://retrain.example.uz/oqim?a=b manzili", "https://retrain.example.uz/oqim?a=b манзили"),
        ("ism.familiya@example.uz ga yozing", "ism.familiya@example.uz га ёзинг"),
        ("@retrain_bot Telegramda", "@retrain_bot Telegramда"),
        ("Open Badge nishoni, Ed25519 bilan", "Open Badge нишони, Ed25519 билан"),
        ("P-256 yoki RSA kaliti PEM faylida", "P-256 ёки RSA калити PEM файлида"),
        ("PDFni, QR-kodni, XLSX yoki CSV faylni", "PDFни, QR-кодни, XLSX ёки CSV файлни"),
        ("Retrain, ICS, SMS, e-mail", "Retrain, ICS, SMS, e-mail"),
        ("royxat.xlsx fayli", "royxat.xlsx файли"),
        ("`retrain serve` buyrug‘i", "`retrain serve` буйруғи"),
        ("III bosqich, XX asr", "III босқич, XX аср"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_is_no_uzbek_stays(latin, cyrillic):
    assert to_cyrillic(latin) == cyrillic


# Syllables the rules carry both ways; a consonant alone at an end would join the next into a digraph.
_CONSONANTS = [
    "b",
    "v",
    "d",
    "j",
    "z",
    "k",
    "l",
    "m",
    "n",
    "p",
    "r",
    "t",
    "f",
    "x",
    "q",
    "h",
    "g‘",
    "sh",
    "ch",
    "g",
]
_VOWELS = ["a", "i", "o", "u", "o‘"]
_SYLLABLES = st.builds(str.__add__, st.sampled_from(_CONSONANTS), st.sampled_from([*_VOWELS, "e"]))
_OPENINGS = st.sampled_from(["", *_VOWELS, "e", "ye", "yo", "yu", "ya", "yo‘"])
WORDS = st.builds(
    lambda opening, rest: opening + "".join(rest), _OPENINGS, st.lists(_SYLLABLES, min_size=1, max_size=6)
)
LETTERS = "абвгдежзийклмнопртуфхчшўқғҳ"  # no с: тс and нсия may be ц


@given(st.lists(WORDS), st.sampled_from([str, str.upper, str.capitalize]))
def test_latin_comes_back(words, case):
    written = [case(word) for word in words]
    assume(not any(set(word) <= set("IVX") for word in written))  # roman numerals stay
    text = " ".join(written)
    there = to_cyrillic(text)
    assert not any("a" <= sign.lower() <= "z" for sign in there)
    assert to_latin(there) == text


@given(st.text(alphabet=LETTERS, max_size=20))
def test_cyrillic_comes_back_but_for_what_latin_cannot_tell(word):
    back = to_cyrillic(to_latin(word))
    # йа, йу, йо are written as я, ю, ё are.
    assert to_latin(back) == to_latin(word)


@given(
    st.lists(
        st.one_of(
            WORDS,
            st.sampled_from(["%(name)s", "%(n)d", "{code}", "<b>", "</b>", "a@b.uz", "https://a.uz/x?y=1"]),
        )
    )
)
def test_placeholders_survive(parts):
    special = [part for part in parts if not part[0].isalpha() or "@" in part or ":" in part]
    text = to_cyrillic(" ".join(parts))
    at = -1
    for part in special:
        at = text.index(part, at + 1)


@given(st.text(max_size=60))
def test_no_text_breaks_it(text):
    assert to_cyrillic(to_cyrillic(text)) == to_cyrillic(text)
    assert isinstance(to_latin(text), str)


@pytest.mark.parametrize(
    ("typed", "language", "read"),
    [
        ("o‘qituvchi", "uz-Cyrl", "ўқитувчи"), ("Rektor", "uz-Cyrl", "Ректор"), ("Ректор", "uz-Cyrl", "Ректор"),
        ("o‘qituvchi", "uz", "o‘qituvchi"), ("o‘qituvchi", "ru", "o‘qituvchi"), ("", "uz-Cyrl", ""),
    ],
)  # fmt: skip
def test_what_is_typed_once_reads_in_the_letters_of_the_page(typed, language, read):
    assert in_letters_of(typed, language) == read
