"""What a coordinator did last is taken back, or done again: all of it in one transaction, or refused in words."""

from collections.abc import Callable

from sqlalchemy import select

from retrain.audit import Actor
from retrain.catalogue import queries as catalogue
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import permissions
from retrain.people.permissions import Target
from retrain.refusal import NotThere, Refusal, Refused
from retrain.timetable import arranging, changing, guards, journal, outages, shifting
from retrain.timetable.arranging import Aim
from retrain.timetable.journal import Snapshot
from retrain.timetable.models import ClassSession, SessionChange, TimetableChange
from retrain.timetable.states import ChangeSort, ChangeState, SessionState

Side = Callable[[SessionChange], Snapshot]


@use_case
def undo(actor: Actor, provider_id: int) -> TimetableChange:
    """The actor's last action is taken back. Refused when a class was changed since, or its old place is taken."""
    change = _found(actor, provider_id, ChangeState.DONE)
    _turn(actor, change, _after, _before, "undone")
    change.state = ChangeState.UNDONE
    return change


@use_case
def redo(actor: Actor, provider_id: int) -> TimetableChange:
    """What was taken back last is done again, on the same terms."""
    change = _found(actor, provider_id, ChangeState.UNDONE)
    _turn(actor, change, _before, _after, "redone")
    change.state = ChangeState.DONE
    return change


@use_case
def take_back(actor: Actor, change_id: int) -> TimetableChange:
    """One action is taken back, whoever did it and whatever they did since; on the same terms."""
    change = _named(actor, change_id, ChangeState.DONE, "nothing-to-undo")
    _turn(actor, change, _after, _before, "undone")
    change.state = ChangeState.UNDONE
    return change


@use_case
def do_again(actor: Actor, change_id: int) -> TimetableChange:
    """One action that was taken back is done again, on the same terms."""
    change = _named(actor, change_id, ChangeState.UNDONE, "nothing-to-redo")
    _turn(actor, change, _before, _after, "redone")
    change.state = ChangeState.DONE
    return change


def _named(actor: Actor, change_id: int, state: ChangeState, why: str) -> TimetableChange:
    change = db.session.get(TimetableChange, change_id, with_for_update=True)
    if change is None:
        raise NotThere(change_id)
    permissions.require(actor, "timetable.edit", Target(provider_id=change.provider_id))
    if change.state is not state:
        raise Refused(Refusal.of(why))
    return change


def _found(actor: Actor, provider_id: int, state: ChangeState) -> TimetableChange:
    permissions.require(actor, "timetable.edit", Target(provider_id=provider_id))
    change = journal.last(actor, provider_id, state)
    if change is None:
        raise Refused(Refusal.of("nothing-to-undo" if state is ChangeState.DONE else "nothing-to-redo"))
    return change


def _after(kept: SessionChange) -> Snapshot:
    return journal.read(kept.after)


def _before(kept: SessionChange) -> Snapshot:
    """What it was; a class that was put in was nowhere, and is out of the week again."""
    if kept.before:
        return journal.read(kept.before)
    return journal.read(kept.after) | {"state": SessionState.CANCELLED}


def _turn(actor: Actor, change: TimetableChange, now: Side, then: Side, turn: str) -> None:
    numbers = [kept.session_id for kept in change.classes]
    runs = select(ClassSession.run_id).where(ClassSession.id.in_(numbers)).distinct()
    for run_id in sorted(db.session.scalars(runs)):
        changing.open_run(actor, run_id)
    by_number = {row.id: row for row in arranging.locked(numbers)}
    aims = []
    for kept in change.classes:
        meeting, expected, wanted = by_number[kept.session_id], now(kept), then(kept)
        _require_untouched(meeting, expected)
        aims.append(Aim(meeting, {name: value for name, value in wanted.items() if expected[name] != value}))
    guards.require_free(numbers)
    told: set[int] = set()
    if change.sort is ChangeSort.SHIFT:
        told = shifting.dates_back(actor, change.facts, back=turn == "undone")
    if change.sort is ChangeSort.REPAIR:
        _turn_outage(actor, change, back=turn == "undone")
    if troubles := arranging.tried(change.provider_id, aims):
        raise Refused(arranging.named(troubles))
    before = arranging.rewrite(change.provider_id, aims)
    arranging.record(actor, aims, before, None)
    kind = "timetable.lecturer" if change.sort is ChangeSort.LECTURER else "timetable.moved"
    again = max(aim.meeting.sequence for aim in aims)
    arranging.announce(aims, before, kind, f"timetable.change:{change.id}:{turn}:{again}", change, told)


def _turn_outage(actor: Actor, change: TimetableChange, *, back: bool) -> None:
    """What was written down as out is taken back with the repair, or written down again with it."""
    outage = outages.restored(change.facts["outage"])
    if back:
        outages.erase(actor, change.provider_id, outage, change.facts["written"])
    else:
        change.facts = change.facts | {"written": outages.write(actor, change.provider_id, outage)}


def _require_untouched(meeting: ClassSession, expected: Snapshot) -> None:
    """Refuse when somebody changed the class since: their change would be lost."""
    is_now = journal.snapshot(meeting)
    if any(is_now[name] != value for name, value in expected.items()):
        raise Refused(
            Refusal.of(
                "changed-since", run=meeting.run.code, day=meeting.on_date, pair=meeting.pair,
                topic=dict(meeting.topic.titles) if meeting.topic else {},
                by=catalogue.changed_by("class_session", meeting.id),
            )
        )  # fmt: skip
