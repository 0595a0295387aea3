"""Roles: given, ended, lent from a day to a day."""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy.orm import joinedload

from retrain import audit, clock, messages
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.language.keys import search_key
from retrain.people import contacts, permissions, queries, rules
from retrain.people.models import Organisation, Person, Role
from retrain.people.permissions import Target
from retrain.people.states import RoleKind
from retrain.people.vouching import before_a_role
from retrain.refusal import Forbidden, NotThere, Refusal, Refused


def target_of(organisation: Organisation) -> Target:
    """An organisation as permissions see it: as college, as provider, in its region."""
    return Target(college_id=organisation.id, provider_id=organisation.id, region=organisation.region)


@use_case
def grant_role(
    actor: Actor,
    person_id: int,
    kind: RoleKind,
    organisation_id: int,
    since: date | None = None,
    until: date | None = None,
    login: str | None = None,
) -> Role:
    """A role for a person in an organisation; the one there is when they hold it for these days already.

    *login* is what the giver knows the person by, for whom only that opens the role; none for somebody just made.
    """
    organisation = queries.organisation_by_id(organisation_id)
    _may_give(actor, kind, organisation)
    begins = since or clock.today()
    why = rules.grant_refusals(kind, organisation.is_provider, begins, until)
    if why:
        raise Refused(why)
    for held in db.session.scalars(db.select(Role).where(Role.person_id == person_id, Role.kind == kind)):
        if held.organisation_id == organisation_id and held.until is None and held.since <= begins:
            return held
    person = queries.person(person_id)
    if login is not None:
        before_a_role(actor, person, login)
    role = Role(
        person_id=person.id,
        kind=kind,
        organisation_id=organisation_id,
        since=begins,
        until=until,
        granted_by_id=actor.person_id,
    )
    db.session.add(role)
    audit.record(actor, "role.granted", role, after=_facts(role))
    return role


def _may_give(actor: Actor, kind: RoleKind, organisation: Organisation) -> None:
    permissions.require(actor, "role.grant", target_of(organisation))
    if actor.role != "system" and kind not in rules.gives(RoleKind(actor.role or "")):
        raise Forbidden("role.grant")


def stronger(actor: Actor, person_ids: Collection[int]) -> set[int]:
    """Who among them holds a role, now or later, that *actor* may not give: whoever changes how such a person
    signs in, where they are reached, or who they are, could act as them."""
    held = db.select(Role).where(
        Role.person_id.in_(person_ids), db.or_(Role.until.is_(None), Role.until >= clock.today())
    )
    found = set()
    for role in db.session.scalars(held.options(joinedload(Role.organisation))):
        try:
            _may_give(actor, role.kind, role.organisation)
        except Forbidden:
            found.add(role.person_id)
    return found


def refuse_stronger(actor: Actor, person_ids: Collection[int], code: str = "holds-stronger-role") -> None:
    """Refused, naming them, when some of them are :func:`stronger`."""
    if found := stronger(actor, person_ids):
        names = queries.display_names(found)
        raise Refused(Refusal.of(code, names=", ".join(sorted(names.values()))))


@use_case
def end_role(actor: Actor, role_id: int, last_day: date | None = None) -> None:
    """The role holds up to *last_day* (yesterday: it ends now); what was lent from it ends with it."""
    role = _role(role_id)
    if role.delegated_by_id is None or role.delegated_by_id != actor.person_id:
        _may_give(actor, role.kind, queries.organisation_by_id(role.organisation_id))
    _end(actor, role, last_day or clock.today() - timedelta(days=1))


def _end(actor: Actor, role: Role, last_day: date) -> None:
    if role.until is not None and role.until <= last_day:
        return
    if last_day < role.since:
        _end_lent(actor, role, last_day)
        audit.record(actor, "role.withdrawn", role, before=_facts(role))
        db.session.delete(role)
        return
    audit.record(actor, "role.ended", role, before={"until": role.until}, after={"until": last_day})
    role.until = last_day
    _end_lent(actor, role, last_day)


def _end_lent(actor: Actor, role: Role, last_day: date) -> None:
    for lent in db.session.scalars(db.select(Role).where(Role.delegated_from_id == role.id)).all():
        _end(actor, lent, last_day)
        if lent in db.session and last_day < role.since:
            lent.delegated_from_id = None
    db.session.flush()


@use_case
def delegate_role(actor: Actor, role_id: int, to: str, since: date, until: date) -> Role:
    """Lend one's own role to the person who signs in with *to*, from a day to a day."""
    role = _role(role_id)
    permissions.require(actor, "role.delegate", Target(person_id=role.person_id))
    other = queries.person_by_login(contacts.login(to))
    if other is None or other.disabled_at or other.erased_at or other.merged_into_id:
        raise Refused(Refusal.of("nobody-by-login", field="login"))
    facts = rules.RoleFacts(
        role.kind, role.organisation_id, role.since, role.until, role.delegated_by_id is not None
    )
    if not facts.holds_on(clock.today()):
        raise Refused(Refusal.of("role-ended"))
    why = rules.delegation_refusals(
        facts, to_oneself=other.id == role.person_id, since=since, until=until, today=clock.today()
    )
    if why:
        raise Refused(why)
    lent = Role(
        person_id=other.id, kind=role.kind, organisation_id=role.organisation_id, since=since, until=until,
        delegated_by_id=role.person_id, delegated_from_id=role.id, granted_by_id=actor.person_id,
    )  # fmt: skip
    before_a_role(actor, other, contacts.login(to) or "")
    db.session.add(lent)
    audit.record(actor, "role.delegated", lent, after={**_facts(lent), "by": role.person_id})
    by = queries.display_names([role.person_id]).get(role.person_id, "")
    messages.later(
        other.id, "people.role_delegated", {"by": by, "since": since, "until": until, "path": "/act-as"},
        key=f"role.delegated:{lent.id}", about=("role", lent.id),
    )  # fmt: skip
    return lent


def own_role(actor: Actor, role_id: int) -> Role:
    """One of the actor's own roles, or NotThere."""
    role = _role(role_id)
    if role.person_id != actor.person_id:
        raise NotThere
    return role


def lent_by(person_id: int) -> list[Role]:
    """The roles a person has lent that hold today or later."""
    query = (
        db.select(Role)
        .where(Role.delegated_by_id == person_id, Role.until >= clock.today())
        .options(joinedload(Role.person))
        .order_by(Role.since)
    )
    return list(db.session.scalars(query))


def roles_in(organisation_id: int | None, search: str = "") -> list[Role]:
    """The roles of an organisation that hold today or later, or of all, by the holder's name."""
    query = (
        db.select(Role)
        .join(Person, Person.id == Role.person_id)
        .where(Role.until.is_(None) | (Role.until >= clock.today()))
        .options(joinedload(Role.person), joinedload(Role.organisation))
        .order_by(Person.sort_key, Role.id)
        .limit(500)
    )
    if organisation_id is not None:
        query = query.where(Role.organisation_id == organisation_id)
    if search:
        query = query.where(Person.search_key.contains(search_key(search), autoescape=True))
    return list(db.session.scalars(query))


def _role(role_id: int) -> Role:
    role = db.session.get(Role, role_id)
    if role is None:
        raise NotThere
    return role


def _facts(role: Role) -> dict[str, object]:
    return {
        "person": role.person_id,
        "kind": role.kind,
        "organisation": role.organisation_id,
        "since": role.since,
        "until": role.until,
    }
