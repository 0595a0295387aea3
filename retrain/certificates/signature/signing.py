"""One document's PDF with its badge attached and signed: appended to the file as it was rendered, in one piece.

Whoever changes a byte, adds a page or signs on top of it breaks the signature, which allows no change at all.
"""

import hashlib
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pikepdf

from retrain.certificates.signature.cms import Layout

FIELD = "Signature1"
_WIDTH = 10


@dataclass(frozen=True)
class Attachment:
    """A file inside the PDF."""

    name: str
    media_type: str
    content: bytes
    describes: str


@dataclass(frozen=True)
class About:
    """What the signature says of itself: who signs, when, and where the document is checked."""

    name: str
    at: datetime
    check_url: str


def signed(pdf: bytes, layout: Layout, about: About, attachments: list[Attachment] | None = None) -> bytes:
    """*pdf* with *attachments* and a signature over all of it. Raises ValueError for a file signed already."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        if "/AcroForm" in document.Root or document.is_encrypted:
            raise ValueError("the PDF is signed or encrypted already")
        added = _Appended(int(document.trailer.Size))
        files = [(_text(each.name), _attached(each, about.at, added)) for each in attachments or ()]
        _field(document, about, layout.longest * 2, files, added)
        section = _section(document, pdf, added)
    return _with_signature(section, layout)


class _Appended:
    """Objects that are new in the file or changed, to be written behind it.

    They are written as text: a library that makes them would read the whole file first, to know what is free.
    """

    def __init__(self, first_free: int) -> None:
        self._free = first_free
        self.objects: list[tuple[int, bytes]] = []

    def reserve(self) -> int:
        """The number of an object that is put later."""
        self._free += 1
        return self._free - 1

    def new(self, content: bytes) -> bytes:
        """Put an object; what refers to it."""
        number = self.reserve()
        self.put(number, content)
        return _reference(number)

    def put(self, number: int, content: bytes) -> None:
        self.objects.append((number, content))


def _section(document: pikepdf.Pdf, before: bytes, added: _Appended) -> bytes:
    """The whole file: *before*, then what was added and its table."""
    start = before if before.endswith(b"\n") else before + b"\n"
    out, at = [start], len(start)
    places: dict[int, int] = {}
    for number, content in added.objects:
        piece = b"%d 0 obj\n%b\nendobj\n" % (number, content)
        places[number] = at
        out.append(piece)
        at += len(piece)
    out.append(_table(document, before, places, at))
    return b"".join(out)


def _reference(number: int) -> bytes:
    return b"%d 0 R" % number


def _text(text: str) -> bytes:
    written: bytes = pikepdf.String(text).unparse()
    return written


def _with(kept: Any, entries: dict[str, bytes]) -> bytes:
    """A dictionary of the file with these entries in it, as text."""
    written = {key: value.unparse() for key, value in kept.items()} | entries
    return b"<< %b >>" % b" ".join(b"%b %b" % (key.encode(), value) for key, value in written.items())


def _attached(file: Attachment, at: datetime, added: _Appended) -> bytes:
    """What refers to the file once it is among the objects."""
    head = b"<< /Type /EmbeddedFile /Subtype %b /Params << /Size %d /ModDate (%b) >> /Length %d >>" % (
        pikepdf.Name("/" + file.media_type).unparse(), len(file.content), _moment(at).encode(), len(file.content),
    )  # fmt: skip
    kept, name = added.new(b"%b\nstream\n%b\nendstream" % (head, file.content)), _text(file.name)
    return added.new(
        b"<< /Type /Filespec /F %b /UF %b /Desc %b /EF << /F %b /UF %b >> /AFRelationship /Data >>"
        % (name, name, _text(file.describes), kept, kept)
    )


def _field(
    document: pikepdf.Pdf, about: About, room: int, files: list[tuple[bytes, bytes]], added: _Appended
) -> None:
    """The field of the signature, and the signature itself, last, with *room* hexadecimal digits for what it will be."""
    root, page = document.Root, document.pages[0].obj
    value = added.reserve()
    widget = added.new(
        b"<< /Type /Annot /Subtype /Widget /FT /Sig /T %b /F 132 /Rect [0 0 0 0] /P %b /V %b >>"
        % (_text(FIELD), _reference(page.objgen[0]), _reference(value))
    )
    notes = [each.unparse() for each in (page.Annots if "/Annots" in page else ())]
    added.put(page.objgen[0], _with(page, {"/Annots": b"[%b]" % b" ".join([*notes, widget])}))
    entries = {
        "/AcroForm": b"<< /Fields [%b] /SigFlags 3 >>" % widget,
        "/Perms": b"<< /DocMDP %b >>" % _reference(value),
    }
    if files:
        others = [each.unparse() for each in (root.AF if "/AF" in root else ())]
        entries["/AF"] = b"[%b]" % b" ".join([*others, *(file for _, file in files)])
        names = b"<< /Names [%b] >>" % b" ".join(b"%b %b" % each for each in files)
        entries["/Names"] = _with(root.get("/Names", {}), {"/EmbeddedFiles": names})
    added.put(root.objgen[0], _with(root, entries))
    added.put(
        value,
        b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /Name %b /M (%b) /ContactInfo %b"
        b" /Reference [<< /Type /SigRef /TransformMethod /DocMDP"
        b" /TransformParams << /Type /TransformParams /P 1 /V /1.2 >> >>]"
        b" /ByteRange [0 %b] /Contents <%b> >>"
        % (
            _text(about.name), _moment(about.at).encode(), _text(about.check_url), b" " * (3 * _WIDTH + 2), b"0" * room,
        ),
    )  # fmt: skip


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ")


def _table(document: pikepdf.Pdf, before: bytes, places: dict[int, int], at: int) -> bytes:
    """The cross-reference part in the kind the file has already: a table, or a stream."""
    previous = int(before[before.rindex(b"startxref") + 9 :].split(None, 1)[0])
    is_table = before[previous : previous + 4] == b"xref"
    trailer = {
        key: document.trailer[key].unparse() for key in ("/Root", "/Info", "/ID") if key in document.trailer
    }
    if not is_table:
        places = {**places, max(places) + 1: at}
    size = max(int(document.trailer.Size), max(places) + 1)
    entries = b" ".join(b"%b %b" % (key.encode(), value) for key, value in trailer.items())
    said = b"/Size %d /Prev %d %b" % (size, previous, entries)
    runs = _runs(sorted(places))
    if is_table:
        rows = b"".join(
            b"%d %d\n%b" % (run[0], len(run), b"".join(b"%010d 00000 n \n" % places[each] for each in run))
            for run in runs
        )
        return b"xref\n%btrailer\n<< %b >>\nstartxref\n%d\n%%%%EOF\n" % (rows, said, at)
    index = b" ".join(b"%d %d" % (run[0], len(run)) for run in runs)
    data = b"".join(b"\x01" + places[each].to_bytes(4, "big") + b"\0" for run in runs for each in run)
    return (
        b"%d 0 obj\n<< /Type /XRef /W [1 4 1] /Index [%b] /Length %d %b >>\nstream\n%b\nendstream\nendobj\n"
        b"startxref\n%d\n%%%%EOF\n" % (max(places), index, len(data), said, data, at)
    )


def _runs(numbers: list[int]) -> list[list[int]]:
    """*numbers* cut where one is missing."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][-1] == number - 1:
            found[-1].append(number)
        else:
            found.append([number])
    return found


def _with_signature(file: bytes, layout: Layout) -> bytes:
    """*file* with its last signature's holes filled."""
    room = layout.longest * 2
    start = file.rindex(b"/Contents <" + b"0" * room) + len(b"/Contents ")
    end = start + room + 2
    ranges = b"%-*d %-*d %-*d" % (_WIDTH, start, _WIDTH, end, _WIDTH, len(file) - end)
    hole = file.rindex(b"/ByteRange [0 ", 0, start) + len(b"/ByteRange [0 ")
    first = file[:hole] + ranges + file[hole + len(ranges) : start]
    last = file[end:]
    digest = hashlib.sha256(first)
    digest.update(last)
    signature = layout.sign(digest.digest()).hex().encode()
    return b"".join((first, b"<", signature.ljust(room, b"0"), b">", last))
