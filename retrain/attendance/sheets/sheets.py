"""What printed journals and statements are made of; paper and spreadsheet are drawn from the same tables."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from retrain.attendance import named, queries
from retrain.attendance.evidence import evidence, evidence_hours
from retrain.attendance.models import Mark, Register
from retrain.attendance.rules import Tally
from retrain.attendance.sheets.models import SheetTemplate
from retrain.attendance.sheets.states import USUAL, SheetKind
from retrain.attendance.sheets.wording import COLUMN_NAMES, SHEETS, SIGNS, USUAL_SIGNERS
from retrain.attendance.states import CLOSED, IN_PART, THERE, MarkKind
from retrain.attendance.wording import MARKS
from retrain.calendar.hours import to_tenths
from retrain.catalogue.models import Run
from retrain.catalogue.wording import HOUR_KINDS
from retrain.documents.lists import Sheet, Table
from retrain.extensions import db
from retrain.language import pick
from retrain.language.dates import short_date
from retrain.people import queries as people
from retrain.people import settings, shown_names
from retrain.timetable.models import ClassSession
from retrain.timetable.states import SessionState
from retrain.web.language import clock_time, current_language

CLASSES_ACROSS = 20
"""So many classes stand beside one another in a journal; the next ones begin a table of their own."""


@dataclass(frozen=True)
class Look:
    """How a sheet is to look: a template of the provider, or the usual way."""

    columns: Sequence[str]
    title: str = ""
    signers: Sequence[str] = field(default=())
    foot: str = ""

    @classmethod
    def of(cls, kind: SheetKind, template: SheetTemplate | None) -> "Look":
        """The template's look; without one the usual columns and signatures."""
        if template is None:
            return cls(USUAL[kind], signers=[str(words) for words in USUAL_SIGNERS[kind]])
        return cls(template.columns, template.title, template.signers, template.foot)


def table_of(
    look: Look, cells: dict[str, Callable[[Any], Any]], rows: Iterable[Any], title: str = ""
) -> Table:
    columns = [name for name in look.columns if name in cells]
    return Table(
        [str(COLUMN_NAMES[name]) for name in columns],
        [[cells[name](row) for name in columns] for row in rows],
        title,
        wide=[
            at for at, name in enumerate(columns) if name in ("topic", "name", "why", "absent", "workplace")
        ],
    )


def sheet_of(
    kind: SheetKind, look: Look, heading: Sequence[str], tables: list[Table], foot: str = ""
) -> Sheet:
    return Sheet(
        title=look.title or str(SHEETS[kind]),
        heading=[line for line in heading if line],
        tables=tables,
        signers=list(look.signers),
        foot=" ".join(text for text in (foot, look.foot) if text),
    )


def _heading(run: Run) -> list[str]:
    lang = current_language()
    provider = people.organisation_name(run.provider_id, lang=lang)
    days = f"{short_date(run.starts_on, lang)} – {short_date(run.ends_on, lang)}"
    return [
        provider,
        pick(run.version.titles, lang),
        f"{run.code} · {run.group_name} · {days}".replace(" ·  ·", " ·"),
    ]


def _held(
    run: Run, first: date | None = None, last: date | None = None
) -> list[tuple[ClassSession, Register]]:
    """Classes with a signed register, in order."""
    found = (
        select(ClassSession, Register)
        .join(Register, Register.session_id == ClassSession.id)
        .where(ClassSession.run_id == run.id, ClassSession.state == SessionState.PUBLISHED)
        .where(Register.state.in_(CLOSED))
        .options(joinedload(ClassSession.topic), joinedload(ClassSession.module))
        .order_by(ClassSession.starts_at, ClassSession.id)
    )
    if first and last:
        found = found.where(ClassSession.on_date.between(first, last))
    return list(db.session.execute(found).tuples())


def _marks(sheets: Sequence[Register]) -> dict[int, dict[int, Mark]]:
    """register → enrolment → mark."""
    rows = db.session.scalars(select(Mark).where(Mark.register_id.in_([sheet.id for sheet in sheets])))
    found: dict[int, dict[int, Mark]] = defaultdict(dict)
    for row in rows:
        found[row.register_id][row.enrolment_id] = row
    return found


def _sign(mark: Mark | None, hour: int) -> str:
    if mark is None:
        return ""
    missed = f" {to_tenths(mark.missed_minutes, hour):g}" if mark.kind in IN_PART else ""
    return f"{SIGNS[mark.kind]}{missed}"


def _legend() -> str:
    return "; ".join(f"{SIGNS[kind]} {MARKS[kind]}" for kind in MarkKind)


