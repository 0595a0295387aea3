"""People's names: tidied without taking away a person's own spelling, shortened, and met across scripts."""

import re

from retrain.language.alphabet import ANY_APOSTROPHE, APOSTROPHE, TURNED_COMMA, plain
from retrain.language.keys import fold_key

_SIGNS = re.compile(f"{ANY_APOSTROPHE}+")
_HYPHEN = re.compile(r"\s*[-\u2010\u2011]\s*(?=\w)")
_WORD = re.compile(rf"[^\W\d_]+(?:[{APOSTROPHE}{TURNED_COMMA}][^\W\d_]*)*")
# Words of a patronymic that open with no capital: Kamol qizi, Камол ўғли.
_KINSHIP = frozenset({"qizi", "o‘g‘li", "қизи", "ўғли", "кизи", "угли", "ugli", "kizi", "uli", "улы"})
_TWO_LETTER_INITIAL = re.compile(r"sh|ch|o‘|g‘", re.IGNORECASE)
# In a folded key: "jasur kizi", "jasur ugli", "jasurovna" and "jasurovich" are children of one Jasur.
_PATRONYMIC_ENDING = re.compile(r"^(\S+ \S+ \S+?)(?: (?:ugli|uli|kizi)|[oe]vich|[oe]vna)$")


def clean_name(text: str) -> str:
    """*text* on one line with the right apostrophes; a name all in capitals gets ordinary ones."""
    name = _SIGNS.sub(_right_sign, plain(text))
    name = _HYPHEN.sub("-", name).strip(" ,;")
    shortest = 1 if name.isupper() else 3  # two capitals beside ordinary words are initials
    return _WORD.sub(lambda word: _with_ordinary_capitals(word[0], shortest), name)


def short_name(family: str, given: str, patronymic: str = "") -> str:
    """The family name and initials: G‘ulomova N. B., Karimov Sh. A."""
    initials = " ".join(_initial(name) for name in (given, patronymic) if name.strip())
    return f"{clean_name(family)} {initials}".strip()


def full_name(family: str, given: str, patronymic: str = "") -> str:
    """The name as documents write it: family, given, patronymic."""
    return " ".join(part for part in (family.strip(), given.strip(), patronymic.strip()) if part)


def split_name(text: str) -> tuple[str, str, str]:
    """Family, given name and patronymic out of one cell; what is missing is empty."""
    family, _, rest = clean_name(text).partition(" ")
    given, _, patronymic = rest.partition(" ")
    return family, given, patronymic


def name_key(text: str) -> str:
    """A key in which a name's spellings in both scripts and in Russian meet, patronymics by their stem."""
    return _PATRONYMIC_ENDING.sub(r"\1", fold_key(text))


def same_name(one: str, other: str) -> bool:
    """Whether two full names are one, but for script, apostrophes, case and the form of the patronymic."""
    first, second = name_key(one), name_key(other)
    return bool(first) and first == second


def _right_sign(sign: re.Match[str]) -> str:
    before = sign.string[sign.start() - 1 : sign.start()] if sign.start() else ""
    return TURNED_COMMA if before and before in "OoGg" else APOSTROPHE


def _with_ordinary_capitals(word: str, shortest: int) -> str:
    letters = sum(map(str.isalpha, word))
    if not word.isupper() or letters < shortest:
        return word
    lower = word.lower()
    return lower if lower in _KINSHIP else lower[:1].upper() + lower[1:]


def _initial(name: str) -> str:
    tidy = clean_name(name)
    together = _TWO_LETTER_INITIAL.match(tidy)
    letters = together[0] if together else tidy[:1]
    return letters[:1].upper() + letters[1:].lower() + "."
