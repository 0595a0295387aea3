"""Where the header of a roster is and what its columns mean, guessed in the four languages. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retrain.language.keys import fold_key
from retrain.tabular.table import Kind, Row

FIELDS = (
    "pinfl", "name", "family", "given", "patronymic", "birth_date", "sex",
    "document_country", "document_number", "college", "post", "staff_kind", "speciality", "category",
    "since", "email", "phone",
)  # fmt: skip
"""What a column of a roster may hold."""

LOOKED_AT = 40
"""Rows in which the header is looked for."""

# The first pattern found in a heading decides, so that the narrower ones stand first. A pattern that
# opens with = must be the whole heading.
_PATTERNS = """
pinfl: jshshir; jshir; pinfl; pnfl; жшшир; жшир; пинфл; ипн; shaxsiy identifikatsiya; personal
    identification; персональный идентификационный; shaxsiy raqam
birth_date: tug'ilgan; туғилган; дата рождения; рождения; рожд; date of birth; birth; =dob; т.к. сана
since: ishga kirgan; ishga qabul; ишга кирган; ишга қабул; дата приема; дата приёма; принят на работу;
    hired; works since; ish boshlagan
document_country: fuqaroligi; fuqarolik; фуқаролиги; гражданство; citizenship; hujjat davlati; страна
    документа; document country; nationality
document_number: pasport; паспорт; passport; hujjat raqami; ҳужжат рақами; номер документа; document number;
    hujjat seriyasi; серия и номер
name: familiyasi ismi; фамилияси исми; familiya ism; фамилия исм; фамилия имя; familiyasi va ismi; ism
    familiya; ismi sharifi; исми шарифи; ism sharif; исм шариф; full name
patronymic: otasining ismi; отасининг исми; otasi; отчество; sharifi; шарифи; patronymic; middle name;
    father
name: f i sh; f i o; ф и ш; ф и о; =fish; =fio; =фиш; =фио; fio; фио; full name; familiya ism; familiyasi
    ismi; familiyasi va ismi; фамилияси исми; фамилия исм; фамилия имя; to'liq ismi; тўлиқ исми; =name;
    o'qituvchi ismi sharifi; ism sharif; исм шариф; teacher name; =o'qituvchi; =ўқитувчи; =преподаватель;
    =teacher; =xodim; =сотрудник; =pedagog; =педагог
family: familiya; фамилия; фамилияси; last name; surname; family name; =family
given: =ism; =ismi; =исм; =исми; =имя; first name; given name; =given
sex: jinsi; =jins; жинси; =жинс; =пол; =sex; gender
email: e mail; email; e pochta; elektron pochta; электрон почта; эл почта; электронная почта; э почта;
    =pochta; =почта; =mail; elektron manzil; электрон манзил; электронный адрес
phone: telefon; телефон; phone; mobil; мобил; =tel; =тел; aloqa raqami; алоқа рақами; контакт
category: toifasi; =toifa; тоифаси; =тоифа; категория; category; malaka toifasi
speciality: mutaxassislig; мутахассислиг; mutaxassislik; мутахассислик; специальность; speciality;
    specialty; =fani; =fan; =фани; =фан; предмет; subject; o'qitadigan fani; дисциплина
staff_kind: xodim turi; ходим тури; категория персонала; staff kind
post: lavozim; лавозим; должность; position; =post; job title; kasbi; касби
college: muassasa; муассаса; kollej; коллеж; texnikum; техникум; ish joyi; иш жойи; учебное заведение;
    организация; место работы; college; institution; school; workplace; ta'lim tashkiloti; таълим ташкилоти;
    tashkilot; ташкилот; колледж
"""


def _compiled() -> tuple[tuple[str, str, bool], ...]:
    """(field, key, must be whole) in the order they are tried."""
    lines = _PATTERNS.strip().replace("\n    ", " ").splitlines()
    return tuple(
        (field, fold_key(pattern.strip().removeprefix("=")), pattern.strip().startswith("="))
        for field, patterns in (line.split(":", 1) for line in lines)
        for pattern in patterns.split(";")
    )


_KEYS = _compiled()


def guess(heading: str) -> str | None:
    """The field a heading names, if it names one we know."""
    key = fold_key(heading)
    if not key or len(key) > 80:
        return None
    for field, pattern, whole in _KEYS:
        if key == pattern or (not whole and pattern in key):
            return field
    return None


def columns_of(headings: Sequence[str]) -> dict[str, int]:
    """field → column, the first column that names each."""
    found: dict[str, int] = {}
    for at, heading in enumerate(headings):
        field = guess(heading)
        if field is not None and field not in found:
            found[field] = at
    if "name" not in found and "family" in found and "given" not in found:
        # «Familiya» over whole names is common where there is no other column for them.
        found["name"] = found.pop("family")
    return found


def is_enough(columns: Mapping[str, int]) -> bool:
    """Whether a person can be known from these columns: who, and by which number."""
    return ("name" in columns or {"family", "given"} <= columns.keys()) and bool(
        {"pinfl", "document_number"} & columns.keys()
    )


@dataclass(frozen=True)
class Header:
    """The row that says what the columns are."""

    row: int
    headings: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Under what a mapping is remembered: the same header, however it is spaced or capitalised."""
        return hashlib.sha256("\x1f".join(fold_key(text) for text in self.headings).encode()).hexdigest()


def find_header(rows: Sequence[Row]) -> Header | None:
    """The row that names most fields among the first; None when none names two."""
    best, most = None, 1
    for row in rows[:LOOKED_AT]:
        headings = tuple(" ".join(cell.text.split()) if cell.kind is Kind.TEXT else "" for cell in row.cells)
        score = len(columns_of(headings))
        if score > most:
            best, most = Header(row.number, headings), score
    return best
