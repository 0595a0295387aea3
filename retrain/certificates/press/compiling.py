"""A design compiled: WeasyPrint lays its page out once, and what it made is kept as the parts of a PDF.

This is the only place that looks into WeasyPrint: its boxes for baselines, its PDF objects before they are
written. `check.py` says for which version that holds.
"""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple

from retrain.certificates.designs import markup
from retrain.certificates.designs.composing import Composed, FixedSheet, Line
from retrain.certificates.designs.places import FACES, Drawn
from retrain.certificates.press.shaping import Face
from retrain.documents import fitting, grounds, pdf

_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
_STREAM = b"\nstream\n"

LETTERS = (
    " !\"#%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]_`abcdefghijklmnopqrstuvwxyz"
    "\u00a0§«°±·»–—‘’“”„…№×´ÀÁÂÃÄÅÆÇÈÉÊËÍÎÏÑÓÔÖØÙÚÛÜßàáâãäåæçèéêëíîïñóôöøùúûüǴǵĞğıİŃńŞşŠšŽžČčŁłẒẓ"
    "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюяЎўҚқҒғҲҳӘәӨөҮүҢңІіҰұҺһ"
)
"""Every sign that a compiled page holds letters for; a text with another is set by WeasyPrint itself."""

_JOINED = "fi fl ff ffi ffl fj ffj ft fft fb ffb fh ffh fk ffk tt tti ti"
"""Letters that these faces join into one."""


class Part(NamedTuple):
    """One page as compiled: what of it goes into the page's dictionary, its drawing as an object, its height."""

    boxes: bytes
    drawing: int
    height: float


@dataclass(frozen=True)
class Compiled:
    """Pages and everything they need, as PDF objects numbered from 1; references in them count the same way."""

    objects: tuple[bytes, ...]
    resources: int
    parts: tuple[Part, ...]
    faces: dict[str, Face] = field(default_factory=dict)
    cache: dict[Any, bytes] = field(default_factory=dict)

    def numbered(self, first: int) -> list[bytes]:
        """The objects with the first of them numbered *first*."""
        return [_moved(body, first - 1) for body in self.objects]


def _moved(body: bytes, by: int) -> bytes:
    head, stream, data = body.partition(_STREAM)
    return _REFERENCE.sub(lambda found: b"%d 0 R" % (int(found[1]) + by), head) + stream + data


@lru_cache(maxsize=24)
def compiled(drawn: Drawn, fixed: tuple[FixedSheet, ...], lang: str) -> Compiled:
    """The design's pages with what is the same on every document, and letters for all that may differ."""
    sheets = markup.skeleton(fixed, drawn)
    html = markup.whole(sheets, drawn, lang, _all_letters(drawn))
    return _taken(html, drawn, [sheet.ground for sheet in fixed], drawn.faces())


def rendered(composed: Composed, drawn: Drawn, shift: tuple[float, float] = (0.0, 0.0)) -> Compiled:
    """The document as WeasyPrint itself renders it, as parts like those of a compiled page."""
    html = markup.html([composed], drawn, shift=shift)
    return _taken(html, drawn, [sheet.ground for sheet in composed.fixed], ())


def _all_letters(drawn: Drawn) -> str:
    """A page that uses every sign in all the faces, so that WeasyPrint embeds them."""
    told = []
    for face in drawn.faces():
        family, weight, style = FACES[face]
        signs = " ".join(
            sign for sign in LETTERS if not fitting.without_glyph(sign, face) or sign == "\u00a0"
        )
        text = escape(f"{signs} {_JOINED}")
        css = f"left:0;width:290mm;white-space:nowrap;font:{style} {weight} 4pt '{family}'"
        told.append(f'<p style="{css}">{text}</p>')
        told.append(f'<p style="{css};font-variant-numeric:tabular-nums">{text}</p>')
    return f'<section class="sheet letters">{"".join(told)}</section>'


class _Stop(Exception):
    """WeasyPrint has made all its objects; it need not write them."""


