"""Keys that find, sort and match words alike in both scripts of Uzbek, in Russian and in English.

They are stored beside the text, because SQLite folds no Cyrillic and the two databases sort differently.
"""

import re

from retrain.language.alphabet import folded, latin_letters

_NOT_OF_A_WORD = re.compile(r"[^\w']+|_")

# Uzbek alphabet, with c and w of foreign words in their usual places; o‘ g‘ sh ch ng stand last.
_ALPHABET = (*"abcdefghijklmnopqrstuvwxyz", "o'", "g'", "sh", "ch", "ng")
_RANK = {" ": "01"} | {digit: str(10 + int(digit)) for digit in "0123456789"}
_RANK |= {letter: str(20 + at) for at, letter in enumerate(_ALPHABET)}
_LETTER = re.compile(r"o'|g'|sh|ch|ng|.", re.DOTALL)


def search_key(text: str) -> str:
    """One key for one word: any apostrophe, any case, either script; words parted by single spaces.

    >>> search_key("Ўқитувчи") == search_key("o'qituvchi") == search_key("O‘QITUVCHI")
    True
    """
    words = _words(text)
    # е at a word's start is ye in Latin and э is e, but few write both; ц is ts or s by where it stands.
    return words.replace("ye", "e").replace("ts", "s")


def fold_key(text: str) -> str:
    """A looser key, the same for what an office types that has no ў қ ғ ҳ on its keyboard.

    It also lets х meet ҳ, дж meet ж and ё meet е. Use it to propose a match, not to prove one.
    """
    key = search_key(text).replace("o'", "u").replace("g'", "g").replace("'", "")
    return key.replace("q", "k").replace("x", "h").replace("dj", "j").replace("yo", "e")


def sort_key(text: str) -> str:
    """Digits whose order, under any collation, is the order of the Uzbek alphabet in both scripts.

    Two characters a letter: give the column twice the length of what it sorts.
    """
    return "".join(_rank(letter) for letter in _LETTER.findall(_words(text)))


def _words(text: str) -> str:
    latin = latin_letters(folded(text))
    # An apostrophe is part of o‘ and g‘ only; the tutuq belgisi is often left out, so no key has it.
    latin = re.sub(r"(?<![og])'+|(?<=['])'+", "", latin)
    return " ".join(_NOT_OF_A_WORD.sub(" ", latin).split())


def _rank(letter: str) -> str:
    return _RANK.get(letter) or f"98{ord(letter):07d}"
