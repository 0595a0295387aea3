"""Certificates as PDF, from their frozen data alone: for the printer, for the blank, for its holder."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from typing import TYPE_CHECKING, Any, BinaryIO

from retrain.certificates.frozen import from_dict
from retrain.certificates.models import Certificate
from retrain.certificates.states import Rendition
from retrain.files import store
from retrain.refusal import Refusal, Refused

if TYPE_CHECKING:
    from retrain.certificates.designs.places import Rule
    from retrain.certificates.press import Press
    from retrain.certificates.press.files import Leaf

Shift = tuple[float, float]
NOWHERE: Shift = (0.0, 0.0)
BITE = 50
"""Documents between two signs of progress."""


@dataclass(frozen=True)
class Printed:
    """What comes out of the press: the file, its digest, and how many pages WeasyPrint had to make itself."""

    pdf: bytes
    digest: str
    by_weasyprint: int


def render(certificates: Sequence[Certificate]) -> bytes:
    """One PDF of *certificates* in their order; a single one gives the same bytes each time."""
    return printed(certificates).pdf


def printed(
    certificates: Sequence[Certificate], rendition: Rendition = Rendition.FULL, shift: Shift = NOWHERE
) -> Printed:
    """The same in either rendition: the whole document, or what a state blank lacks, moved by *shift* millimetres."""
    # WeasyPrint is slow to import, and a server without Pango must start all the same.
    from retrain.certificates.press import files

    presses: dict[Any, Press] = {}
    made = list(_leaves(certificates, rendition, shift, presses))
    # A printer turns the sheets of a merged file and keeps their size; one document whole is its holder's own file.
    alone = len(made) == 1 and rendition is Rendition.FULL
    pdf = files.alone(made[0]).pdf if alone else b"".join(files.merged(made, made[0].title))
    by_weasyprint = sum(press.by_weasyprint for press in presses.values())
    return Printed(pdf, hashlib.sha256(pdf).hexdigest(), by_weasyprint)


def print_into(
    file: BinaryIO, certificates: Sequence[Certificate], progress: Callable[[int], None]
) -> tuple[str, int]:
    """Write one PDF of many whole documents piece by piece; its digest, and how many pages WeasyPrint made itself.

    No more than a few documents are in memory at a time; *progress* hears how many are in the file.
    """
    from retrain.certificates.press import files

    presses: dict[Any, Press] = {}
    leaves = _leaves(certificates, Rendition.FULL, NOWHERE, presses)
    first, hashed = next(leaves), hashlib.sha256()
    for done, piece in enumerate(files.merged(chain([first], leaves), first.title)):
        file.write(piece)
        hashed.update(piece)
        if done and done % BITE == 0 and done < len(certificates):
            progress(done)
    progress(len(certificates))
    return hashed.hexdigest(), sum(press.by_weasyprint for press in presses.values())


def own_files(certificates: Sequence[Certificate]) -> Iterator[bytes]:
    """Each document's own file, not signed yet: the bytes that :func:`render` gives of it alone."""
    for _same, rows in groupby(certificates, _kind):
        alike = list(rows)
        press = _press(alike[0], Rendition.FULL, NOWHERE)
        told = (from_dict(row.frozen["document"]) for row in alike)
        yield from (sheet.pdf for sheet in press.sheets(told, many=len(alike) > 10))


def _leaves(
    certificates: Sequence[Certificate], rendition: Rendition, shift: Shift, presses: "dict[Any, Press]"
) -> "Iterator[Leaf]":
    """Each document ready for its file; those that were needed are added to *presses*."""
    for row in certificates:
        kind = _kind(row)
        if kind not in presses:  # its emblem is read and its changes laid over the design once
            presses[kind] = _press(row, rendition, shift)
        yield from presses[kind].leaves([from_dict(row.frozen["document"])], many=len(certificates) > 10)


def _kind(row: Certificate) -> Any:
    frozen = row.frozen.get("design") or {}
    return row.design, row.design_version, repr(frozen.get("changes")), frozen.get("logo")


def _press(row: Certificate, rendition: Rendition, shift: Shift) -> "Press":
    from retrain.certificates.designs import places
    from retrain.certificates.press import Press

    frozen = row.frozen.get("design") or {}
    logo = logo_bytes(frozen.get("logo"))
    drawn = places.drawn(row.design, row.design_version, frozen.get("changes"), logo)
    return Press(drawn, overlay=rendition is Rendition.OVERLAY, shift=shift)


def logo_bytes(digest: str | None) -> bytes | None:
    """A picture that was kept for a design. Raises Refused when it is there no more."""
    try:
        return store.path_of(digest).read_bytes() if digest else None
    except FileNotFoundError:
        raise Refused(Refusal.of("emblem-lost")) from None


def is_kept(digest: str | None) -> bool:
    """Whether a design's picture is there; a design without one lacks nothing."""
    return digest is None or store.path_of(digest).is_file()


def sides(row: Certificate) -> int:
    """How many sides the document has: more than one are printed on both sides of their sheets."""
    return len(_press(row, Rendition.OVERLAY, NOWHERE).composed(from_dict(row.frozen["document"])).lines)


def digests(certificates: Sequence[Certificate], rendition: Rendition, shift: Shift) -> list[str]:
    """The digest of each document by itself, in that rendition."""
    from retrain.certificates.press import files

    return [
        hashlib.sha256(b"".join(files.merged([leaf], leaf.title))).hexdigest()
        for leaf in _leaves(certificates, rendition, shift, {})
    ]


def trial_sheet(row: Certificate, shift: Shift, side: Callable[[int], str]) -> bytes:
    """The first document's variable texts on plain paper, with crosses exactly 20 mm from the edges to measure by.

    *side* words what stands at the upper edge of each side of the document, counted from 0: printed on both sides they
    show at once whether the printer turns the sheet as it must.
    """
    from dataclasses import replace

    from retrain.certificates.designs.composing import Line
    from retrain.certificates.press import compiling, files

    press = _press(row, Rendition.OVERLAY, shift)
    whole = press.composed(from_dict(row.frozen["document"]))
    across, down = press.drawn.paper
    marks = _crosses(across, down)
    told = (
        (*lines, Line(word, 40, 8, across - 80, "center", "SourceSans3-SemiBold", 12, 1.2, "#000000", whole.lang))
        for lines, word in ((lines, side(number)) for number, lines in enumerate(whole.lines))
    )  # fmt: skip
    one = replace(whole, fixed=tuple(sheet._replace(rules=marks) for sheet in whole.fixed), lines=tuple(told))
    compiling.measure(line for lines in one.lines for line in lines)
    return b"".join(files.merged([press.leaf(one, many=False)], one.title))


def _crosses(across: float, down: float) -> tuple["Rule", ...]:
    from retrain.certificates.designs.places import Rule

    return tuple(
        rule
        for left in (20.0, across - 20)
        for top in (20.0, down - 20)
        for rule in (
            Rule(left - 5, top - 0.1, 10, 0.2, "#000000"),
            Rule(left - 0.1, top - 5, 0.2, 10, "#000000"),
        )
    )
