"""Uzbek from one script into the other by the official rules; markup, placeholders, addresses stay."""

import re
from collections.abc import Callable, Mapping

from retrain.language.alphabet import ANY_APOSTROPHE, APOSTROPHE, LATIN_VOWELS, TURNED_COMMA, latin_letter
from retrain.language.spellings import CYRILLIC_STEMS, KEPT_LATIN, LATIN_STEMS

# What is no text to read: %(name)s, {name}, tags with their attributes, entities, addresses, file names.
_PROTECTED = re.compile(
    r"""%\([^)]*\)[#0\-+\ ]*\d*(?:\.\d+)?[a-zA-Z] | %[sd](?![a-z]) | %%
      | \{\{.*?\}\} | \{%.*?%\} | \{[^{}]*\}
      | </?[a-zA-Z!][^<>]*> | &\#?\w+;
      | \b(?:https?|ftp|mailto|tel):[^\s<>"]+ | \bwww\.[^\s<>"]+
      | [\w.+-]+@[\w-]+(?:\.[\w-]+)+ | (?<!\w)@\w+
      | \b[\w-]+(?:\.[\w-]+)*\.(?:uz|com|org|net|ru|edu|gov|pdf|xlsx?|csv|json|ics|zip|png|jpe?g|txt|docx?)\b
      | (?<!\w)`[^`]+`(?!\w) | (?<![\w.])\.(?:pdf|xlsx?|csv|json|zip|docx?)\b | \b[A-Z]+(?:_[A-Z]+)+\b
      | \b[Ee]-mail | \bWi-Fi | \bEd25519 | \bP-256 | \bOpen[ ]Badges?\b""",
    re.VERBOSE | re.DOTALL,
)
_LATIN_WORD = re.compile(rf"[A-Za-z](?:[A-Za-z]|{ANY_APOSTROPHE}(?=[A-Za-z])|(?<=[OoGg]){ANY_APOSTROPHE})*")
_CYRILLIC_WORD = re.compile(r"[А-Яа-яЁёЎўҚқҒғҲҳ]+")
_ROMAN_NUMERAL = re.compile(r"[IVX]{2,}")
_EVERY_APOSTROPHE = re.compile(ANY_APOSTROPHE)

# One Cyrillic letter each. ts is ц before e, at a word's end, and before an i that opens no Uzbek ending
# (кетсин, шартсиз); s is ц in лекция, функция, концепция but not in версия.
_LETTER = re.compile(
    r"yo(?!')|yu|ya|ye|o'|g'|s'h|sh|ch|ts(?=i(?![nzm])|e|$)|(?P<ts>(?<=[knp])s(?=iya|ion))|.", re.DOTALL
)
_TOGETHER = {
    "yo": "ё",
    "yu": "ю",
    "ya": "я",
    "o'": "ў",
    "g'": "ғ",
    "sh": "ш",
    "ch": "ч",
    "s'h": "сҳ",
    "ts": "ц",
}
_SINGLE = dict(zip("abvgdjziyklmnoprstufxqhcw", "абвгджзийклмнопрстуфхқҳкв", strict=True)) | {"'": "ъ"}

_LONGEST_STEM = max(map(len, CYRILLIC_STEMS))
_SHORT_STEM = 4  # letters; so short a stem begins other words too (sirk, sirka), so an ending must follow
_ENDING = re.compile(r"$|lar|ni|[gkq]a|da|li|siz|cha|mi|dek|si|im|ing|i$|i[ngdmls]")


def to_cyrillic(uz_latin: str) -> str:
    """The same Uzbek text in Cyrillic."""
    return _outside_protected(uz_latin, lambda text: _LATIN_WORD.sub(lambda word: _cyrillic(word[0]), text))


def with_cyrillic(texts: Mapping[str, str]) -> dict[str, str]:
    """*texts* by language, and the Cyrillic written from the Latin when nobody has written it."""
    if texts.get("uz") and not texts.get("uz-Cyrl"):
        return {**texts, "uz-Cyrl": to_cyrillic(texts["uz"])}
    return dict(texts)


