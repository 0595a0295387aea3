"""E-mail addresses and telephone numbers as people type them, in the one form they are kept in. Pure."""

import re

import phonenumbers
from email_validator import EmailNotValidError, validate_email

_SIMPLE_EMAIL = re.compile(
    r"[a-z0-9][a-z0-9._%+-]{0,62}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}"
)
_DIGITS = re.compile(r"\D+")
_BETWEEN_NUMBERS = re.compile(r"[,;/\n]| yoki | или | ёки ", re.IGNORECASE)


def email(text: str) -> str | None:
    """The address in lower case; None when it can't be one."""
    typed = text.strip().removeprefix("mailto:").lower()
    if len(typed) > 254:
        return None
    if _SIMPLE_EMAIL.fullmatch(typed) and ".." not in typed and ".@" not in typed:
        return typed
    try:
        return validate_email(typed, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None


def phone(text: str) -> str | None:
    """The number in E.164, read as one of Uzbekistan when it has no country; None when it can't be one.

    Nine digits, or ten with the old trunk prefix 8, or twelve with 998.
    """
    typed = text.strip()
    digits = _DIGITS.sub("", typed)
    foreign = typed.startswith(("+", "00")) and not digits.removeprefix("00").startswith("998")
    if not foreign:
        digits = digits.removeprefix("00")
        if len(digits) == 12 and digits.startswith("998"):
            return f"+{digits}"
        if len(digits) == 10 and digits.startswith("8"):
            digits = digits[1:]
        return f"+998{digits}" if len(digits) == 9 and not digits.startswith("0") else None
    return _foreign(f"+{digits.removeprefix('00')}")


def first_phone(text: str) -> str | None:
    """The first number in a cell that may hold several."""
    return next((found for part in _BETWEEN_NUMBERS.split(text) if (found := phone(part))), None)


def login(text: str) -> str | None:
    """What somebody types to say who they are: an address or a number, as kept."""
    return email(text) if "@" in text else phone(text)


def masked_email(address: str) -> str:
    """Enough of an address to recognise one's own: ``k•••@example.uz``."""
    name, _, domain = address.partition("@")
    return f"{name[:1]}•••@{domain}"


def shown_phone(number: str | None) -> str:
    """A number as people read it: ``+998 90 123 45 67``."""
    if not number:
        return ""
    if number.startswith("+998") and len(number) == 13:
        return f"+998 {number[4:6]} {number[6:9]} {number[9:11]} {number[11:]}"
    return number


def _foreign(number: str) -> str | None:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
