"""Timetables on A4 or A3: a grid a week, days across, hours down, in letters as large as the longest words let them be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from enum import StrEnum
from typing import Any

from retrain.documents import fitting, pdf, sheets
from retrain.documents.fitting import Box, DoesNotFit, Fitted
from retrain.documents.timetable_wording import TIMETABLE
from retrain.language.dates import date_range, day_and_month, long_date, weekday_name


class Paper(StrEnum):
    """The sheets it is printed on, lying."""

    A4 = "a4"
    A3 = "a3"


@dataclass(frozen=True)
class Measures:
    """A sheet in millimetres and points: inside its margins, the column of hours, sizes of letters."""

    width: float
    height: float
    hours: float
    size: float
    least: float


MEASURES = {Paper.A4: Measures(277, 145, 19, 9, 6), Paper.A3: Measures(400, 222, 26, 12.5, 8)}
_FACE = {True: "SourceSans3-SemiBold", False: "SourceSans3-Regular"}
_PADDING = 3.4
_SCALES = (1.25, 1.1, 1.0, 0.9, 0.8)
_LINE = 7
"""Points: small letters stand in lines of those around them."""
_LONGEST = 200
"""Signs of one text in a cell: what is longer says enough by its beginning, and takes long to fit."""


@dataclass(frozen=True)
class Line:
    """A class in its cell: what it is, and lines under it in the order of their weight (place, person, group)."""

    heading: str
    under: tuple[str, ...]


@dataclass(frozen=True)
class Hour:
    """A row: from and to on the clocks of the place."""

    starts: time
    ends: time


@dataclass(frozen=True)
class WeekSheet:
    """One week: its days, why nobody works on some, and classes by hour and day."""

    number: int | None
    days: tuple[date, ...]
    off: dict[date, str]
    hours: tuple[Hour, ...]
    cells: dict[tuple[Hour, date], list[Line]]


@dataclass(frozen=True)
class Timetable:
    """Whose it is (a run, a room, a lecturer), of whom, and the weeks of it."""

    organisation: str
    name: str
    about: str
    first: date
    last: date
    day: date
    weeks: tuple[WeekSheet, ...]


def timetable_pdf(sheet: Timetable, paper: Paper, *, lang: str) -> bytes:
    """The timetable as a PDF; every page says whose it is and which of how many."""
    title = f"{TIMETABLE[lang]['title']}: {sheet.name}"
    return pdf.render(timetable_html(sheet, paper, lang=lang), title=title, lang=lang)


def timetable_html(sheet: Timetable, paper: Paper, *, lang: str) -> str:
    """The same pages before they become a PDF."""
    words = TIMETABLE[lang]
    measures, weeks = _fitting(sheet.weeks, MEASURES[paper], lang)
    return sheets.html(
        "timetable.html", lang, words["title"], words, sheet=sheet, paper=paper.value, hours_wide=measures.hours,
        size=measures.size, period=date_range(sheet.first, sheet.last, lang),
        as_of=words["as_of"].format(when=long_date(sheet.day, lang)),
        weeks=weeks, row_high=_row_high(sheet, measures), sizes=sorted(_sizes(weeks)),
    )  # fmt: skip


def _fitting(weeks: Sequence[WeekSheet], usual: Measures, lang: str) -> tuple[Measures, list[dict[str, Any]]]:
    """The weeks in letters so large that each stays on one sheet: a week alone hangs on a wall, read from further away."""
    found: list[dict[str, Any]] = []
    measures = usual
    for scale in _SCALES if len(weeks) == 1 else [each for each in _SCALES if each <= 1]:
        measures = replace(usual, size=usual.size * scale, hours=usual.hours * scale)
        found = [_week(week, measures, lang) for week in weeks]
        if all(
            sum(_high(cells) for _starts, _ends, cells in week["rows"]) <= measures.height for week in found
        ):
            break
    return measures, found


def _high(cells: list[list[list[dict[str, Any]]]]) -> float:
    """Millimetres of a row: as much as its fullest cell needs."""
    return max((sum(_class_high(parts) for parts in classes) for classes in cells), default=0) + _PADDING


def _class_high(parts: list[dict[str, Any]]) -> float:
    lines = sum(len(part["lines"]) * max(part["size"], _LINE) for part in parts)
    return float(lines * 1.2 * 25.4 / 72 + 2)


def _week(week: WeekSheet, measures: Measures, lang: str) -> dict[str, Any]:
    wide = (measures.width - measures.hours) / max(len(week.days), 1) - _PADDING
    return {
        "name": TIMETABLE[lang]["week"].format(n=week.number) if week.number else "",
        "period": date_range(week.days[0], week.days[-1], lang) if week.days else "",
        "days": [
            (weekday_name(day, lang), day_and_month(day, lang), week.off.get(day, "")) for day in week.days
        ],
        "rows": [
            (f"{hour.starts:%H:%M}", f"{hour.ends:%H:%M}",
             [[_fitted(line, wide, measures) for line in week.cells.get((hour, day), [])] for day in week.days])
            for hour in week.hours
        ],
    }  # fmt: skip


def _row_high(sheet: Timetable, measures: Measures) -> float:
    """Rows of one week share its sheet; those of many are as low as their words let them be."""
    if len(sheet.weeks) != 1:
        return measures.size
    return round(min(measures.height / max(len(sheet.weeks[0].hours), 1) * 0.85, 4 * measures.size), 1)


def _sizes(weeks: list[dict[str, Any]]) -> set[float]:
    rows = (row for week in weeks for row in week["rows"])
    classes = (parts for _starts, _ends, cells in rows for cell in cells for parts in cell)
    return {part["size"] for parts in classes for part in parts}


def _fitted(line: Line, wide: float, measures: Measures) -> list[dict[str, Any]]:
    parts = [(line.heading, True), *((text, False) for text in line.under if text)]
    return [_part(text, strong, wide, measures) for text, strong in parts]


def _part(text: str, strong: bool, wide: float, measures: Measures) -> dict[str, Any]:
    """Text in lines no wider than its column: a row may grow, a column may not."""
    size, most = (measures.size, 6) if strong else (measures.size - 1, 3)
    box = Box(
        _FACE[strong], wide, most * size * 1.2 * 25.4 / 72 + 0.1, most, size, measures.least, align="top"
    )
    fitted = _fit(_cut(text, _LONGEST), box)
    return {"lines": fitted.lines, "size": fitted.size, "strong": strong}


def _cut(text: str, most: int) -> str:
    """No more than *most* signs, the last one saying that there was more."""
    return text if len(text) <= most else text[: most - 1].rstrip(" …") + "…"


def _fit(text: str, box: Box) -> Fitted:
    """What not even the smallest letters hold is cut, with a sign that it was."""
    while True:
        try:
            return fitting.fit(text, box)
        except DoesNotFit:
            text = _cut(text, int(len(text) * 0.9))
