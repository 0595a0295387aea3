"""Who sends this request: one query from the session's token to a plain account with the role it acts in."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy.orm import aliased

from retrain import clock
from retrain.audit.actor import Actor
from retrain.extensions import db, login
from retrain.language import pick
from retrain.messages.models import Message
from retrain.people import codes, queries
from retrain.people.models import (
    AccountSession,
    Employment,
    Organisation,
    OrganisationName,
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
    rows = db.session.execute(_query(codes.session_digest(token))).all()
    rows = [row for row in rows if row.AccountSession.expires_at > now]
    if not rows:
        return None
    session = rows[0].AccountSession
    if now - session.seen_at > SEEN_AGAIN:
        from retrain.people.accounts import saw

        saw(session.id)
    return _account(token, rows)


def _query(digest: str) -> Any:
    """One row for each role that lives today; one with no role when there is none."""
    today = clock.today()
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
    college = (
        db.select(Employment.organisation_id)
        .where(Employment.teacher_id == Teacher.id, Employment.since <= today)
        .where(Employment.until.is_(None) | (Employment.until >= today))
        .order_by(Employment.since.desc())
        .limit(1)
        .correlate(Teacher)
        .scalar_subquery()
    )
    at = db.func.coalesce(Role.organisation_id, college)
    unread = (
        db.select(db.func.count(Message.id))
        .where(Message.person_id == Person.id, Message.read_at.is_(None), Message.in_app)
        .correlate(Person)
        .scalar_subquery()
    )
    return (
        db.select(
            AccountSession, Person, Role, Teacher.id.label("teacher_id"), college.label("college_id"),
            place.region, unread.label("unread"),
            _name_of(at).label("names"), _name_of(college).label("college_names"),
        )
        .join(Person, Person.id == AccountSession.person_id)
        .outerjoin(Teacher, Teacher.person_id == Person.id)
        .outerjoin(Role, lives)
        .outerjoin(place, place.id == at)
        .where(AccountSession.digest == digest, AccountSession.ended_at.is_(None))
        .where(Person.disabled_at.is_(None), Person.merged_into_id.is_(None), Person.erased_at.is_(None))
        .order_by(Role.since, Role.id)
    )  # fmt: skip


def _name_of(organisation_id: Any) -> Any:
    """The organisation's name of today."""
    return (
        db.select(OrganisationName.names)
        .where(OrganisationName.organisation_id == organisation_id)
        .order_by((OrganisationName.valid_from <= clock.today()).desc(), OrganisationName.valid_from.desc())
        .limit(1)
        .scalar_subquery()
    )


def _account(token: str, rows: list[Any]) -> Account:
    first = rows[0]
    session, person, teacher_id = first.AccountSession, first.Person, first.teacher_id
    row = next((each for each in rows if each.Role and each.Role.id == session.role_id), None)
    if row is None and (session.role_id is not None or teacher_id is None):
        # The role acted in has ended: the first that still holds takes its place.
        row = next((each for each in rows if each.Role), None)
    actor, acting = Actor(person_id=person.id), None
    if row is not None:
        role = row.Role
        actor = Actor(person.id, role.kind, role.organisation_id, role.id, role.delegated_by_id, row.region)
        acting = Acting(role.kind, role.organisation_id, row.names or {})
    elif teacher_id is not None:
        region = first.region if first.Role is None else None
        actor = Actor(person.id, RoleKind.TEACHER, first.college_id, region=region)
        acting = Acting(RoleKind.TEACHER, first.college_id, first.college_names or {})
    return Account(
        token=token,
        session_id=session.id,
        id=person.id,
        display_name=f"{person.family} {person.given}".strip(),
        language=person.language,
        teacher_id=teacher_id,
        actor=actor,
        acting=acting,
        unread=first.unread,
        roles=sum(each.Role is not None for each in rows) + (teacher_id is not None),
        has_second_step=person.totp_secret is not None,
    )
