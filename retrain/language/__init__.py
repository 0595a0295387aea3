"""Words, keys, names, dates and the two scripts of Uzbek. Pure: no Flask, no database, no clock."""

from collections.abc import Mapping

CODES = ("uz", "uz-Cyrl", "ru", "en")
"""The four languages, in the order a missing text is looked for."""

_NEXT_BEST = {
    "uz": ("uz", "uz-Cyrl", "ru", "en"),
    "uz-Cyrl": ("uz-Cyrl", "uz", "ru", "en"),
    "ru": ("ru", "uz-Cyrl", "uz", "en"),
    "en": ("en", "uz", "ru", "uz-Cyrl"),
}


def pick(texts: Mapping[str, str] | None, language: str) -> str:
    """The text in *language*, or the nearest there is; empty when there is none at all."""
    for code in _NEXT_BEST.get(language, CODES):
        if texts and texts.get(code):
            return texts[code]
    return ""
