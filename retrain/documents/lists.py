"""Sheets made of tables: the same tables as a PDF to sign and as a workbook to count in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from retrain.documents import pdf, sheets
from retrain.tabular.write import write_workbook

SHORT = 12
"""A value of no more signs is not broken."""

MANY = 9
"""A table with more columns lies on its side."""


@dataclass(frozen=True)
class Table:
    """Headings and rows of values; *wide* columns hold long texts, *narrow* ones a sign."""

    headings: Sequence[str]
    rows: Sequence[Sequence[Any]]
    title: str = ""
    wide: Sequence[int] = ()
    narrow: Sequence[int] = ()


@dataclass(frozen=True)
class Sheet:
    """A paper with a title, lines of heading, tables, and lines for those who sign."""

    title: str
    heading: Sequence[str]
    tables: Sequence[Table]
    signers: Sequence[str] = field(default=())
    foot: str = ""


def sheet_pdf(sheet: Sheet, lang: str) -> bytes:
    """The sheet on A4, on its side when a table has many columns."""
    is_wide = any(len(table.headings) > MANY for table in sheet.tables)
    page = sheets.html(
        "list.html", lang, sheet.title, {}, sheet=sheet, is_wide=is_wide, shown=_shown, is_short=_is_short
    )
    return pdf.render(page, title=sheet.title, lang=lang)


def sheet_xlsx(sheet: Sheet) -> bytes:
    """The same tables, one a sheet of the workbook."""
    named = [(table.title or sheet.title, table.headings, table.rows) for table in sheet.tables]
    return write_workbook(named)


def _shown(value: Any) -> str:
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return f"{value:g}".replace(".", ",") if isinstance(value, float) else str(value)


def _is_short(value: Any) -> bool:
    """Dates, numbers and codes stand on one line; words may break between them."""
    return len(_shown(value)) <= SHORT
