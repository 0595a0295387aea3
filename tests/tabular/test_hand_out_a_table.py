"""A table we hand out opens in any spreadsheet with nothing computed and nothing lost."""

import io
import time
import tracemalloc
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain.tabular.read import Kind, read_table
from retrain.tabular.write import write_csv, write_xlsx

DANGEROUS = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd",
    "@SUM(A1)",
    '=HYPERLINK("http://x","y")',
    "\t=1",
    "\r=1",
    " =1",
]


def opened(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content)).active


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_that_begins_like_a_formula_stays_text(text):
    cell = opened(write_xlsx(["x"], [[text]], "t"))["A2"]
    assert cell.data_type == "s"
    assert cell.value.startswith("'")
    line = write_csv(["x"], [[text]]).decode("utf-8-sig").split("\r\n", 1)[1]
    assert line.lstrip('"').startswith("'")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+A1", "-a", "@SUM(A1)", "+998 90 123-45-67", "O‘rinov", "'quoted'"]
)
def test_what_we_wrote_we_read_again(text):
    for content, name in (
        (write_xlsx(["x"], [[text]], "t"), "a.xlsx"),
        (write_csv(["x"], [[text]]), "a.csv"),
    ):
        cell = read_table(content, name).rows[1].cell(0)
        assert (cell.kind, cell.text) == (Kind.TEXT, text)


def test_headers_are_text_too():
    assert opened(write_xlsx(["=A"], [], "t"))["A1"].data_type == "s"
    assert write_csv(["=A"], []).decode("utf-8-sig") == "'=A\r\n"


def test_dates_and_numbers_are_real():
    sheet = opened(
        write_xlsx(
            ["day", "moment", "n", "part", "none", "yes"],
            [[date(2026, 2, 2), datetime(2026, 2, 2, 9, 5), Decimal("1.5"), Fraction(1, 4), None, True]],
            "t",
        )
    )
    row = [cell.value for cell in sheet[2]]
    assert row == [datetime(2026, 2, 2), datetime(2026, 2, 2, 9, 5), 1.5, 0.25, None, True]
    assert (sheet["A2"].number_format, sheet["B2"].number_format) == ("dd.mm.yyyy", "dd.mm.yyyy hh:mm")


def test_long_numbers_keep_their_digits():
    assert opened(write_xlsx(["n"], [[1234567890123456789]], "t"))["A2"].value == "1234567890123456789"


def test_it_is_pleasant_to_open():
    sheet = opened(write_xlsx(["Ism", "Izoh"], [["Ali", "x" * 500]], "Ro‘yxat: 2026/27 [qabul] va boshqalar"))
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["A"].width < sheet.column_dimensions["B"].width <= 60
    assert len(sheet.title) <= 31
    assert opened(write_xlsx(["a"], [], " ")).title == "1"


def test_signs_a_workbook_cannot_hold_are_left_out():
    assert opened(write_xlsx(["a"], [["x\x00\x07y"]], "t"))["A2"].value == "xy"


def test_a_text_table_for_a_double_click():
    content = write_csv(["Ism", "Sana"], [["O‘rinov; Ali", date(2026, 2, 2)]])
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig") == 'Ism;Sana\r\n"O‘rinov; Ali";02.02.2026\r\n'


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=12), min_size=1, max_size=4))
def test_no_text_is_ever_evaluated(texts):
    kinds = {
        cell.data_type for row in opened(write_xlsx(["h"] * len(texts), [texts], "t")).rows for cell in row
    }
    assert kinds <= {"s", "n"}
    for cell in read_table(write_csv(["h"] * len(texts), [texts]), "a.csv").rows[-1].cells:
        assert cell.kind is not Kind.FORMULA


def test_a_long_list_is_read_soon_and_in_little_memory():
    line = ["G‘ulomova", "Nilufar", "Bekzod qizi", date(1990, 5, 1), "UZ-NG", "Texnikum", 5, "a@b.uz", "x"]
    rows = [[str(31210632040244 + at), *line] for at in range(3_000)]
    content = write_xlsx([f"ustun {at}" for at in range(10)], rows, "t")
    began = time.process_time()
    assert len(read_table(content, "a.xlsx").rows) == 3_001
    assert time.process_time() - began < 2.5  # a quarter of what twelve thousand rows may take
    tracemalloc.start()
    read_table(content, "a.xlsx")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30_000_000
