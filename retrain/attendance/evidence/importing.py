"""A platform's export of hours: what would come of it, line by line, and taking in the lines that are right."""

from collections import defaultdict
from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy import select

from retrain import audit, clock, files
from retrain.attendance import moved
from retrain.attendance.evidence import evidence, evidence_hours
from retrain.attendance.evidence import rules as evidence_rules
from retrain.attendance.evidence.models import Evidence
from retrain.attendance.evidence.states import EvidenceSource, EvidenceState
from retrain.attendance.reading import minutes_typed
from retrain.audit import Actor
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Module, Run
from retrain.catalogue.states import HourKind
from retrain.database.dialect import insert_ignoring
from retrain.database.use_case import use_case
from retrain.enrolment import queries as enrolment
from retrain.extensions import db
from retrain.files import sniff
from retrain.people import permissions
from retrain.people.models import Teacher
from retrain.refusal import Refusal, Refused
from retrain.tabular.read import read_table
from retrain.tabular.table import Limits, Row, UnreadableFile
from retrain.tabular.values import as_date
from retrain.timetable import queries as timetable

PURPOSE = "attendance.export"
TABLES = {sniff.CSV, sniff.XLSX}
LIMITS = Limits(file_bytes=2 * 1024 * 1024, rows=3000, columns=40)

