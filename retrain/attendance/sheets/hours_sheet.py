"""A lecturer's month: hours planned and held by kind, each difference with its reason, ready to sign for pay."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from retrain import clock
from retrain.attendance.models import Register
from retrain.attendance.sheets.sheets import Look, hour_where, sheet_of, table_of
from retrain.attendance.sheets.states import SheetKind
from retrain.attendance.sheets.wording import COLUMN_NAMES
from retrain.attendance.states import CLOSED
from retrain.calendar.hours import to_tenths
from retrain.catalogue.models import Run
from retrain.catalogue.states import HourKind
from retrain.catalogue.wording import HOUR_KINDS
from retrain.documents.lists import Sheet, Table
from retrain.extensions import db
from retrain.language import pick
from retrain.people import queries as people
from retrain.people import shown_names
from retrain.timetable.models import ClassSession
from retrain.timetable.states import SessionState
from retrain.web.language import clock_time, current_language


@dataclass(frozen=True)
class Taught:
    """One class of a lecturer's month: what the plan gave them of it, what they held, and why that differs."""

    meeting: ClassSession
    planned: int
    held: int
    why: str
    said: str = ""
    """The topic that stands in the register."""

    @property
    def topic(self) -> str:
        """What was taught, else what the plan has for the class."""
        return self.said or (
            pick(self.meeting.topic.titles, current_language()) if self.meeting.topic else ""
        )


def taught(person_id: int, provider_id: int, first: date, last: date, today: date) -> list[Taught]:
    """The classes that were theirs by the plan, and those they held for others."""
    rows = db.session.execute(
        select(ClassSession, Register)
        .join(Run, Run.id == ClassSession.run_id)
        .outerjoin(Register, Register.session_id == ClassSession.id)
        .where(Run.provider_id == provider_id, ClassSession.on_date.between(first, last))
        .where(ClassSession.state.in_((SessionState.PUBLISHED, SessionState.CANCELLED)))
        .where(or_(ClassSession.lecturer_id == person_id, Register.taught_by_id == person_id))
        .options(
            joinedload(ClassSession.run), joinedload(ClassSession.topic), joinedload(ClassSession.module)
        )
        .order_by(ClassSession.starts_at, ClassSession.id)
    ).all()
    others = {
        number for row, sheet in rows for number in (row.lecturer_id, sheet.taught_by_id if sheet else None)
    }
    names = shown_names.short({number for number in others if number})
    return [_taught(row, sheet, person_id, today, names) for row, sheet in rows]


def _taught(
    row: ClassSession, sheet: Register | None, person_id: int, today: date, names: dict[int, str]
) -> Taught:
    is_closed = sheet is not None and sheet.state in CLOSED
    # Nobody else is said to have taught: then it was whose class it is.
    by = (sheet.taught_by_id or row.lecturer_id) if sheet is not None and is_closed else None
    planned = row.minutes if row.lecturer_id == person_id else 0
    if row.state is SessionState.CANCELLED:
        return Taught(row, planned, 0, _("cancelled"))
    if by == person_id:
        why = "" if planned else _("in place of %(name)s", name=names.get(row.lecturer_id or 0, "—"))
        return Taught(row, planned, row.minutes, why, sheet.topic if sheet is not None else "")
    if is_closed:
        return Taught(row, planned, 0, _("taught by %(name)s", name=names.get(by or 0, "—")))
    is_over = row.on_date < today or row.ends_at <= clock.now()
    why = _("register not signed") if is_over else _("still to come")
    return Taught(row, planned, 0, why)


def hours(person_id: int, provider_id: int, first: date, last: date, today: date, look: Look) -> Sheet:
    """The month's classes with the sums by kind below."""
    rows, hour, lang = (
        taught(person_id, provider_id, first, last, today),
        hour_where(provider_id, first),
        current_language(),
    )
    zone = people.zone_of(provider_id)

    def of(minutes: int) -> float:
        return to_tenths(minutes, hour)

    cells: dict[str, Callable[[Any], Any]] = {
        "n": lambda row: row[0],
        "date": lambda row: row[1].meeting.on_date,
        "time": lambda row: clock_time(row[1].meeting.starts_at, zone),
        "run": lambda row: row[1].meeting.run.code,
        "module": lambda row: pick(row[1].meeting.module.titles, lang) if row[1].meeting.module else "",
        "topic": lambda row: row[1].topic,
        "kind": lambda row: str(HOUR_KINDS[row[1].meeting.kind]),
        "planned": lambda row: of(row[1].planned),
        "held": lambda row: of(row[1].held),
        "difference": lambda row: of(row[1].held - row[1].planned) or "",
        "why": lambda row: row[1].why,
    }
    table = table_of(look, cells, list(enumerate(rows, start=1)))
    names = shown_names.short([person_id])
    heading = [people.organisation_name(provider_id, lang=lang), names.get(person_id, ""), f"{first:%m.%Y}"]
    return sheet_of(SheetKind.HOURS, look, heading, [table, _sums(rows, of)])


def by_kind(rows: Iterable[Taught]) -> dict[HourKind, tuple[int, int]]:
    """kind of hours → minutes planned and held."""
    found: dict[HourKind, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for row in rows:
        planned, held = found[row.meeting.kind]
        found[row.meeting.kind] = (planned + row.planned, held + row.held)
    return found


def _sums(rows: list[Taught], of: Callable[[int], float]) -> Table:
    kinds = by_kind(rows)
    headings = [str(COLUMN_NAMES[name]) for name in ("kind", "planned", "held", "difference")]
    lines: list[list[Any]] = [
        [str(HOUR_KINDS[kind]), of(planned), of(held), of(held - planned)]
        for kind, (planned, held) in kinds.items()
    ]
    planned, held = (sum(each[at] for each in kinds.values()) for at in (0, 1))
    return Table(
        headings, [*lines, [_("In all"), of(planned), of(held), of(held - planned)]], _("By kind of hours")
    )
