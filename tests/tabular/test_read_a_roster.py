"""An office sends its list, and it is read as the office sees it."""

from datetime import date, datetime
from pathlib import Path

import pytest

from retrain.people import pinfl
from retrain.tabular.read import Kind, read_table
from retrain.tabular.values import as_date
from tests.tabular.workbooks import BOOK, MAIN, cell, workbook

ROSTERS = Path(__file__).parents[1] / "data/rosters"


def test_the_latin_roster():
    table = read_table(ROSTERS / "latin.xlsx")
    assert (table.sheet, len(table.rows), table.width) == ("Pedagoglar", 121, 12)
    assert table.rows[0].cell(4).text == "Tug‘ilgan sanasi"
    first = table.rows[1]
    assert first.cell(0).text == "42303843301216"
    assert first.cell(4).value == date(1984, 3, 23)


def test_the_cyrillic_roster_with_titles_above_and_a_signature_below():
    table = read_table(ROSTERS / "cyrillic.xlsx")
    assert [row.number for row in table.rows[:4]] == [1, 2, 5, 6]
    assert table.rows[2].texts()[:3] == ["№", "Ф.И.Ш.", "ЖШШИР"]
    person = table.rows[3]
    assert (person.cell(2).kind, person.cell(2).text) == (Kind.NUMBER, "31303781861896")
    assert person.cell(3).kind is Kind.TEXT
    assert as_date(person.cell(3)) == date(1978, 3, 13)
    assert table.rows[-1].number == 68


def test_the_russian_roster_in_cp1251():
    table = read_table(ROSTERS / "russian-cp1251.csv")
    assert table.rows[0].texts()[:4] == ["Фамилия", "Имя", "Отчество", "ПИНФЛ"]
    assert table.rows[1].cell(5).text == "Наманган тукимачилик саноати техникуми"
    assert as_date(table.rows[1].cell(4)) == date(1989, 2, 2)
    assert {len(row.cells) for row in table.rows} == {8}


def test_the_messy_roster():
    table = read_table(ROSTERS / "messy.xlsx")
    assert table.sheets == ("1",)
    rows = {row.number: row for row in table.rows}
    assert sorted(rows) == [*range(1, 28), 29]
    assert {cell.kind for cell in rows[29].cells if cell} == {Kind.FORMULA}
    assert rows[12].cell(0).text == "32809854961056"
    assert as_date(rows[14].cell(2)) == pinfl.parse(rows[14].cell(0).text).birth_date


def test_every_person_of_the_rosters_has_a_sound_number_and_the_date_it_says():
    columns = {"latin.xlsx": (0, 4), "cyrillic.xlsx": (2, 3), "russian-cp1251.csv": (3, 4)}
    seen = 0
    for name, (number, born) in columns.items():
        for row in read_table(ROSTERS / name).rows:
            if pinfl.has_structure(row.cell(number).text):
                assert pinfl.parse(row.cell(number).text).birth_date == as_date(row.cell(born))
                seen += 1
    assert seen == 120 + 60 + 45


def test_cells_are_what_they_are():
    styles = f'<styleSheet {MAIN}><numFmts><numFmt numFmtId="170" formatCode="dd.mm.yyyy hh:mm"/></numFmts>'
    styles += '<cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs>'
    styles += (
        '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>'
    )
    shared = (
        f"<sst {MAIN}><si><t>bir</t></si><si><r><t>ik</t></r><r><t>ki</t></r><rPh><t>x</t></rPh></si></sst>"
    )
    row = (
        '<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="s"><v>1</v></c><c r="C3" s="1"><v>46055</v></c>'
        '<c r="D3" s="2"><v>46055.375</v></c><c r="E3"><v>0.1</v></c><c r="F3" t="b"><v>1</v></c>'
        '<c r="G3" t="str"><f>A1&amp;"x"</f><v>bx</v></c><c r="H3" t="e"><v>#N/A</v></c>'
        '<c r="J3"><v>3.1210632040244E13</v></c><c r="K3" s="1"><v>-5</v></c></row>'
    )
    table = read_table(workbook(row, xl__styles=styles, xl__sharedStrings=shared), "a.xlsx")
    assert [row.number for row in table.rows] == [3]
    cells = table.rows[0].cells
    assert [cell.kind.value for cell in cells] == [
        "text", "text", "date", "date", "number", "text", "formula", "text", "empty", "number", "number",
    ]  # fmt: skip
    assert [cell.value for cell in cells[:5]] == [
        "bir",
        "ikki",
        date(2026, 2, 2),
        datetime(2026, 2, 2, 9),
        0.1,
    ]
    assert cells[6].text == '=A1&"x"'
    assert cells[9].text == "31210632040244"


