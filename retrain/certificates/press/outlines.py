"""A composed sheet as a drawing for the screen: the letters' own outlines, so that it needs no fonts there."""

import base64
from functools import lru_cache
from html import escape

import uharfbuzz as hb

from retrain.certificates.designs import square
from retrain.certificates.designs.composing import Composed, Line
from retrain.certificates.designs.places import Drawn
from retrain.certificates.press.shaping import _face

_MM = 25.4 / 72
_EM = 1000


def svg(composed: Composed, drawn: Drawn, at: int = 0) -> str:
    """One sheet of the document, counted from 0, without its ground. Raises IndexError when it has none such."""
    width, height = drawn.paper
    told = [_line(line) for line in (*composed.fixed[at].lines, *composed.lines[at])]
    told += [
        f'<rect x="{rule.left}" y="{rule.top}" width="{rule.width}" height="{rule.height}" fill="{rule.ink}"/>'
        if not rule.round
        else f'<circle cx="{rule.left + rule.width / 2}" cy="{rule.top + rule.height / 2}" r="{rule.width / 2}" '
        f'fill="none" stroke="{rule.ink}" stroke-width=".2" stroke-dasharray="1 1"/>'
        for rule in composed.fixed[at].rules
    ]
    told += _marks(composed, drawn) if at == 0 else []
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">'
        f"<title>{escape(composed.title)}</title>{''.join(told)}</svg>"
    )


def _marks(composed: Composed, drawn: Drawn) -> list[str]:
    """What the first sheet alone bears: the emblem and the QR code."""
    left, top, size = drawn.square
    place = f'x="{left}" y="{top}" width="{size}" height="{size}"'
    return [_emblem(drawn), f"<svg {place}>{square.svg(composed.square)}</svg>"]


def _emblem(drawn: Drawn) -> str:
    """The provider's own sign, or the one that the design is shipped with."""
    if drawn.emblem is None:
        return ""
    left, top, size = drawn.emblem
    place = f'x="{left}" y="{top}" width="{size}" height="{size}"'
    if drawn.logo is None:
        return drawn.grounds.get("emblem", b"").decode().replace("<svg ", f"<svg {place} ", 1)
    kind = "png" if drawn.logo.startswith(b"\x89PNG") else "jpeg"
    return f'<image {place} href="data:image/{kind};base64,{base64.b64encode(drawn.logo).decode()}"/>'


def _line(line: Line) -> str:
    path, wide = _outline(line.text, line.face, line.lang, line.tracking)
    size = line.size * _MM
    after = ""
    if line.after:
        more, further = _outline(f" · {line.after}", "SourceSerif4-Italic", line.lang, 0.0)
        after = f'<path fill="#59646b" transform="translate({wide} 0)" d="{more}"/>'
        wide += further
    free = line.width - wide * size / _EM
    left = line.left + {"left": 0.0, "center": free / 2, "right": free}[line.side]
    # Where these faces' letters stand in their line, near enough for the eye.
    down = line.top + size * (line.leading / 2 + 0.345)
    scale = size / _EM
    place = f"translate({left:.3f} {down:.3f}) scale({scale:.5f} {-scale:.5f})"
    return f'<g transform="{place}"><path fill="{line.ink}" d="{path}"/>{after}</g>'


@lru_cache(maxsize=2048)
def _outline(text: str, face: str, lang: str, tracking: float) -> tuple[str, int]:
    """The outline of *text* in thousandths of its size, and how wide that is."""
    font = hb.Font(_face(face))
    font.scale = (_EM, _EM)
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.language = lang
    hb.shape(font, buffer)
    parts, across = [], 0
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        pen = _Pen(across + position.x_offset, position.y_offset)
        font.draw_glyph_with_pen(info.codepoint, pen)
        parts.append(pen.told)
        across += position.x_advance + round(tracking * _EM)
    return "".join(parts), across - round(tracking * _EM)


class _Pen:
    """Writes what a font draws as the commands of a path, moved to its place in the line."""

    def __init__(self, across: int, up: int) -> None:
        self.told, self._across, self._up = "", across, up

    def _at(self, *points: tuple[float, float]) -> str:
        return " ".join(f"{x + self._across:.0f} {y + self._up:.0f}" for x, y in points)

    def moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802 - the library's names
        self.told += f"M{self._at(point)}"

    def lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self.told += f"L{self._at(point)}"

    def qCurveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self.told += f"Q{self._at(*points)}"

    def curveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self.told += f"C{self._at(*points)}"

    def closePath(self) -> None:  # noqa: N802
        self.told += "Z"
