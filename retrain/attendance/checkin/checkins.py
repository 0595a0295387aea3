"""Who says that they are in the room, and what the lecturer makes of it. The only writer of check-ins."""

import hashlib
import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select, update

from retrain import audit, clock
from retrain.attendance import entitled, marking, queries
from retrain.attendance.checkin import rules as checkin_rules
from retrain.attendance.checkin.models import CheckIn
from retrain.attendance.checkin.rules import Class, Doubts, Said
from retrain.attendance.checkin.states import CheckInState
from retrain.attendance.rules import Marked
from retrain.attendance.states import CLOSED, MarkKind
from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.database.dialect import insert_ignoring
from retrain.database.use_case import use_case
from retrain.enrolment import queries as enrolment
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.people import queries as people
from retrain.refusal import Refusal, Refused
from retrain.timetable import queries as timetable
from retrain.timetable.models import ClassSession
from retrain.timetable.states import SessionState

KEPT = timedelta(days=7)
"""What tells one phone from another is forgotten after a week, settled or not."""


def key() -> bytes:
    """What codes, tickets and cards are made with."""
    return hmac.digest(str(current_app.config["SECRET_KEY"]).encode(), b"retrain check-in 1", "sha256")


def digest(text: str) -> str:
    """Tells whether two phones or networks are the same, and nothing else about them."""
    return hmac.new(key(), text.encode(), hashlib.sha256).hexdigest()[:32] if text else ""


def refusals(meeting: ClassSession) -> list[Refusal]:
    """Why nobody can say now that they are in the class."""
    register = queries.register_of(meeting.id)
    zone = people.zone_of(meeting.run.provider_id)
    facts = Class(
        starts_at=meeting.starts_at.astimezone(zone),
        ends_at=meeting.ends_at.astimezone(zone),
        stands=meeting.state is SessionState.PUBLISHED,
        cancelled=meeting.state is SessionState.CANCELLED,
        closed=register is not None and register.state in CLOSED,
    )
    return checkin_rules.refusals(facts, clock.now())


def place(person_id: int | None, meeting: ClassSession) -> int | None:
    """The person's enrolment, when the class is due for it by its dates and its half."""
    due = {
        member.enrolment_id
        for member in queries.memberships(meeting, queries.register_of(meeting.id))
        if member.covers(meeting.on_date)
    }
    mine = (
        row.enrolment_id
        for row in enrolment.group(meeting.run, everyone=True)
        if row.person_id == person_id and row.enrolment_id in due
    )
    return next(mine, None)


@use_case
def say(actor: Actor, session_id: int, typed: str, ticket: str, device: str, network: str) -> CheckIn:
    """Note that the person says they are in the class; said twice it is one. It is no mark yet.

    *typed* is the code of the screen, *ticket* what the page of a scan carried: one of them has to be good now.
    """
    meeting = timetable.session(session_id)
    why, step = refusals(meeting), checkin_rules.step_of(clock.now())
    seen = checkin_rules.is_good(key(), session_id, actor.person_id or 0, ticket, step)
    if not why and not seen and not checkin_rules.is_shown(key(), session_id, typed, step):
        why.append(Refusal.of("checkin-code-old", field="code"))
    number = place(actor.person_id, meeting)
    if number is None:
        why.append(Refusal.of("not-in-group", on=meeting.on_date))
    if why:
        raise Refused(why)
    row = {
        "session_id": session_id, "enrolment_id": number, "came_at": clock.now(), "device": device,
        "network": network, "other_device": False, "state": CheckInState.PROPOSED,
    }  # fmt: skip
    is_new = insert_ignoring(db.session(), CheckIn.__table__, [row]) == 1
    found = _said(session_id, number)
    if is_new:
        audit.record(actor, "checkin.said", ("enrolment", number), after={"session": session_id})
    elif found.device and device != found.device:
        found.other_device = True
    return found


def _said(session_id: int, enrolment_id: int | None) -> CheckIn:
    return db.session.scalars(
        select(CheckIn)
        .where(CheckIn.session_id == session_id, CheckIn.enrolment_id == enrolment_id)
        .with_for_update()
    ).one()


def of_person(person_id: int | None, meeting: ClassSession) -> CheckIn | None:
    """What the person said of the class, if anything."""
    number = place(person_id, meeting)
    return db.session.scalar(
        select(CheckIn).where(CheckIn.session_id == meeting.id, CheckIn.enrolment_id == number)
    )


@dataclass(frozen=True)
class Waiting:
    """Somebody who says that they are there and waits for the lecturer."""

    enrolment_id: int
    name: str
    came_at: datetime
    doubts: Doubts
    same_phone_as: list[str]