def _taken(html: str, drawn: Drawn, names: Sequence[str], faces: Iterable[str]) -> Compiled:
    found: list[Compiled] = []

    def take(document: Any, made: Any) -> None:
        if len(document.pages) != len(names) + bool(faces):
            raise markup.NotADesign(f"{len(document.pages)} pages of {len(names)} sheets")
        grounds.put(made, drawn.grounds, names)
        found.append(_parts(document, made, len(names), faces))
        raise _Stop

    with pdf.laid_out(html, pictures=True) as document, suppress(_Stop):
        document.write_pdf(finisher=take)
    return found[0]


def _parts(document: Any, made: Any, count: int, faces: Iterable[str]) -> Compiled:
    numbers = made.pages["Kids"][::3]
    sheets = [made.objects[number] for number in numbers]
    drawings = [int(sheet["Contents"].split()[0]) for sheet in sheets]
    resources = int(sheets[0]["Resources"].split()[0])
    for drawing in drawings[:count]:
        stream = made.objects[drawing]
        stream.stream = [b"q", *stream.stream, b"Q"]
    dropped = {0, made.pages.number, made.catalog.number, *numbers, *drawings[count:]}
    kept = [one for one in made.objects if one.number not in dropped]
    new = {one.number: at for at, one in enumerate(kept, 1)}
    parts = [
        Part(_boxes(sheet), new[drawing], page.height * 0.75)
        for sheet, drawing, page in zip(sheets[:count], drawings, document.pages, strict=False)
    ]
    return Compiled(
        tuple(_renumbered(one.data, new) for one in kept),
        new[resources],
        tuple(parts),
        {face: _face(document, face) for face in faces},
    )


def _boxes(sheet: Any) -> bytes:
    boxes = ("MediaBox", "TrimBox", "BleedBox")
    return b" ".join(b"/%b %b" % (name.encode(), _data(sheet[name])) for name in boxes)


def _data(value: Any) -> bytes:
    return bytes(value.data)


def _renumbered(body: bytes, new: dict[int, int]) -> bytes:
    head, stream, data = body.partition(_STREAM)
    # A reference to nothing that is kept is one that no page follows.
    moved = _REFERENCE.sub(lambda found: b"%d 0 R" % new.get(int(found[1]), 0), head)
    return moved + stream + data


def _face(document: Any, face: str) -> Face:
    family, weight, style = FACES[face]
    for font in document.fonts.values():
        if (font.family, font.weight, bool(font.style)) == (family, weight, style == "italic"):
            return Face(font.hash, frozenset(font.to_unicode))
    raise LookupError(face)


Measure = tuple[str, float, float]
_baselines: dict[Measure, float] = {}


def measure(lines: Iterable[Line]) -> None:
    """Find out where the baseline of each of these lines is, all those that are not known yet at once."""
    wanted = {(line.face, line.size, line.leading): line for line in lines}
    asked = [line for key, line in wanted.items() if key not in _baselines]
    if not asked:
        return
    probes = [_probe(at, line) for at, line in enumerate(asked)]
    style = "@page{size:297mm 210mm;margin:0}body{margin:0}p{position:absolute}"
    html = f"<!doctype html><style>{style}{markup.plain(297, 210)}</style>{''.join(probes)}"
    with pdf.laid_out(html) as document:
        tops: dict[str, float] = {}
        for box in _walk(document.pages[0]._page_box):
            told = getattr(box, "element", None)
            name = told.get("id", "") if told is not None else ""
            if hasattr(box, "pango_layout") and name.startswith("probe-"):
                tops[name] = box.position_y + box.baseline
        for at, line in enumerate(asked):
            _baselines[line.face, line.size, line.leading] = tops[f"probe-{at}"]


def _probe(at: int, line: Line) -> str:
    plain = line._replace(text="x", left=0, top=0, width=100, after="", tracking=0.0)
    return markup.line_html(plain).replace("<p ", f'<p id="probe-{at}" ', 1)


def baseline(line: Line) -> float:
    """How far below the line's top its letters stand, in CSS pixels; `measure` has found it out."""
    return _baselines[line.face, line.size, line.leading]


def _walk(box: Any) -> Iterable[Any]:
    box = box.__dict__.get("_box", box)  # a placeholder of something positioned
    yield box
    for child in getattr(box, "children", ()):
        yield from _walk(child)
