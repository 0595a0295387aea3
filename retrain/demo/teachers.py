"""Three thousand teachers of the colleges. Their PINFLs have district codes that no district has, their
telephone numbers begin as none can be dialled, and nobody's name is anybody's."""

from datetime import date, timedelta
from random import Random
from typing import Any

from retrain.demo.country import DOMAIN, Country, moment
from retrain.demo.names import Name, invented
from retrain.demo.places import four
from retrain.demo.rows import Row
from retrain.demo.staff import HOME, activate, person
from retrain.language.keys import fold_key
from retrain.people import pinfl
from retrain.people.models import Employment, Organisation, Teacher
from retrain.people.states import RoleKind, Sex, StaffKind
from retrain.record.models import Credit, Qualification
from retrain.record.states import CreditKind

COUNT = 3000
NO_DISTRICT = 900
"""District codes from here on are not given out, so no invented number is anybody's."""

_FIELDS = {  # what a college's trade makes likely; by a word of its name
    "axborot": ["Informatika", "Axborot texnologiyalari", "Dasturlash"],
    "energetika": ["Elektr ta’minoti", "Elektr montaj ishlari", "Fizika"],
    "payvandlash": ["Payvandlash ishlari", "Elektr montaj ishlari"],
    "mashinasozlik": ["Payvandlash ishlari", "Elektr ta’minoti"],
    "qurilish": ["Payvandlash ishlari", "Elektr montaj ishlari"],
    "sanoat": ["Tikuvchilik", "To‘qimachilik texnologiyasi"],
    "agro": ["Agronomiya", "Suv xo‘jaligi", "Qishloq xo‘jaligi texnikasi"],
    "suv": ["Suv xo‘jaligi", "Agronomiya"],
    "qishloq": ["Agronomiya", "Qishloq xo‘jaligi texnikasi"],
    "avto": ["Avtomobil texnik xizmati", "Elektr montaj ishlari"],
    "transport": ["Avtomobil texnik xizmati"],
    "kimyo": ["Kimyoviy texnologiya", "Informatika"],
}
_ANYWHERE = [
    "Informatika", "Ingliz tili", "Rus tili", "Fizika", "Matematika", "Buxgalteriya hisobi", "Elektr ta’minoti",
    "Avtomobil texnik xizmati", "Tikuvchilik", "Payvandlash ishlari", "Agronomiya", "Mehnat muhofazasi",
]  # fmt: skip
_CATEGORIES = [
    "",
    "",
    "mutaxassis",
    "mutaxassis",
    "katta o‘qituvchi",
    "yetakchi o‘qituvchi",
    "bosh o‘qituvchi",
]
_POSTS = {
    StaffKind.TEACHER: "o‘qituvchi",
    StaffKind.MASTER: "ishlab chiqarish ta’limi ustasi",
    StaffKind.HEAD: "kafedra mudiri",
}
_EARLIER = four(
    "Malaka oshirish (avvalgi hujjat)",
    "Повышение квалификации (прежний документ)",
    "Training (earlier document)",
)


def make(country: Country) -> list[Row]:
    """The teachers with employments and what they earned before; each row has its person and college beside it."""
    chance = country.chance("teachers")
    colleges = [row for row in country.rows.of(Organisation) if row["kind"] == "college"]
    return [teacher(country, chance, number, colleges[number % len(colleges)]) for number in range(COUNT)]


def teacher(country: Country, chance: Random, number: int, college: Row, name: Name | None = None) -> Row:
    """One teacher of a college."""
    sex = chance.choice(list(Sex))
    name = name or invented(chance, sex)
    born = date(1961 + chance.randrange(42), 1, 1) + timedelta(days=chance.randrange(365))
    since = max(date(2003, 9, 1), born + timedelta(days=365 * 23)) + timedelta(days=chance.randrange(1500))
    since = min(since, country.today - timedelta(days=415 + chance.randrange(60)))
    entered = country.today - timedelta(days=300 + chance.randrange(90))
    row = _person(country, chance, number, name, entered)
    kind = chance.choices(list(StaffKind), (75, 20, 5))[0]
    made = country.rows.add(
        Teacher, person_id=row["id"], birth_date=born, sex=sex, staff_kind=kind,
        pinfl=number_of(born, sex, number),
        category=chance.choice(_CATEGORIES), specialities=_specialities(country, chance, college),
        created_at=row["created_at"],
    )  # fmt: skip
    country.rows.add(
        Employment, teacher_id=made["id"], organisation_id=college["id"], post=_POSTS[kind], since=since
    )
    _activation(country, chance, row, college, entered)
    _earlier(country, chance, made, since)
    country.happened(
        row["created_at"], "teacher.imported", ("teacher", made["id"]), after={"college": college["code"]}
    )
    return Beside(made, row, college, number)


