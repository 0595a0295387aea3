"""A table as it was read: rows with the numbers a spreadsheet shows, cells with what they are."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Kind(StrEnum):
    EMPTY = "empty"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    FORMULA = "formula"


@dataclass(frozen=True, slots=True)
class Cell:
    """`text` is what the cell says, without the spaces around it; `value` is the same typed.

    A number keeps every digit it had. A formula has its text and no value: formulas are not data.
    """

    kind: Kind
    text: str = ""
    value: str | int | float | date | datetime | None = None

    def __bool__(self) -> bool:
        return self.kind is not Kind.EMPTY


EMPTY = Cell(Kind.EMPTY)

# What a spreadsheet takes for a formula's first sign, in either width.
FORMULA_SIGNS = tuple("=+-@＝＋－＠")


def looks_like_a_formula(text: str) -> bool:
    """Whether a spreadsheet may compute *text*; some pass over the spaces before the first sign."""
    return text.lstrip().startswith(FORMULA_SIGNS)


def text_cell(text: str) -> Cell:
    """A cell of *text*, without the apostrophe our own export puts before what looks like a formula."""
    if text[:1] == "'" and looks_like_a_formula(text[1:]):
        text = text[1:]
    return Cell(Kind.TEXT, text, text)


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    cells: list[Cell]

    def cell(self, column: int) -> Cell:
        """The cell of a column counted from 0; empty where the row is shorter."""
        return self.cells[column] if 0 <= column < len(self.cells) else EMPTY

    def texts(self) -> list[str]:
        return [cell.text for cell in self.cells]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows that have something in them, in order; blank ones are passed over but counted."""

    sheet: str
    rows: list[Row]
    sheets: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        return max((len(row.cells) for row in self.rows), default=0)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a stranger's file we take in."""

    file_bytes: int = 10 * 1024 * 1024
    unpacked_bytes: int = 100 * 1024 * 1024
    rows: int = 50_000
    columns: int = 100
    cells: int = 1_000_000
    cell_length: int = 32_767  # what a spreadsheet itself allows


class UnreadableFile(ValueError):
    """The file is no table we can take; `code` says why and `facts` the numbers for the sentence.

    Codes: empty, truncated, encrypted, misnamed, too-big, zip-bomb, not-a-table, old-excel, encoding,
    too-many-rows, too-many-columns, cell-too-long.
    """

    def __init__(self, code: str, **facts: int | str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class Collector:
    """Gathers rows and stops at the first limit passed."""

    def __init__(self, limits: Limits) -> None:
        self.rows: list[Row] = []
        self._limits = limits
        self._cells = 0

    def add(self, number: int, cells: list[Cell]) -> None:
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            return
        self._cells += len(cells)
        if len(self.rows) >= self._limits.rows or self._cells > self._limits.cells:
            raise UnreadableFile("too-many-rows", limit=self._limits.rows)
        if len(cells) > self._limits.columns:
            raise UnreadableFile("too-many-columns", limit=self._limits.columns, row=number)
        self.rows.append(Row(number, cells))
