"""Accounts opened, and passwords set anew, by a mailed link or the code on a printed slip."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from retrain import audit, clock
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import codes, contacts, passwords, permissions, queries, rules, throttling
from retrain.people.accounts import Browser, Signed, end_sessions, forget_links, open_session, retention
from retrain.people.links import living, new_code, reachable_at, send_link
from retrain.people.models import OneTimeCode, Person
from retrain.people.roles import refuse_stronger
from retrain.people.states import CodePurpose
from retrain.people.teachers import target_of
from retrain.refusal import Forbidden, Refusal, Refused

LINKS_AN_HOUR = 3
"""More letters than that to one person in an hour help nobody."""

SLIP_TRIES = 40
"""Wrong codes from one address before waiting: a whole staff room types its slips behind one."""


@dataclass(frozen=True)
class Opening:
    """What a good code opens. *login* is the one to offer, empty when there is none of their own."""

    person_id: int
    purpose: CodePurpose
    name: str
    login: str
    address: str | None


def ask_for_link(typed: str, browser: Browser) -> None:
    """Mail a link to whoever signs in with that, if it is anybody. The answer never says which."""
    login = contacts.login(typed)
    throttling.attempt("link", login or typed.strip().casefold()[:254], browser.address)
    if login is not None:
        _mail_link(login)


@use_case
def _mail_link(login: str) -> None:
    person = queries.person_by_login(login) or _only_owner(login)
    if person is None or person.disabled_at or person.erased_at or person.merged_into_id:
        return
    recent = db.select(db.func.count(OneTimeCode.id)).where(
        OneTimeCode.person_id == person.id,
        OneTimeCode.printed.is_(False),
        OneTimeCode.created_at > clock.now() - timedelta(hours=1),
    )
    if (db.session.scalar(recent) or 0) >= LINKS_AN_HOUR:
        return
    purpose = CodePurpose.RESET if person.activated_at else CodePurpose.ACTIVATION
    send_link(Actor(person_id=person.id), person, purpose, reachable_at(person, login))


def _only_owner(address: str) -> Person | None:
    """Who alone is reached at an address and has not signed in yet; a shared mailbox is nobody's."""
    query = db.select(Person).where(
        (Person.contact_email == address) | (Person.contact_phone == address), Person.merged_into_id.is_(None)
    )
    found = db.session.scalars(query.limit(2)).all()
    return found[0] if len(found) == 1 and found[0].activated_at is None else None


@use_case
def send_links(actor: Actor, person_ids: Collection[int]) -> int:
    """Mail activation links to those of these people who have a mailbox of their own; how many."""
    sent = 0
    for person_id in person_ids:
        person, teacher = queries.person(person_id), queries.teacher_of(person_id)
        if teacher is not None:
            permissions.require(actor, "slips.print", target_of(teacher))
        elif actor.role not in ("system", "administrator"):
            raise Forbidden("slips.print")
        if person.email and person.activated_at is None and person.disabled_at is None:
            send_link(actor, person, CodePurpose.ACTIVATION, person.email)
            sent += 1
    if sent:
        audit.record(
            actor, "activation.mailed", ("organisation", actor.organisation_id), after={"people": sent}
        )
    return sent


@dataclass(frozen=True)
class SlipFacts:
    """A slip about to be printed: the code is known here and nowhere else."""

    teacher_id: int
    name: str
    language: str
    login: str
    code: str
    valid_until: datetime


@use_case
def make_slips(actor: Actor, teacher_ids: Collection[int]) -> list[SlipFacts]:
    """A fresh code for each teacher; the codes printed for them before open nothing any more."""
    life = timedelta(days=retention("slip_days"))
    teachers = [queries.teacher(teacher_id) for teacher_id in teacher_ids]
    for teacher in teachers:
        permissions.require(actor, "slips.print", target_of(teacher))
    refuse_stronger(actor, [teacher.person_id for teacher in teachers], "slip-for-stronger-role")
    slips = []
    for teacher in teachers:
        person = teacher.person
        purpose = CodePurpose.RESET if person.activated_at else CodePurpose.ACTIVATION
        db.session.execute(
            db.delete(OneTimeCode).where(
                OneTimeCode.person_id == person.id, OneTimeCode.printed, OneTimeCode.used_at.is_(None)
            )
        )
        code = codes.new_slip_code()
        row = new_code(actor, person.id, purpose, code, life, printed=True)
        audit.record(actor, "slip.printed", person)
        slips.append(
            SlipFacts(teacher.id, person.full_name, person.language, own_login(person), code, row.expires_at)
        )
    return slips


def own_login(person: Person) -> str:
    """What the person signs in with, or would; empty when they have yet to choose."""
    return person.email or person.phone or ""


def open_slip(typed: str, browser: Browser) -> str:
    """The code as it is kept in the visitor's cookie until a password is chosen; Refused when it opens nothing."""
    throttling.attempt("slip", browser.address, free=SLIP_TRIES)
    code = codes.tidy(typed)
    look_behind(code, field="code")
    throttling.forget("slip", browser.address)
    return code


@use_case
def look_behind(code: str, field: str | None = None) -> Opening:
    """Whom *code* opens an account for. Looking uses nothing up, for mail programs look too."""
    row = living(code, field)
    row.attempts += 1
    person = queries.person(row.person_id)
    return Opening(person.id, row.purpose, person.full_name, own_login(person), row.address)


def open_account(code: str, login: str, password: str, browser: Browser) -> Signed:
    """Choose login and password behind a code. A second step, where there is one, is still to come."""
    opening = look_behind(code)
    person = queries.person(opening.person_id)
    why = rules.password_refusals(password, [login, person.family, person.given, person.full_name])
    chosen = contacts.login(login) if login.strip() else None
    if opening.purpose is CodePurpose.ACTIVATION and chosen is None:
        why.append(Refusal.of("login-malformed", field="login"))
    if why:
        raise Refused(why)
    return _use(code, chosen, passwords.digest(password), browser)


@use_case
def _use(code: str, login: str | None, password_hash: str, browser: Browser) -> Signed:
    row = living(code)
    if row.purpose is CodePurpose.EMAIL:
        raise Refused(Refusal.of("code-unknown"))
    person = db.session.get_one(Person, row.person_id, with_for_update=True, populate_existing=True)
    if person.disabled_at or person.erased_at or person.merged_into_id:
        raise Refused(Refusal.of("code-unknown"))
    actor, now = Actor(person_id=person.id), clock.now()
    if row.purpose is CodePurpose.ACTIVATION and login is not None:
        _take_login(person, login)
    row.used_at = now
    forget_links(person.id)
    person.password_hash = password_hash
    was_active, person.activated_at = person.activated_at, person.activated_at or now
    audit.record(actor, "person.password_reset" if was_active else "person.activated", person)
    end_sessions(actor, person.id)
    return Signed(person.id, None if person.totp_secret else open_session(person.id, browser))


def _take_login(person: Person, login: str) -> None:
    """Make *login* the person's own; the mailbox they were reached at stays as it is."""
    other = queries.person_by_login(login)
    if other is not None and other.id != person.id:
        raise Refused(Refusal.of("login-taken", field="login"))
    if "@" in login:
        person.email = login
        person.contact_email = person.contact_email or login
    else:
        person.phone = login
        person.contact_phone = person.contact_phone or login
