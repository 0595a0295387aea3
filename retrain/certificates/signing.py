"""One document's PDF with its badge attached and signed: appended to the file as it was rendered, in one piece.

Whoever changes a byte, adds a page or signs on top of it breaks the signature, which allows no change at all.
"""

import hashlib
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pikepdf

from retrain.certificates.cms import Layout

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
        added = _Appended(document)
        files = [_attached(document, each, about.at, added) for each in attachments or ()]
        signature, body = _field(document, about, layout.longest * 2, files, added)
        section = added.section(pdf, signature, body)
    return _with_signature(section, layout)


class _Appended:
    """Objects that are new in the file or changed, to be written behind it."""

    def __init__(self, document: pikepdf.Pdf) -> None:
        self.document = document
        self.changed: list[Any] = []

    def new(self, value: Any) -> Any:
        made = self.document.make_indirect(value)
        self.changed.append(made)
        return made

    def section(self, before: bytes, signature: Any, body: bytes) -> bytes:
        """The whole file: *before*, then these objects and their table. The signature's object comes last."""
        start = before if before.endswith(b"\n") else before + b"\n"
        out, at = [start], len(start)
        places: dict[int, int] = {}
        for each in self.changed:
            number, generation = each.objgen
            content = body if each is signature else _written(each)
            piece = b"%d %d obj\n%b\nendobj\n" % (number, generation, content)
            places[number] = at
            out.append(piece)
            at += len(piece)
        out.append(_table(self.document, before, places, at))
        return b"".join(out)


def _written(each: Any) -> bytes:
    if not isinstance(each, pikepdf.Stream):
        plain: bytes = each.unparse(resolved=True)
        return plain
    content = each.read_raw_bytes()
    head = pikepdf.Dictionary(dict(each.stream_dict.items()) | {"/Length": len(content)})
    return b"%b\nstream\n%b\nendstream" % (head.unparse(), content)


def _attached(document: pikepdf.Pdf, file: Attachment, at: datetime, added: _Appended) -> Any:
    stream = pikepdf.Stream(document, file.content)
    stream.Type = pikepdf.Name.EmbeddedFile
    stream.Subtype = pikepdf.Name("/" + file.media_type)
    stream.Params = pikepdf.Dictionary(Size=len(file.content), ModDate=_moment(at))
    kept = added.new(stream)
    return added.new(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Filespec, F=file.name, UF=file.name, Desc=file.describes,
            EF=pikepdf.Dictionary(F=kept, UF=kept), AFRelationship=pikepdf.Name.Data,
        )
    )  # fmt: skip


def _field(
    document: pikepdf.Pdf, about: About, room: int, files: list[Any], added: _Appended
) -> tuple[Any, bytes]:
    """The signature's object and its text with *room* hexadecimal digits for the signature; the field it is in."""
    root, page = document.Root, document.pages[0].obj
    value = added.new(pikepdf.Dictionary(Type=pikepdf.Name.Sig))
    widget = added.new(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Sig, T=FIELD, F=132,
            Rect=[0, 0, 0, 0], P=page, V=value,
        )
    )  # fmt: skip
    page.Annots = pikepdf.Array([*(page.Annots if "/Annots" in page else ()), widget])
    root.AcroForm = pikepdf.Dictionary(Fields=[widget], SigFlags=3)
    root.Perms = pikepdf.Dictionary(DocMDP=value)
    if files:
        root.AF = pikepdf.Array([*(root.AF if "/AF" in root else ()), *files])
        names = root.Names if "/Names" in root else pikepdf.Dictionary()
        names.EmbeddedFiles = pikepdf.Dictionary(Names=[part for each in files for part in (each.F, each)])
        root.Names = names
    added.changed.remove(value)
    added.changed += [root, page, value]
    text = (
        b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /Name %b /M (%b) /ContactInfo %b"
        b" /Reference [<< /Type /SigRef /TransformMethod /DocMDP"
        b" /TransformParams << /Type /TransformParams /P 1 /V /1.2 >> >>]"
        b" /ByteRange [0 %b] /Contents <%b> >>"
        % (
            pikepdf.String(about.name).unparse(), _moment(about.at).encode(),
            pikepdf.String(about.check_url).unparse(), b" " * (3 * _WIDTH + 2), b"0" * room,
        )
    )  # fmt: skip
    return value, text


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
