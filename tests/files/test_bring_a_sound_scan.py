"""A scan is whole, can be opened, and does nothing by itself."""

import zlib
from io import BytesIO

import pytest

from retrain.files import sniff, soundness
from tests.harness import pictures


def why(content: bytes) -> list[str]:
    file = BytesIO(content)
    return [refusal.code for refusal in soundness.refusals(file, sniff.media_type(file), "scan")]


@pytest.mark.parametrize(
    "content",
    [
        pictures.png(),
        pictures.png(4960, 7016),
        pictures.jpeg(),
        pictures.jpeg(4000, 3000, thumbnail=True, after=b"SEFT of a telephone" * 50),
        pictures.pdf(),
        pictures.pdf(b"4 0 obj<</Type/Annot/Subtype/Link/JSONish(a)/Encrypted true>>endobj"),
    ],
)
def test_what_scanners_and_telephones_write_is_taken(content: bytes):
    assert why(content) == []


@pytest.mark.parametrize(
    "content",
    [
        pictures.png()[:-9],
        pictures.png(0, 5),
        b"\x89PNG\r\n\x1a\n" + bytes(64),
        pictures.jpeg()[:-5],
        pictures.jpeg(thumbnail=True)[:-5],
        pictures.jpeg(0, 0),
        b"\xff\xd8\xff\xe0\xff\xff",
        pictures.pdf()[:-20],
    ],
)
def test_what_was_cut_off_on_its_way_is_named_so(content: bytes):
    assert why(content) == ["scan-damaged"]


def test_a_picture_that_would_fill_the_memory_is_refused():
    assert why(pictures.png(60_000, 60_000)) == ["scan-too-many-pixels"]
    assert why(pictures.jpeg(65_000, 65_000)) == ["scan-too-many-pixels"]


@pytest.mark.parametrize(
    "inside",
    [
        b"4 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj",
        b"4 0 obj<</S/J#61vaScript>>endobj",
        b"4 0 obj<</S/Launch/F(cmd.exe)>>endobj",
        b"4 0 obj<</Names<</EmbeddedFiles 5 0 R>>>>endobj",
        b"4 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length 40>>stream\r\n"
        + zlib.compress(b"5 0 <</S/JavaScript/JS(x)>>")
        + b"\nendstream endobj",
    ],
)
def test_a_pdf_that_acts_is_no_scan(inside: bytes):
    assert why(pictures.pdf(inside)) == ["scan-active"]


def test_a_locked_pdf_is_told_as_one():
    assert why(pictures.pdf(b"4 0 obj<</Encrypt 9 0 R>>endobj")) == ["scan-locked"]


def test_a_bomb_is_not_unpacked():
    bomb = b"4 0 obj<</Type/ObjStm>>stream\n" + zlib.compress(bytes(200_000_000)) + b"\nendstream endobj"
    assert why(pictures.pdf(bomb)) == []


def test_other_kinds_are_not_its_business():
    assert why(b"a,b\n1,2\n") == []
