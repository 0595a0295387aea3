"""Classes that fall on a day nobody works, as when a holiday is declared in the middle of a term: which they are, free
places for each, and what a coordinator decides of them, bound in one go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from retrain import clock
from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.permissions import Target
from retrain.refusal import Refusal, Refused
from retrain.timetable import arranging, changing, facts, fitting, queries, spots, times
from retrain.timetable.arranging import Aim
from retrain.timetable.models import ClassSession, Room, TimetableChange
from retrain.timetable.spots import Scope, Spot
from retrain.timetable.states import ChangeSort, SessionState
from retrain.timetable.surroundings import Surroundings
from retrain.timetable.terms import PLANNABLE

FAR = 14
"""How many days before and after the day off places are looked for."""

OFFERED = 3
"""Places offered for a class."""

MOST = 200
"""Classes shown and decided at a time; of more the next are shown once these are decided."""


@dataclass(frozen=True)
class Offer:
    """A free place for a class: another day, another pair, perhaps another room."""

    on_date: date
    pair: int
    room_id: int | None

    @property
    def key(self) -> str:
        """As a form sends it back."""
        return f"{self.on_date.isoformat()} {self.pair} {self.room_id or 0}"

    @classmethod
    def read(cls, key: str) -> "Offer | None":
        """Out of what a form sends; None for what no form of ours sends."""
        try:
            day, pair, room = key.split(" ")
            return cls(date.fromisoformat(day), int(pair), int(room) or None)
        except ValueError:
            return None


@dataclass(frozen=True)
class Fallen:
    """A class on a day off, and where it could be held; the first offers of all fit together."""

    meeting: ClassSession
    offers: list[Offer] = field(default_factory=list)


@dataclass(frozen=True)
class Decision:
    """What becomes of a class: the place it is held at, or None where it is cancelled; *lock* is as it was seen."""

    at: Offer | None
    lock: int


def days_off(provider_id: int) -> list[tuple[date, int]]:
    """Days from today on that nobody works and yet have classes of the provider's runs, with how many."""
    rows = db.session.execute(
        select(ClassSession.on_date, func.count())
        .join(Run, Run.id == ClassSession.run_id)
        .where(*_of(provider_id))
        .group_by(ClassSession.on_date)
        .order_by(ClassSession.on_date)
    )
    return [(day, count) for day, count in rows if not times.is_working_day(provider_id, day)]


def _of(provider_id: int) -> list[ColumnElement[bool]]:
    today = clock.today(people.zone_of(provider_id))
    return [
        Run.provider_id == provider_id, Run.state.in_(PLANNABLE), ClassSession.on_date >= today,
        ClassSession.state != SessionState.CANCELLED,
    ]  # fmt: skip


def on_day(provider_id: int, day: date) -> list[Fallen]:
    """The classes of a day off in order, with free places near it; see :data:`MOST`."""
    wanted = (
        select(ClassSession)
        .join(Run, Run.id == ClassSession.run_id)
        .options(joinedload(ClassSession.run), joinedload(ClassSession.topic), joinedload(ClassSession.room))
        .where(*_of(provider_id), ClassSession.on_date == day)
        .order_by(ClassSession.starts_at, ClassSession.id)
        .limit(MOST)
    )
    meetings = db.session.scalars(wanted).all()
    if not meetings:
        return []
    search = _Search(provider_id, meetings, day)
    return [Fallen(meeting, search.offers(meeting)) for meeting in meetings]


class _Search:
    """Looks for places near a day, the nearest first; what it offers first to one it offers to nobody else."""

    def __init__(self, provider_id: int, meetings: Sequence[ClassSession], day: date) -> None:
        today = clock.today(people.zone_of(provider_id))
        self.days = [
            each
            for far in range(1, FAR + 1)
            for each in (day + timedelta(days=far), day - timedelta(days=far))
            if each >= today
        ]
        self.rooms = queries.rooms(provider_id)
        scope = Scope(
            provider_id, {row.run_id for row in meetings}, {room.id for room in self.rooms},
            {row.lecturer_id for row in meetings if row.lecturer_id},
            min([day, *self.days]), max([day, *self.days]),
        )  # fmt: skip
        self.around = Surroundings(scope)
        self.needs = facts.needs({row.run.course_version_id for row in meetings})
        for row in meetings:
            self.around.take_up(spots.spot(row))

    def offers(self, meeting: ClassSession) -> list[Offer]:
        """Places in its own room; in others that suit where its own has none. The first is kept free for it."""
        here = spots.spot(meeting)
        found = self._in(here, [meeting.room_id])
        if not found and meeting.room_id:
            found = self._in(here, self._like(meeting))
        if found:
            first = found[0]
            self.around.set_down(
                spots.moved(here, on_date=first.on_date, pair=first.pair, room_id=first.room_id)
            )
        return found

    def _in(self, here: Spot, room_ids: Sequence[int | None]) -> list[Offer]:
        """One place a day: whoever chooses wants another day first, not another hour."""
        found: list[Offer] = []
        for day in self.days:
            if len(found) == OFFERED:
                break
            if self.around.is_working(day) and (offer := self._on(here, day, room_ids)):
                found.append(offer)
        return found

    def _on(self, here: Spot, day: date, room_ids: Sequence[int | None]) -> Offer | None:
        """The best place of a day: its own pair first, then the nearest."""
        pairs = sorted(
            (pair.number for pair in self.around.bells(day)),
            key=lambda number: (abs(number - here.pair), number),
        )
        for pair in pairs:
            for room_id in room_ids:
                wanted = spots.moved(here, on_date=day, pair=pair, room_id=room_id)
                if not self.around.is_taken(wanted) and not self.around.refusals(wanted):
                    return Offer(day, pair, room_id)
        return None

    def _like(self, meeting: ClassSession) -> list[int | None]:
        """Other rooms, the smallest that holds them first."""
        come = meeting.part.share_of(meeting.run.taken)
        need = self.needs.get((meeting.module_id or 0, meeting.kind), fitting.Need())
        suiting = [
            room
            for room in self.rooms
            if room.id != meeting.room_id
            and not fitting.room_refusals(facts.room(room), need, come, meeting.on_date)
        ]
        return [room.id for room in sorted(suiting, key=_seats)]


def _seats(room: Room) -> tuple[int, int]:
    return room.capacity, room.id


@use_case
def decide(actor: Actor, provider_id: int, decisions: Mapping[int, Decision], reason: str) -> TimetableChange:
    """Each class is held where it was decided, or cancelled with the *reason*: all or none, everybody told once."""
    permissions.require(actor, "timetable.edit", Target(provider_id=provider_id))
    if not decisions:
        raise Refused(Refusal.of("nothing-decided"))
    cancelled = {"state": SessionState.CANCELLED, "cancel_reason": reason.strip()}
    if not reason.strip() and any(one.at is None for one in decisions.values()):
        raise Refused(Refusal.of("reason-missing", field="reason"))
    meetings = changing.opened(actor, list(decisions))
    aims = []
    for meeting in meetings:
        decision = decisions[meeting.id]
        if meeting.lock != decision.lock:
            raise changing.changed_meanwhile(meeting)
        at = decision.at
        aims.append(Aim(meeting, _to(at) if at else dict(cancelled)))
    return arranging.arrange(
        actor, provider_id, ChangeSort.DAY, aims, why=reason.strip() or None, count=len(aims)
    )


def _to(at: Offer) -> dict[str, object]:
    return {"on_date": at.on_date, "pair": at.pair, "room_id": at.room_id}
