"""Writing tables: real dates and numbers, and text no spreadsheet will evaluate.

Text that begins like a formula gets an apostrophe before it, which reading takes off again.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from retrain.tabular.table import looks_like_a_formula

Value = str | int | float | Decimal | Fraction | date | datetime | time | bool | None

_BREAKS = ("\t", "\r", "\n")
_FIGURES = re.compile(r"[+-][\d\s().-]*")  # a telephone or an amount: a typed cell keeps it as text
_NOT_IN_A_TITLE = re.compile(r"[\[\]:*?/\\]")
_LONGEST_TITLE = 31
_LONGEST_TEXT = 32_767
_NARROWEST, _WIDEST = 6, 60
_EXACT_DIGITS = 15  # a spreadsheet keeps no more of a number
_DATE, _MOMENT, _TIME = "dd.mm.yyyy", "dd.mm.yyyy hh:mm", "hh:mm"


def escaped(text: str) -> str:
    """*text* so that a spreadsheet opening a text file shows it and computes nothing."""
    return "'" + text if _is_dangerous(text) else text


def _is_dangerous(text: str) -> bool:
    return text.startswith(_BREAKS) or looks_like_a_formula(text)


def write_xlsx(headers: Sequence[str], rows: Iterable[Sequence[Value]], title: str) -> bytes:
    """A workbook of one sheet: bold header that stays in sight, widths that fit, dates as dates.

    Moments must be given on local clocks, without a zone.
    """
    return write_workbook([(title, headers, rows)])


def write_workbook(sheets: Sequence[tuple[str, Sequence[str], Iterable[Sequence[Value]]]]) -> bytes:
    """A workbook of (title, headers, rows), a sheet each; titles that come again are numbered."""
    book = Workbook(write_only=True)
    for number, (title, headers, rows) in enumerate(sheets):
        again = sum(title == each[0] for each in sheets[:number])
        _add_sheet(book, f"{title} {again + 1}" if again else title, headers, rows)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _add_sheet(book: Workbook, title: str, headers: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    table = [[_plain(value) for value in row] for row in rows]
    sheet = book.create_sheet(_NOT_IN_A_TITLE.sub(" ", title).strip("' ")[:_LONGEST_TITLE] or "1")
    sheet.freeze_panes = "A2"
    for column, width in enumerate(_widths(headers, table), start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    if headers:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(headers))}{len(table) + 1}"
    sheet.append([_heading(sheet, heading) for heading in headers])
    for row in table:
        sheet.append([_cell(sheet, value) for value in row])


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[Value]], *, delimiter: str = ";") -> bytes:
    """UTF-8 with a mark and semicolons, which spreadsheets of our countries open by a double click."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([escaped(heading) for heading in headers])
    for row in rows:
        writer.writerow([_written(value) for value in row])
    return file.getvalue().encode("utf-8-sig")


def _plain(value: Value) -> Value:
    if isinstance(value, str):
        return ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST_TEXT] or None
    if isinstance(value, int) and not isinstance(value, bool) and len(str(abs(value))) > _EXACT_DIGITS:
        return str(value)
    return value


def _heading(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    cell = _cell(sheet, _plain(text))
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="E8EEF4")
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _cell(sheet: WriteOnlyWorksheet, value: Value) -> Cell:
    cell = WriteOnlyCell(sheet)
    if isinstance(value, str):
        cell.value = value if _FIGURES.fullmatch(value) else escaped(value)
        cell.data_type = "s"  # or the library would take "=…" for a formula
        cell.quotePrefix = _is_dangerous(value)
    else:
        cell.value = float(value) if isinstance(value, Fraction) else value
    if isinstance(value, datetime):
        cell.number_format = _MOMENT
    elif isinstance(value, date):
        cell.number_format = _DATE
    elif isinstance(value, time):
        cell.number_format = _TIME
    return cell


def _written(value: Value) -> str:
    match value:
        case None:
            return ""
        case str():
            return escaped(ILLEGAL_CHARACTERS_RE.sub("", value))
        case datetime():
            return value.strftime("%d.%m.%Y %H:%M")
        case date():
            return value.strftime("%d.%m.%Y")
        case time():
            return value.strftime("%H:%M")
        case Fraction():
            return str(float(value))
    return str(value)


def _widths(headers: Sequence[str], table: list[list[Value]]) -> list[int]:
    longest = [len(heading) for heading in headers]
    for row in table[:1000]:
        for at, value in enumerate(row[: len(longest)]):
            longest[at] = max(longest[at], len(_written(value)))
    return [min(max(length + 2, _NARROWEST), _WIDEST) for length in longest]
