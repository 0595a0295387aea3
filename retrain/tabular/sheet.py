"""What a workbook's sheet says, event by event: texts, numbers with all their digits, dates, formulas."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from retrain.tabular.table import EMPTY, Cell, Collector, Kind, Limits, UnreadableFile, text_cell

_LAST_SERIAL = 2_958_466  # the day after 9999-12-31
_FORGOTTEN_LEAP_DAY = 60  # spreadsheets believe in 29 February 1900
_WHOLE = 10**15


@dataclass(frozen=True, slots=True)
class Styles:
    """Which cell styles show a date, and from which year days are counted."""

    dated: frozenset[str]
    from_1904: bool = False


def local(name: str) -> str:
    """The element's name without its prefix."""
    return name.rpartition(":")[2]


class SharedTexts:
    """The workbook's list of texts; readings written above the letters are left out."""

    def __init__(self, limits: Limits) -> None:
        self.found: list[str] = []
        self._limits = limits
        self._parts: list[str] = []
        self._takes = False
        self._reading = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match local(name):
            case "si":
                if len(self.found) >= self._limits.cells:
                    raise UnreadableFile("too-many-rows", limit=self._limits.rows)
                self._parts = []
            case "rPh":
                self._reading = True
            case "t":
                self._takes = not self._reading

    def end(self, name: str) -> None:
        match local(name):
            case "si":
                self.found.append("".join(self._parts))
            case "rPh":
                self._reading = False
            case "t":
                self._takes = False

    def text(self, text: str) -> None:
        if self._takes:
            self._parts.append(text)


class Sheet:
    """The rows of one sheet."""

    def __init__(self, texts: list[str], styles: Styles, limits: Limits) -> None:
        self.found = Collector(limits)
        self._texts, self._styles, self._limits = texts, styles, limits
        self._row = 0
        self._cells: list[Cell] = []
        self._column = 0
        self._kind = self._style = ""
        self._value: list[str] = []
        self._formula: list[str] | None = None
        self._into: list[str] | None = None
        self._reading = False
        self._starts: dict[str, Callable[[dict[str, str]], None]] = {
            "row": self._start_row, "c": self._start_cell, "v": self._start_value, "t": self._start_value,
            "f": self._start_formula, "rPh": self._start_reading,
        }  # fmt: skip
        self._ends: dict[str, Callable[[], None]] = {
            "row": self._end_row, "c": self._end_cell, "v": self._stop, "t": self._stop, "f": self._stop,
            "rPh": self._end_reading,
        }  # fmt: skip

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if handle := self._starts.get(local(name) if ":" in name else name):
            handle(attributes)

    def end(self, name: str) -> None:
        if handle := self._ends.get(local(name) if ":" in name else name):
            handle()

    def text(self, text: str) -> None:
        if self._into is not None:
            self._into.append(text)

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = int(attributes.get("r", self._row + 1))
        if number <= self._row:
            raise UnreadableFile("truncated")
        self._row, self._cells, self._column = number, [], 0

    def _end_row(self) -> None:
        self.found.add(self._row, self._cells)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        self._column = column_number(place) if place else self._column + 1
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "0")
        self._value, self._formula, self._into = [], None, None

    def _start_value(self, attributes: dict[str, str]) -> None:
        if not self._reading:
            self._into = self._value

    def _start_formula(self, attributes: dict[str, str]) -> None:
        self._into = self._formula = []

    def _start_reading(self, attributes: dict[str, str]) -> None:
        self._reading = True

    def _end_reading(self) -> None:
        self._reading = False

    def _stop(self) -> None:
        self._into = None

    def _end_cell(self) -> None:
        cell = self._cell()
        if not cell:
            return
        if len(cell.text) > self._limits.cell_length:
            raise UnreadableFile("cell-too-long", row=self._row, limit=self._limits.cell_length)
        if self._column > self._limits.columns:
            raise UnreadableFile("too-many-columns", row=self._row, limit=self._limits.columns)
        missing = self._column - 1 - len(self._cells)
        if missing < 0:
            raise UnreadableFile("truncated")
        self._cells.extend([EMPTY] * missing)
        self._cells.append(cell)

    def _cell(self) -> Cell:
        if self._formula is not None:
            return Cell(Kind.FORMULA, "=" + "".join(self._formula))
        said = "".join(self._value).strip()
        if not said:
            return EMPTY
        match self._kind:
            case "s":
                return _text_cell(self._texts[int(said)].strip())
            case "inlineStr" | "str" | "e":
                return _text_cell(said)
            case "b":
                return _text_cell("TRUE" if said == "1" else "FALSE")
            case "d":
                return _date_cell(datetime.fromisoformat(said))
        return self._number(said)

    def _number(self, said: str) -> Cell:
        value = float(said)
        if self._style in self._styles.dated and (
            moment := moment_of(value, from_1904=self._styles.from_1904)
        ):
            return _date_cell(moment)
        if value.is_integer() and abs(value) < _WHOLE:
            return Cell(Kind.NUMBER, str(int(value)), int(value))
        return Cell(Kind.NUMBER, repr(value), value)


def column_number(place: str) -> int:
    """1 for A7, 28 for AB1."""
    number = 0
    for sign in place:
        if not "A" <= sign <= "Z":
            break
        number = number * 26 + ord(sign) - 64
    if not 0 < number <= 16_384:
        raise UnreadableFile("truncated")
    return number


def moment_of(serial: float, *, from_1904: bool = False) -> datetime | None:
    """The day and time a spreadsheet means by a number; None for what is no day."""
    if not 0 < serial < _LAST_SERIAL:
        return None
    first = date(1899, 12, 31 if serial < _FORGOTTEN_LEAP_DAY else 30)
    if from_1904:
        first = date(1904, 1, 1)
    try:
        return datetime.combine(first, time()) + timedelta(seconds=round(serial * 86_400))
    except OverflowError:
        return None


def _date_cell(moment: datetime) -> Cell:
    if moment.time() == time():
        day: date = moment.date()
        return Cell(Kind.DATE, day.isoformat(), day)
    return Cell(Kind.DATE, moment.isoformat(" ", "minutes"), moment)


def _text_cell(text: str) -> Cell:
    if not text:
        return EMPTY
    if text[0] == "=":  # a formula typed into a cell of text: still no data
        return Cell(Kind.FORMULA, text)
    return text_cell(text)
