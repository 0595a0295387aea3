"""One row of a roster as a person: every cell read as offices write it, every fault a code. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache

from retrain.language.alphabet import APOSTROPHES
from retrain.language.keys import fold_key, search_key
from retrain.language.names import clean_name, split_name
from retrain.people import contacts, pinfl
from retrain.people.roster_cells import country_code, dates
from retrain.people.states import Sex, StaffKind
from retrain.refusal import Refusal
from retrain.tabular.table import EMPTY, Cell, Kind, Row

LONGEST_NAME = 100
OLDEST, YOUNGEST = 100, 14
"""Ages in years outside which a birth date is a slip of the pen."""

_NO_WORDS = "- -- — – . n/a none null yoq йўқ йук нет"
_NOTHING = frozenset(["", *_NO_WORDS.split(), *(f"yo{sign}q" for sign in APOSTROPHES)])
_IN_NAMES = frozenset(" '’‘.-(),·")
_CATEGORIES = ("L", "M", "N")  # letters and their marks; figures, for some lists number namesakes
_DOCUMENT = re.compile(r"[A-ZА-Я0-9]{4,20}")


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    MERGED = "merged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Line:
    """One person as a row gives them. *key* is what they are known by."""

    row: int
    key: str
    family: str
    given: str
    patronymic: str
    organisation_id: int
    pinfl: str | None = None
    document: tuple[str, str] | None = None
    birth_date: date | None = None
    sex: Sex | None = None
    post: str = ""
    staff_kind: StaffKind | None = None
    speciality: str = ""
    category: str = ""
    since: date | None = None
    email: str | None = None
    phone: str | None = None

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.family, self.given, self.patronymic) if part)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What comes of a row. *changes* names what a merged row adds or changes."""

    row: int
    outcome: Outcome
    line: Line | None = None
    why: tuple[Refusal, ...] = ()
    changes: tuple[str, ...] = ()
    teacher_id: int | None = None
    moves_from: int | None = None
    name: str = ""


@dataclass(frozen=True)
class Colleges:
    """Organisations by every key of every name they have had; None where two share a key."""

    by_code: Mapping[str, int]
    by_key: Mapping[str, int | None]
    by_fold: Mapping[str, int | None]
    closed: frozenset[int] = frozenset()

    def find(self, text: str) -> int | None:
        """The one organisation *text* names by code or by a name, in any script and spelling."""
        typed = text.strip()
        if typed.upper() in self.by_code:
            return self.by_code[typed.upper()]
        key = search_key(typed)
        return self.by_key.get(key) or self.by_fold.get(fold_key(typed))


@dataclass
class Reading:
    """What a whole roster is read against: *default* for rows that name no college, *only* for no other."""

    columns: Mapping[str, int]
    colleges: Colleges
    today: date
    default: int | None = None
    only: int | None = None
    _found: dict[str, int | None] = field(default_factory=dict)

    def college(self, text: str) -> int | None:
        """The college a cell names, looked up once for each spelling."""
        if text not in self._found:
            self._found[text] = self.colleges.find(text)
        return self._found[text]


def read_line(row: Row, reading: Reading) -> Line | Verdict:
    """The person in a row, or the refusal with every reason."""
    cells = {name: row.cell(at) for name, at in reading.columns.items()}
    name = _whole_name(cells)
    if any(cell.kind is Kind.FORMULA for cell in cells.values()):
        return refused(row.number, "", Refusal.of("formula"))
    why: list[Refusal] = []
    family, given, patronymic = _name(cells, why)
    number = _pinfl(cells, why)
    document = _document(cells) if number is None else None
    if number is None and document is None and not any(each.code.startswith("pinfl") for each in why):
        why.append(Refusal.of("no-identity"))
    birth_date = _birth_date(cells, number, reading.today, why)
    college = _college(cells, reading, why)
    email, phone = _email(cells, why), _phone(cells, why)
    since = _since(cells, reading.today, why)
    if why:
        return refused(row.number, name, *why)
    assert college is not None
    return Line(
        row=row.number,
        key=number.value if number else _document_key(*document) if document else "",
        family=family,
        given=given,
        patronymic=patronymic,
        organisation_id=college,
        pinfl=number.value if number else None,
        document=document,
        birth_date=birth_date,
        sex=Sex(number.sex) if number else _sex(_text(cells, "sex")),
        post=_text(cells, "post"),
        staff_kind=_staff_kind(_text(cells, "staff_kind") or _text(cells, "post")),
        speciality=_text(cells, "speciality"),
        category=_text(cells, "category")[:64],
        since=since,
        email=email,
        phone=phone,
    )


def refused(row: int, name: str, *why: Refusal) -> Verdict:
    return Verdict(row, Outcome.REFUSED, why=why, name=name)


def _document_key(country: str, number: str) -> str:
    return f"{country}:{number}"


def _text(cells: Mapping[str, Cell], name: str) -> str:
    text = " ".join(cells.get(name, EMPTY).text.split())
    return "" if text.casefold() in _NOTHING else text[:300]


def _whole_name(cells: Mapping[str, Cell]) -> str:
    if "name" in cells:
        return _text(cells, "name")
    return " ".join(
        part for part in (_text(cells, name) for name in ("family", "given", "patronymic")) if part
    )


