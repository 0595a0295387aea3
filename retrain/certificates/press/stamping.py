"""What only one document says, as drawing commands to be put over its compiled page."""

from collections.abc import Sequence
from functools import lru_cache

from retrain.certificates.designs.composing import Composed, Line
from retrain.certificates.designs.places import Drawn
from retrain.certificates.press import qr
from retrain.certificates.press.compiling import Compiled, Part, baseline
from retrain.certificates.press.shaping import NotShaped, font_size, shape

Shift = tuple[float, float]
NOWHERE: Shift = (0.0, 0.0)
_PIXELS = 96 / 25.4
_KEPT = 4096


def stamps(
    composed: Composed, drawn: Drawn, page: Compiled, *, shift: Shift = NOWHERE, many: bool = True
) -> list[bytes]:
    """The commands for each sheet of the document. Raises NotShaped when WeasyPrint has to set it."""
    found = []
    for at, (part, lines) in enumerate(zip(page.parts, composed.lines, strict=True)):
        told = [_line(line, page, shift) for line in lines]
        if at == 0 and composed.square:
            told.append(_square(composed.square, drawn, shift, many))
        found.append(_framed(part, told))
    return found


def _framed(part: Part, told: Sequence[bytes]) -> bytes:
    start = f"q\n1 0 0 -1 0 {number(part.height)} cm\n0.75 0 0 0.75 0 0 cm\n".encode()
    return b"".join((start, *told, b"Q"))


def _line(line: Line, page: Compiled, shift: Shift) -> bytes:
    key = (line, shift)
    kept = page.cache.get(key)
    if kept is None:
        if len(page.cache) >= _KEPT:
            page.cache.clear()
        kept = page.cache[key] = _set(line, page, shift)
    return kept


def _set(line: Line, page: Compiled, shift: Shift) -> bytes:
    if line.tracking or line.after:
        raise NotShaped(line.text)
    face = page.faces[line.face]
    run = shape(line.text, line.face, line.size, line.lang, line.tabular, face.glyphs)
    left, width = (line.left + shift[0]) * _PIXELS, line.width * _PIXELS
    free = width - run.width
    if free < 0:
        raise NotShaped(line.text)
    left += {"left": 0.0, "center": free / 2, "right": free}[line.side]
    top = (line.top + shift[1]) * _PIXELS + baseline(line)
    return (
        f"{_colour(line.ink)} rg\nBT\n1 0 0 -1 {number(left)} {number(top)} Tm\n"
        f"/{face.key} {number(font_size(line.size))} Tf\n[{run.shown}] TJ\nET\n"
    ).encode()


def _square(address: str, drawn: Drawn, shift: Shift, many: bool) -> bytes:
    left, top, size = drawn.square
    side = size * _PIXELS
    left, top = (left + shift[0]) * _PIXELS, (top + shift[1]) * _PIXELS
    each = side / qr.size_of(address)
    unit, half = number(each), number(each / 2)
    return (
        (
            f"q\n{number(left)} {number(top)} {number(side)} {number(side)} re\nW\nn\n"
            f"1 0 0 1 {number(left)} {number(top)} cm\n1 0 0 1 0 {half} cm\n{unit} 0 0 {unit} 0 0 cm\n"
            "0 0 0 RG\n1 w\n[] 0 d\n0 J\n0 j\n4 M\n"
        ).encode()
        + qr.path(address, many=many)
        + b"S\nQ\n"
    )


@lru_cache(maxsize=256)
def _colour(ink: str) -> str:
    return " ".join(number(int(ink[at : at + 2], 16) / 255) for at in (1, 3, 5))


def number(value: float) -> str:
    """A number as WeasyPrint writes it."""
    if float(value).is_integer():
        return str(int(value))
    return f"{value:f}".rstrip("0")
