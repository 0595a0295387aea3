"""Many classes moved at once: tried together as they would stand together, and written in one go."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from retrain import audit
from retrain.audit import Actor
from retrain.calendar.bells import NoSuchPair
from retrain.extensions import db
from retrain.refusal import NotThere, Refusal, Refused
from retrain.timetable import guards, journal, occupying, spots, surroundings, telling
from retrain.timetable.journal import Snapshot
from retrain.timetable.models import ClassSession, TimetableChange
from retrain.timetable.spots import Spot
from retrain.timetable.states import ChangeSort, SessionState
from retrain.timetable.surroundings import Surroundings

IN_PARTS = 500
"""Numbers asked for in one statement."""

_STANDS = ("module_id", "kind", "part", "on_date", "pair", "room_id", "lecturer_id", "minutes")


_STAYS = frozenset({"pinned", "cancel_reason"})
"""What is changed of a class that stays where it is: nothing is asked of its place."""


@dataclass(frozen=True)
class Aim:
    """A class and the columns it is to have instead."""

    meeting: ClassSession
    to: Snapshot

    @property
    def stands(self) -> bool:
        """Whether it is to occupy anything afterwards."""
        return bool(self.to.get("state", self.meeting.state) is not SessionState.CANCELLED)

    @property
    def spot(self) -> Spot:
        """Where it is to stand."""
        changed = {name: self.to[name] for name in _STANDS if name in self.to}
        return replace(spots.spot(self.meeting), **changed)


@dataclass(frozen=True)
class Trouble:
    """A class that can't stand where it is to, and why."""

    run_code: str
    wanted: Spot
    why: list[Refusal]


def locked(session_ids: Collection[int]) -> list[ClassSession]:
    """The classes, locked in the order of their numbers so that two who want the same do not wait for one another."""
    numbers = sorted(set(session_ids))
    found: list[ClassSession] = []
    for start in range(0, len(numbers), IN_PARTS):
        found += db.session.scalars(
            select(ClassSession)
            .options(
                joinedload(ClassSession.run), joinedload(ClassSession.room), joinedload(ClassSession.topic)
            )
            .where(ClassSession.id.in_(numbers[start : start + IN_PARTS]))
            .order_by(ClassSession.id)
            .with_for_update(of=ClassSession)
            .execution_options(populate_existing=True)
        )
    if len(found) != len(numbers):
        raise NotThere(numbers)
    return found


def tried(provider_id: int, aims: Sequence[Aim], dates: dict[int, Any] | None = None) -> list[Trouble]:
    """What stands in the way of all *aims* together; *dates*: run → the first and last day it is to have."""
    aims = [aim for aim in aims if aim.to.keys() - _STAYS]
    if not aims:
        return []
    now = [spots.spot(aim.meeting) for aim in aims if aim.meeting.state is not SessionState.CANCELLED]
    wanted = [(aim.meeting, aim.spot) for aim in aims if aim.stands]
    around = surroundings.around(provider_id, now, [one for _, one in wanted])
    around.dates.update(dates or {})
    for one in now:
        around.take_up(one)
    return [trouble for meeting, one in wanted if (trouble := _tried(around, meeting, one))]


def _tried(around: Surroundings, meeting: ClassSession, one: Spot) -> Trouble | None:
    why = around.refusals(one)
    with suppress(NoSuchPair):  # said among the reasons
        around.set_down(one)
    return Trouble(meeting.run.code, one, why) if why else None


def arrange(
    actor: Actor, provider_id: int, sort: ChangeSort, aims: Sequence[Aim], *, kind: str = "timetable.moved",
    why: str | None = None, but: Collection[int] = (), **facts: Any,
) -> TimetableChange:  # fmt: skip
    """Move the classes, or refuse with every reason; the action is kept and everybody concerned told once.

    *but*: the people who learn of it by something else that is said to them.
    """
    guards.require_free([aim.meeting.id for aim in aims])
    if troubles := tried(provider_id, aims):
        raise Refused(named(troubles, alone=len(aims) == 1))
    before = rewrite(provider_id, aims)
    change = journal.write(actor, provider_id, sort, zip_kept(aims, before), **facts)
    record(actor, aims, before, why)
    announce(aims, before, kind, f"timetable.change:{change.id}:done", change, but)
    return change


def zip_kept(aims: Sequence[Aim], before: Sequence[Snapshot]) -> list[tuple[ClassSession, Snapshot | None]]:
    """Each class with what it was."""
    return [(aim.meeting, was) for aim, was in zip(aims, before, strict=True)]


def named(troubles: Sequence[Trouble], *, alone: bool = True) -> list[Refusal]:
    """The reasons; each says which class it is about, unless there is but one and it is *alone* of its kind."""
    if len(troubles) == 1 and alone:
        return troubles[0].why
    return [
        Refusal.of(
            "class-can-not-move", topic=dict(trouble.wanted.topic), day=trouble.wanted.on_date,
            pair=trouble.wanted.pair, run=trouble.run_code, why=trouble.why,
        )
        for trouble in troubles
    ]  # fmt: skip


def rewrite(provider_id: int, aims: Sequence[Aim]) -> list[Snapshot]:
    """Write the columns and the slots they take; what each class was like before."""
    before = [journal.snapshot(aim.meeting) for aim in aims]
    vacate([aim.meeting.id for aim in aims])
    stretch = [aim.spot for aim in aims]
    clocks = Surroundings.clocks(provider_id)
    for aim, one in zip(aims, stretch, strict=True):
        meeting = aim.meeting
        for name, value in aim.to.items():
            setattr(meeting, name, value)
        if {"on_date", "pair"} & aim.to.keys():
            meeting.starts_at, meeting.ends_at = clocks(one.on_date, one.pair)
        meeting.lock += 1
        meeting.sequence += 1
    db.session.flush()
    occupy([aim.meeting for aim in aims if aim.stands])
    return before


def vacate(session_ids: Sequence[int]) -> None:
    """The classes occupy nothing."""
    for start in range(0, len(session_ids), IN_PARTS):
        occupying.leave(session_ids[start : start + IN_PARTS])


def occupy(meetings: Sequence[ClassSession]) -> None:
    """Take the slots of all; whoever took one of them a moment before has it, and all of this is refused."""
    occupying.take(meetings, lambda: [Refusal.of("taken-meanwhile")])


def record(actor: Actor, aims: Sequence[Aim], before: Sequence[Snapshot], why: str | None) -> None:
    """An entry in the trail for each class, with what changed of it."""
    for aim, was in zip(aims, before, strict=True):
        changed = {name: value for name, value in aim.to.items() if was.get(name) != value}
        done = "session.moved" if aim.stands else "session.cancelled"
        earlier = {name: was.get(name) for name in changed}
        audit.record(actor, done, aim.meeting, before=earlier, after=changed, why=why)


def announce(
    aims: Sequence[Aim], before: Sequence[Snapshot], kind: str, key: str, change: TimetableChange,
    but: Collection[int] = (),
) -> int:  # fmt: skip
    """Tell those who knew of the classes; planned ones are known to nobody."""
    public = SessionState.PUBLISHED
    news = [
        telling.News(aim.meeting, was, kind if aim.stands else "timetable.cancelled")
        for aim, was in zip(aims, before, strict=True)
        if public in (was["state"], aim.meeting.state)
    ]
    return telling.tell(news, key, ("timetable_change", change.id), but) if news else 0
