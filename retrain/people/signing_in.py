"""Who sends this request: one query from the session's token to a plain account with the role it acts in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Date, bindparam
from sqlalchemy.orm import aliased

from retrain import clock
from retrain.audit.actor import Actor
from retrain.database import hot
from retrain.extensions import db, login
from retrain.language import pick
from retrain.messages.models import Message
from retrain.people import codes, queries
from retrain.people.models import (
    AccountSession,
    Employment,
    Organisation,
    Person,
    Role,
    Teacher,
)
from retrain.people.states import RoleKind

SEEN_AGAIN = timedelta(minutes=10)
"""How stale "last seen" may be, so that reading a page does not write."""


@dataclass(frozen=True)
class Acting:
    """The role and organisation a person acts in, worded when it is shown."""

    kind: RoleKind
    organisation_id: int | None
    names: dict[str, str]

    @property
    def role_name(self) -> str:
        from retrain.people.wording import ROLES

        return str(ROLES[self.kind])

    @property
    def organisation_name(self) -> str:
        from retrain.web.language import current_language

        return pick(self.names, current_language())


@dataclass(frozen=True)
class Account:
    """The signed-in person of a request. Plain values: nothing here goes back to the database."""

    token: str
    session_id: int
    id: int
    display_name: str
    language: str
    teacher_id: int | None
    actor: Actor
    acting: Acting | None
    unread: int
    roles: int
    has_second_step: bool

    is_authenticated = True
    is_active = True
    is_anonymous = False

    @property
    def person_id(self) -> int:
        return self.id

    def get_id(self) -> str:
        """What the cookie holds."""
        return self.token


def init_app(app: Flask) -> None:
    # Flask-Login's own binding to address and browser would sign people out as their phone changes cells.
    login.session_protection = None
    login.user_loader(load)


def load(token: str) -> Account | None:
    """The account behind a session's token; None when it ended, lapsed, or the person may not sign in."""
    now = clock.now()
    asked = {"digest": codes.session_digest(token), "today": clock.today(), "now": now}
    rows = hot.execute(_query(), asked).all()
    if not rows:
        return None
    if now - rows[0].seen_at > SEEN_AGAIN:
        from retrain.people.accounts import saw

        saw(rows[0].session_id)
    return _account(token, rows)


@hot.kept
def _query() -> Any:
    """One row for each role that lives today, one with no role when there is none, each for every college one works at.

    Made once: every request asks this, and putting it together takes longer than the database's answer.
    """
    today = bindparam("today", type_=Date)
    place, origin = aliased(Organisation), aliased(Role)
    lives = (
        (Role.person_id == Person.id)
        & queries.role_lives(today)
        & (
            Role.delegated_from_id.is_(None)
            | db.exists().where(
                origin.id == Role.delegated_from_id,
                origin.since <= today,
                origin.until.is_(None) | (origin.until >= today),
            )
        )
    )
    works = (
        (Employment.teacher_id == Teacher.id)
        & (Employment.since <= today)
        & (Employment.until.is_(None) | (Employment.until >= today))
    )
    at = db.func.coalesce(Role.organisation_id, Employment.organisation_id)
    unread = (
        db.select(db.func.count(Message.id))
        .where(Message.person_id == Person.id, Message.read_at.is_(None), Message.in_app)
        .correlate(Person)
        .scalar_subquery()
    )
    return (
        db.select(
            AccountSession.id.label("session_id"), AccountSession.role_id.label("acts_in"), AccountSession.seen_at,
            Person.id, Person.family, Person.given, Person.language, Person.totp_secret,
            Role.id.label("role_id"), Role.kind, Role.organisation_id, Role.delegated_by_id,
            Teacher.id.label("teacher_id"), Employment.organisation_id.label("college_id"),
            place.region, place.timezone,
            unread.label("unread"), queries.name_of(place.id, today).label("names"),
        )
        .join(Person, Person.id == AccountSession.person_id)
        .outerjoin(Teacher, Teacher.person_id == Person.id)
        .outerjoin(Employment, works)
        .outerjoin(Role, lives)
        .outerjoin(place, place.id == at)
        .where(AccountSession.digest == bindparam("digest"), AccountSession.ended_at.is_(None))
        .where(AccountSession.expires_at > bindparam("now"))
        .where(Person.disabled_at.is_(None), Person.merged_into_id.is_(None), Person.erased_at.is_(None))
        .order_by(Role.since, Role.id, Employment.since)
    )  # fmt: skip


def _note_zone(actor: Actor, row: Any) -> None:
    """The reader's clocks come along where the row is of the place they act in: most pages show a day."""
    if actor.organisation_id is not None and actor.organisation_id == (row.organisation_id or row.college_id):
        queries.note_zones({actor.organisation_id: row.timezone})


def _account(token: str, rows: Sequence[Any]) -> Account:
    # On the day of a change of college both hold; the later one is where they work now.
    of_roles = {each.role_id: each for each in rows}
    first = next(iter(of_roles.values()))
    teacher_id = first.teacher_id
    held = [each for number, each in of_roles.items() if number is not None]
    row = next((each for each in held if each.role_id == first.acts_in), None)
    if row is None and (first.acts_in is not None or teacher_id is None):
        # The role acted in has ended: the first that still holds takes its place.
        row = next(iter(held), None)
    actor, acting = Actor(person_id=first.id), None
    if row is not None:
        actor = Actor(first.id, row.kind, row.organisation_id, row.role_id, row.delegated_by_id, row.region)
        acting = Acting(row.kind, row.organisation_id, row.names or {})
    elif teacher_id is not None:
        names, region = first.names, first.region
        if held:  # these are of the role's place
            names, region = queries.organisation_names([first.college_id]).get(first.college_id), None
        actor = Actor(first.id, RoleKind.TEACHER, first.college_id, region=region)
        acting = Acting(RoleKind.TEACHER, first.college_id, names or {})
    _note_zone(actor, row or first)
    return Account(
        token=token,
        session_id=first.session_id,
        id=first.id,
        display_name=f"{first.family} {first.given}".strip(),
        language=first.language,
        teacher_id=teacher_id,
        actor=actor,
        acting=acting,
        unread=first.unread,
        roles=len(held) + (teacher_id is not None),
        has_second_step=first.totp_secret is not None,
    )
