"""Whether a scan is what a scanner makes: whole, of a size one can open, and nothing that acts by itself. Pure.

Not a search for viruses: files are never opened on the server, and browsers get them in a sandbox. This keeps
out what would not open, what would open as an empty page, and what no scanner writes.
"""

import re
import struct
import zlib
from typing import BinaryIO

from retrain.files.sniff import JPEG, PDF, PNG
from retrain.refusal import Refusal

MOST_PIXELS = 120_000_000
"""A sheet of A3 at 600 dots an inch has 70 million."""

_UNPACKED = 8 * 1024 * 1024
_TAIL = 2048
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)(?![A-Za-z0-9])")
_LOCKED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
_PACKED = re.compile(rb"/ObjStm\b.{0,400}?stream\r?\n", re.S)


def refusals(file: BinaryIO, kind: str, field: str | None = None) -> list[Refusal]:
    """Why *file*, whose content is of *kind*, can't serve as a scan; empty when it can, or is of no kind we know."""
    file.seek(0)
    content = file.read()
    check = {PNG: _png, JPEG: _jpeg, PDF: _pdf}.get(kind)
    code = check(content) if check else None
    return [Refusal.of(code, field=field)] if code else []


def _png(content: bytes) -> str | None:
    head = content[8:33]
    if len(head) < 25 or head[4:8] != b"IHDR" or content[-8:-4] != b"IEND":
        return "scan-damaged"
    return _size(*struct.unpack(">II", head[8:16]))


def _size(width: int, height: int) -> str | None:
    if not width or not height:
        return "scan-damaged"
    return "scan-too-many-pixels" if width * height > MOST_PIXELS else None


def _jpeg(content: bytes) -> str | None:
    """The frame's size stands behind the markers before it; a picture cut off has no end marker after that.

    Telephones write more behind the end, and a small picture with an end of its own before the frame.
    """
    at, end = 2, content.rfind(b"\xff\xd9")
    while at + 9 < len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:  # padding
            at += 1
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return _size(width, height) if end > at else "scan-damaged"
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return "scan-damaged"


def _pdf(content: bytes) -> str | None:
    if b"%%EOF" not in content[-_TAIL:]:
        return "scan-damaged"
    seen = _names(content)
    if _LOCKED.search(seen):
        return "scan-locked"
    if _ACTIVE.search(seen) or any(_ACTIVE.search(_names(each)) for each in _unpacked(content)):
        return "scan-active"
    return None


def _names(content: bytes) -> bytes:
    """The content with the letters of its names written plainly: #4A is J."""
    return _ESCAPED.sub(lambda found: bytes([int(found.group(1), 16)]), content)


def _unpacked(content: bytes) -> list[bytes]:
    """What is packed in streams of objects, up to a bound: a bomb is unpacked no further."""
    found, left = [], _UNPACKED
    for stream in _PACKED.finditer(content):
        try:
            part = zlib.decompressobj().decompress(content[stream.end() :], left)
        except zlib.error:
            continue
        found.append(part)
        left -= len(part)
        if left <= 0:
            break
    return found
