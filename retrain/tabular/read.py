"""The one door for tables from outside: XLSX and CSV in, a typed table or a coded refusal out."""

from collections.abc import Callable
from pathlib import Path, PurePath

from retrain.tabular import csvfile, xlsx
from retrain.tabular.table import Cell, Kind, Limits, Row, Table, UnreadableFile

__all__ = ["Cell", "Kind", "Limits", "Row", "Table", "UnreadableFile", "read_table"]

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXT_ENDINGS = frozenset({".csv", ".tsv", ".txt"})
_WORKBOOK_ENDINGS = frozenset({".xlsx", ".xlsm"})
# Other kinds of file people rename: their first bytes.
_OTHER = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"{\\rtf",
    b"MZ",
    b"\x7fELF",
)


def read_table(source: str | Path | bytes, filename: str = "", limits: Limits | None = None) -> Table:
    """The first sheet with something in it; raises UnreadableFile with a stable code.

    *filename* is the name the sender gave; what the content is must agree with it.
    """
    limits = limits or Limits()
    content = _content(source, limits)
    name = filename or (str(source) if not isinstance(source, bytes) else "")
    ending = PurePath(name).suffix.lower()
    reader = _reader(ending, content)
    table = reader(content, limits)
    if not table.rows:
        raise UnreadableFile("empty")
    return table


def _content(source: str | Path | bytes, limits: Limits) -> bytes:
    if isinstance(source, bytes):
        content = source
    else:
        with Path(source).open("rb") as file:
            content = file.read(limits.file_bytes + 1)
    if len(content) > limits.file_bytes:
        raise UnreadableFile("too-big", limit=limits.file_bytes)
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise UnreadableFile("empty")
    return content


def _reader(ending: str, content: bytes) -> Callable[[bytes, Limits], Table]:
    """How to read it, when name and content agree on what it is."""
    if content.startswith(_OLE):
        raise UnreadableFile(_ole_fault(ending, content))
    zipped = content.startswith(_ZIP)
    if ending in _WORKBOOK_ENDINGS or (not ending and zipped):
        if zipped:
            return xlsx.read
        # A download that stopped within the first bytes still begins as a zip does.
        raise UnreadableFile("truncated" if _ZIP[0].startswith(content) else "misnamed")
    if ending in _TEXT_ENDINGS or not ending:
        if zipped or content.startswith(_OTHER):
            raise UnreadableFile("misnamed")
        return csvfile.read
    if ending == ".xls":
        raise UnreadableFile("misnamed")
    raise UnreadableFile("not-a-table")


def _ole_fault(ending: str, content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "encrypted"
    if "WordDocument".encode("utf-16-le") in content or "PowerPoint Document".encode("utf-16-le") in content:
        return "misnamed" if ending in (*_WORKBOOK_ENDINGS, *_TEXT_ENDINGS, ".xls") else "not-a-table"
    # An office suite locks an old workbook and a new one into the same container; the name tells them apart.
    is_old = (
        "Workbook".encode("utf-16-le") in content or "Book".encode("utf-16-le") in content or ending == ".xls"
    )
    return "old-excel" if is_old or ending not in _WORKBOOK_ENDINGS else "encrypted"
