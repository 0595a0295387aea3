"""Lines of text as WeasyPrint would write them into a PDF: the same glyphs, kerning and rounding.

WeasyPrint lets Pango shape, and Pango lets HarfBuzz; here HarfBuzz is asked directly, with the text cut where
Pango cuts it. `tests/certificates/test_press_pixels.py` holds that both give the same.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, NamedTuple

import uharfbuzz as hb

from retrain.documents.pdf import FONTS

UNITS = 1024
"""Pango's units in a CSS pixel."""

_BRACKETS = frozenset("()[]{}«»“”„<>")


class NotShaped(Exception):
    """This line is one of those that WeasyPrint has to set itself."""


class Face(NamedTuple):
    """Letters embedded in a compiled page: their name there, and which glyphs it holds."""

    key: str
    glyphs: frozenset[int]


class Run(NamedTuple):
    """A shaped line: what the PDF shows, and how wide that is in CSS pixels."""

    shown: str
    width: float


def font_size(points: float) -> float:
    """A size in points as Pango rounds it, in CSS pixels."""
    return int(points / 0.75 * UNITS) / UNITS


@lru_cache(maxsize=4096)
def shape(text: str, face: str, points: float, lang: str, tabular: bool, glyphs: frozenset[int]) -> Run:
    """*text* in one line. Raises NotShaped for what the compiled letters don't hold."""
    size = font_size(points)
    font, advances = _font(face, size)
    shown, total = ["<"], 0
    for script, part in _parts(text):
        buffer = hb.Buffer()
        buffer.add_str(part)
        buffer.direction, buffer.script, buffer.language = "ltr", script, lang
        hb.shape(font, buffer, {"tnum": True} if tabular else None)
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            glyph = info.codepoint
            if glyph not in glyphs or position.y_offset or position.y_advance:
                raise NotShaped(text)
            wide = advances.get(glyph)
            if wide is None:
                wide = advances[glyph] = round(font.get_glyph_h_advance(glyph) * 1000 / UNITS / size)
            offset = position.x_offset / size
            if offset:
                shown.append(f">{-offset}<")
            shown.append(f"{glyph:04x}")
            total += position.x_advance
            if kerning := int(wide + offset - position.x_advance * 1000 / UNITS / size):
                shown.append(f">{kerning}<")
    shown.append(">")
    return Run("".join(shown), total / UNITS)


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """The text where Pango cuts it: by script, with signs of no script going with what stands before them."""
    scripts = [_script(sign) for sign in text]
    named = sorted({script for script in scripts if script})
    if len(named) < 2:
        yield (named[0] if named else "Zyyy"), text
        return
    if _BRACKETS & set(text):
        raise NotShaped(text)  # a closing bracket takes the script of its opening one
    start, current = 0, next(script for script in scripts if script)
    for at, script in enumerate(scripts):
        if script and script != current:
            yield current, text[start:at]
            start, current = at, script
    yield current, text[start:]


@cache
def _script(sign: str) -> str:
    if not sign.isalpha():
        return ""
    name = unicodedata.name(sign, "")
    for word, script in (("LATIN", "Latn"), ("CYRILLIC", "Cyrl")):
        if name.startswith(word):
            return script
    if unicodedata.category(sign) == "Lm":
        return ""  # ʻ and ʼ belong to no script
    raise NotShaped(sign)


@lru_cache(maxsize=1024)
def _font(face: str, size: float) -> tuple[Any, dict[int, int]]:
    font = hb.Font(_face(face))
    scale = round(size * UNITS)
    font.scale = (scale, scale)
    return font, {}


@cache
def _face(face: str) -> Any:
    return hb.Face(hb.Blob.from_file_path(str(FONTS / f"{face}.ttf")))