def journal(run: Run, look: Look) -> Sheet:
    """The group journal: everybody's marks class by class, then what was taught, in how many hours, by whom."""
    held, hour, lang = _held(run), evidence.hour_of(run), current_language()
    marks = _marks([sheet for _meeting, sheet in held])
    zone = people.zone_of(run.provider_id)
    names = shown_names.short(
        {number for meeting, sheet in held if (number := sheet.taught_by_id or meeting.lecturer_id)}
    )
    tables = _mark_tables(run, held, marks, hour) if "marks" in look.columns else []
    group = named.of_run(run)

    def here(row: tuple[int, ClassSession, Register]) -> int:
        return sum(mark.kind in THERE for mark in marks[row[2].id].values())

    def away(row: tuple[int, ClassSession, Register]) -> str:
        missing = (
            number
            for number, mark in marks[row[2].id].items()
            if mark.kind in (MarkKind.ABSENT, MarkKind.EXCUSED)
        )
        return ", ".join(sorted(group.get(number, "") for number in missing))

    cells: dict[str, Callable[[Any], Any]] = {
        "n": lambda row: row[0],
        "date": lambda row: row[1].on_date,
        "time": lambda row: clock_time(row[1].starts_at, zone),
        "module": lambda row: pick(row[1].module.titles, lang) if row[1].module else "",
        "topic": lambda row: row[2].topic or (pick(row[1].topic.titles, lang) if row[1].topic else ""),
        "kind": lambda row: str(HOUR_KINDS[row[1].kind]),
        "hours": lambda row: to_tenths(row[1].minutes, hour),
        "lecturer": lambda row: names.get(row[2].taught_by_id or row[1].lecturer_id, ""),
        "present": here,
        "absent": away,
        "signature": lambda _row: "",
    }
    rows = [(at, meeting, sheet) for at, (meeting, sheet) in enumerate(held, start=1)]
    tables.append(table_of(look, cells, rows, _("Classes held")))
    return sheet_of(SheetKind.JOURNAL, look, _heading(run), tables, _legend())


def _mark_tables(
    run: Run, held: list[tuple[ClassSession, Register]], marks: dict[int, dict[int, Mark]], hour: int
) -> list[Table]:
    members = named.group(run, everyone=True)
    found = []
    for at in range(0, len(held), CLASSES_ACROSS):
        some = held[at : at + CLASSES_ACROSS]
        headings = [str(COLUMN_NAMES["n"]), str(COLUMN_NAMES["name"])]
        headings += [f"{meeting.on_date:%d.%m}" for meeting, _sheet in some]
        rows = [
            [
                number,
                member.name,
                *(_sign(marks[sheet.id].get(member.enrolment_id), hour) for _meeting, sheet in some),
            ]
            for number, member in enumerate(members, start=1)
        ]
        found.append(Table(headings, rows, _("Marks"), wide=[1], narrow=list(range(2, len(headings)))))
    return found


def month(run: Run, look: Look, first: date, last: date) -> Sheet:
    """A month: everybody by days, hours missed and excused in the last columns."""
    held, hour = _held(run, first, last), evidence.hour_of(run)
    marks = _marks([sheet for _meeting, sheet in held])
    days = sorted({meeting.on_date for meeting, _sheet in held})
    on_day: dict[date, list[Register]] = defaultdict(list)
    for meeting, sheet in held:
        on_day[meeting.on_date].append(sheet)
    members = named.group(run, everyone=True)
    workplaces = people.organisation_names({member.organisation_id for member in members})
    headings: list[str] = []
    for name in look.columns:
        headings += [f"{day.day}" for day in days] if name == "days" else [str(COLUMN_NAMES[name])]
    rows = []
    for number, member in enumerate(members, start=1):
        own = {sheet.id: marks[sheet.id].get(member.enrolment_id) for _meeting, sheet in held}
        signs = [
            " ".join(filter(None, (_sign(own[sheet.id], hour) for sheet in on_day[day]))) for day in days
        ]
        lost = [mark for mark in own.values() if mark is not None]
        missed = sum(mark.missed_minutes for mark in lost if mark.kind is not MarkKind.EXCUSED)
        excused = sum(mark.missed_minutes for mark in lost if mark.kind is MarkKind.EXCUSED)
        values: dict[str, list[Any]] = {
            "n": [number], "name": [member.name],
            "workplace": [pick(workplaces.get(member.organisation_id), current_language())],
            "days": signs, "missed": [to_tenths(missed, hour)], "excused": [to_tenths(excused, hour)],
        }  # fmt: skip
        rows.append([value for name in look.columns for value in values[name]])
    at = headings.index(str(COLUMN_NAMES["name"])) if "name" in look.columns else 0
    narrow = [place for place, heading in enumerate(headings) if heading.isdecimal()]
    table = Table(headings, rows, "", wide=[at], narrow=narrow)
    return sheet_of(SheetKind.MONTH, look, [*_heading(run), f"{first:%m.%Y}"], [table], _legend())


def statement(run: Run, look: Look) -> Sheet:
    """Hours due, attended, missed and shown by evidence, person by person."""
    hour, tallies, shown = evidence.hour_of(run), queries.tallies(run.id), evidence_hours.accepted(run.id)
    members = named.group(run, everyone=True)
    workplaces = people.organisation_names({member.organisation_id for member in members})

    def hours(minutes: int) -> float:
        return to_tenths(minutes, hour)

    def of(row: tuple[int, Any]) -> Tally:
        return tallies.get(row[1].enrolment_id, Tally())

    cells: dict[str, Callable[[Any], Any]] = {
        "n": lambda row: row[0],
        "name": lambda row: row[1].name,
        "workplace": lambda row: pick(workplaces.get(row[1].organisation_id), current_language()),
        "due": lambda row: hours(of(row).due),
        "attended": lambda row: hours(of(row).attended),
        "missed": lambda row: hours(of(row).unexcused),
        "excused": lambda row: hours(of(row).excused),
        "evidenced": lambda row: hours(shown.get(row[1].enrolment_id, 0)),
        "share": lambda row: round(100 * of(row).attended / of(row).due, 1) if of(row).due else "",
        "signature": lambda _row: "",
    }
    table = table_of(look, cells, list(enumerate(members, start=1)))
    return sheet_of(SheetKind.STATEMENT, look, _heading(run), [table])


def hour_where(provider_id: int, on: date) -> int:
    """Minutes of an academic hour at the provider on a day."""
    return int(settings.get(provider_id, "academic_hour", on))
