"""What a topic or a module still lacks, put into the same pair every day or every week."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from retrain import audit
from retrain.audit import Actor
from retrain.calendar.bells import NoSuchPair
from retrain.calendar.hours import to_minutes
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import settings
from retrain.refusal import Refusal, Refused
from retrain.timetable import arranging, changing, grid, journal, queries
from retrain.timetable.arranging import Trouble
from retrain.timetable.models import ClassSession
from retrain.timetable.service import Place
from retrain.timetable.spots import Scope, Spot
from retrain.timetable.states import ChangeSort, SessionState
from retrain.timetable.surroundings import Surroundings


class Every(StrEnum):
    """How far the classes of a series are apart."""

    DAY = "day"
    WEEK = "week"

    @property
    def step(self) -> timedelta:
        """From one class to the next."""
        return timedelta(days=1 if self is Every.DAY else 7)


@dataclass
class Series:
    """What came of a series: the classes put in, and the academic hours that found no day before the run ends."""

    classes: list[ClassSession] = field(default_factory=list)
    left: float = 0


@use_case
def put_series(
    actor: Actor, run_code: str, first: Place, every: Every, *, whole_module: bool, pass_over: bool
) -> Series:
    """What the topic of *first* lacks (or its module, topic after topic) in that pair, from that day on.

    Days off are left out. A day on which something clashes is left out with *pass_over*; else everything is refused,
    with every reason. *hours* of *first* are those of one class at most.
    """
    run = catalogue.run(run_code)
    changing.open_run(actor, run.id)
    wanted, left, troubles = _laid_out(run, first, every, whole_module, pass_over)
    if troubles:
        raise Refused(arranging.named(troubles))
    if not wanted:
        raise Refused(Refusal.of("nothing-to-place"))
    interval = Surroundings.clocks(run.provider_id)
    made = [_class(run, topic_id, one, interval(one.on_date, one.pair)) for topic_id, one in wanted]
    db.session.add_all(made)
    db.session.flush()
    arranging.occupy(made)
    for meeting in made:
        audit.record(actor, "session.added", meeting, after=journal.stored(journal.snapshot(meeting)))
    journal.write(
        actor, run.provider_id, ChangeSort.SERIES, [(meeting, None) for meeting in made],
        run=run.code, count=len(made),
    )  # fmt: skip
    return Series(made, left)


@dataclass
class _Layout:
    """A series as it comes about: where it stands, what is left of it, what clashes."""

    around: Surroundings
    day: date
    found: list[tuple[int, Spot]] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    left: float = 0


def _laid_out(
    run: Run, first: Place, every: Every, whole_module: bool, pass_over: bool
) -> tuple[list[tuple[int, Spot]], float, list[Trouble]]:
    """The classes day by day with their topics, what is left at the end of the run, and what clashes."""
    rooms = {first.room_id} if first.room_id else set()
    lecturers = {first.lecturer_id} if first.lecturer_id else set()
    last = max(run.ends_on, first.on_date)
    scope = Scope(run.provider_id, {run.id}, rooms, lecturers, first.on_date, last)
    layout = _Layout(Surroundings(scope), first.on_date)
    for topic in _lacking(run, first, whole_module):
        _lay(layout, run, topic, first, every, pass_over)
    return layout.found, round(layout.left, 1), layout.troubles


def _lay(
    layout: _Layout, run: Run, topic: grid.Unplaced, first: Place, every: Every, pass_over: bool
) -> None:
    left, around = topic.left, layout.around
    while left > 0 and layout.day <= around.scope.last:
        here, layout.day = layout.day, layout.day + every.step
        if not around.is_working(here):
            continue
        hours = min(left, first.hours, _pair_hours(around, here, first.pair))
        spot = _spot(run, topic, first, here, hours)
        why = around.refusals(spot)
        if why and pass_over:
            continue
        if why:
            layout.troubles.append(Trouble(run.code, spot, why))
        else:
            around.set_down(spot)
            layout.found.append((topic.topic_id, spot))
        left = round(left - hours, 1)
    layout.left += left


def _lacking(run: Run, first: Place, whole_module: bool) -> list[grid.Unplaced]:
    """What is to be placed: the topic, or every topic of its module of the same kind from the first on."""
    topic = queries.topic(run, first.topic_id)
    hour = settings.get(run.provider_id, "academic_hour", first.on_date)
    for part in grid.hours(run, queries.modules(run), hour):
        if (part.module_id, part.kind) == (topic.module_id, topic.kind):
            return [each for each in part.topics if whole_module or each.topic_id == topic.id]
    return []


def _pair_hours(around: Surroundings, day: date, pair: int) -> float:
    try:
        return around.bells(day).pair(pair).hours
    except NoSuchPair:
        return 2  # said among the reasons


def _spot(run: Run, topic: grid.Unplaced, first: Place, day: date, hours: float) -> Spot:
    hour = settings.get(run.provider_id, "academic_hour", day)
    return Spot(
        None, run.id, topic.module_id, topic.kind, first.part, topic.titles, day, first.pair, first.room_id,
        first.lecturer_id, to_minutes(hours, hour),
    )  # fmt: skip


def _class(run: Run, topic_id: int, one: Spot, interval: tuple[datetime, datetime]) -> ClassSession:
    return ClassSession(
        run_id=run.id, module_id=one.module_id, topic_id=topic_id, kind=one.kind, part=one.part,
        room_id=one.room_id, lecturer_id=one.lecturer_id, on_date=one.on_date, pair=one.pair,
        starts_at=interval[0], ends_at=interval[1], minutes=one.minutes, state=SessionState.PLANNED,
    )  # fmt: skip