def _name(cells: Mapping[str, Cell], why: list[Refusal]) -> tuple[str, str, str]:
    if "name" in cells:
        parts = split_name(_text(cells, "name"))
    else:
        parts = (
            clean_name(_text(cells, "family")),
            clean_name(_text(cells, "given")),
            clean_name(_text(cells, "patronymic")),
        )
    if refusal := name_refusal(*parts):
        why.append(refusal)
    return parts


def name_refusal(family: str, given: str, patronymic: str) -> Refusal | None:
    """Why this can't be a person's name."""
    if not family or not given:
        return Refusal.of("name-missing", field="family")
    if max(len(family), len(given), len(patronymic)) > LONGEST_NAME:
        return Refusal.of("name-too-long", field="family", most=LONGEST_NAME)
    if not all(map(_is_name, filter(None, (family, given, patronymic)))):
        return Refusal.of("name-malformed", field="family")
    return None


def _is_name(text: str) -> bool:
    known = all(sign in _IN_NAMES or unicodedata.category(sign)[0] in _CATEGORIES for sign in text)
    return known and any(map(str.isalpha, text))


def _pinfl(cells: Mapping[str, Cell], why: list[Refusal]) -> pinfl.Pinfl | None:
    cell = cells.get("pinfl", EMPTY)
    if not _text(cells, "pinfl"):
        return None
    if _DOCUMENT.fullmatch(_squeezed(cell.text)) and not _squeezed(cell.text)[:2].isdigit():
        return None  # a passport's number in the PINFL's column
    try:
        return pinfl.parse(cell.text)
    except pinfl.InvalidPinfl as error:
        why.append(Refusal.of(error.code, field="pinfl"))
        return None


def _squeezed(text: str) -> str:
    return re.sub(r"[\s№.\-]", "", text).upper()


def _document(cells: Mapping[str, Cell]) -> tuple[str, str] | None:
    for name in ("document_number", "pinfl"):
        number = _squeezed(_text(cells, name))
        if _DOCUMENT.fullmatch(number) and any(map(str.isdigit, number)):
            return country_code(_text(cells, "document_country")), number
    return None


def _birth_date(
    cells: Mapping[str, Cell], number: pinfl.Pinfl | None, today: date, why: list[Refusal]
) -> date | None:
    if not _text(cells, "birth_date"):
        return number.birth_date if number else None
    found = dates(cells["birth_date"])
    if not found:
        why.append(Refusal.of("birth-date-unreadable", field="birth_date"))
        return None
    if number is not None:
        if number.birth_date not in found:
            why.append(Refusal.of("birth-date-contradicts-pinfl", field="birth_date"))
        return number.birth_date
    if not today.year - OLDEST <= found[0].year <= today.year - YOUNGEST:
        why.append(Refusal.of("birth-date-impossible", field="birth_date"))
    return found[0]


def _college(cells: Mapping[str, Cell], reading: Reading, why: list[Refusal]) -> int | None:
    text = _text(cells, "college")
    if not text:
        if reading.default is None:
            why.append(Refusal.of("college-missing", field="college"))
        return reading.default
    found = reading.college(text)
    if found is None:
        why.append(Refusal.of("college-unknown", field="college", college=text))
    elif found in reading.colleges.closed:
        why.append(Refusal.of("college-closed", field="college", college=text))
    elif reading.only is not None and found != reading.only:
        why.append(Refusal.of("other-college", field="college", college=text))
    return found


def _email(cells: Mapping[str, Cell], why: list[Refusal]) -> str | None:
    text = _text(cells, "email")
    if not text:
        return None
    found = contacts.email(text)
    if found is None:
        why.append(Refusal.of("email-malformed", field="email"))
    return found


def _phone(cells: Mapping[str, Cell], why: list[Refusal]) -> str | None:
    text = _text(cells, "phone")
    if not text:
        return None
    found = contacts.first_phone(text.removesuffix(".0"))
    if found is None:
        why.append(Refusal.of("phone-malformed", field="phone"))
    return found


def _since(cells: Mapping[str, Cell], today: date, why: list[Refusal]) -> date | None:
    if not _text(cells, "since"):
        return None
    found = dates(cells["since"])
    if not found:
        why.append(Refusal.of("since-unreadable", field="since"))
        return None
    return next((day for day in found if day <= today), found[0])


def _sex(text: str) -> Sex | None:
    key = fold_key(text)
    if key in ("erkak", "e", "m", "muj", "mujskoy", "male"):
        return Sex.MALE
    return Sex.FEMALE if key in ("ayol", "a", "j", "jen", "jenskiy", "female", "f") else None


@lru_cache(4096)
def _staff_kind(text: str) -> StaffKind | None:
    key = fold_key(text)
    if not key:
        return None
    if any(word in key for word in ("ustasi", "usta ", "master", "masteri")):
        return StaffKind.MASTER
    heads = ("direktor", "mudir", "rahbar", "zaveduyu", "head", "boshlik", "nachalnik")
    return StaffKind.HEAD if any(word in key for word in heads) else StaffKind.TEACHER
