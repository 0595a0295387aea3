"""A calendar year of runs: how well they are attended, and who of them is near the limit.

A year has hundreds of thousands of marks, and nine of ten say that somebody was there the whole time. Those are
counted by register; only the others, which an index of their own keeps together, are read by person.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select

from retrain.attendance import queries
from retrain.attendance.absences import absences
from retrain.attendance.absences.rules import Risk
from retrain.attendance.models import NOT_WHOLE, Mark, Register
from retrain.attendance.rules import Tally
from retrain.attendance.states import CLOSED, MarkKind
from retrain.calendar.hours import to_tenths
from retrain.catalogue.models import Run
from retrain.enrolment.models import Enrolment
from retrain.enrolment.queries import EVER_IN_GROUP
from retrain.extensions import db
from retrain.timetable.models import ClassSession
from retrain.timetable.states import SessionState

FEW = 200
"""People whose marks are looked up one by one."""


@dataclass(frozen=True)
class RunYear:
    """A run in a year's dashboard; hours are those of all its people together."""

    run: Row[Any]
    people: int
    due: float
    missed: float
    excused: float
    at_risk: int
    at_limit: int

    @property
    def share(self) -> float | None:
        """Attended of due, excused hours left out of both; None while nothing was held."""
        counted = self.due - self.excused
        return (counted - self.missed) / counted if counted > 0 else None


@dataclass(frozen=True)
class Held:
    """Minutes of all marks in a run's signed registers, whether they count or not, and the days of its classes."""

    minutes: int
    first: date
    last: date


def year(provider_id: int | None, of: int, curator_id: int | None = None) -> list[RunYear]:
    """Every run with signed registers in a calendar year, the worst attended first. Some six queries, however many marks."""
    chosen = _runs(provider_id, curator_id)
    held = _held(of, chosen)
    runs = {
        row.id: row
        for row in db.session.execute(
            select(Run.id, Run.code, Run.provider_id, Run.policy, Run.starts_on).where(Run.id.in_(held))
        )
    }
    stays = _stays(held)
    people, absent = _people(stays, held), _absent(of, chosen)
    void = _void(of, chosen, _came_or_left(stays, held))
    found = [
        _run_year(
            runs[run_id], people.get(run_id, 0), each.minutes - void.get(run_id, 0), absent.get(run_id, [])
        )
        for run_id, each in held.items()
        if each.minutes > void.get(run_id, 0)
    ]
    return sorted(found, key=lambda each: (each.share if each.share is not None else 2, each.run.code))


def _runs(provider_id: int | None, curator_id: int | None) -> Select[Any] | None:
    wanted = select(Run.id)
    if provider_id is not None:
        wanted = wanted.where(Run.provider_id == provider_id)
    if curator_id is not None:
        wanted = wanted.where(Run.curator_id == curator_id)
    return wanted if provider_id is not None or curator_id is not None else None


def _signed_in(of: int, chosen: Select[Any] | None = None) -> ColumnElement[bool]:
    """A published class of the year whose register is signed."""
    found = and_(
        ClassSession.state == SessionState.PUBLISHED,
        Register.state.in_(CLOSED),
        ClassSession.on_date.between(date(of, 1, 1), date(of, 12, 31)),
    )
    return found if chosen is None else and_(found, ClassSession.run_id.in_(chosen))


def _held(of: int, chosen: Select[Any] | None) -> dict[int, Held]:
    counted = select(Mark.register_id, func.count().label("marks")).group_by(Mark.register_id).subquery()
    rows = db.session.execute(
        select(
            ClassSession.run_id, func.sum(ClassSession.minutes * counted.c.marks), func.min(ClassSession.on_date),
            func.max(ClassSession.on_date),
        )
        .join(Register, Register.session_id == ClassSession.id)
        .join(counted, counted.c.register_id == Register.id)
        .where(_signed_in(of, chosen))
        .group_by(ClassSession.run_id)
    )  # fmt: skip
    return {run_id: Held(int(minutes), first, last) for run_id, minutes, first, last in rows}


