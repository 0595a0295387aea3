"""The number on a document and the code printed beside it: how they are made, and read as people type them.

A number alone shows nobody: the code beside it must match. Both are typed by hand from paper, so case,
spaces, leading zeros and letters that look alike in the other script are forgiven, and nothing else is.
"""

import hashlib
import hmac
import re
import secrets
import unicodedata

DIGITS = 6
CODE_LENGTH = 8

# Without I, L, O and U: a reader of the code cannot mistake one sign for another.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TAKEN_FOR = str.maketrans({"O": "0", "I": "1", "L": "1"})

# Capital Cyrillic letters that look like a Latin one. A series is kept in Latin letters.
_CYRILLIC = str.maketrans("АВЕКМНОРСТУХІЅЈ", "ABEKMHOPCTYXISJ")

_SEPARATORS = re.compile(r"[\s\u00a0\u2007\u202f.\-\u2010-\u2015/_]+")
_NUMBER_SIGN = re.compile(r"№|#|\bNO\b\.?|N[º°]")
_NUMBER = re.compile(r"([A-Z]{1,6})(\d{1,9})")


def new_token() -> str:
    """A secret of 128 random bits for the QR code's address, safe in a URL."""
    return secrets.token_urlsafe(16)


def numbered(series: str, number: int) -> str:
    """Series and number as they are stored and compared: MO000831."""
    return f"{series}{number:0{DIGITS}d}"


def shown(series: str, number: int) -> str:
    """Series and number as they are printed: MO № 000831."""
    return f"{series} № {number:0{DIGITS}d}"


def normalise_number(text: str) -> tuple[str, int] | None:
    """Series and number out of what someone typed, or None when it isn't one.

    "mo 831", "МО № 000831" (in Cyrillic) and "MO-000831" are all ("MO", 831). A number without its
    series, or with anything left over, is not completed or cut: it is None.
    """
    typed = _NUMBER_SIGN.sub(" ", _capitals(text))
    found = _NUMBER.fullmatch(_SEPARATORS.sub("", typed))
    if not found or not int(found[2]):
        return None
    return found[1], int(found[2])


def check_code(key: bytes, number: str) -> str:
    """The eight signs printed beside *number* (as :func:`numbered` gives it), known only to who has *key*."""
    digest = hmac.digest(key, b"certificate-check-code\0" + number.encode(), hashlib.sha256)
    bits = int.from_bytes(digest[:5], "big")
    return "".join(_ALPHABET[bits >> (5 * place) & 31] for place in reversed(range(CODE_LENGTH)))


def normalise_code(text: str) -> str:
    """A typed check code in the form :func:`check_code` gives; wrong ones simply will not match."""
    return _SEPARATORS.sub("", _capitals(text)).translate(_TAKEN_FOR)


def code_matches(key: bytes, number: str, typed: str) -> bool:
    """Whether *typed* is the code of *number*; takes the same time when it is nearly right."""
    return hmac.compare_digest(check_code(key, number).encode(), normalise_code(typed).encode())


def grouped(code: str) -> str:
    """A check code as it is printed, in two groups: 7K2M 9QXA."""
    return f"{code[:4]} {code[4:]}"


def _capitals(text: str) -> str:
    return unicodedata.normalize("NFC", text).upper().translate(_CYRILLIC)
