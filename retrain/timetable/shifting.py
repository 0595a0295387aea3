"""A day that runs another day's timetable, and classes that are held some days later with the dates of their runs: of
one run or of all of a provider's. Tried first, then bound in one go."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from retrain import jobs
from retrain.audit import Actor
from retrain.catalogue import queries as catalogue
from retrain.catalogue import service as runs
from retrain.catalogue.models import Run
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.jobs.models import Job
from retrain.people import permissions
from retrain.people.permissions import Target
from retrain.refusal import Refusal, Refused
from retrain.timetable import arranging, changing, guards, queries, telling
from retrain.timetable.arranging import Aim, Trouble
from retrain.timetable.asking import Touched
from retrain.timetable.models import ClassSession, TimetableChange
from retrain.timetable.states import ChangeSort, SessionState
from retrain.timetable.terms import PLANNABLE

JOB = "timetable.shift"

MANY = 1500
"""Classes of which moving them takes longer than anybody waits for a page."""

Dates = dict[int, tuple[date, date]]


@dataclass(frozen=True)
class Whose:
    """Whose classes move: of one run, or with *run_code* left out of every run of the provider that is under way."""

    provider_id: int
    run_code: str | None = None

    def runs(self, since: date) -> list[Run]:
        """The runs, in the order in which they are locked."""
        if self.run_code is not None:
            return [catalogue.run(self.run_code)]
        living = select(Run).where(
            Run.provider_id == self.provider_id, Run.state.in_(PLANNABLE), Run.ends_on >= since
        )
        return list(db.session.scalars(living.options(joinedload(Run.version)).order_by(Run.id)))


@dataclass
class Preview:
    """What a shift would do: which classes of which runs move, what would stand in their way, whom it touches."""

    classes: int = 0
    troubles: list[Trouble] = field(default_factory=list)
    touched: Touched = field(default_factory=Touched)
    runs: list[tuple[Run, int, tuple[date, date]]] = field(default_factory=list)
    """Each run with how many of its classes move, and its first and last day afterwards."""


def count(whose: Whose, since: date, *, with_dates: bool) -> int:
    """How many classes would move."""
    when = ClassSession.on_date >= since if with_dates else ClassSession.on_date == since
    wanted = select(func.count()).select_from(ClassSession).where(*_moving(whose.runs(since)), when)
    return db.session.scalars(wanted).one()


def preview_day(whose: Whose, instead_of: date, on: date) -> Preview:
    """What would come of holding the classes of one day on another."""
    found = whose.runs(instead_of)
    return _preview(whose, found, _day_aims(found, instead_of, on), {})


def preview_shift(whose: Whose, since: date, days: int) -> Preview:
    """What would come of moving every class from a day on, and the runs' dates with them."""
    found = whose.runs(since)
    return _preview(whose, found, _shift_aims(found, since, days), _shifted(found, since, days))


def _preview(whose: Whose, found: Sequence[Run], aims: list[Aim], dates: Dates) -> Preview:
    meetings = [aim.meeting for aim in aims]
    counts = Counter(meeting.run_id for meeting in meetings)
    troubles = arranging.tried(whose.provider_id, aims, dates)
    after = {run.id: dates.get(run.id, (run.starts_on, run.ends_on)) for run in found}
    moving = [(run, counts[run.id], after[run.id]) for run in found if counts[run.id] or run.id in dates]
    return Preview(len(aims), troubles, telling.touched(meetings), moving)


@use_case
def run_day(actor: Actor, whose: Whose, instead_of: date, on: date) -> TimetableChange:
    """The classes of one day are held on another, in the same pairs: a working Saturday runs Tuesday's timetable."""
    found = _opened(actor, whose, instead_of)
    aims = _day_aims(found, instead_of, on)
    if not aims:
        raise Refused(Refusal.of("no-classes-that-day", day=instead_of))
    _lock(aims)
    return arranging.arrange(
        actor, whose.provider_id, ChangeSort.DAY, aims, run=whose.run_code, count=len(aims)
    )