def number_of(born: date, sex: Sex, number: int) -> str:
    """The PINFL of the teacher who was made as that number."""
    return pinfl.make(born, sex, NO_DISTRICT + number // 1000, number % 1000)


class Beside(dict[str, Any]):
    """A teacher's values with their person and college at hand; not a row itself."""

    def __init__(self, row: Row, person: Row, college: Row, number: int) -> None:
        super().__init__(row=row, id=row["id"], person=person, college=college, number=number)


def _person(country: Country, chance: Random, number: int, name: Name, entered: date) -> Row:
    written = fold_key(f"{name.given} {name.family}").replace(" ", ".")
    email = f"{written}{number}@{DOMAIN}" if chance.random() < 0.72 else None
    # No subscriber's number begins with a zero.
    phone = f"+99850{number:07d}" if chance.random() < 0.88 else None
    language = chance.choices(("uz", "uz-Cyrl", "ru", "en"), (76, 9, 14, 1))[0]
    return person(country, name, since=entered, email=email, phone=phone, language=language)


def _activation(country: Country, chance: Random, row: Row, college: Row, entered: date) -> None:
    share = 0.45 if college["code"] == HOME else 0.7
    if (row["email"] or row["phone"]) and chance.random() < share:
        on = entered + timedelta(days=chance.randrange(1, 200))
        activate(country, row, on)
        country.happened(moment(on, 12), "person.activated", ("person", row["id"]))


def _specialities(country: Country, chance: Random, college: Row) -> list[str]:
    name = country.names[college["id"]]["uz"].lower()
    likely = next((words for part, words in _FIELDS.items() if part in name), _ANYWHERE)
    first = chance.choice(likely if chance.random() < 0.75 else _ANYWHERE)
    second = chance.choice(_ANYWHERE)
    return [first] if second == first or chance.random() < 0.7 else [first, second]


def _earlier(country: Country, chance: Random, made: Row, since: date) -> None:
    """Hours from before the country's year, so that some are due for training and some are late."""
    on = country.today - timedelta(days=380 + chance.randrange(1200))
    if on < since or chance.random() < 0.35:
        return
    hours = chance.choice((72, 144, 144, 288))
    country.rows.add(
        Credit, teacher_id=made["id"], source=f"earlier:{made['id']}", hours=hours, on=on, year=on.year,
        kind=CreditKind.ADVANCED_TRAINING, title=dict(_EARLIER), created_at=made["created_at"],
        document=f"№ {100000 + made['id']}",
    )  # fmt: skip
    if chance.random() < 0.05:
        speciality = chance.choice(_ANYWHERE)
        country.rows.add(
            Qualification, teacher_id=made["id"], source=f"earlier-diploma:{made['id']}", on=on,
            speciality=speciality, titles={"uz": speciality}, created_at=made["created_at"],
            document=f"QT № {200000 + made['id']}",
        )  # fmt: skip


def account(country: Country, teachers: list[Row]) -> None:
    """The demo account among the teachers: one of the home college, for whom courses of computing are meant."""
    found = next(row for row in teachers if row["college"]["code"] == HOME)
    person_row = found["person"]
    person_row.update(email=f"teacher@{DOMAIN}", contact_email=f"teacher@{DOMAIN}", language="uz")
    found["row"]["specialities"] = ["Informatika"]
    activate(country, person_row, country.today - timedelta(days=200))
    country.accounts[RoleKind.TEACHER] = person_row
    country.by_hand["account"] = found
