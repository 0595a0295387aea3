"""The smallest files that are what they say: a picture of each kind, a page."""

import struct
import zlib


def png(width: int = 2, height: int = 2) -> bytes:
    """A white picture; its size may be claimed without there being the pixels."""
    rows = b"".join(b"\0" + b"\xff" * width for _row in range(min(height, 4)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
            _chunk(b"IDAT", zlib.compress(rows if width < 1000 else b"")),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def jpeg(width: int = 2, height: int = 2, *, thumbnail: bool = False, after: bytes = b"") -> bytes:
    """A frame of that size between its markers; as a telephone's with a small picture before and more behind."""
    inside = b"Exif\0\0" + (b"\xff\xd8 small \xff\xd9" if thumbnail else b"")
    app = b"\xff\xe1" + struct.pack(">H", len(inside) + 2) + inside
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\0"
    return b"\xff\xd8" + app + frame + b"\xff\xda\0\x02 pixels \xff\xd9" + after


def pdf(inside: bytes = b"") -> bytes:
    """A page of nothing, with *inside* among its objects."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\n"
        + inside
        + b"\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )
