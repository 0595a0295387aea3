"""The press: a design is compiled once, and what differs from document to document is stamped into it.

    single(record, design, version)      one document's file, the same bytes every time
    merged(records, design, version)     one file of many for the printer, piece after piece

What the stamps can't do exactly as WeasyPrint would, WeasyPrint does; `Press.by_weasyprint` counts it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Any

from retrain.certificates.designs import composing, places
from retrain.certificates.designs.composing import Composed, FixedSheet
from retrain.certificates.frozen import Frozen
from retrain.certificates.press import check, compiling, files, stamping
from retrain.certificates.press.files import Leaf, Sheet
from retrain.certificates.press.shaping import NotShaped
from retrain.certificates.press.stamping import NOWHERE, Shift

__all__ = ["Press", "Sheet", "merged", "sheet", "single"]

BITE = 200
"""So many documents are composed at once, so that the sizes they need are measured together."""


@dataclass
class Press:
    """One design on the press. *overlay* leaves away all that a state blank has printed already."""

    drawn: places.Drawn = field(repr=False)
    overlay: bool = False
    shift: Shift = NOWHERE
    stamped: int = 0
    by_weasyprint: int = 0

    def leaves(self, records: Iterable[Frozen], *, many: bool = True) -> Iterator[Leaf]:
        """Each document ready for its file."""
        waiting = iter(records)
        while bite := [self.composed(record) for record in islice(waiting, BITE)]:
            compiling.measure(line for one in bite for lines in one.lines for line in lines)
            for one in bite:
                yield self.leaf(one, many)

    def composed(self, record: Frozen) -> Composed:
        """The document set, with or without what stands on a state blank already."""
        whole = composing.compose(record, self.drawn)
        if not self.overlay:
            return whole
        bare = tuple(FixedSheet("", (), ()) for _sheet in whole.fixed)
        told = ((*fixed.course, *lines) for fixed, lines in zip(whole.fixed, whole.lines, strict=True))
        return replace(whole, fixed=bare, lines=tuple(told))

    def leaf(self, one: Composed, many: bool = True) -> Leaf:
        """One document set already, ready for its file."""
        if check.known():
            try:
                page = compiling.compiled(self.drawn, one.fixed, one.lang)
                stamps = stamping.stamps(one, self.drawn, page, shift=self.shift, many=many)
            except NotShaped:
                pass
            else:
                self.stamped += 1
                return Leaf(page, stamps, one.title, one.lang)
        self.by_weasyprint += 1
        page = compiling.rendered(one, self.drawn, self.shift)
        return Leaf(page, [b""] * len(page.parts), one.title, one.lang)

    def sheet(self, record: Frozen) -> Sheet:
        """One document's file, and where things are in it."""
        return next(self.sheets([record], many=False))

    def sheets(self, records: Iterable[Frozen], *, many: bool = True) -> Iterator[Sheet]:
        """Each document's own file, one after the other."""
        return (files.alone(leaf) for leaf in self.leaves(records, many=many))

    def merged(self, records: Iterable[Frozen]) -> Iterator[bytes]:
        """One file of all the documents, piece after piece."""
        leaves = self.leaves(records)
        first = next(leaves, None)
        if first is None:
            raise ValueError("no document to print")
        return files.merged(chain([first], leaves), first.title)


Changes = Mapping[str, Any]


def single(
    record: Frozen, design: str, version: str, changes: Changes | None = None, logo: bytes | None = None
) -> bytes:
    """One document's file, not signed; the same document gives the same bytes."""
    return sheet(record, design, version, changes, logo).pdf


def sheet(
    record: Frozen, design: str, version: str, changes: Changes | None = None, logo: bytes | None = None
) -> Sheet:
    """The same with what one needs to append to it."""
    return Press(places.drawn(design, version, changes, logo)).sheet(record)


def merged(records: Iterable[Frozen], design: str, version: str) -> Iterator[bytes]:
    """One file of all the documents for the printer, in their order."""
    return Press(places.drawn(design, version)).merged(records)
