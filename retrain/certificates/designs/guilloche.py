"""Draws the grounds of the shipped designs: woven fine lines, a braided frame, a rosette, a place for the emblem.

    python -m retrain.certificates.designs.guilloche DESIGN VERSION

writes the drawings as PDF commands, `ground-*.ops`, and `emblem.svg` into the version's folder. A ground
already used on issued documents is never drawn again: a new look is a new version.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import cos, pi, sin
from pathlib import Path

from retrain.documents.grounds import compile_ground

WIDTH, HEIGHT = 297.0, 210.0
Point = tuple[float, float]
Curve = Callable[[float], Point]


@dataclass(frozen=True)
class Inks:
    """The colours of one design: lines of the frame, a second line against it, tints of the paper."""

    frame: str
    second: str
    paper: str
    weave: str
    rosette: str


INKS = {
    "advanced_training": Inks("#0f5c6e", "#b8860b", "#fdfcf8", "#d9e8e8", "#cfe1e2"),
    "retraining_diploma": Inks("#5b1f33", "#a97c1f", "#fdfbf6", "#f0e2dc", "#ecd8d2"),
    "participation": Inks("#2f5d3a", "#b08a2e", "#fcfdf9", "#dde9dc", "#d3e4d4"),
    "duplicate": Inks("#33475b", "#8a8f96", "#fbfcfd", "#dfe5ea", "#d5dde5"),
}


def path(curve: Curve, pieces: int, closed: bool = False) -> str:
    """*curve* over 0…1 as that many cubic pieces, each tangent to the curve at both ends."""
    step, tiny = 1 / pieces, 1e-5
    found = [f"M{_at(curve(0))}"]
    for index in range(pieces):
        start, end = index * step, (index + 1) * step
        (x0, y0), (x3, y3) = curve(start), curve(end)
        out, into = _slope(curve, start, tiny), _slope(curve, end, tiny)
        first = (x0 + out[0] * step / 3, y0 + out[1] * step / 3)
        second = (x3 - into[0] * step / 3, y3 - into[1] * step / 3)
        found.append(f"C{_at(first)} {_at(second)} {_at((x3, y3))}")
    return "".join(found) + ("Z" if closed else "")


def _slope(curve: Curve, at: float, tiny: float) -> Point:
    (x0, y0), (x1, y1) = curve(at - tiny), curve(at + tiny)
    return (x1 - x0) / (2 * tiny), (y1 - y0) / (2 * tiny)


def _at(point: Point) -> str:
    return f"{point[0]:.2f} {point[1]:.2f}"


def weave(left: float, top: float, right: float, bottom: float) -> Iterator[str]:
    """Waves over the whole field whose crests drift, so that neighbours nearly touch and part again."""
    lines = 58
    for index in range(lines):
        share = index / (lines - 1)
        middle = top + 3 + (bottom - top - 6) * share

        def wave(t: float, share: float = share, middle: float = middle) -> Point:
            swell = 2.1 * sin(2 * pi * (3 * t + 2.2 * share)) * (0.55 + 0.45 * cos(2 * pi * (t - share)))
            return left + (right - left) * t, middle + swell + 0.7 * sin(2 * pi * (11 * t + 4 * share))

        yield path(wave, 44)


def rosette(
    cx: float, cy: float, radius: float, petals: int, rings: int, depth: float, turned: float = 1.5
) -> Iterator[str]:
    """Rings between a small and a large flower, each *turned* a little: the heart of a banknote."""
    for ring in range(rings):
        share = ring / (rings - 1)

        def flower(t: float, share: float = share) -> Point:
            turn = 2 * pi * t
            swing = depth * (1 - 0.35 * share) * cos(petals * turn + pi * share * turned)
            far = radius * (0.34 + 0.66 * share) * (1 + swing)
            return cx + far * cos(turn), cy + far * sin(turn)

        yield path(flower, petals * 3, closed=True)


def braid(inset: float, swing: float, strands: int, waves_long: int) -> Iterator[str]:
    """Strands winding about a rectangle *inset* from the paper's edge, meeting themselves at the start."""
    left, top, right, bottom = inset, inset, WIDTH - inset, HEIGHT - inset
    long, high = right - left, bottom - top
    round_ = 2 * (long + high)
    waves = round(waves_long * round_ / long)
    for strand in range(strands):

        def edge(t: float, strand: float = strand) -> Point:
            away = swing * sin(2 * pi * (waves * t + strand / strands))
            return _beside(t % 1.0 * round_, left, top, long, high, away)

        yield path(edge, waves * 3, closed=True)


def _beside(gone: float, left: float, top: float, long: float, high: float, away: float) -> Point:
    """The point *gone* millimetres along the rectangle and *away* from it; corners are cut by a quarter turn."""
    sides = [
        (long, (left, top), (1, 0), (0, -1)),
        (high, (left + long, top), (0, 1), (1, 0)),
        (long, (left + long, top + high), (-1, 0), (0, 1)),
        (high, (left, top + high), (0, -1), (-1, 0)),
    ]
    for length, (x, y), (dx, dy), (nx, ny) in sides:
        if gone <= length:
            calm = min(1.0, gone / 4, (length - gone) / 4)  # no swing in the corner itself
            return x + dx * gone + nx * away * calm, y + dy * gone + ny * away * calm
        gone -= length
    return left, top