@use_case
def shift(actor: Actor, whose: Whose, since: date, days: int) -> TimetableChange:
    """Every class from a day on is so many days later (or earlier), and its run ends, or also begins, with it.

    Who has a place on a run is told of its new days, and with that of the classes; lecturers are told of theirs.
    """
    found = _opened(actor, whose, since)
    aims = _shift_aims(found, since, days)
    if not aims or not days:
        raise Refused(Refusal.of("no-classes-that-day", day=since))
    _lock(aims)
    guards.require_free([aim.meeting.id for aim in aims])
    dates = {
        run.code: {
            "old": [run.starts_on.isoformat(), run.ends_on.isoformat()],
            "new": [day.isoformat() for day in _shifted([run], since, days)[run.id]],
        }
        for run in found
    }
    _set_dates(actor, {code: each["new"] for code, each in dates.items()})
    return arranging.arrange(
        actor, whose.provider_id, ChangeSort.SHIFT, aims, but=_on_runs(found), run=whose.run_code,
        count=len(aims), dates=dates,
    )  # fmt: skip


@use_case
def want(actor: Actor, whose: Whose, since: date, on: date, *, with_dates: bool) -> Job:
    """The same of so many classes that a worker does it: all at once or not at all."""
    permissions.require(actor, "timetable.edit", Target(provider_id=whose.provider_id))
    payload = {
        "provider": whose.provider_id, "run": whose.run_code, "since": since.isoformat(), "on": on.isoformat(),
        "with_dates": with_dates,
    }  # fmt: skip
    return jobs.want(JOB, payload, actor=actor)


@use_case
def carry_out(work: jobs.Work) -> None:
    """What was wanted, bound together with the end of the work; refused whole when the term was changed since."""
    asked = work.payload
    whose = Whose(asked["provider"], asked["run"])
    since, on = date.fromisoformat(asked["since"]), date.fromisoformat(asked["on"])
    try:
        if asked["with_dates"]:
            change = shift(work.actor, whose, since, (on - since).days)
        else:
            change = run_day(work.actor, whose, since, on)
    except Refused as refused:
        raise Refused(Refusal.of("shift-clashes-now", count=len(refused.why))) from refused
    work.finish({"count": len(change.classes)})


def dates_back(actor: Actor, facts: Mapping[str, Any], *, back: bool) -> set[int]:
    """The runs begin and end as before the shift, or as after it again; who is told of that."""
    side = "old" if back else "new"
    # What an earlier version kept was of one run.
    kept = facts.get("dates") or {facts["run"]: facts}
    dates = {code: each[side] for code, each in kept.items()}
    _set_dates(actor, dates)
    return _on_runs([catalogue.run(code) for code in dates])


def _on_runs(found: Sequence[Run]) -> set[int]:
    """The people who have a place on the runs: a run with new days tells them itself."""
    groups = queries.groups([run.id for run in found])
    return {person_id for group in groups.values() for _number, person_id in group}


def _opened(actor: Actor, whose: Whose, since: date) -> list[Run]:
    """The runs, locked one after the other, once the actor may change their weeks."""
    permissions.require(actor, "timetable.edit", Target(provider_id=whose.provider_id))
    found = whose.runs(since)
    for run in found:
        changing.open_run(actor, run.id)
    return found


def _set_dates(actor: Actor, dates: Mapping[str, Sequence[str]]) -> None:
    for code, days in dates.items():
        first, last = map(date.fromisoformat, days)
        run = catalogue.run(code)
        runs.change_run(actor, code, catalogue.run_plan(run, starts_on=first, ends_on=last), run.lock)


def _day_aims(found: Sequence[Run], instead_of: date, on: date) -> list[Aim]:
    rows = _classes(found, ClassSession.on_date == instead_of)
    return [Aim(row, {"on_date": on}) for row in rows]


def _shift_aims(found: Sequence[Run], since: date, days: int) -> list[Aim]:
    rows = _classes(found, ClassSession.on_date >= since)
    return [Aim(row, {"on_date": row.on_date + timedelta(days=days)}) for row in rows]


def _classes(found: Sequence[Run], *where: Any) -> Sequence[ClassSession]:
    wanted = (
        select(ClassSession)
        .options(joinedload(ClassSession.topic), joinedload(ClassSession.run))
        .where(*_moving(found), *where)
    )
    return db.session.scalars(wanted.order_by(ClassSession.starts_at, ClassSession.id)).all()


def _moving(found: Sequence[Run]) -> list[ColumnElement[bool]]:
    return [
        ClassSession.run_id.in_([run.id for run in found]),
        ClassSession.state != SessionState.CANCELLED,
    ]


def _shifted(found: Sequence[Run], since: date, days: int) -> Dates:
    step = timedelta(days=days)
    return {run.id: (run.starts_on + step * (since <= run.starts_on), run.ends_on + step) for run in found}


def _lock(aims: list[Aim]) -> None:
    arranging.locked([aim.meeting.id for aim in aims])