_KINDS = {
    "independent": HourKind.INDEPENDENT, "mustaqil": HourKind.INDEPENDENT, "mustaqil ish": HourKind.INDEPENDENT,
    "самостоятельная работа": HourKind.INDEPENDENT, "independent work": HourKind.INDEPENDENT,
    "distance": HourKind.DISTANCE, "masofaviy": HourKind.DISTANCE, "дистанционно": HourKind.DISTANCE,
    "дистанционные": HourKind.DISTANCE, "internship": HourKind.INTERNSHIP, "amaliyot": HourKind.INTERNSHIP,
    "stajirovka": HourKind.INTERNSHIP, "стажировка": HourKind.INTERNSHIP,
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line of an export: what it says, what is wrong with it, or that it is known already."""

    number: int
    person: str
    said: str
    values: dict[str, object] | None
    why: list[Refusal]
    known: bool = False

    @property
    def is_new(self) -> bool:
        return self.values is not None and not self.why and not self.known


@use_case
def keep(actor: Actor, run_code: str, content: BinaryIO, filename: str) -> int:
    """Keep an export until it is taken in; the number of its file."""
    run = catalogue.run(run_code)
    permissions.require(actor, "evidence.decide", evidence.target_of(run))
    return files.keep(
        content,
        filename,
        allowed=TABLES,
        limit=LIMITS.file_bytes,
        actor=actor,
        purpose=PURPOSE,
        field="export",
    ).id


def preview(actor: Actor, run: Run, file_id: int) -> list[Line]:
    """What would come of the export, line by line; nothing is written."""
    stored = files.for_reader(actor, file_id)
    try:
        table = read_table(files.read(stored), stored.name, LIMITS)
    except UnreadableFile:
        raise Refused(Refusal.of("export-unreadable", field="export")) from None
    rows = table.rows
    known = evidence_rules.columns(rows[0].texts()) if rows else None
    if known is None:
        raise Refused(Refusal.of("export-without-columns", field="export"))
    return _Reading(run, known).lines(rows[1:])


class _Reading:
    """Lines against a run's people, modules and what they have shown already."""

    def __init__(self, run: Run, columns: dict[str, int]) -> None:
        self.run, self.columns, self.hour = run, columns, evidence.hour_of(run)
        self.modules = timetable.modules(run)
        members = enrolment.group(run)
        self.names: dict[str, list[int]] = defaultdict(list)
        for member in members:
            self.names[" ".join(member.name.split()).casefold()].append(member.enrolment_id)
        teachers = {member.teacher_id: member.enrolment_id for member in members}
        rows = db.session.execute(select(Teacher.id, Teacher.pinfl).where(Teacher.id.in_(teachers)))
        self.pinfls = {pinfl: teachers[number] for number, pinfl in rows if pinfl}
        known = evidence.of_run(run.id)
        self.seen: set[tuple[object, ...]] = {
            (row.enrolment_id, row.module_id, row.kind, row.on_date, row.reference)
            for row in known
            if row.source is EvidenceSource.PLATFORM
        }
        self.shown = evidence_hours.shown(run.id, evidence.COUNTS)
        came = moved.came_from(run.id)
        self.since = {
            member.enrolment_id: member.since for member in members if member.enrolment_id not in came
        }

    def lines(self, rows: list[Row]) -> list[Line]:
        return [self._line(row) for row in rows]

    def _line(self, row: Row) -> Line:
        cells = {field: row.cell(at) for field, at in self.columns.items()}
        text = {field: cell.text for field, cell in cells.items()}
        said = " · ".join(value for field, value in text.items() if field != "person" and value)
        number, why = evidence_rules.who(text["person"], self.names, self.pinfls)
        module = self._module(text["module"])
        if module is None:
            why.append(Refusal.of("evidence-no-module", name=text["module"][:80]))
        minutes, on = minutes_typed(text["hours"], self.hour), as_date(cells["date"])
        if number is None or module is None:
            return Line(row.number, text["person"], said, None, why)
        kind = self._kind(module, text.get("kind", ""))
        if kind is None:
            return Line(row.number, text["person"], said, None, [Refusal.of("evidence-kind-unknown")])
        reference = text.get("reference", "")[:120]
        key = (number, module.id, kind, on, reference)
        if key in self.seen:
            return Line(row.number, text["person"], said, None, [], known=True)
        known = self.shown[number][module.id, kind]
        why += evidence.refusals(self.run, module, kind, minutes, on, known, self.since.get(number))
        if not why:
            self.shown[number][module.id, kind] += minutes or 0
            self.seen.add(key)
        values = {
            "enrolment_id": number, "module_id": module.id, "kind": kind, "minutes": minutes, "on_date": on,
            "reference": reference,
        }  # fmt: skip
        return Line(row.number, text["person"], said, values, why)

    def _module(self, text: str) -> Module | None:
        titles = [(module.id, module.titles.values()) for module in self.modules]
        number = evidence_rules.which(text, titles)
        return next((module for module in self.modules if module.id == number), None)

    def _kind(self, module: Module, text: str) -> HourKind | None:
        """The kind of hours a line names; where it names none, the only one the module shows by evidence."""
        if text.strip():
            return _KINDS.get(" ".join(text.split()).casefold())
        kinds = list(evidence_hours.kinds(self.run, module))
        return kinds[0] if len(kinds) == 1 else None


@use_case
def take_in(actor: Actor, run_code: str, file_id: int) -> int:
    """Take in the lines that are right, as accepted hours; how many were new. Taken in twice they are there once."""
    run = catalogue.run(run_code)
    permissions.require(actor, "evidence.decide", evidence.target_of(run))
    evidence.lock(*(member.enrolment_id for member in enrolment.group(run)))
    now = clock.now()
    rows = [
        (line.values or {})
        | {
            "source": EvidenceSource.PLATFORM, "state": EvidenceState.ACCEPTED, "note": "", "why": "",
            "file_id": file_id, "handed_in_by_id": actor.person_id, "handed_in_at": now,
            "decided_by_id": actor.person_id, "decided_at": now,
        }
        for line in preview(actor, run, file_id)
        if line.is_new
    ]  # fmt: skip
    count = insert_ignoring(db.session(), Evidence.__table__, rows) if rows else 0
    if count:
        audit.record(actor, "evidence.platform", run, after={"lines": count, "file": file_id})
    return count


@files.readable(PURPOSE)
def may_read(_actor: Actor, _stored: files.StoredFile) -> bool:
    """Only whoever brought it: it holds names of a whole group."""
    return False