def emblem(inks: Inks) -> str:
    """A sign of learning where an emblem stands: an open book in a ring of rays. A provider's own replaces it."""
    rays = "".join(
        f'<path d="M0-11l.62 3.1h-1.24z" transform="rotate({turn})"/>' for turn in range(0, 360, 10)
    )
    ring = "".join(f'<path d="{line}"/>' for line in rosette(0, 0, 7.7, 24, 5, 0.05))
    book = (
        '<path d="M0-2.1c-1.5-1.1-3.4-1.3-5-.8v5.6c1.6-.5 3.5-.3 5 .8c1.5-1.1 3.4-1.3 5-.8v-5.6'
        'c-1.6-.5-3.5-.3-5 .8z" fill="#fff"/>'
        f'<path d="M0-2.1v5.6" fill="none" stroke="{inks.frame}" stroke-width=".35"/>'
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-11.2 -11.2 22.4 22.4">'
        f'<g fill="{inks.second}">{rays}</g><g fill="none" stroke="{inks.second}" stroke-width=".13">{ring}</g>'
        f'<circle r="6.6" fill="{inks.frame}"/>'
        f'<circle r="6" fill="none" stroke="#fff" stroke-width=".2"/>{book}</svg>\n'
    )


def frame(inks: Inks) -> str:
    """The braided border between two rules, with a flower in each corner."""
    parts = [
        _rectangle(6, inks.frame, 0.7),
        _rectangle(7.2, inks.second, 0.2),
        _group(braid(11, 2.6, 6, 30), inks.frame, 0.13),
        _group(braid(11, 1.5, 3, 60), inks.second, 0.11),
        _rectangle(14.8, inks.second, 0.2),
        _rectangle(15.6, inks.frame, 0.35),
    ]
    for cx, cy in ((11, 11), (WIDTH - 11, 11), (11, HEIGHT - 11), (WIDTH - 11, HEIGHT - 11)):
        parts.append(f'<circle cx="{cx}" cy="{cy}" r="6.1" fill="{inks.paper}"/>')
        parts.append(_group(rosette(cx, cy, 5.8, 12, 7, 0.13), inks.frame, 0.12))
        parts.append(f'<circle cx="{cx}" cy="{cy}" r="1.2" fill="{inks.second}"/>')
    return "".join(parts)


def _group(lines: Iterator[str], ink: str, width: float) -> str:
    drawn = "".join(f'<path d="{line}"/>' for line in lines)
    return f'<g fill="none" stroke="{ink}" stroke-width="{width}">{drawn}</g>'


def _rectangle(inset: float, ink: str, width: float) -> str:
    size = f'width="{WIDTH - 2 * inset:g}" height="{HEIGHT - 2 * inset:g}"'
    return f'<rect x="{inset}" y="{inset}" {size} fill="none" stroke="{ink}" stroke-width="{width}"/>'


def face(inks: Inks) -> str:
    """The ground of the page with the name."""
    middle = (WIDTH / 2, 106.0)
    return _sheet(
        inks,
        _group(weave(16, 16, WIDTH - 16, HEIGHT - 16), inks.weave, 0.16),
        _group(rosette(*middle, 66, 18, 18, 0.11), inks.rosette, 0.15),
        _group(rosette(*middle, 66, 18, 18, 0.11, -1.5), inks.rosette, 0.15),
        frame(inks),
    )


def light_face(inks: Inks) -> str:
    """A lighter ground, for a certificate that gives no right: one band and a fan of petals in two corners."""
    fans = (
        _group(rosette(16, HEIGHT - 16, 74, 20, 16, 0.09, turn), inks.rosette, 0.15) for turn in (1.5, -1.5)
    )
    others = (
        _group(rosette(WIDTH - 16, 16, 74, 20, 16, 0.09, turn), inks.rosette, 0.15) for turn in (1.5, -1.5)
    )
    return _sheet(
        inks,
        _group(weave(16, 16, WIDTH - 16, HEIGHT - 16), inks.weave, 0.14),
        *fans,
        *others,
        _margin(inks),
        _rectangle(8, inks.frame, 0.5),
        _group(braid(11.4, 2.0, 4, 44), inks.frame, 0.13),
        _rectangle(14.8, inks.second, 0.25),
    )


def _margin(inks: Inks) -> str:
    """Bare paper round the frame, over whatever of the ground reaches there."""
    outer, inner = f"M0 0H{WIDTH:g}V{HEIGHT:g}H0Z", f"M14.8 14.8V{HEIGHT - 14.8}H{WIDTH - 14.8}V14.8Z"
    return f'<path d="{outer}{inner}" fill="{inks.paper}"/>'


def supplement(inks: Inks) -> str:
    """The ground of a supplement: the weave and plain rules, so that figures stay easy to read."""
    return _sheet(
        inks,
        _group(weave(16, 16, WIDTH - 16, HEIGHT - 16), inks.weave, 0.12),
        _rectangle(8, inks.frame, 0.5),
        _group(braid(11, 1.6, 4, 46), inks.frame, 0.12),
        _rectangle(14, inks.second, 0.2),
    )


def _sheet(inks: Inks, *parts: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:g}mm" height="{HEIGHT:g}mm" '
        f'viewBox="0 0 {WIDTH:g} {HEIGHT:g}"><rect width="{WIDTH:g}" height="{HEIGHT:g}" '
        f'fill="{inks.paper}"/>{"".join(parts)}</svg>\n'
    )


def drawings(design: str) -> dict[str, str]:
    """The grounds of *design* by their names."""
    inks = INKS[design]
    drawn = {"ground-face": light_face(inks) if design == "participation" else face(inks)}
    if design in ("retraining_diploma", "duplicate"):
        drawn["ground-supplement"] = supplement(inks)
    return drawn


def main() -> None:
    """Draw the grounds of the design and version named on the command line, compiled for print."""
    design, version = sys.argv[1:3]
    folder = Path(__file__).parent / design / version
    for name, svg in drawings(design).items():
        (folder / f"{name}.ops").write_bytes(compile_ground(svg))
    (folder / "emblem.svg").write_text(emblem(INKS[design]))


if __name__ == "__main__":
    main()
