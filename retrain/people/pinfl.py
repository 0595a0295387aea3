"""The personal identification number of a natural person (JShShIR, PINFL): fourteen digits.

Sex and century, birth date, district, serial, check digit: Cabinet of Ministers resolution 177 of 12 April 2022.
Structure is for everything; date and check digit are for what a person typed, never for stored rows.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

_WEIGHTS = (7, 3, 1)
_CENTURIES = {1: 1800, 2: 1800, 3: 1900, 4: 1900, 5: 2000, 6: 2000}
_GROUPING = re.compile(r"[\s\u00a0\u2007\u202f\u200b-\u200f\u2060\ufeff]+|(?<=\d)-(?=\d)")
_ROUNDED = re.compile(r"\d([.,]\d+)?E\+?\d{1,2}", re.IGNORECASE)
_WHOLE_FLOAT = re.compile(r"(\d{14})[.,]0+")


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


@dataclass(frozen=True, slots=True)
class Pinfl:
    value: str
    birth_date: date
    sex: Sex


class InvalidPinfl(ValueError):
    """The text is no PINFL; `code` says why: a stable word, not a sentence."""

    code = "pinfl"

    def __init__(self, text: str = "") -> None:
        super().__init__(self.code)  # never the number itself: it would reach the logs


class PinflNotDigits(InvalidPinfl):
    code = "pinfl-not-digits"


class PinflRounded(InvalidPinfl):
    code = "pinfl-rounded"


class PinflLength(InvalidPinfl):
    code = "pinfl-length"


class PinflCheckDigit(InvalidPinfl):
    code = "pinfl-check-digit"


class PinflDate(InvalidPinfl):
    code = "pinfl-date"


def tidy(text: str | float | Decimal) -> str:
    """Fourteen ASCII digits out of what was typed or stored in a cell; raises InvalidPinfl for any other structure."""
    typed = _as_text(text)
    if whole := _WHOLE_FLOAT.fullmatch(typed):
        typed = whole.group(1)
    if _ROUNDED.fullmatch(typed):
        typed = _unrounded(typed)
    if not (typed.isascii() and typed.isdigit()):
        raise PinflNotDigits
    if len(typed) != 14:
        raise PinflLength
    if typed.endswith("0000000"):  # no district is 000: a spreadsheet dropped the last digits
        raise PinflRounded
    return typed


def has_structure(text: str) -> bool:
    """Whether *text* is fourteen ASCII digits, as every stored PINFL is."""
    return len(text) == 14 and text.isascii() and text.isdigit()


def parse(text: str | float | Decimal) -> Pinfl:
    """The PINFL a person gave, with what it says; raises InvalidPinfl with its code."""
    value = tidy(text)
    if value[13] != check_digit(value[:13]):
        raise PinflCheckDigit
    birth_date = _birth_date(value)
    return Pinfl(value, birth_date, Sex.MALE if int(value[0]) % 2 else Sex.FEMALE)


def check_digit(first13: str) -> str:
    """The fourteenth digit for the first thirteen."""
    return str(sum(int(digit) * _WEIGHTS[at % 3] for at, digit in enumerate(first13)) % 10)


def make(birth_date: date, sex: Sex | str, district: int, serial: int) -> str:
    """A valid PINFL for an invented person."""
    if not (1800 <= birth_date.year <= 2099 and 0 <= district <= 999 and 0 <= serial <= 999):
        raise ValueError("year 1800 to 2099, district and serial of three digits")
    century = birth_date.year // 100 - 18
    first = 2 * century + (1 if Sex(sex) is Sex.MALE else 2)
    first13 = f"{first}{birth_date:%d%m%y}{district:03d}{serial:03d}"
    return first13 + check_digit(first13)


def mask(value: str) -> str:
    """The number as pages show it: the first digit and the last three, the rest as dots."""
    if len(value) < 8:
        return "•" * len(value)
    return value[0] + "•" * (len(value) - 4) + value[-3:]


def _as_text(given: str | float | Decimal) -> str:
    if isinstance(given, float) and given.is_integer():
        return str(int(given))
    return _GROUPING.sub("", str(given)).lstrip("'’‘")


def _unrounded(typed: str) -> str:
    """All digits of an E notation that kept them all; a spreadsheet that dropped some has lost the number."""
    digits = Decimal(typed.upper().replace(",", "."))
    if digits != digits.to_integral_value() or len(digits.normalize().as_tuple().digits) < 12:
        raise PinflRounded
    return format(digits, "f").split(".")[0]


def _birth_date(value: str) -> date:
    century = _CENTURIES.get(int(value[0]))
    if century is None:
        raise PinflDate
    try:
        return date(century + int(value[5:7]), int(value[3:5]), int(value[1:3]))
    except ValueError:
        raise PinflDate from None
