"""Lines of text as WeasyPrint would write them into a PDF: the same glyphs, kerning and rounding.

WeasyPrint lets Pango shape, and Pango lets HarfBuzz; here HarfBuzz is asked directly, with the text cut where
Pango cuts it. `tests/certificates/test_press_pixels.py` holds that both give the same.
"""

import unicodedata
from functools import cache, lru_cache
from typing import Any, NamedTuple

import uharfbuzz as hb

from retrain.documents.pdf import FONTS

UNITS = 1024
"""Pango's units in a CSS pixel."""

_HEX = tuple(f"{glyph:04x}" for glyph in range(1 << 16))

_PAIRS = "()<>[]{}«»‘’“”‹›"
"""What Pango takes for a pair: each opening sign with its closing one."""


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
    scale = 1000 / UNITS / size
    shown, total = ["<"], 0
    for script, part in _parts(text):
        buffer = hb.Buffer()
        buffer.add_str(part)
        buffer.direction, buffer.script, buffer.language = "ltr", script, lang
        hb.shape(font, buffer, {"tnum": True} if tabular else None)
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            glyph = info.codepoint
            across, up, advance, _down = position.position
            if glyph not in glyphs or up:
                raise NotShaped(text)
            wide = advances.get(glyph)
            if wide is None:
                wide = advances[glyph] = round(font.get_glyph_h_advance(glyph) * scale)
            offset = across / size
            if across:
                shown.append(f">{-offset}<")
            shown.append(_HEX[glyph])
            total += advance
            if kerning := int(wide + offset - advance * scale):
                shown.append(f">{kerning}<")
    shown.append(">")
    return Run("".join(shown), total / UNITS)


def _parts(text: str) -> list[tuple[str, str]]:
    """The text where Pango cuts it: by script, with signs of no script going with what stands before them.

    A closing bracket or quote goes with the script its opening one had; only texts of several scripts need that.
    """
    scripts = [_script(sign) for sign in text]
    named = {script for script in scripts if script}
    if len(named) < 2:
        return [(next(iter(named), "Zyyy"), text)]
    found: list[tuple[str, str]] = []
    start, opened = 0, _Opened()
    while start < len(text):
        script, end, opened = _run(text, scripts, start, opened)
        found.append((script, text[start:end]))
        start = end
    return found


_Opened = list[tuple[int, str]]


def _run(text: str, scripts: list[str], start: int, opened: _Opened) -> tuple[str, int, _Opened]:
    """The script of the run that begins at *start*, where it ends, and the brackets that are open then."""
    opened, before, current = list(opened), len(opened), ""
    for at in range(start, len(text)):
        script = scripts[at]
        pair = -1 if script else _PAIRS.find(text[at])
        closes = pair >= 0 and pair % 2 == 1
        if pair >= 0 and not closes:
            opened.append((pair, current))
        elif closes:
            while opened and opened[-1][0] != pair - 1:
                opened.pop()
            before = min(before, len(opened))
            script = opened[-1][1] if opened else script
        if script and current and script != current:
            return current, at, opened
        if script and not current:
            current = script
            opened[before:] = [(one, script) for one, _unknown in opened[before:]]
            before = len(opened)
        if closes and opened:
            opened.pop()
            before = min(before, len(opened))
    return current or "Zyyy", len(text), opened


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
