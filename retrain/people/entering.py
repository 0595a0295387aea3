"""Accounts of people who are no teachers: made by an administrator, closed and opened again."""

from retrain import audit, clock
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.language.names import clean_name
from retrain.people import contacts, passwords, permissions, queries, roster_line, rules
from retrain.people.accounts import end_sessions
from retrain.people.links import send_link
from retrain.people.models import Person
from retrain.people.permissions import Target
from retrain.people.roles import grant_role, refuse_stronger
from retrain.people.states import CodePurpose, RoleKind
from retrain.people.teachers import PersonFacts, make_person
from retrain.refusal import Forbidden, Refusal, Refused


def create_user(
    actor: Actor,
    facts: PersonFacts,
    *,
    kind: RoleKind | None = None,
    organisation_id: int | None = None,
    password: str | None = None,
    mail_link: bool = False,
) -> Person:
    """A person who signs in with an e-mail or telephone of their own, with a role if one is given.

    Without a password they get one by the mailed link, or ask for the link themselves.
    """
    facts = _tidy(facts, password)
    return _create(
        actor, facts, kind, organisation_id, passwords.digest(password) if password else None, mail_link
    )


def _tidy(facts: PersonFacts, password: str | None) -> PersonFacts:
    why: list[Refusal] = []
    name = (clean_name(facts.family), clean_name(facts.given), clean_name(facts.patronymic))
    if refusal := roster_line.name_refusal(*name):
        why.append(refusal)
    email = contacts.email(facts.email) if facts.email else None
    phone = contacts.phone(facts.phone) if facts.phone else None
    if facts.email and email is None:
        why.append(Refusal.of("email-malformed", field="email"))
    if facts.phone and phone is None:
        why.append(Refusal.of("phone-malformed", field="phone"))
    if not (facts.email or facts.phone):
        why.append(Refusal.of("login-missing", field="email"))
    if password is not None:
        why += rules.password_refusals(password, [email or "", phone or "", *name])
    if why:
        raise Refused(why)
    return PersonFacts(*name, email, phone, facts.language, facts.is_demo)


@use_case
def _create(
    actor: Actor,
    facts: PersonFacts,
    kind: RoleKind | None,
    organisation_id: int | None,
    password_hash: str | None,
    mail_link: bool,
) -> Person:
    if kind is None or organisation_id is None:
        permissions.require(actor, "person.manage", Target())
    elif permissions.scope(actor, "role.grant") is None:
        raise Forbidden("role.grant")
    for field, login in (("email", facts.email), ("phone", facts.phone)):
        if login and queries.person_by_login(login) is not None:
            raise Refused(Refusal.of("login-taken", field=field))
    person = make_person(facts)
    db.session.flush()
    person.email, person.phone = facts.email, facts.phone
    person.password_hash = password_hash
    person.activated_at = clock.now() if password_hash else None
    audit.record(actor, "person.created", person)
    if kind is not None and organisation_id is not None:
        grant_role(actor, person.id, kind, organisation_id)
    login = person.email or person.phone
    if mail_link and password_hash is None and login is not None:
        send_link(actor, person, CodePurpose.ACTIVATION, login)
    return person


@use_case
def close_account(actor: Actor, person_id: int, closed: bool, why: str = "") -> None:
    """The person can't sign in any more, or can again."""
    permissions.require(actor, "person.manage", Target())
    person = db.session.get_one(Person, person_id, with_for_update=True)
    if (person.disabled_at is not None) is closed:
        return
    if person_id == actor.person_id:
        raise Refused(Refusal.of("closed-oneself"))
    refuse_stronger(actor, [person_id])
    person.disabled_at = clock.now() if closed else None
    if closed:
        end_sessions(actor, person_id)
    audit.record(actor, "person.closed" if closed else "person.opened", person, why=why or None)
