"""A scenario becomes the timetable: all of it in one transaction, everyone concerned told once; or it is thrown away."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from retrain import audit, messages
from retrain.audit import Actor
from retrain.catalogue.models import Run, Topic
from retrain.catalogue.states import HourKind
from retrain.database.bulk import delete_where
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.messages.service import Said
from retrain.refusal import Refusal, Refused
from retrain.timetable import building, guards, journal, occupying, sharing, solving, telling, terms
from retrain.timetable.models import ClassSession, Scenario, ScenarioClass, TimetableChange
from retrain.timetable.solver.cost import cost
from retrain.timetable.solver.problem import Timetable
from retrain.timetable.states import ChangeSort, Part, ScenarioState, SessionState
from retrain.timetable.terms import Facts

Alike = tuple[int, int | None, HourKind, Part]


@dataclass
class Change:
    """What publishing does to the classes of the runs."""

    added: list[ClassSession] = field(default_factory=list)
    moved: list[ClassSession] = field(default_factory=list)
    gone: list[ClassSession] = field(default_factory=list)
    shown: list[ClassSession] = field(default_factory=list)
    """Where they were, and public now."""

    @property
    def touched(self) -> list[ClassSession]:
        return [*self.added, *self.moved, *self.gone, *self.shown]


@use_case
def publish(actor: Actor, scenario_id: int, compared: str = "") -> Change:
    """Make the scenario the timetable of its runs, published, as one action that can be taken back.

    When the term was changed since the scenario was made, *compared* has to name the term as it is now: whoever
    publishes has seen both. Raises Refused when it no longer fits, and nothing is changed.
    """
    scenario = solving.own(actor, scenario_id)
    if scenario.state is not ScenarioState.READY:
        raise Refused(Refusal.of("scenario-not-whole"))
    lock_runs(scenario.run_ids)
    facts = terms.read(solving.ask_of(scenario))
    if facts.fingerprint != scenario.base and facts.fingerprint != compared:
        raise Refused(Refusal.of("term-changed-meanwhile"))
    rows = classes_of(scenario_id)
    _must_fit(facts, rows)
    before = {row.id: journal.snapshot(row) for row in facts.classes if row.run_id in facts.runs}
    change = _put(facts, rows)
    guards.require_free([row.id for row in (*change.moved, *change.gone)])
    kept = _journal(actor, scenario, [*facts.classes, *change.added], before)
    scenario.state, scenario.change_id = ScenarioState.PUBLISHED, kept.id
    counts = {
        "added": len(change.added), "moved": len(change.moved), "cancelled": len(change.gone),
        "shown": len(change.shown),
    }  # fmt: skip
    audit.record(actor, "scenario.published", scenario, after=counts)
    for run in facts.runs.values():
        audit.record(actor, "timetable.published", run, after={"scenario": scenario_id})
    sharing.settle(actor, list(facts.runs.values()))
    tell(facts, change, f"scenario:{scenario_id}")
    return change


def _journal(
    actor: Actor, scenario: Scenario, rows: Iterable[ClassSession], before: Mapping[int, journal.Snapshot]
) -> TimetableChange:
    """The publication as one action of the coordinator, by which it can be taken back."""
    changed = [
        (row, before.get(row.id)) for row in rows
        if row.run_id in scenario.run_ids and before.get(row.id) != journal.snapshot(row)
    ]  # fmt: skip
    return journal.write(
        actor, scenario.provider_id, ChangeSort.PUBLICATION, changed, scenario=scenario.id, count=len(changed)
    )


@use_case
def drop(actor: Actor, scenario_id: int) -> None:
    """Throw a scenario away; a search that is still at it ends."""
    scenario = solving.own(actor, scenario_id)
    if scenario.state is ScenarioState.PUBLISHED:
        raise Refused(Refusal.of("scenario-published"))
    scenario.state, scenario.stop = ScenarioState.DROPPED, True
    delete_where(ScenarioClass, ScenarioClass.scenario_id == scenario_id)
    audit.record(actor, "scenario.dropped", scenario)


def lock_runs(run_ids: Iterable[int]) -> None:
    """Nobody else changes these runs until the transaction ends."""
    db.session.execute(select(Run.id).where(Run.id.in_(run_ids)).order_by(Run.id).with_for_update()).all()


def classes_of(scenario_id: int, run_id: int | None = None) -> list[ScenarioClass]:
    """The classes of a scenario, of one run or of all, in order of time."""
    wanted = select(ScenarioClass).where(ScenarioClass.scenario_id == scenario_id)
    if run_id is not None:
        wanted = wanted.where(ScenarioClass.run_id == run_id)
    return list(
        db.session.scalars(wanted.order_by(ScenarioClass.on_date, ScenarioClass.pair, ScenarioClass.id))
    )


def _must_fit(facts: Facts, rows: Sequence[ScenarioClass]) -> None:
    """Whether the places break no rule in the term as it is now."""
    built = building.build(facts, building.weights_of({}), chosen=rows)
    timetable = places(built, rows)
    broken = -1
    if timetable is not None:
        broken = cost(built.term.problem, timetable).violations
    if broken:
        raise Refused(Refusal.of("scenario-no-longer-fits"))


def places(built: building.Built, rows: Sequence[ScenarioClass]) -> Timetable | None:
    """The rows as places of what is to be placed; None when they are not the same classes."""
    problem = built.term.problem
    period, room = problem.fixed_period.copy(), problem.fixed_room.copy()
    rooms: dict[int | None, int] = {each.id: number for number, each in enumerate(built.facts.rooms)}
    rooms[None] = built.no_room
    free: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for event in range(problem.events):
        item = built.items[problem.subject[event]]
        if not item.kept:
            free[item.run_id, item.module_id, item.kind, item.part, item.minutes, item.lecturer_id].append(
                event
            )
    for row in rows:
        mine = free[row.run_id, row.module_id, row.kind, row.part, row.minutes, row.lecturer_id]
        at = built.facts.calendar.period(row.on_date, row.pair)
        if not mine or at is None or row.room_id not in rooms:
            return None
        event = mine.pop()
        period[event], room[event] = at, rooms[row.room_id]
    return None if any(free.values()) else Timetable(period, room)


def _put(facts: Facts, rows: Sequence[ScenarioClass]) -> Change:
    """Classes that stand where they stood stay as they are; others of the same kind of hours are moved there."""
    change = Change()
    old: dict[Alike, list[ClassSession]] = defaultdict(list)
    for meeting in facts.classes:
        if not facts.is_kept(meeting):
            old[meeting.run_id, meeting.module_id, meeting.kind, meeting.part].append(meeting)
    new: dict[Alike, list[ScenarioClass]] = defaultdict(list)
    for row in rows:
        new[row.run_id, row.module_id, row.kind, row.part].append(row)
    for alike in old.keys() | new.keys():
        _settle(facts, old[alike], new[alike], change)
    for meeting in facts.classes:
        if meeting.run_id in facts.runs and meeting.state is SessionState.PLANNED:
            change.shown.append(meeting)
    occupying.leave([row.id for row in (*change.moved, *change.gone)])
    for meeting in (*change.added, *change.moved, *change.shown):
        meeting.state = SessionState.PUBLISHED
    db.session.add_all(change.added)
    _give_topics(facts)
    db.session.flush()
    occupying.take([*change.added, *change.moved], lambda: [Refusal.of("scenario-no-longer-fits")])
    return change


def _settle(facts: Facts, old: list[ClassSession], new: list[ScenarioClass], change: Change) -> None:
    left = list(old)
    for row in _without_same(left, new):
        if left:
            meeting = left.pop(0)
            meeting.sequence += 1
            meeting.lock += 1
            change.moved.append(meeting)
        else:
            meeting = ClassSession(
                run_id=row.run_id, module_id=row.module_id, kind=row.kind, part=row.part, state=SessionState.PLANNED,
            )  # fmt: skip
            change.added.append(meeting)
        place(facts, meeting, row)
    for meeting in left:
        meeting.sequence += 1
        meeting.lock += 1
        meeting.state = SessionState.CANCELLED
        change.gone.append(meeting)


def _without_same(left: list[ClassSession], new: list[ScenarioClass]) -> list[ScenarioClass]:
    """The new places at which nothing alike stands already; what does is taken off *left*."""
    standing = {
        (row.on_date, row.pair, row.room_id, row.lecturer_id, row.minutes): row for row in left
    }  # fmt: skip
    found = []
    for row in new:
        same = standing.pop((row.on_date, row.pair, row.room_id, row.lecturer_id, row.minutes), None)
        if same is None:
            found.append(row)
        else:
            left.remove(same)
    return found


def place(facts: Facts, meeting: ClassSession, row: ScenarioClass) -> None:
    """Set when, where and by whom."""
    pair = facts.calendar.bells[row.on_date].pair(row.pair)
    meeting.on_date, meeting.pair, meeting.minutes = row.on_date, row.pair, row.minutes
    meeting.starts_at, meeting.ends_at = pair.interval(row.on_date, facts.calendar.zone)
    meeting.room_id, meeting.lecturer_id = row.room_id, row.lecturer_id


def _give_topics(facts: Facts) -> None:
    """Each class gets the topic that the course has come to by then."""
    db.session.flush()
    topics: dict[tuple[int, HourKind], list[Topic]] = defaultdict(list)
    for modules in facts.modules.values():
        for module in modules:
            for topic in sorted(module.topics, key=lambda each: each.position):
                topics[module.id, topic.kind].append(topic)
    rows = db.session.scalars(
        select(ClassSession)
        .where(ClassSession.run_id.in_(facts.runs), ClassSession.state != SessionState.CANCELLED)
        .order_by(ClassSession.starts_at, ClassSession.id)
    ).all()
    done: dict[tuple[int, int | None, HourKind, Part], int] = defaultdict(int)
    for row in rows:
        if row.module_id is None:
            continue
        begun = max(done[row.run_id, row.module_id, row.kind, half] for half in row.part.halves)
        if not facts.is_kept(row):
            row.topic_id = _topic_after(topics[row.module_id, row.kind], begun, facts.hour)
        for half in row.part.halves:
            done[row.run_id, row.module_id, row.kind, half] = begun + row.minutes


def _topic_after(topics: Sequence[Topic], minutes: int, hour: int) -> int | None:
    """The topic that is on when so many minutes of them are over."""
    for topic in topics:
        minutes -= topic.hours * hour
        if minutes < 0:
            return topic.id
    return topics[-1].id if topics else None


def tell(facts: Facts, change: Change, key: str) -> None:
    """Whoever has anything to do with what was changed is told once, of each run."""
    parts = telling.comers((row.run_id, row.part) for row in change.touched)
    for run_id in sorted({run_id for run_id, _part in parts}):
        run = facts.runs[run_id]
        group = {person_id for (of, _part), people in parts.items() if of == run_id for person_id in people}
        messages.later_many(
            sorted(group), "timetable.published", {"run": run.code, "title": run.version.titles},
            key_prefix=f"timetable.published:{key}:{run_id}", about=("run", run_id),
        )  # fmt: skip
    teaching: dict[int, Counter[int]] = defaultdict(Counter)
    for row in change.touched:
        if row.lecturer_id:
            teaching[row.lecturer_id][row.run_id] += 1
    messages.later_each("timetable.lectures", [
        Said(
            person_id,
            {"runs": ", ".join(facts.runs[run_id].code for run_id in sorted(runs)), "classes": runs.total()},
            f"timetable.lectures:{key}:{person_id}", ("organisation", facts.ask.provider_id),
        )
        for person_id, runs in sorted(teaching.items())
    ])  # fmt: skip


def is_stale(scenario: Scenario) -> str:
    """The fingerprint of the term as it is now when it is not the one the scenario was made from; else nothing."""
    now = terms.read(solving.ask_of(scenario)).fingerprint
    return "" if now == scenario.base else now