def waiting(meeting: ClassSession, written: Mapping[int, str] | None = None) -> list[Waiting]:
    """Who says that they are there and is not confirmed, in the order they came, with what is odd about it.

    *written* has the names as the page writes them, where they were entered otherwise.
    """
    rows = db.session.scalars(
        select(CheckIn).where(CheckIn.session_id == meeting.id).order_by(CheckIn.came_at, CheckIn.id)
    ).all()
    odd = checkin_rules.doubts(
        [Said(row.enrolment_id, row.device, row.network, row.other_device) for row in rows]
    )
    due = queries.lines(meeting, queries.register_of(meeting.id))
    names = {line.enrolment_id: (written or {}).get(line.enrolment_id, line.name) for line in due}
    return [
        Waiting(
            row.enrolment_id, names[row.enrolment_id], row.came_at, odd[row.enrolment_id],
            [names[each] for each in odd[row.enrolment_id].same_phone_as if each in names],
        )
        for row in rows
        if row.state is CheckInState.PROPOSED and row.enrolment_id in names
    ]  # fmt: skip


@use_case
def settle(actor: Actor, session_id: int, enrolment_ids: Collection[int], *, confirm: bool) -> int:
    """Make marks of what these people say, or turn it down; how many it was. Whoever said nothing stays unmarked."""
    meeting = timetable.session(session_id)
    entitled.require_to_mark(actor, meeting)
    register = marking.locked_register(actor, meeting)
    rows = db.session.scalars(
        select(CheckIn).where(
            CheckIn.session_id == session_id,
            CheckIn.enrolment_id.in_(enrolment_ids),
            CheckIn.state == CheckInState.PROPOSED,
        )
    ).all()
    if confirm and rows:
        here = [Marked(row.enrolment_id, MarkKind.PRESENT) for row in rows]
        marking.save_marks(actor, session_id, here)
    for row in rows:
        row.state = CheckInState.CONFIRMED if confirm else CheckInState.DISMISSED
        row.settled_by_id, row.settled_at = actor.person_id, clock.now()
    if rows:
        done = "checkin.confirmed" if confirm else "checkin.dismissed"
        audit.record(actor, done, register, after={"enrolments": sorted(row.enrolment_id for row in rows)})
    return len(rows)


def card_numbers(run: Run) -> dict[int, str]:
    """enrolment → the four digits on its name card, over everybody who ever asked for a place."""
    ids = db.session.scalars(select(Enrolment.id).where(Enrolment.run_id == run.id))
    return checkin_rules.card_numbers(key(), run.id, ids)


@use_case
def at_the_desk(actor: Actor, session_id: int, typed: str) -> str:
    """Mark whoever has these four digits as present, by number or by a card that was read; their name."""
    meeting = timetable.session(session_id)
    entitled.require_to_mark(actor, meeting)
    code, slash, digits = typed.strip().rpartition("/")
    if slash and code != meeting.run.code:
        raise Refused(Refusal.of("card-of-other-run", field="number", run=meeting.run.code))
    number = checkin_rules.who_has(card_numbers(meeting.run), digits)
    if number is None:
        raise Refused(Refusal.of("card-unknown", field="number"))
    marking.save_marks(actor, session_id, [Marked(number, MarkKind.PRESENT)])
    db.session.execute(
        update(CheckIn)
        .where(CheckIn.session_id == session_id, CheckIn.enrolment_id == number)
        .where(CheckIn.state == CheckInState.PROPOSED)
        .values(state=CheckInState.CONFIRMED, settled_by_id=actor.person_id, settled_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    lines = queries.lines(meeting, queries.register_of(session_id))
    return next(line.name for line in lines if line.enrolment_id == number)


def open_now(run_ids: Collection[int]) -> dict[int, int]:
    """run → its class in which one can say now that one is there."""
    now = clock.now()
    rows = db.session.execute(
        select(ClassSession.run_id, ClassSession.id)
        .where(ClassSession.run_id.in_(run_ids), ClassSession.state == SessionState.PUBLISHED)
        .where(ClassSession.starts_at <= now + checkin_rules.EARLY, ClassSession.ends_at >= now)
        .order_by(ClassSession.starts_at.desc(), ClassSession.id)
    )
    return dict(rows.tuples().all())


@use_case
def forget_phones() -> None:
    """What told phones and networks apart has served its end."""
    db.session.execute(
        update(CheckIn)
        .where(CheckIn.came_at < clock.now() - KEPT, CheckIn.device != "")
        .values(device="", network="")
        .execution_options(synchronize_session=False)
    )
