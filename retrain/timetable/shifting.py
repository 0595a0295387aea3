"""A day that runs another day's timetable, and a run that goes on some days later: tried first, then bound in one go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from retrain.audit import Actor
from retrain.catalogue import queries as catalogue
from retrain.catalogue import service as runs
from retrain.catalogue.models import Run
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.refusal import Refusal, Refused
from retrain.timetable import arranging, changing, guards, queries, telling
from retrain.timetable.arranging import Aim, Trouble
from retrain.timetable.models import ClassSession, TimetableChange
from retrain.timetable.states import ChangeSort, SessionState
from retrain.timetable.telling import Touched

Dates = dict[int, tuple[date, date]]


@dataclass
class Preview:
    """What a shift would do: how many classes move, what would stand in their way, whom it touches."""

    classes: int = 0
    troubles: list[Trouble] = field(default_factory=list)
    touched: Touched = field(default_factory=Touched)


def preview_day(run: Run, instead_of: date, on: date) -> Preview:
    """What would come of holding the classes of one day on another."""
    return _preview(run, _day_aims(run, instead_of, on), {})


def preview_shift(run: Run, since: date, days: int) -> Preview:
    """What would come of moving every class from a day on, and the run's dates with them."""
    return _preview(run, _shift_aims(run, since, days), _shifted(run, since, days))


def _preview(run: Run, aims: list[Aim], dates: Dates) -> Preview:
    meetings = [aim.meeting for aim in aims]
    return Preview(len(aims), arranging.tried(run.provider_id, aims, dates), telling.touched(meetings))


@use_case
def run_day(actor: Actor, run_code: str, instead_of: date, on: date) -> TimetableChange:
    """The classes of one day are held on another, in the same pairs: a working Saturday runs Tuesday's timetable."""
    run = catalogue.run(run_code)
    changing.open_run(actor, run.id)
    aims = _day_aims(run, instead_of, on)
    if not aims:
        raise Refused(Refusal.of("no-classes-that-day", day=instead_of))
    _lock(aims)
    return arranging.arrange(actor, run.provider_id, ChangeSort.DAY, aims, run=run.code, count=len(aims))


@use_case
def shift_run(actor: Actor, run_code: str, since: date, days: int) -> TimetableChange:
    """Every class from a day on is so many days later (or earlier), and the run ends, or also begins, with them."""
    run = catalogue.run(run_code)
    changing.open_run(actor, run.id)
    aims = _shift_aims(run, since, days)
    if not aims or not days:
        raise Refused(Refusal.of("no-classes-that-day", day=since))
    _lock(aims)
    guards.require_free([aim.meeting.id for aim in aims])
    old, new = (run.starts_on, run.ends_on), _shifted(run, since, days)[run.id]
    _set_dates(actor, run.code, new)
    return arranging.arrange(
        actor, run.provider_id, ChangeSort.SHIFT, aims, run=run.code, count=len(aims),
        old=[day.isoformat() for day in old], new=[day.isoformat() for day in new],
    )  # fmt: skip


def dates_back(actor: Actor, facts: Mapping[str, Any], *, back: bool) -> None:
    """The run begins and ends as before the shift, or as after it again."""
    first, last = (date.fromisoformat(day) for day in facts["old" if back else "new"])
    _set_dates(actor, facts["run"], (first, last))


def _set_dates(actor: Actor, code: str, dates: tuple[date, date]) -> None:
    run = catalogue.run(code)
    plan = catalogue.run_plan(run, starts_on=dates[0], ends_on=dates[1])
    runs.change_run(actor, code, plan, run.lock)


def _day_aims(run: Run, instead_of: date, on: date) -> list[Aim]:
    return [Aim(row, {"on_date": on}) for row in queries.sessions(run.id, instead_of, instead_of)]


def _shift_aims(run: Run, since: date, days: int) -> list[Aim]:
    rows = db.session.scalars(
        select(ClassSession)
        .where(
            ClassSession.run_id == run.id,
            ClassSession.on_date >= since,
            ClassSession.state != SessionState.CANCELLED,
        )
        .order_by(ClassSession.starts_at)
    )
    return [Aim(row, {"on_date": row.on_date + timedelta(days=days)}) for row in rows]


def _shifted(run: Run, since: date, days: int) -> Dates:
    step = timedelta(days=days)
    return {run.id: (run.starts_on + step * (since <= run.starts_on), run.ends_on + step)}


def _lock(aims: list[Aim]) -> None:
    arranging.locked([aim.meeting.id for aim in aims])
