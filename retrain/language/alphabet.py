"""Letters that both scripts of Uzbek share, and the signs people type for one apostrophe."""

import re
import unicodedata

TURNED_COMMA = "\u2018"  # the sign in o‘ and g‘
APOSTROPHE = "\u2019"  # the tutuq belgisi in ma’no

# Everything a keyboard, a phone or a spreadsheet puts where an apostrophe belongs.
APOSTROPHES = (
    "'`\u00b4\u2018\u2019\u201a\u201b\u02b9\u02ba\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb"
    "\u2032\u2035\u055a\u05f3\ua78b\ua78c\uff07\uff40"
)
ANY_APOSTROPHE = f"[{re.escape(APOSTROPHES)}]"
_TO_ASCII_APOSTROPHE = {ord(sign): "'" for sign in APOSTROPHES}

LATIN_VOWELS = frozenset("aeiou")
CYRILLIC_VOWELS = frozenset("аеёиоуэюяўы")

# Cyrillic letters that always become the same Latin ones. е, ц, ъ and ь depend on their neighbours.
LATIN_OF = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "ё": "yo", "ж": "j", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
    "ф": "f", "х": "x", "ч": "ch", "ш": "sh", "щ": "sh", "ы": "i", "э": "e", "ю": "yu", "я": "ya",
    "ў": "o'", "қ": "q", "ғ": "g'", "ҳ": "h",
    # Neighbours' letters that stand in names: Karakalpak, Kazakh, Tajik, Kyrgyz.
    "ә": "a", "ө": "o", "ү": "u", "ң": "n", "і": "i", "ї": "i", "ұ": "u", "һ": "h", "ҷ": "ch", "ӣ": "i",
    "ӯ": "o'", "є": "ye", "ґ": "g",
}  # fmt: skip

# Letters of the newer Latin alphabets of Uzbek and Karakalpak, and of Turkish.
_NEWER_LATIN = {"ö": "o'", "õ": "o'", "ō": "o'", "ŏ": "o'", "ğ": "g'", "ḡ": "g'", "ǵ": "g'", "ş": "sh",
                "ç": "ch", "ı": "i", "ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"}  # fmt: skip


def plain(text: str) -> str:
    """*text* in NFKC on one line: no controls, no invisible or direction signs, single ordinary spaces."""
    # NFKC would turn a lone acute or grave into a space and a combining sign, so apostrophes go first.
    kept = text.replace("\u00b4", "'").replace("\uff40", "'").replace("\uff07", "'")
    kept = unicodedata.normalize("NFKC", kept)
    kept = "".join(_visible(sign) for sign in kept)
    return " ".join(kept.split())


def folded(text: str) -> str:
    """*text* plain, in lower case, every apostrophe the ASCII one, newer Latin letters in the old way."""
    lowered = plain(text).casefold().translate(_TO_ASCII_APOSTROPHE)
    lowered = unicodedata.normalize("NFC", lowered)
    lowered = "".join(_NEWER_LATIN.get(sign, sign) for sign in lowered)
    return "".join(_bare(sign) for sign in lowered)


def latin_letters(text: str) -> str:
    """Folded *text* with its Cyrillic letters in Latin by the official rules; ъ is an apostrophe."""
    found: list[str] = []
    for at, sign in enumerate(text):
        before = text[at - 1] if at else ""
        after = text[at + 1] if at + 1 < len(text) else ""
        found.append(latin_letter(sign, before, after))
    return "".join(found)


def latin_letter(sign: str, before: str, after: str) -> str:
    """The Latin for one lower-case letter between its neighbours; what isn't Cyrillic stays."""
    match sign:
        case "е":
            opens = not before.isalpha() or before in CYRILLIC_VOWELS or before in ("ъ", "ь")
            return "ye" if opens else "e"
        case "ц":
            return "ts" if before in CYRILLIC_VOWELS else "s"
        case "ъ":
            return "" if before == "ў" or after in tuple("еёюя") else "'"
        case "ь":
            return "y" if after == "о" else ""
    return LATIN_OF.get(sign, sign)


def _visible(sign: str) -> str:
    category = unicodedata.category(sign)
    if category in ("Cf", "Cs"):
        return ""
    return " " if category in ("Cc", "Zl", "Zp", "Zs") else sign


def _bare(sign: str) -> str:
    """The letter without its accents; й, ё and ў are letters of their own."""
    if sign.isascii() or sign in LATIN_OF:
        return sign
    return "".join(part for part in unicodedata.normalize("NFD", sign) if not unicodedata.combining(part))
