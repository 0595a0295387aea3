"""What a coordinator does to classes in the week. Each is one action: kept, taken back as one, told once."""

from collections.abc import Sequence

from sqlalchemy import select

from retrain import audit
from retrain.audit import Actor
from retrain.catalogue import queries as catalogue
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import permissions
from retrain.people.permissions import Target
from retrain.refusal import ChangedMeanwhile, Refusal, Refused
from retrain.timetable import arranging, journal, queries, service, telling
from retrain.timetable.arranging import Aim
from retrain.timetable.models import ClassSession, TimetableChange
from retrain.timetable.service import Place
from retrain.timetable.states import ChangeSort, SessionState


@use_case
def put(actor: Actor, run_code: str, place: Place) -> ClassSession:
    """A class put into the week."""
    meeting = service.add_session(actor, run_code, place)
    journal.write(actor, meeting.run.provider_id, ChangeSort.PUT, [(meeting, None)], run=run_code)
    return meeting


@use_case
def move(actor: Actor, session_id: int, place: Place, lock: int) -> ClassSession:
    """A class moved, given to somebody else or to another room. ChangedMeanwhile when somebody was quicker."""
    meeting = _one(actor, session_id)
    before = journal.snapshot(meeting)
    with telling.quietly():
        service.move_session(actor, session_id, place, lock)
    _keep(actor, ChangeSort.MOVE, meeting, before, "timetable.moved")
    return meeting


@use_case
def cancel(actor: Actor, session_id: int, reason: str, lock: int | None = None) -> ClassSession:
    """A class taken out of the week for a reason that those concerned read."""
    meeting = _one(actor, session_id)
    before = journal.snapshot(meeting)
    if meeting.state is SessionState.CANCELLED:
        return meeting
    _require_seen(meeting, lock)
    with telling.quietly():
        service.cancel_session(actor, session_id, reason)
    _keep(actor, ChangeSort.CANCEL, meeting, before, "timetable.cancelled")
    return meeting


@use_case
def swap(actor: Actor, one_id: int, other_id: int, lock: int | None = None) -> TimetableChange:
    """Two classes change their times; each keeps its room and its lecturer."""
    if one_id == other_id:
        raise Refused(Refusal.of("swap-with-itself", field="other_id"))
    one, other = opened(actor, [one_id, other_id], lock)
    aims = [
        Aim(one, {"on_date": other.on_date, "pair": other.pair}),
        Aim(other, {"on_date": one.on_date, "pair": one.pair}),
    ]
    return arranging.arrange(actor, one.run.provider_id, ChangeSort.SWAP, aims, run=one.run.code)


@use_case
def replace_lecturer(
    actor: Actor, session_id: int, lecturer_id: int | None, *, following: bool, lock: int | None = None
) -> TimetableChange:
    """Somebody else teaches the class, or with *following* every class of the same lecturer in the run from it on."""
    meetings = opened(actor, following_of(session_id, "lecturer_id") if following else [session_id], lock)
    aims = [Aim(row, {"lecturer_id": lecturer_id}) for row in meetings if row.lecturer_id != lecturer_id]
    if not aims:
        raise Refused(Refusal.of("already-teaches", field="lecturer_id"))
    run = meetings[0].run
    return arranging.arrange(
        actor, run.provider_id, ChangeSort.LECTURER, aims, kind="timetable.lecturer", run=run.code
    )


def following_of(session_id: int, same: str = "module_id") -> list[int]:
    """The class and the later ones of its run with the same module (or lecturer), in order; not cancelled ones."""
    meeting = queries.session(session_id)
    column = getattr(ClassSession, same)
    rows = select(ClassSession.id).where(
        ClassSession.run_id == meeting.run_id,
        column == getattr(meeting, same),
        ClassSession.starts_at >= meeting.starts_at,
        ClassSession.state != SessionState.CANCELLED,
    )
    return list(db.session.scalars(rows.order_by(ClassSession.starts_at)))


def opened(actor: Actor, session_ids: Sequence[int], lock: int | None = None) -> list[ClassSession]:
    """The classes locked for a change, in the order asked for, once the actor may and their runs are open.

    *lock* is that of the first as the actor saw it: ChangedMeanwhile when somebody changed it since.
    """
    known = select(ClassSession.run_id).where(ClassSession.id.in_(session_ids)).distinct()
    for run_id in sorted(db.session.scalars(known)):
        open_run(actor, run_id)
    by_number = {row.id: row for row in arranging.locked(session_ids)}
    found = [by_number[number] for number in session_ids]
    if any(row.state is SessionState.CANCELLED for row in found):
        raise Refused(Refusal.of("session-cancelled"))
    _require_seen(found[0], lock)
    return found


def _require_seen(meeting: ClassSession, lock: int | None) -> None:
    """ChangedMeanwhile where the actor saw the class before somebody else changed it."""
    if lock is not None and meeting.lock != lock:
        raise changed_meanwhile(meeting)


def open_run(actor: Actor, run_id: int) -> None:
    """Lock a run that the actor may change the week of."""
    run = queries.run_by_number(run_id, for_update=True)
    permissions.require(actor, "timetable.edit", Target(provider_id=run.provider_id))
    if run.state in service.CLOSED_RUNS:
        raise Refused(Refusal.of("run-not-open"))


def changed_meanwhile(meeting: ClassSession) -> ChangedMeanwhile:
    """Says where the class stands now and who put it there."""
    return ChangedMeanwhile(
        {"on_date": (meeting.on_date, None), "pair": (meeting.pair, None)},
        catalogue.changed_by("class_session", meeting.id),
    )


def _one(actor: Actor, session_id: int) -> ClassSession:
    """The class, locked after its run."""
    open_run(actor, queries.session(session_id).run_id)
    return queries.session(session_id, for_update=True)


def _keep(actor: Actor, sort: ChangeSort, meeting: ClassSession, before: journal.Snapshot, kind: str) -> None:
    change = journal.write(actor, meeting.run.provider_id, sort, [(meeting, before)], run=meeting.run.code)
    if before["state"] is SessionState.PUBLISHED:
        key = f"timetable.change:{change.id}:done"
        telling.tell([telling.News(meeting, before, kind)], key, ("class_session", meeting.id))


@use_case
def move_following(actor: Actor, session_id: int, place: Place, lock: int | None) -> TimetableChange:
    """The class and every later one of its module move by the same days into the same pair, room and lecturer."""
    meetings = opened(actor, following_of(session_id), lock)
    step = place.on_date - meetings[0].on_date
    same = {"pair": place.pair, "room_id": place.room_id, "lecturer_id": place.lecturer_id}
    aims = [Aim(row, same | {"on_date": row.on_date + step}) for row in meetings]
    run = meetings[0].run
    return arranging.arrange(actor, run.provider_id, ChangeSort.FOLLOWING, aims, run=run.code)


@use_case
def pin(actor: Actor, session_id: int, pinned: bool) -> ClassSession:
    """The class stays where it is when a timetable is made anew, or no longer."""
    (meeting,) = opened(actor, [session_id])
    if meeting.pinned != pinned:
        before = journal.snapshot(meeting)
        meeting.pinned = pinned
        meeting.lock += 1
        journal.write(
            actor, meeting.run.provider_id, ChangeSort.PIN, [(meeting, before)], run=meeting.run.code
        )
        audit.record(
            actor, "session.pinned", meeting, before={"pinned": not pinned}, after={"pinned": pinned}
        )
    return meeting