def _absent(of: int, chosen: Select[Any] | None) -> Mapping[int, list[Tally]]:
    """run → what each of those missed who missed anything that counts."""
    excused = case((Mark.kind == MarkKind.EXCUSED, Mark.missed_minutes), else_=0)
    rows = db.session.execute(
        select(ClassSession.run_id, Mark.enrolment_id, func.sum(Mark.missed_minutes), func.sum(excused))
        .join(Register, Register.id == Mark.register_id)
        .join(ClassSession, ClassSession.id == Register.session_id)
        .join(Enrolment, Enrolment.id == Mark.enrolment_id)
        .where(NOT_WHOLE, Mark.kind != MarkKind.NOT_DUE, _signed_in(of, chosen), queries.within_dates())
        .group_by(ClassSession.run_id, Mark.enrolment_id)
    )
    found: dict[int, list[Tally]] = defaultdict(list)
    for run_id, _number, missed, away in rows:
        found[run_id].append(Tally(0, missed - away, away))
    return found


def _stays(held: Mapping[int, Held]) -> list[Row[Any]]:
    """Everybody's days in the groups of these runs."""
    wanted = select(Enrolment.id, Enrolment.run_id, Enrolment.state, Enrolment.since, Enrolment.until)
    return list(db.session.execute(wanted.where(Enrolment.run_id.in_(held), Enrolment.since.is_not(None))))


def _people(stays: Iterable[Row[Any]], held: Mapping[int, Held]) -> Mapping[int, int]:
    """run → how many were in the group between the first and the last of its classes."""
    return Counter(
        row.run_id
        for row in stays
        if row.state in EVER_IN_GROUP
        and row.since <= held[row.run_id].last
        and (row.until is None or row.until >= held[row.run_id].first)
    )


def _came_or_left(stays: Iterable[Row[Any]], held: Mapping[int, Held]) -> list[Row[Any]]:
    """Stays that began after the first class of the year in their run, or ended before its last one."""
    return [
        row
        for row in stays
        if row.since > held[row.run_id].first or (row.until and row.until < held[row.run_id].last)
    ]


def _void(of: int, chosen: Select[Any] | None, strangers: list[Row[Any]]) -> dict[int, int]:
    """run → minutes of marks that do not count: of who was not due, or not in the group on the day."""
    found: dict[int, int] = defaultdict(int)
    for which in (
        and_(NOT_WHOLE, Mark.kind == MarkKind.NOT_DUE),
        *([_not_there(strangers)] if strangers else []),
    ):
        rows = db.session.execute(
            select(ClassSession.run_id, func.sum(ClassSession.minutes))
            .join(Register, Register.session_id == ClassSession.id)
            .join(Mark, Mark.register_id == Register.id)
            .join(Enrolment, Enrolment.id == Mark.enrolment_id)
            .where(which, _signed_in(of, chosen))
            .group_by(ClassSession.run_id)
        )
        for run_id, minutes in rows:
            found[run_id] += int(minutes)
    return found


def _not_there(strangers: list[Row[Any]]) -> ColumnElement[bool]:
    """A mark of one of these on a day outside their stay."""
    # The marks of a few are looked up. Of many it is quicker to go through all of the days that anybody can lack.
    where: ColumnElement[bool] = ClassSession.on_date < max(row.since for row in strangers)
    if left := [row.until for row in strangers if row.until]:
        where = or_(where, ClassSession.on_date > min(left))
    if len(strangers) <= FEW:
        where = and_(where, Mark.enrolment_id.in_([row.id for row in strangers]))
    return and_(where, Mark.kind != MarkKind.NOT_DUE, ~queries.within_dates())


def _run_year(run: Row[Any], people: int, due: int, absent: list[Tally]) -> RunYear:
    absence = absences.policy_of(run)
    risks = [absence.risk(absence.missed(tally)) for tally in absent]
    return RunYear(
        run=run,
        people=people,
        due=to_tenths(due, absence.hour),
        missed=to_tenths(sum(tally.unexcused for tally in absent), absence.hour),
        excused=to_tenths(sum(tally.excused for tally in absent), absence.hour),
        at_risk=risks.count(Risk.WARNED),
        at_limit=risks.count(Risk.LIMIT),
    )
