"""What was done to the week, kept so that it can be taken back: a class before and after, under one action."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from retrain import clock
from retrain.audit import Actor
from retrain.catalogue.states import HourKind
from retrain.extensions import db
from retrain.timetable.models import ClassSession, SessionChange, TimetableChange
from retrain.timetable.states import ChangeSort, ChangeState, Part, SessionState

READERS: dict[str, Any] = {
    "module_id": int,
    "topic_id": int,
    "kind": HourKind,
    "on_date": date.fromisoformat,
    "pair": int,
    "room_id": int,
    "lecturer_id": int,
    "minutes": int,
    "part": Part,
    "pinned": bool,
    "state": SessionState,
    "cancel_reason": str,
}
"""What is kept of a class, and how each is read back."""

Snapshot = dict[str, Any]


def snapshot(meeting: ClassSession) -> Snapshot:
    """What is kept of the class as it is now."""
    return {name: getattr(meeting, name) for name in READERS}


def stored(kept: Mapping[str, Any]) -> dict[str, Any]:
    """A snapshot as its column holds it."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in kept.items()}


def read(kept: Mapping[str, Any]) -> Snapshot:
    """A snapshot out of its column; what a later version keeps too is left out where it was not kept then."""
    return {
        name: None if kept[name] is None else reader(kept[name])
        for name, reader in READERS.items()
        if name in kept
    }


def write(
    actor: Actor,
    provider_id: int,
    sort: ChangeSort,
    classes: Iterable[tuple[ClassSession, Snapshot | None]],
    **facts: Any,
) -> TimetableChange:
    """Keep one action: each class as it is now, with what it was before. What was taken back can't be done again."""
    change = TimetableChange(
        provider_id=provider_id, by_id=actor.person_id, sort=sort, state=ChangeState.DONE, made_at=clock.now(),
        facts=facts,
    )  # fmt: skip
    db.session.execute(
        update(TimetableChange)
        .where(
            TimetableChange.by_id == actor.person_id,
            TimetableChange.provider_id == provider_id,
            TimetableChange.state == ChangeState.UNDONE,
        )
        .values(state=ChangeState.OVERTAKEN)
        .execution_options(synchronize_session=False)
    )
    db.session.flush()  # classes put in just now have their numbers only then
    change.classes = [
        SessionChange(
            session_id=meeting.id, before=stored(before) if before else None, after=stored(snapshot(meeting))
        )
        for meeting, before in classes
    ]
    db.session.add(change)
    db.session.flush()
    return change


def last(actor: Actor, provider_id: int, state: ChangeState) -> TimetableChange | None:
    """The actor's last action that can be taken back (done), or done again (undone: the one taken back last)."""
    mine = (
        select(TimetableChange)
        .options(selectinload(TimetableChange.classes))
        .where(
            TimetableChange.by_id == actor.person_id,
            TimetableChange.provider_id == provider_id,
            TimetableChange.state == state,
        )
    )
    order = TimetableChange.id.desc() if state is ChangeState.DONE else TimetableChange.id.asc()
    return db.session.scalar(mine.order_by(order).limit(1))


def heads(actor: Actor, provider_id: int) -> dict[ChangeState, TimetableChange]:
    """By state, what *undo* and *redo* would take next, without the classes; in one query."""
    rows = db.session.scalars(
        select(TimetableChange)
        .where(
            TimetableChange.by_id == actor.person_id,
            TimetableChange.provider_id == provider_id,
            TimetableChange.state.in_((ChangeState.DONE, ChangeState.UNDONE)),
        )
        .order_by(TimetableChange.id.desc())
        .limit(100)
    ).all()
    found: dict[ChangeState, TimetableChange] = {}
    for row in rows:
        if row.state is ChangeState.UNDONE or row.state not in found:
            found[row.state] = row
    return found
