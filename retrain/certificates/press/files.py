"""PDF files put together from compiled pages and stamps: one document alone, or many in one."""

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from retrain.certificates.press.compiling import Compiled, Part

_HEAD = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"
_FREE = b"0000000000 65535 f \n"
_PRODUCER = b"(Retrain)"
CATALOG, TREE, ABOUT, FIRST = 1, 2, 3, 4
LEVEL = 4
"""Half the time of the usual one for three per cent more bytes."""


class Sheet(NamedTuple):
    """A single document's file, and where things are in it for who appends a signature."""

    pdf: bytes
    root: int
    root_dict: bytes
    page: int
    page_dict: bytes
    size: int
    startxref: int


class Leaf(NamedTuple):
    """A document on its way into a file: its compiled pages, its stamps, how it is called and in which language."""

    page: Compiled
    stamps: Sequence[bytes]
    title: str
    lang: str


def alone(leaf: Leaf) -> Sheet:
    """The file of one document; the same document gives the same bytes."""
    start = _start(leaf.page, leaf.lang)
    head, hashed = start.head, start.hashed.copy()
    drawings = [zlib.compress(stamp, LEVEL) for stamp in leaf.stamps]
    rest, at = [], len(head)
    told = [_object(ABOUT, _about(leaf.title))]
    told += [_object(FIRST + 2 * number + 1, _stream(drawing)) for number, drawing in enumerate(drawings)]
    rows = dict(start.rows)
    for number, body in zip(
        [ABOUT, *(FIRST + 2 * one + 1 for one in range(len(drawings)))], told, strict=True
    ):
        rows[number] = at
        rest.append(body)
        hashed.update(body)
        at += len(body)
    size = len(rows) + 1
    tail = _tail(rows, size, at, _identifier(hashed))
    catalog = _catalog(leaf.lang, len(leaf.stamps) > 1)
    return Sheet(b"".join((head, *rest, tail)), CATALOG, catalog, FIRST, start.sheet, size, at)


class Start(NamedTuple):
    """How the files of all documents of a compiled page begin, and where its objects are."""

    page: Compiled
    head: bytes
    hashed: Any
    rows: dict[int, int]
    sheet: bytes


_starts: dict[tuple[int, str], Start] = {}


def _start(page: Compiled, lang: str) -> Start:
    """It is put together once: the key is the compiled page itself, which is kept beside it."""
    key = (id(page), lang)
    if key not in _starts:
        if len(_starts) >= 16:
            _starts.clear()
        _starts[key] = _started(page, lang)
    return _starts[key]


def _started(page: Compiled, lang: str) -> Start:
    count = len(page.parts)
    first = FIRST + 2 * count
    sheets = [_sheet(part, first, page.resources, FIRST + 2 * at + 1) for at, part in enumerate(page.parts)]
    told = {
        CATALOG: b"<<%b>>" % _catalog(lang, count > 1),
        TREE: _tree([FIRST + 2 * at for at in range(count)]),
        **{FIRST + 2 * at: b"<<%b>>" % sheet for at, sheet in enumerate(sheets)},
        **dict(enumerate(page.numbered(first), first)),
    }
    parts, offsets, at = [_HEAD], {}, len(_HEAD)
    for number, body in told.items():
        offsets[number] = at
        parts.append(_object(number, body))
        at += len(parts[-1])
    head = b"".join(parts)
    return Start(page, head, hashlib.sha256(head), offsets, sheets[0])


def merged(leaves: Iterable[Leaf], title: str) -> Iterator[bytes]:
    """One file of all the documents in their order, piece after piece.

    A document with a supplement is printed on both sides: each begins on a sheet of its own.
    """
    yield _HEAD
    at, number = len(_HEAD), FIRST
    rows: dict[int, int] = {}
    starts: dict[int, tuple[Compiled, int]] = {}
    kids: list[int] = []
    hashed, lang, duplex = hashlib.sha256(), "", False
    for leaf in leaves:
        lang = lang or leaf.lang
        told: list[tuple[int, bytes]] = []
        if id(leaf.page) not in starts:
            starts[id(leaf.page)] = (leaf.page, number)
            told += enumerate(leaf.page.numbered(number), number)
            number += len(leaf.page.objects)
        first = starts[id(leaf.page)][1]
        for part, stamp in zip(leaf.page.parts, leaf.stamps, strict=True):
            told.append((number, _stream(zlib.compress(stamp, LEVEL))))
            told.append((number + 1, b"<<%b>>" % _sheet(part, first, leaf.page.resources, number)))
            kids.append(number + 1)
            number += 2
        duplex = duplex or len(leaf.stamps) > 1
        if duplex and len(leaf.stamps) % 2:
            told.append((number, _empty(leaf.page.parts[0])))
            kids.append(number)
            number += 1
        pieces = []
        for one, body in told:
            rows[one] = at
            pieces.append(_object(one, body))
            at += len(pieces[-1])
        piece = b"".join(pieces)
        hashed.update(piece)
        yield piece
    for one, body in (
        (TREE, _tree(kids)),
        (CATALOG, b"<<%b>>" % _catalog(lang, duplex, b" /PrintScaling /None")),
        (ABOUT, _about(title)),
    ):
        rows[one] = at
        piece = _object(one, body)
        at += len(piece)
        yield piece
    yield _tail(rows, number, at, _identifier(hashed))


def _sheet(part: Part, first: int, resources: int, stamp: int) -> bytes:
    drawing, resource = part.drawing + first - 1, resources + first - 1
    return b"/Type /Page /Parent %d 0 R %b /Contents [%d 0 R %d 0 R] /Resources %d 0 R" % (
        TREE, part.boxes, drawing, stamp, resource,
    )  # fmt: skip


def _empty(part: Part) -> bytes:
    return b"<</Type /Page /Parent %d 0 R %b /Resources <<>>>>" % (TREE, part.boxes)


def _object(number: int, body: bytes) -> bytes:
    return b"%d 0 obj\n%b\nendobj\n" % (number, body)


def _stream(data: bytes) -> bytes:
    return b"<</Filter /FlateDecode/Length %d>>\nstream\n%b\nendstream" % (len(data), data)


def _tree(kids: Sequence[int]) -> bytes:
    return b"<</Type /Pages /Count %d /Kids [%b]>>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))


def _catalog(lang: str, duplex: bool, more: bytes = b"") -> bytes:
    """*more*: further wishes of how the file is printed. A viewer that fits it to the page would move every text."""
    wishes = (b" /Duplex /DuplexFlipShortEdge" if duplex else b"") + more
    both = b" /ViewerPreferences <<%b>>" % wishes if wishes else b""
    return b"/Type /Catalog /Pages %d 0 R /Lang (%b)%b" % (TREE, lang.encode("ascii"), both)


def _about(title: str) -> bytes:
    return b"<</Title <feff%b> /Producer %b>>" % (title.encode("utf-16-be").hex().encode(), _PRODUCER)


def _identifier(hashed: Any) -> bytes:
    told: str = hashed.hexdigest()
    return told[:32].encode()


def _tail(rows: dict[int, int], size: int, at: int, identifier: bytes) -> bytes:
    table = b"".join(b"%010d 00000 n \n" % rows[number] for number in range(1, size))
    return (
        b"xref\n0 %d\n%b%btrailer\n<</Size %d /Root %d 0 R /Info %d 0 R /ID [<%b> <%b>]>>\nstartxref\n%d\n%%%%EOF\n"
        % (size, _FREE, table, size, CATALOG, ABOUT, identifier, identifier, at)
    )
