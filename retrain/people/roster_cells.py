"""Days and countries in the cells of a roster, however an office writes them. Pure."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from retrain.language.keys import fold_key
from retrain.tabular.table import Cell

_DATE = re.compile(
    r"(\d{1,4})\s*[./\-\s]\s*(\d{1,2})\s*[./\-\s]\s*(\d{1,4})\s*(?:y|й|г|yil|йил|года?)?\.?(?:\s+00:00(?::00)?)?"
)
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_DAYS = (3_654, 60_000)
_UNKNOWN_COUNTRY = "ZZ"
"""ISO 3166 leaves ZZ to its users; ours is a document whose country the office did not write down."""

_COUNTRIES = {
    "KZ": "kazakhstan qozog'iston казахстан қозоғистон kaz",
    "KG": "kyrgyzstan qirg'iziston киргизия кыргызстан қирғизистон kgz",
    "TJ": "tajikistan tojikiston таджикистан тожикистон tjk",
    "TM": "turkmenistan turkmaniston туркменистан туркманистон tkm",
    "RU": "russia rossiya россия russian рф rus",
    "AF": "afghanistan afg'oniston афганистан афғонистон afg",
    "BY": "belarus беларусь blr",
    "UA": "ukraine ukraina украина ukr",
    "TR": "turkey turkiya турция туркия tur",
    "KR": "korea koreya корея kor",
    "UZ": "uzbekistan o'zbekiston узбекистан ўзбекистон uzb",
}
_COUNTRY_OF = {fold_key(word): code for code, words in _COUNTRIES.items() for word in words.split()}


def country_code(text: str) -> str:
    """The ISO code of a country written as a code or a name; ZZ for none we know."""
    if len(text) == 2 and text.isascii() and text.isalpha():
        return text.upper()
    return next(
        (_COUNTRY_OF[word] for word in fold_key(text).split() if word in _COUNTRY_OF), _UNKNOWN_COUNTRY
    )


def dates(cell: Cell) -> list[date]:
    """The days a cell may mean, the likelier first: text in any order, Excel's serial numbers, real dates."""
    if isinstance(cell.value, datetime):
        return [cell.value.date()]
    if isinstance(cell.value, date):
        return [cell.value]
    text = cell.text.strip()
    if (serial := _serial(text)) is not None:
        return [serial]
    if (parts := _DATE.fullmatch(text.casefold())) is None:
        return []
    one, two, three = map(int, parts.groups())
    orders = ((one, two, three),) if one > 31 else ((_year(three), two, one), (_year(three), one, two))
    return [day for order in orders if (day := _day(*order)) is not None]


def _serial(text: str) -> date | None:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    if not number.is_finite() or not _EXCEL_DAYS[0] <= number <= _EXCEL_DAYS[1]:
        return None
    return _EXCEL_EPOCH + timedelta(days=int(number))


def _year(number: int) -> int:
    return number if number > 99 else (2000 if number < 15 else 1900) + number


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
