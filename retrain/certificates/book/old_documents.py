"""Documents from before Retrain: an office's own list, looked at row by row, entered as a whole or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select, tuple_

from retrain import audit, clock
from retrain.audit import Actor
from retrain.catalogue.states import DocumentType
from retrain.certificates import numbering
from retrain.certificates.book.models import OldDocument
from retrain.certificates.models import Certificate, NumberCounter
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.language.keys import search_key
from retrain.people import permissions, rosters
from retrain.people.permissions import Target
from retrain.refusal import Refusal, Refused
from retrain.tabular.table import Cell, Row, Table
from retrain.tabular.values import as_date

ACTION = "certificate.issue"
COLUMNS: dict[str, tuple[str, ...]] = {
    "series": ("seriyasi", "seriya", "серия", "series"),
    "number": ("raqami", "raqam", "№", "номер", "number", "рақами"),
    "name": ("f.i.sh.", "fish", "f.i.o.", "tinglovchi", "ф.и.о.", "фио", "слушатель", "name", "ф.и.ш."),
    "workplace": ("asosiy ish joyi", "ish joyi", "место работы", "workplace", "place of work", "иш жойи"),
    "course": ("kursi", "kurs", "kursi / qayta tayyorlash kursi", "qayta tayyorlash kursi", "курс", "course"),
    "hours": ("soat", "soati", "часы", "часов", "hours", "соат"),
    "starts_on": ("boshlanishi", "начало", "from", "бошланиши"),
    "ends_on": ("tugashi", "окончание", "to", "тугаши"),
    "issued_on": ("berilgan sana", "sana", "дата выдачи", "дата", "issued on", "берилган сана"),
    "order": ("buyruq", "buyruq raqami", "приказ", "номер приказа", "order", "буйруқ"),
    "note": ("izoh", "примечание", "note", "изоҳ"),
}
"""The heads of columns by what they hold, as offices write them; the first is the one our own template has."""

NEEDED = ("series", "number", "name", "course", "issued_on")
LONGEST = {"series": 8, "name": 200, "workplace": 300, "course": 300, "order": 40, "note": 2000}


@dataclass(frozen=True)
class Line:
    """One row of the list: what it says, or everything that is wrong with it."""

    row: int
    values: dict[str, Any]
    why: tuple[Refusal, ...] = ()


@dataclass(frozen=True)
class Preview:
    """What would come of a list; nothing is written."""

    lines: tuple[Line, ...]

    @property
    def wrong(self) -> list[Line]:
        """The rows to be put right first."""
        return [line for line in self.lines if line.why]


def preview(provider_id: int, content: bytes, filename: str) -> Preview:
    """Every row of the list, read and compared with what is in the books already."""
    table = rosters.open_table(content, filename)
    header, columns = _header(table)
    lines = [_line(row, columns) for row in table.rows if row.number > header]
    if not lines:
        raise Refused(Refusal.of("file-empty", field="file"))
    return Preview(tuple(_compared(provider_id, lines)))


def _header(table: Table) -> tuple[int, dict[str, int]]:
    words = {search_key(word): name for name, told in COLUMNS.items() for word in told}
    for row in table.rows[:20]:
        found: dict[str, int] = {}
        for at, text in enumerate(row.texts()):
            if name := words.get(search_key(text)):
                found.setdefault(name, at)
        if len(found) > 2 and "number" in found:
            if gone := [name for name in NEEDED if name not in found]:
                wanted = ", ".join(COLUMNS[name][0] for name in gone)
                raise Refused(Refusal.of("old-columns-missing", field="file", columns=wanted))
            return row.number, found
    wanted = ", ".join(COLUMNS[name][0] for name in NEEDED)
    raise Refused(Refusal.of("old-columns-missing", field="file", columns=wanted))


def _line(row: Row, columns: Mapping[str, int]) -> Line:
    cells = {name: row.cell(at) for name, at in columns.items()}
    why = [Refusal.of("old-cell-empty", column=COLUMNS[name][0]) for name in NEEDED if not cells[name].text]
    values: dict[str, Any] = {name: cells[name].text if name in cells else "" for name in LONGEST}
    why += [
        Refusal.of("old-cell-long", column=COLUMNS[name][0], most=most)
        for name, most in LONGEST.items()
        if len(values[name]) > most
    ]
    values["series"] = values["series"].upper()
    for name in ("number", "hours"):
        values[name] = _whole(cells.get(name))
        if values[name] is None and name in cells and cells[name].text:
            why.append(Refusal.of("old-not-whole", column=COLUMNS[name][0], said=cells[name].text[:40]))
    for name in ("starts_on", "ends_on", "issued_on"):
        values[name] = as_date(cells[name]) if name in cells else None
        if values[name] is None and name in cells and cells[name].text:
            why.append(Refusal.of("old-no-day", column=COLUMNS[name][0], said=cells[name].text[:40]))
    if values["issued_on"] and values["issued_on"] > clock.today():
        why.append(Refusal.of("old-ahead", said=values["issued_on"].isoformat()))
    return Line(row.number, values, tuple(why))


def _whole(cell: Cell | None) -> int | None:
    text = cell.text.strip() if cell else ""
    return int(text) if text.isdecimal() and len(text) < 9 and int(text) > 0 else None


def _compared(provider_id: int, lines: Sequence[Line]) -> list[Line]:
    """The same with rows told that repeat another one, or a document that is in a book already."""
    keys = {_key(line) for line in lines if not line.why}
    known: set[Any] = set()
    for table in (OldDocument, Certificate):
        columns = (table.series, table.year, table.number)
        asked = list(keys)
        for start in range(0, len(asked), 300):
            query = select(*columns).where(
                table.provider_id == provider_id, tuple_(*columns).in_(asked[start : start + 300])
            )
            known |= {tuple(row) for row in db.session.execute(query)}
    first: dict[Any, int] = {}
    found = []
    for line in lines:
        if line.why:
            found.append(line)
            continue
        key, name = _key(line), f"{line.values['series']} {line.values['number']:06d}"
        why: tuple[Refusal, ...] = ()
        if key in known:
            why = (Refusal.of("old-known", number=name),)
        elif key in first:
            why = (Refusal.of("old-twice", number=name, row=first[key]),)
        first.setdefault(key, line.row)
        found.append(Line(line.row, line.values, why))
    return found


def _key(line: Line) -> tuple[str, int, int]:
    issued: date = line.values["issued_on"]
    return line.values["series"], issued.year, line.values["number"]


@use_case
def enter(actor: Actor, provider_id: int, kind: DocumentType, content: bytes, filename: str) -> int:
    """Enter the whole list, when no row of it is wrong; how many documents came in.

    Numbers of a series that is still counted are passed over from then on, so that none is given twice.
    """
    permissions.require(actor, ACTION, Target(provider_id=provider_id))
    looked = preview(provider_id, content, filename)
    if looked.wrong:
        raise Refused(Refusal.of("old-rows-wrong", rows=len(looked.wrong)))
    shared = {
        "provider_id": provider_id, "document_type": kind, "file_name": filename[:255], "entered_at": clock.now(),
        "entered_by_id": actor.person_id,
    }  # fmt: skip
    db.session.execute(insert(OldDocument), [shared | _as_row(line) for line in looked.lines])
    for (series, year), last in _last_numbers(looked.lines).items():
        _pass_over(provider_id, series, year, last)
    audit.record(
        actor, "old_documents.entered", ("organisation", provider_id),
        after={"documents": len(looked.lines), "type": kind, "file": filename[:255]},
    )  # fmt: skip
    return len(looked.lines)


def _as_row(line: Line) -> dict[str, Any]:
    values = dict(line.values)
    return values | {"year": values["issued_on"].year, "order_number": values.pop("order")}


def _last_numbers(lines: Sequence[Line]) -> dict[tuple[str, int], int]:
    found: dict[tuple[str, int], int] = {}
    for line in lines:
        series, year, number = _key(line)
        found[series, year] = max(number, found.get((series, year), 0))
    return found


def _pass_over(provider_id: int, series: str, year: int, last: int) -> None:
    row = db.session.get(NumberCounter, (provider_id, series, year), with_for_update=True)
    given = row.next_number - 1 if row else 0
    if last > given:
        numbering.take(provider_id, series, year, last - given)


def of_book(provider_id: int, series: str, year: int) -> list[OldDocument]:
    """Documents from before in one book, in the order of their numbers."""
    query = select(OldDocument).where(
        OldDocument.provider_id == provider_id, OldDocument.series == series, OldDocument.year == year
    )
    return list(db.session.scalars(query.order_by(OldDocument.number)))
