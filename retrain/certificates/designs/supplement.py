"""The supplement of a diploma: every module with its hours and result, on as many sheets as they take.

Rows are set by rule like everything else, so that the same modules give the same table on every document.
"""

from functools import lru_cache
from typing import NamedTuple

from retrain.certificates import check_code, telling
from retrain.certificates.designs.places import Drawn, Place, Rule
from retrain.certificates.frozen import Frozen, ModuleLine
from retrain.documents import fitting

from retrain.certificates.designs import composing  # isort: skip
from retrain.certificates.designs.composing import FixedSheet, Line

GROUND = "ground-supplement"
LEFT, RIGHT, TOP, BOTTOM = 24.0, 273.0, 61.0, 160.0
"""The table's field on the sheet, in millimetres."""
COLUMNS = {"row": 12.0, "module": 165.0, "hours": 30.0, "result": 42.0}
AIR = 1.4
RULE, SHADE = "#8d8388", "#efe7dc"
SIGNED = 10.4
HEAD = 7.4


class Row(NamedTuple):
    """One module in its row: the lines of its name, how high the row is."""

    module: tuple[str, ...]
    height: float


class Size(NamedTuple):
    """How large a table is set, so that it fills one sheet if it can."""

    type: float
    least_row: float


SIZES = (Size(10.0, 7.2), Size(9.5, 6.4), Size(9.0, 5.6), Size(8.5, 5.0))


def sheets(frozen: Frozen, drawn: Drawn) -> list[tuple[FixedSheet, tuple[Line, ...]]]:
    """Each sheet of the supplement: what is fixed on it and what only this document says."""
    size, parts = _parts(frozen.modules, drawn)
    found = []
    for at, rows in enumerate(parts):
        last = at == len(parts) - 1
        rest = sum(len(part) for part in parts[:at])
        fixed = _fixed(drawn, frozen.language, size, rows, last, len(frozen.signatories))
        lines = _heading(frozen, drawn, at, len(parts))
        lines += _table(frozen, drawn, size, rows, rest, last)
        if last:
            lines += _signed(frozen, drawn)
        found.append((fixed, tuple(lines)))
    return found


def _parts(modules: tuple[ModuleLine, ...], drawn: Drawn) -> tuple[Size, list[tuple[Row, ...]]]:
    """The largest letters in which all rows stand on one sheet, else the smallest and as many sheets as it takes."""
    for size in SIZES:
        rows = tuple(_row(module.name, size, drawn.places["cell"]) for module in modules)
        if sum(row.height for row in rows) + HEAD + size.least_row <= BOTTOM - TOP:
            return size, [rows]
    return SIZES[-1], _cut(rows, SIZES[-1])


def _cut(rows: tuple[Row, ...], size: Size) -> list[tuple[Row, ...]]:
    parts: list[list[Row]] = [[]]
    high = HEAD
    for row in rows:
        if high + row.height + size.least_row > BOTTOM - TOP:
            parts.append([])
            high = HEAD
        parts[-1].append(row)
        high += row.height
    return [tuple(part) for part in parts]


@lru_cache(maxsize=1024)
def _row(text: str, size: Size, place: Place) -> Row:
    width = COLUMNS["module"] - 2 * AIR
    box = fitting.Box(place.face, width, 30, 3, size.type, 5.0, 1.15)
    try:
        lines = fitting.fit(text, box)
    except fitting.DoesNotFit:
        raise composing.TooLong("modules") from None
    step = lines.size * 1.15 * 25.4 / 72
    return Row(lines.lines, round(max(size.least_row, len(lines.lines) * step + 2 * AIR - 0.6), 3))


def _edges() -> dict[str, tuple[float, float]]:
    """Each column's left edge and width."""
    found, left = {}, LEFT
    for name, width in COLUMNS.items():
        found[name] = (round(left, 3), width)
        left += width
    return found


