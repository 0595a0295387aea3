"""What a file is by its content; its name and what the browser says are not believed. Pure."""

import zipfile
from io import BytesIO
from typing import BinaryIO

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
ZIP = "application/zip"
OLE = "application/x-ole-storage"
UNKNOWN = "application/octet-stream"

SUFFIXES = {PDF: ".pdf", PNG: ".png", JPEG: ".jpg", XLSX: ".xlsx", CSV: ".csv", ZIP: ".zip"}

_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),  # old Office files, and new ones under a password
)


def media_type(file: BinaryIO) -> str:
    """The media type of what *file* holds."""
    file.seek(0)
    head = file.read(4096)
    zipped = head.startswith(b"PK\x03\x04")  # before what may be packed in it
    if not zipped and b"%PDF-" in head[:1024]:
        return PDF
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if zipped:
        return _inside_zip(file)
    return CSV if _is_text(head) else UNKNOWN


def media_type_of(content: bytes) -> str:
    """The media type of *content*."""
    return media_type(BytesIO(content))


def _inside_zip(file: BinaryIO) -> str:
    """A workbook is a ZIP that says so. Only the directory is read, nothing is unpacked."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return UNKNOWN
    return XLSX if "[Content_Types].xml" in names and "xl/workbook.xml" in names else ZIP


def _is_text(head: bytes) -> bool:
    """Text in any encoding an office uses has no control characters but those of lines and tabs."""
    if not head:
        return False
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not any(byte < 32 and byte not in b"\t\n\r\x0c" for byte in head)
