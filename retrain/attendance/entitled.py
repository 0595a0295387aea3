"""Whose a register is: the lecturer's, a substitute's for a day, the curator's where the provider says so."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from retrain import clock
from retrain.attendance.models import Register, Substitution
from retrain.audit import Actor
from retrain.extensions import db
from retrain.people import permissions, settings
from retrain.people import queries as people
from retrain.people.permissions import Scope, Target
from retrain.refusal import Forbidden
from retrain.timetable.models import ClassSession


def target(meeting: ClassSession) -> Target:
    """Whom a session belongs to, for the permission table; who was to take it for a day, and who signed, too."""
    others = db.session.scalars(
        select(Substitution.person_id)
        .where(Substitution.session_id == meeting.id, Substitution.valid_on == today(meeting))
        .union(
            select(Register.taught_by_id).where(
                Register.session_id == meeting.id, Register.taught_by_id.is_not(None)
            )
        )
    )
    return replace(bare_target(meeting), lecturer_ids=tuple({meeting.lecturer_id, *others} - {None}))


def bare_target(meeting: ClassSession) -> Target:
    """The same without those who took the class for another."""
    return Target(
        provider_id=meeting.run.provider_id,
        curator_id=meeting.run.curator_id,
        lecturer_ids=(meeting.lecturer_id,) if meeting.lecturer_id else (),
    )


def today(meeting: ClassSession) -> date:
    """The day it is where the class is held."""
    return clock.today(people.zone_of(meeting.run.provider_id))


def may_mark(actor: Actor, meeting: ClassSession, whose: Target | None = None) -> bool:
    """Whether the register is the actor's to mark; a curator's only where the provider works so."""
    if not permissions.may(actor, "register.mark", whose or target(meeting)):
        return False
    if permissions.scope(actor, "register.mark") is not Scope.GROUP:
        return True
    return bool(settings.get(meeting.run.provider_id, "registers", meeting.on_date)["curator_marks"])


def require_to_mark(actor: Actor, meeting: ClassSession, whose: Target | None = None) -> None:
    """Raise Forbidden unless the register is the actor's to mark."""
    if not may_mark(actor, meeting, whose):
        raise Forbidden("register.mark")


def may_look(actor: Actor, meeting: ClassSession, whose: Target) -> bool:
    """Whether the actor may open the register, if only to read it."""
    return permissions.may(actor, "register.mark", whose) or permissions.may(actor, "register.see", whose)