@lru_cache(maxsize=128)
def _fixed(
    drawn: Drawn, lang: str, size: Size, rows: tuple[Row, ...], last: bool, signatories: int
) -> FixedSheet:
    words, second = drawn.words[lang], drawn.words[composing.SECOND[lang]]
    cell, ink = drawn.places["cell"], RULE
    lines = [
        _one(drawn.places["supplement"], words["supplement"], lang, after=second["supplement"]),
        _one(drawn.places["who_label"], words["name"], lang),
        _one(drawn.places["course_label"], words["course"], lang),
    ]
    heads = {"row": "row", "module": "module", "hours": "module_hours", "result": "module_result"}
    for column, (left, width) in _edges().items():
        lines.append(_cell(drawn.places["head"], words[heads[column]], left, width, TOP, HEAD, lang, column))
    rules = [Rule(LEFT, TOP, RIGHT - LEFT, HEAD, SHADE)]
    down = TOP + HEAD
    levels = [TOP, down]
    course: list[Line] = []
    note: list[Line] = []
    for row in rows:
        left, width = _edges()["module"]
        step = size.type * 1.15 * 25.4 / 72
        first = down + (row.height - len(row.module) * step) / 2
        course += [
            Line(
                one, left + AIR, round(first + at * step, 3), width - 2 * AIR, "left", cell.face, size.type, 1.15,
                cell.ink, lang,
            )
            for at, one in enumerate(row.module)
        ]  # fmt: skip
        down = round(down + row.height, 3)
        levels.append(down)
    if last:
        course.append(
            _cell(
                drawn.places["head"], words["total"], *_edges()["module"], down, size.least_row, lang, "total"
            )
        )
        down = round(down + size.least_row, 3)
        levels.append(down)
        note.append(_one(drawn.places["without"], words["without"], lang))
        rules += _signature_rules(drawn, signatories)
    rules += [Rule(LEFT, level - 0.1, RIGHT - LEFT, 0.2, ink) for level in levels]
    edges = [LEFT, RIGHT, *(left for left, _width in list(_edges().values())[1:])]
    rules += [Rule(edge - 0.1, TOP, 0.2, round(down - TOP, 3), ink) for edge in sorted(edges)]
    return FixedSheet(GROUND, (*lines, *course, *note), tuple(rules), tuple(course))


def _signature_rules(drawn: Drawn, signatories: int) -> list[Rule]:
    line = drawn.places["line"]
    return [
        Rule(line.left, round(drawn.places["sign_post"].top + 7.4 + at * SIGNED, 3), line.width, line.height, line.ink)
        for at in range(min(signatories, 2))
    ]  # fmt: skip


def _heading(frozen: Frozen, drawn: Drawn, at: int, of: int) -> list[Line]:
    number = check_code.shown(frozen.series, frozen.number)
    if of > 1:
        number += f" · {at + 1}/{of}"
    told = (("supplement_number", number), ("who", frozen.name), ("course_line", frozen.course))
    return [line for name, text in told for line in _fitted(drawn, name, text, frozen.language)]


def _table(
    frozen: Frozen, drawn: Drawn, size: Size, rows: tuple[Row, ...], rest: int, last: bool
) -> list[Line]:
    found, down = [], TOP + HEAD
    lang, edges, cell = frozen.language, _edges(), drawn.places["cell"]
    for at, row in enumerate(rows):
        module = frozen.modules[rest + at]
        told = {"row": str(rest + at + 1), "hours": str(module.hours), "result": module.result}
        found += [
            _cell(cell, text, *edges[name], down, row.height, lang, name, size.type)
            for name, text in told.items()
            if text
        ]
        down = round(down + row.height, 3)
    if last:
        head = drawn.places["head"]
        told = {"hours": str(frozen.hours), "result": frozen.result}
        found += [
            _cell(head, text, *edges[name], down, size.least_row, lang, name, size.type)
            for name, text in told.items()
            if text
        ]
    return found


def _signed(frozen: Frozen, drawn: Drawn) -> list[Line]:
    words = drawn.words[frozen.language]
    found = _fitted(
        drawn,
        "issued_line",
        f"{words['issued']}: {telling.written(frozen.issued_on, words)}",
        frozen.language,
    )
    for at, signatory in enumerate(frozen.signatories[:2]):
        for name, text in (("sign_post", signatory.post), ("sign_signer", signatory.name)):
            found += _fitted(drawn, name, text, frozen.language, at * SIGNED)
    return found


def _fitted(drawn: Drawn, name: str, text: str, lang: str, down: float = 0.0) -> list[Line]:
    return list(composing.set_lines(drawn, name, text, lang, False, down)) if text else []


def _one(place: Place, text: str, lang: str, after: str = "") -> Line:
    size = place.size
    high = size * place.leading * 25.4 / 72
    try:
        fitting.fit(
            f"{text} · {after}" if after else text, fitting.Box(place.face, place.width, high, 1, size, size)
        )
    except fitting.DoesNotFit:
        raise composing.TooLong(place.words or "supplement") from None
    return composing.line(place, text, place.top + (place.height - high) / 2, size, lang, after)


@lru_cache(maxsize=8192)
def _cell(
    place: Place, text: str, left: float, width: float, top: float, height: float, lang: str, column: str,
    size: float = 0.0,
) -> Line:  # fmt: skip
    """One line in a cell, in letters small enough for it."""
    box = fitting.Box(place.face, width - 2 * AIR, height, 1, size or place.size, 4.0, 1.15)
    try:
        fitted = fitting.fit(text, box)
    except fitting.DoesNotFit:
        raise composing.TooLong("modules") from None
    high = fitted.size * 1.15 * 25.4 / 72
    side = {"row": "right", "hours": "right", "total": "right"}.get(column, "left")
    return Line(
        " ".join(fitted.lines), left + AIR, round(top + (height - high) / 2, 3), width - 2 * AIR, side,
        place.face, fitted.size, 1.15, place.ink, lang, True,
    )  # fmt: skip
