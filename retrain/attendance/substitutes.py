"""A class taken by another: the coordinator gives the register to them for one day."""

from datetime import date

from sqlalchemy import select

from retrain import audit, clock, messages
from retrain.attendance import entitled
from retrain.attendance.models import Substitution
from retrain.audit import Actor
from retrain.database import dialect
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.models import Person
from retrain.refusal import Refusal, Refused
from retrain.timetable import queries as timetable
from retrain.timetable.states import SessionState


@use_case
def give(actor: Actor, session_id: int, person_id: int) -> date:
    """Give the register to a lecturer of the provider for one day, and write to them; the day.

    That is the day of the class, or today when it is over. Given twice is given once.
    """
    meeting = timetable.session(session_id)
    permissions.require(actor, "register.substitute", entitled.bare_target(meeting))
    found = []
    if meeting.state is SessionState.CANCELLED:
        found.append(Refusal.of("session-cancelled"))
    elif meeting.state is not SessionState.PUBLISHED:
        found.append(Refusal.of("session-not-published"))
    if person_id not in {person.id for person in timetable.lecturers(meeting.run.provider_id)}:
        found.append(Refusal.of("substitute-not-lecturer", field="person"))
    elif person_id == meeting.lecturer_id:
        found.append(Refusal.of("substitute-is-lecturer", field="person"))
    if found:
        raise Refused(found)
    day = max(meeting.on_date, entitled.today(meeting))
    row = {
        "session_id": meeting.id, "person_id": person_id, "valid_on": day,
        "given_by_id": actor.person_id, "given_at": clock.now(),
    }  # fmt: skip
    if dialect.insert_ignoring(db.session(), Substitution.__table__, [row]):
        audit.record(actor, "register.given", meeting, after={"person": person_id, "on": day.isoformat()})
        zone = people.zone_of(meeting.run.provider_id)
        facts = {
            "run": meeting.run.code, "title": meeting.run.version.titles, "day": day.isoformat(),
            "starts": meeting.starts_at.isoformat(), "zone": str(zone), "path": f"/registers/{meeting.id}",
        }  # fmt: skip
        key = f"attendance.substitute:{meeting.id}:{person_id}:{day.isoformat()}"
        messages.later(person_id, "attendance.substitute", facts, key=key)
    return day


def of(session_id: int) -> list[tuple[Person, date]]:
    """Who was given the register of a class, each with the day."""
    rows = db.session.execute(
        select(Person, Substitution.valid_on)
        .join(Substitution, Substitution.person_id == Person.id)
        .where(Substitution.session_id == session_id)
        .order_by(Substitution.id)
    )
    return list(rows.tuples())