def in_letters_of(text: str, language: str) -> str:
    """What was typed once, for all readers, in the letters of *language*: Uzbek words turn Cyrillic, Russian stays."""
    return to_cyrillic(text) if language == "uz-Cyrl" else text


def to_latin(uz_cyrillic: str) -> str:
    """The same Uzbek text in Latin."""
    return _outside_protected(
        uz_cyrillic, lambda text: _CYRILLIC_WORD.sub(lambda word: _latin(word[0]), text)
    )


def _outside_protected(text: str, change: Callable[[str], str]) -> str:
    parts: list[str] = []
    end = 0
    for protected in _PROTECTED.finditer(text):
        parts += [change(text[end : protected.start()]), protected[0]]
        end = protected.end()
    return "".join([*parts, change(text[end:])])


def _cyrillic(word: str) -> str:
    if word in KEPT_LATIN or _ROMAN_NUMERAL.fullmatch(word):
        return word
    if kept := _kept_start(word):
        return kept + _cyrillic(word[len(kept) :])
    plain = _EVERY_APOSTROPHE.sub("'", word)
    stem = _stem(plain.lower())
    if not stem:
        return _by_letters(plain)
    start = CYRILLIC_STEMS[stem]
    rest = plain[len(stem) :]
    if rest:
        start = start.removesuffix("ь")  # январь, январда
    return _cased(start, like=plain[: len(stem)]) + _by_letters(rest, before=stem[-1])


def _kept_start(word: str) -> str:
    """The name that stays Latin before an Uzbek ending: PDFni, Telegramda."""
    for end in range(len(word) - 1, 1, -1):
        if word[:end] in KEPT_LATIN and word[end:].islower() and _ENDING.match(word[end:]):
            return word[:end]
    return ""


def _stem(word: str) -> str:
    for length in range(min(len(word), _LONGEST_STEM), 2, -1):
        stem = word[:length]
        if stem in CYRILLIC_STEMS and (length > _SHORT_STEM or _ENDING.match(word[length:])):
            return stem
    return ""


def _by_letters(word: str, before: str = "") -> str:
    found: list[str] = []
    for letter in _LETTER.finditer(word.lower()):
        sign = "ц" if letter["ts"] else _cyrillic_letter(letter[0], before)
        found.append(sign.upper() if word[letter.start()].isupper() else sign)
        before = letter[0]
    return "".join(found)


def _cyrillic_letter(letter: str, before: str) -> str:
    after_vowel = before == "o'" or before[-1:] in LATIN_VOWELS
    if letter == "e":
        return "э" if not before or after_vowel else "е"
    if letter == "ye":
        # A consonant and ye meet only in Russian words: Васильев.
        return "е" if not before or after_vowel or before == "'" else "ье"
    return _TOGETHER.get(letter) or _SINGLE.get(letter, letter)


def _latin(word: str) -> str:
    lower = word.lower()
    stem = next((stem for stem in LATIN_STEMS if lower.startswith(stem)), "")
    start = _cased(LATIN_STEMS[stem], like=word[: len(stem)]) if stem else ""
    return start + "".join(_latin_sign(word, at) for at in range(len(stem), len(word)))


def _latin_sign(word: str, at: int) -> str:
    before, after = word[at - 1 : at], word[at + 1 : at + 2]
    sign = word[at].lower()
    written = latin_letter(sign, before.lower(), after.lower())
    if sign == "ҳ" and before.lower() == "с":
        written = "'h"  # Is’hoq, so that it isn't read sh
    written = (
        written.replace("o'", "o" + TURNED_COMMA).replace("g'", "g" + TURNED_COMMA).replace("'", APOSTROPHE)
    )
    if not word[at].isupper():
        return written
    capitals = after.isupper() or (not after and before.isupper())
    return written.upper() if capitals else written[:1].upper() + written[1:]


def _cased(text: str, like: str) -> str:
    if like.isupper() and len(like) > 1:
        return text.upper()
    return text[:1].upper() + text[1:] if like[:1].isupper() else text
