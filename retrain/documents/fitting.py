"""Lines that fit their box: the size and the breaks are chosen here, so that no name leaves its place.

A name may have one letter or 120. Widths are those of the letters themselves, without kerning, with a
little air: the page then sets each line as it is given and breaks none of its own accord.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from retrain.documents.pdf import FONTS

_MM = 72 / 25.4
_AIR = 1.012  # letters pushed apart by kerning, and rounding
_STEP = 0.25

# One glyph, two characters: written the same way so that copying text out of a PDF gives one of them.
_SAME_GLYPH = str.maketrans({"ʻ": "‘", "ʼ": "’"})


@dataclass(frozen=True)
class Box:
    """A place for text: millimetres, the most lines, type sizes in points from *size* down to *least*."""

    face: str
    width: float
    height: float
    lines: int
    size: float
    least: float = 5.0
    leading: float = 1.2
    align: str = "middle"


@dataclass(frozen=True)
class Fitted:
    """Text broken into lines, its size in points, and how far below the box's top it begins (mm)."""

    lines: tuple[str, ...]
    size: float
    top: float


class DoesNotFit(ValueError):
    """A text is too long for its box even in the smallest type."""


def printed(text: str) -> str:
    """*text* as it goes on paper: composed letters, single spaces, one sign for one glyph."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_SAME_GLYPH).split(" ")).strip()


def without_glyph(text: str, face: str = "SourceSerif4-Regular") -> list[str]:
    """The characters of *text* the letters of *face* don't hold; signs that steer writing count as such."""
    known = _held(face)
    return list(dict.fromkeys(sign for sign in printed(text) if sign not in known))


@lru_cache(maxsize=4096)
def fit(text: str, box: Box) -> Fitted:
    """*text* in the largest type that keeps it inside *box*, its lines as even as they can be.

    A word is cut at a line's end only when even the smallest type could not keep it whole.
    """
    text = printed(text)
    for whole in (True, False):
        size = box.size
        while size >= box.least:
            if lines := _lines(text, box, size, whole):
                return Fitted(tuple(lines), size, _top(box, size, len(lines)))
            size -= _STEP
    raise DoesNotFit(text)


def _lines(text: str, box: Box, size: float, whole: bool) -> list[str] | None:
    # The smallest type may take more lines than the design would like, if they are inside.
    high = _lines_high(box, size)
    most = high if size - _STEP < box.least else min(box.lines, high)
    limit = box.width * _MM / size / _AIR
    if whole and _longest(text, box.face) > limit:
        return None
    lines = _broken(text, box.face, limit, most)
    return lines and _evened(text, box.face, limit, lines)


def _lines_high(box: Box, size: float) -> int:
    return max(1, int(box.height * _MM / (size * box.leading) + 0.001))


def _top(box: Box, size: float, lines: int) -> float:
    free = box.height - lines * size * box.leading / _MM
    return round({"top": 0.0, "middle": free / 2, "bottom": free}[box.align], 3)


def _broken(text: str, face: str, limit: float, most: int) -> list[str] | None:
    """The fewest lines no longer than *limit* ems, or None when they are more than *most*."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if _ems((line + piece).rstrip(), face) <= limit:
            line += piece
            continue
        if line:
            lines.append(line.rstrip())
        *full, line = _chopped(piece, face, limit)
        lines += full
        if len(lines) >= most:
            return None
    return [*lines, line.rstrip()]


def _evened(text: str, face: str, limit: float, lines: list[str]) -> list[str]:
    """As many lines, of nearly the same length."""
    narrow, wide, longest = limit / len(lines) / 2, limit, _longest(text, face)
    for _ in range(10 if len(lines) > 1 else 0):
        middle = (narrow + wide) / 2
        tried = _broken(text, face, middle, len(lines))
        # A word that fits its line whole is not cut for the sake of evenness.
        if tried is None or middle < longest:
            narrow = middle
        else:
            wide, lines = middle, tried
    return lines


def _longest(text: str, face: str) -> float:
    return max(_ems(piece.rstrip(), face) for piece in _pieces(text))


def _pieces(text: str) -> list[str]:
    """Words with the space or hyphen they end in: a line may break after each."""
    found, start = [], 0
    for at, sign in enumerate(text):
        if sign in " -–—/" and at + 1 < len(text) and text[at + 1] != " ":
            found.append(text[start : at + 1])
            start = at + 1
    return [*found, text[start:]]


def _chopped(piece: str, face: str, limit: float) -> list[str]:
    """A word longer than a line, cut where the line ends; the last part is still open."""
    parts, part = [], ""
    for sign in piece:
        if part and _ems(part + sign, face) > limit and sign != " ":
            parts.append(part)
            part = ""
        part += sign
    return [*parts, part]


def _ems(text: str, face: str) -> float:
    widths = _advances(face)
    return sum(widths.get(ord(sign), 1.0) for sign in text)


@cache
def _held(face: str) -> frozenset[str]:
    """The characters that are printed with a font file, but for signs that steer writing."""
    signs = map(chr, _advances(face))
    return frozenset(sign for sign in signs if unicodedata.category(sign)[0] != "C")


@cache
def _advances(face: str) -> dict[int, float]:
    """Width in ems of each character a font file holds."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    with TTFont(FONTS / f"{face}.ttf", lazy=True) as font:
        em = font["head"].unitsPerEm
        metrics = font["hmtx"].metrics
        return {code: metrics[glyph][0] / em for code, glyph in font.getBestCmap().items()}
