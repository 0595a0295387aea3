"""A run as it is now: who is in the class that is on, everybody's hours by module, who is near the limit."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from retrain.attendance import named, queries
from retrain.attendance.absences import absences
from retrain.attendance.absences.models import ExclusionProposal
from retrain.attendance.absences.rules import Absence, Risk
from retrain.attendance.checkin import checkins
from retrain.attendance.evidence import evidence_hours
from retrain.attendance.models import Mark, Register
from retrain.attendance.moved import brought_along
from retrain.attendance.rules import Tally
from retrain.attendance.states import CLOSED, THERE, MarkKind
from retrain.calendar.hours import to_tenths
from retrain.catalogue.models import Module, Run
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.timetable.models import ClassSession
from retrain.timetable.states import SessionState


@dataclass(frozen=True)
class Now:
    """A class that is on: who is marked as here, who says so, who is marked otherwise, who is not marked."""

    meeting: ClassSession
    here: list[str]
    say_so: list[str]
    away: list[tuple[str, MarkKind]]
    unmarked: list[str]

    @property
    def due(self) -> int:
        return len(self.here) + len(self.say_so) + len(self.away) + len(self.unmarked)


@dataclass
class Standing:
    """One person of the group: hours that are due so far, missed ones that count, warnings, how near the limit."""

    enrolment_id: int
    name: str
    tally: Tally
    missed: float
    risk: Risk
    warned: list[int] = field(default_factory=list)
    proposal: ExclusionProposal | None = None
    by_module: dict[int, tuple[int, int]] = field(default_factory=dict)
    """module → (minutes attended or shown by evidence, minutes missed)"""


def now_on(run: Run, moment: datetime) -> list[Now]:
    """The run's classes that are on at *moment*: more than one when halves meet at once."""
    meetings = db.session.scalars(
        select(ClassSession)
        .where(ClassSession.run_id == run.id, ClassSession.state == SessionState.PUBLISHED)
        .where(ClassSession.starts_at <= moment, ClassSession.ends_at > moment)
        .order_by(ClassSession.id)
    ).all()
    written = named.of_run(run) if meetings else {}
    return [_who(meeting, written) for meeting in meetings]


def _who(meeting: ClassSession, written: Mapping[int, str]) -> Now:
    said = {each.enrolment_id for each in checkins.waiting(meeting)}
    found = Now(meeting, [], [], [], [])
    for line in queries.lines(meeting, queries.register_of(meeting.id)):
        name = written.get(line.enrolment_id, line.name)
        if line.mark is None:
            (found.say_so if line.enrolment_id in said else found.unmarked).append(name)
        elif line.mark.kind in THERE:
            found.here.append(name)
        elif line.mark.kind is not MarkKind.NOT_DUE:
            found.away.append((name, line.mark.kind))
    return found


def standings(run: Run, absence: Absence, proposals: Iterable[ExclusionProposal]) -> list[Standing]:
    """Everybody who is in the group, in the order of its list."""
    tallies = queries.tallies(run.id)
    warned = absences.told(run.id)
    proposed = {each.enrolment_id: each for each in proposals}
    modules = by_module(run.id)
    return [
        Standing(
            enrolment_id=member.enrolment_id,
            name=member.name,
            tally=(tally := tallies.get(member.enrolment_id, Tally())),
            missed=to_tenths(absence.missed(tally), absence.hour),
            risk=absence.risk(absence.missed(tally)),
            warned=sorted(warned[member.enrolment_id]),
            proposal=proposed.get(member.enrolment_id),
            by_module=modules[member.enrolment_id],
        )
        for member in named.group(run)
    ]


def by_module(run_id: int) -> dict[int, dict[int, tuple[int, int]]]:
    """enrolment → module → (minutes attended or shown by evidence, minutes missed), over signed registers."""
    found = _in_class(run_id)
    for number, modules in evidence_hours.by_module(run_id).items():
        for module_id, minutes in modules.items():
            _add(found[number], module_id, minutes, 0)
    return found


def _in_class(run_id: int) -> dict[int, dict[int, tuple[int, int]]]:
    """The same without evidence, with the classes of a group that somebody came from."""
    rows = db.session.execute(
        select(
            Mark.enrolment_id,
            ClassSession.module_id,
            func.sum(ClassSession.minutes),
            func.sum(Mark.missed_minutes),
        )
        .join(Register, Register.id == Mark.register_id)
        .join(ClassSession, ClassSession.id == Register.session_id)
        .join(Enrolment, Enrolment.id == Mark.enrolment_id)
        .where(ClassSession.run_id == run_id, ClassSession.state == SessionState.PUBLISHED)
        .where(Register.state.in_(CLOSED), Mark.kind != MarkKind.NOT_DUE, queries.within_dates())
        .group_by(Mark.enrolment_id, ClassSession.module_id)
    )
    found: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
    for number, module_id, minutes, missed in rows:
        found[number][module_id or 0] = (minutes - missed, missed)
    for number, modules in brought_along(run_id, _in_class).items():
        for module_id, (attended, missed) in modules.items():
            _add(found[number], module_id, attended, missed)
    return found


def _add(to: dict[int, tuple[int, int]], module_id: int, attended: int, missed: int) -> None:
    before = to.get(module_id, (0, 0))
    to[module_id] = (before[0] + attended, before[1] + missed)


@dataclass(frozen=True)
class Piece:
    """A part of a person's bar: what it shows, where it begins, how wide it is."""

    name: str
    x: float
    width: float


def fields(modules: Iterable[Module]) -> list[tuple[float, float]]:
    """Where in a bar each module's field begins and where it ends, in shares of the whole."""
    hours = [sum(module.hours.values()) for module in modules]
    whole, found, at = sum(hours) or 1, [], 0
    for each in hours:
        found.append((at / whole, (at + each) / whole))
        at += each
    return found


def bars(standing: Standing, modules: Iterable[Module], hour: int, width: int) -> list[Piece]:
    """One person's hours drawn to scale: a field a module, in it what was attended, missed and is still to come."""
    plan = [(module.id, sum(module.hours.values()) * hour) for module in modules]
    whole = sum(minutes for _module, minutes in plan) or 1
    pieces, x = [], 0.0
    for module_id, planned in plan:
        attended, missed = standing.by_module.get(module_id, (0, 0))
        left = planned
        for name, minutes in (("completed", attended), ("missed", missed)):
            shown = min(minutes, left)
            left -= shown
            if shown:
                pieces.append(Piece(name, round(x, 1), round(width * shown / whole, 1)))
                x += width * shown / whole
        if left:
            pieces.append(Piece("planned", round(x, 1), round(width * left / whole, 1)))
            x += width * left / whole
    return pieces
