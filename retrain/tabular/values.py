"""Dates as offices write them: real ones, serial numbers, figures with dots, a month in words."""

import re
from datetime import date, datetime

from retrain.language.dates import LANGUAGES, long_date, month_name
from retrain.language.keys import search_key
from retrain.tabular.sheet import moment_of
from retrain.tabular.table import Cell, Kind

_DAY_FIRST = re.compile(r"(\d{1,2})[./\- ](\d{1,2})[./\- ](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[./\- ](\d{1,2})[./\- ](\d{1,2})")
_SERIAL = re.compile(r"\d{4,5}(?:\.0+)?")
_TIME = re.compile(r"[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
_YEAR_WORDS = frozenset({"yil", "g", "god", "goda", "y"})

_MONTHS = {search_key(month_name(month, lang)): month for lang in LANGUAGES for month in range(1, 13)}
# Russian months in the genitive; the last word but the year's.
_MONTHS |= {search_key(long_date(date(2000, month, 1), "ru").split()[1]): month for month in range(1, 13)}


def as_date(cell: Cell) -> date | None:
    """The day a cell means, day before month where only figures stand; None when it means none."""
    match cell.value:
        case datetime():
            return cell.value.date()
        case date():
            return cell.value
        case int() | float() if cell.kind is Kind.NUMBER:
            return _of_serial(cell.value)
        case str():
            return _of_text(cell.value)
    return None


def _of_serial(serial: float) -> date | None:
    # A lower number is a year alone, or one that strayed into the column.
    moment = moment_of(serial) if 3_000 <= serial < 100_000 else None
    return moment.date() if moment else None


def _of_text(text: str) -> date | None:
    figures = _TIME.sub("", text.strip()).rstrip(".").strip()
    if found := _DAY_FIRST.fullmatch(figures):
        return _day(int(found[3]), int(found[2]), int(found[1]))
    if found := _YEAR_FIRST.fullmatch(figures):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if _SERIAL.fullmatch(figures):
        return _of_serial(float(figures))
    return _of_words(text)


def _of_words(text: str) -> date | None:
    words = [word for word in search_key(text).split() if word not in _YEAR_WORDS]
    if len(words) != 3:
        return None
    months = [_MONTHS[word] for word in words if word in _MONTHS]
    numbers = [int(word) for word in words if word.isascii() and word.isdigit()]
    if len(months) != 1 or len(numbers) != 2:
        return None
    return _day(max(numbers), months[0], min(numbers))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