def test_days_counted_from_1904():
    book = BOOK.replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    styles = f'<styleSheet {MAIN}><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>'
    table = read_table(workbook("<row><c><v>44593</v></c></row>", book=book, xl__styles=styles), "a.xlsx")
    assert table.rows[0].cell(0).value == date(2026, 2, 2)


def test_a_formula_typed_as_text_is_no_data_but_a_telephone_is():
    rows = f'<row r="1">{cell("A1", "=1+1")}{cell("B1", "+998 90 123-45-67")}{cell("C1", "@ism")}</row>'
    kinds = [found.kind for found in read_table(workbook(rows), "a.xlsx").rows[0].cells]
    assert kinds == [Kind.FORMULA, Kind.TEXT, Kind.TEXT]


def test_hidden_and_empty_sheets_are_passed_over():
    names = (
        '<sheet name="H" state="hidden" sheetId="2" r:id="rId2"/><sheet name="A" sheetId="1" r:id="rId1"/>'
    )
    book = BOOK.replace('<sheet name="A" sheetId="1" r:id="rId1"/>', names)
    table = read_table(workbook(f"<row>{cell('A1', 'x')}</row>", book=book), "a.xlsx")
    assert (table.sheet, table.sheets) == ("A", ("A",))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_any_common_encoding_and_delimiter(encoding, delimiter):
    lines = [
        ["Ф.И.Ш.", "Туғилган сана", "Изоҳ"],
        ["Ўринов Али", "13.03.1978", 'a;b,c "d"'],
        ["G‘ulomova", "", "x"],
    ]
    text = "".join(
        delimiter.join('"' + field.replace('"', '""') + '"' for field in line) + "\r\n" for line in lines
    )
    table = read_table(text.encode(encoding), "royxat.csv")
    assert [row.texts() for row in table.rows] == lines


def test_rows_are_counted_as_a_spreadsheet_does():
    table = read_table(b'sep=|\r\na|b\r\n\r\n"two\nlines"|c\r\n  |\r\nlast|d\r\n', "a.csv")
    assert [(row.number, row.cell(0).text) for row in table.rows] == [
        (1, "a"),
        (3, "two\nlines"),
        (5, "last"),
    ]


def test_titles_above_and_commas_inside_do_not_mislead():
    text = "Ro‘yxat, 2026-yil\n\nIsm;Ball\nAli;3,5\nVali;4,5\nSoli;5,0\n"
    assert read_table(text.encode(), "a.csv").rows[2].texts() == ["Ali", "3,5"]


def test_one_column_is_a_table_too():
    assert [row.texts() for row in read_table(b"ism\nAli\n", "a.csv").rows] == [["ism"], ["Ali"]]


@pytest.mark.parametrize("text", ["=1+1", "@SUM(1)", "+cmd|' /C calc'!A0", "+1+A1"])
def test_formulas_in_a_text_table(text):
    assert read_table(f'"{text}",x\n'.encode(), "a.csv").rows[0].cell(0).kind is Kind.FORMULA


@pytest.mark.parametrize("text", ["+998 90 123-45-67", "+998(90)1234567", "-", "-5", "a=b", "a@b.uz"])
def test_what_only_looks_like_one(text):
    assert read_table(f'"{text}",x\n'.encode(), "a.csv").rows[0].cell(0).value == text


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("13.03.1978", date(1978, 3, 13)),
        ("3/4/1978", date(1978, 4, 3)),
        ("1978-03-13 00:00:00", date(1978, 3, 13)),
        ("13.03.1978 й.", None),
        ("1978-yil 13-mart", date(1978, 3, 13)),
        ("1978 йил 13 февраль", date(1978, 2, 13)),
        ("13 марта 1978 г.", date(1978, 3, 13)),
        ("13 March 1978", date(1978, 3, 13)),
        ("28562", date(1978, 3, 13)),
        ("31.02.1978", None),
        ("1978", None),
        ("13.03.78", None),
        ("kecha", None),
    ],
)
def test_a_date_in_a_text(text, day):
    assert as_date(read_table(f'"{text}";x\n'.encode(), "a.csv").rows[0].cell(0)) == day
