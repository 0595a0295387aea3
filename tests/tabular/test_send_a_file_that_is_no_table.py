"""A file that can't be read, or would hurt, is refused with the reason, soon and in little memory."""

import io
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain.tabular.read import Limits, UnreadableFile, read_table
from tests.tabular.workbooks import cell, workbook

ROSTERS = Path(__file__).parents[1] / "data/rosters"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
GOOD = (ROSTERS / "latin.xlsx").read_bytes()


def refusal(content: bytes | Path, name: str = "", limits: Limits | None = None) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read_table(content, name, limits)
    return refused.value.code


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \r\n\r\n", bytes(100)])
def test_nothing_in_it(content, name):
    assert refusal(content, name) == "empty"


def test_a_workbook_or_list_without_a_word():
    assert refusal(workbook('<row r="1"><c r="A1"/></row>'), "a.xlsx") == "empty"
    assert refusal(b";;\n;;\n", "a.csv") == "empty"


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_a_workbook_cut_short(part):
    assert refusal(GOOD[: int(len(GOOD) * part)], "a.xlsx") == "truncated"


def test_a_download_that_hardly_began():
    assert refusal(b"PK", "a.xlsx") == "truncated"


def test_a_workbook_with_a_damaged_byte():
    with zipfile.ZipFile(io.BytesIO(GOOD)) as package:
        place = package.getinfo("xl/worksheets/sheet1.xml").header_offset + 200
    assert refusal(GOOD[:place] + bytes([GOOD[place] ^ 0xFF]) + GOOD[place + 1 :], "a.xlsx") == "truncated"


def test_a_sheet_cut_inside_its_package():
    assert refusal(workbook('<row r="1"><c r="A1">'), "a.xlsx") == "truncated"


@pytest.mark.parametrize(
    "row",
    [
        '<row r="2"/><row r="2"/>',
        '<row r="x"/>',
        '<row><c r="7"><v>1</v></c></row>',
        "<row><c><v>x</v></c></row>",
        '<row><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        '<row><c t="s"><v>99</v></c></row>',
        '<row><c t="d"><v>soon</v></c></row>',
    ],
)
def test_a_sheet_that_contradicts_itself(row):
    assert refusal(workbook(row), "a.xlsx") == "truncated"


def test_a_list_cut_inside_a_letter():
    assert refusal("ism\nЎринов".encode()[:-1], "a.csv") == "truncated"


def test_a_locked_workbook():
    assert refusal(OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx") == "encrypted"
    locked = bytearray(GOOD)
    at = locked.index(b"PK\x01\x02")
    while at >= 0:
        locked[at + 8] |= 1
        at = locked.find(b"PK\x01\x02", at + 4)
    assert refusal(bytes(locked), "a.xlsx") == "encrypted"


@pytest.mark.parametrize("name", ["a.xls", "a.xlsx", "a.csv"])
def test_an_old_workbook(name):
    assert refusal(OLE + "Workbook".encode("utf-16-le"), name) == "old-excel"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"%PDF-1.7 ...", "royxat.xlsx"),
        (b"ism;ball\nAli;5\n", "royxat.xlsx"),
        (b"%PDF-1.7 ...", "royxat.csv"),
        (GOOD, "royxat.csv"),
        (GOOD, "royxat.xls"),
        (b"\x89PNG\r\n\x1a\n....", "royxat.csv"),
        (b"abc\x01\x02def;x\n", "royxat.csv"),
        (b"a\0b" + b"abcd" * 50, "royxat.csv"),
    ],
)
def test_a_file_that_is_not_what_its_name_says(content, name):
    assert refusal(content, name) == "misnamed"


def test_a_text_document_in_a_package():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    assert refusal(file.getvalue(), "a.xlsx") == "misnamed"


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.html"])
def test_a_name_we_do_not_take(name):
    assert refusal(b"whatever it is", name) == "not-a-table"


def test_too_many_bytes(tmp_path):
    assert refusal(b"a;b\n" * 100, "a.csv", Limits(file_bytes=300)) == "too-big"
    big = tmp_path / "a.csv"
    big.write_bytes(b"a;b\n" * 100)
    assert refusal(big, limits=Limits(file_bytes=300)) == "too-big"


def test_too_much_of_a_table():
    rows = "".join(f'<row r="{at}">{cell(f"A{at}", "x")}</row>' for at in range(1, 30))
    assert refusal(workbook(rows), "a.xlsx", Limits(rows=20)) == "too-many-rows"
    assert refusal(b"a\n" * 30, "a.csv", Limits(rows=20)) == "too-many-rows"
    assert refusal(b"a,b,c\n" * 9, "a.csv", Limits(columns=2)) == "too-many-columns"
    assert refusal(workbook(f"<row>{cell('XFD1', 'x')}</row>"), "a.xlsx") == "too-many-columns"
    assert refusal(b"a,b,c\n" * 9, "a.csv", Limits(cells=20)) == "too-many-rows"
    assert refusal(workbook(f"<row>{cell('A1', 'x' * 40_000)}</row>"), "a.xlsx") == "cell-too-long"
    assert refusal(b'a,"' + b"x\n" * 100_000, "a.csv") == "cell-too-long"


def test_a_zip_bomb_is_seen_before_it_is_opened():
    bomb = workbook(f"<row>{cell('A1', ' ' * 120_000_000)}</row>")
    assert len(bomb) < 1_000_000
    tracemalloc.start()
    assert refusal(bomb, "a.xlsx") == "zip-bomb"
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_parts_of_honest_size_that_are_too_much_together():
    book = workbook(f"<row>{cell('A1', 'y' * 3_000)}</row>")
    assert refusal(book, "a.xlsx", Limits(unpacked_bytes=3_000)) == "zip-bomb"


def test_a_package_that_lies_about_its_size():
    book = bytearray(workbook(f"<row>{cell('A1', ' ' * 20_000_000)}</row>"))
    at = book.rindex(b"xl/worksheets/sheet1.xml") - 46
    assert book[at : at + 4] == b"PK\x01\x02"
    book[at + 24 : at + 28] = struct.pack("<I", 500)
    tracemalloc.start()
    assert refusal(bytes(book), "a.xlsx") in ("truncated", "zip-bomb")
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_entities_are_not_opened():
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    assert refusal(workbook("<row><c><v>&b;</v></c></row>", head=laughs), "a.xlsx") == "not-a-table"
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    assert refusal(workbook("<row><c><v>&a;</v></c></row>", head=outside), "a.xlsx") == "not-a-table"


@pytest.mark.parametrize("encoding", ["koi8-r", "cp866", "iso8859-5", "mac-cyrillic"])
def test_an_encoding_nobody_can_tell(encoding):
    text = "Фамилия;Имя;Должность\nКаримов;Алишер;преподаватель\nЮсупова;Дилором;мастер\n"
    assert refusal(text.encode(encoding), "a.csv") == "encoding"


def outcome(content: bytes, name: str) -> str:
    try:
        return "read" if read_table(content, name).rows else "nothing"
    except UnreadableFile as refused:
        return refused.code


CODES = {
    "read",
    "empty",
    "truncated",
    "encrypted",
    "misnamed",
    "zip-bomb",
    "not-a-table",
    "too-many-columns",
    "old-excel",
    "encoding",
}


@given(st.binary(max_size=300), st.sampled_from(["a.xlsx", "a.csv", "a.xls", "a"]))
def test_no_bytes_break_it(content, name):
    assert outcome(content, name) in CODES


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_no_damage_breaks_it(place, change):
    assert outcome(GOOD[:place] + bytes([GOOD[place] ^ change]) + GOOD[place + 1 :], "a.xlsx") in CODES
