"""Signing in and out, sessions, the role one acts in, and what a person sets for themself."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app

from retrain import audit, clock, messages
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import (
    codes,
    contacts,
    passwords,
    permissions,
    queries,
    rules,
    second_step,
    settings,
    throttling,
)
from retrain.people.models import AccountSession, OneTimeCode, Person
from retrain.refusal import Forbidden, NotThere, Refusal, Refused

LANGUAGES = ("uz", "uz-Cyrl", "ru", "en")


@dataclass(frozen=True)
class Browser:
    """Where a request comes from, and who has signed in with that browser before."""

    address: str
    agent: str = ""
    knows: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Signed:
    """A good password: the token of a new session, or, with a second step still to come, only who it is."""

    person_id: int
    token: str | None


def sign_in(typed: str, password: str, browser: Browser) -> Signed:
    """Check login and password; Refused alike for no account, a wrong password and a closed account."""
    login = contacts.login(typed) or typed.strip().casefold()[:254]
    person = queries.person_by_login(login)
    person_id = person.id if person else 0
    counts = person_id not in browser.knows
    stored = person.password_hash if person and _may_sign_in(person) else None
    second = person.totp_secret if person else None
    db.session.rollback()  # no transaction stays open while argon2 works
    _count_try(login, browser, counts)
    if not passwords.holds(stored, password) or stored is None:
        raise Refused(Refusal.of("wrong-login"))
    if passwords.is_outdated(stored):
        _store_hash(person_id, passwords.digest(password))
    return Signed(person_id, _was_right(person_id, login, browser, counts, guarded=second is not None))


@use_case
def _count_try(login: str, browser: Browser, counts: bool) -> None:
    """Refused, with nothing counted, when the account or the address a try comes from has had its tries for now."""
    throttling.attempt("sign-in", login, browser.address)
    if counts:
        throttling.spend(browser.address)


@use_case
def _was_right(person_id: int, login: str, browser: Browser, counts: bool, *, guarded: bool) -> str | None:
    """The token of a new session; none while a second step is still to come, and then the account's tries count on."""
    if not guarded:
        throttling.forget("sign-in", login, browser.address)
    if (
        counts
    ):  # after the account's count, as where they are taken: two who hold one each would wait for each other
        throttling.give_back(browser.address)
    return None if guarded else open_session(person_id, browser)


def sign_in_second_step(person_id: int, typed: str, browser: Browser) -> str:
    """The token of a new session for a person whose password was good, once the number is good too."""
    throttling.attempt("second-step", str(person_id), browser.address)
    token = _pass_second_step(person_id, typed, browser)
    if token is None:
        raise Refused(Refusal.of("wrong-number", field="number"))
    throttling.forget("second-step", str(person_id), browser.address)
    return token


@use_case
def _pass_second_step(person_id: int, typed: str, browser: Browser) -> str | None:
    person = db.session.get_one(Person, person_id, with_for_update=True)
    if person.totp_secret is None or not _may_sign_in(person):
        return None
    step = second_step.step_of(second_step.opened(person.totp_secret), typed, person.totp_step)
    if step is None:
        return None
    person.totp_step = step
    return open_session(person_id, browser)


def _may_sign_in(person: Person) -> bool:
    return person.disabled_at is None and person.merged_into_id is None and person.erased_at is None


@use_case
def _store_hash(person_id: int, digest: str) -> None:
    db.session.get_one(Person, person_id).password_hash = digest


@use_case
def open_session(person_id: int, browser: Browser) -> str:
    """Sign a person in on one browser; the token its cookie will hold."""
    token, now = secrets.token_urlsafe(32), clock.now()
    roles = queries.living_roles(person_id)
    row = AccountSession(
        digest=codes.session_digest(token),
        person_id=person_id,
        role_id=roles[0].id if roles else None,
        created_at=now,
        seen_at=now,
        expires_at=now
        + min(current_app.config["PERMANENT_SESSION_LIFETIME"], timedelta(days=retention("session_days"))),
        address=browser.address[:45],
        agent=browser.agent[:300],
    )
    db.session.add(row)
    audit.record(Actor(person_id=person_id), "account_session.opened", row)
    return token


@use_case
def saw(session_id: int) -> None:
    """The session is in use."""
    row = db.session.get(AccountSession, session_id)
    if row is not None:
        row.seen_at = clock.now()


@use_case
def end_session(actor: Actor, session_id: int) -> None:
    """Sign one of the actor's own browsers out."""
    row = db.session.get(AccountSession, session_id)
    if row is None or row.person_id != actor.person_id:
        raise Forbidden
    if row.ended_at is None:
        row.ended_at = clock.now()
        audit.record(actor, "account_session.ended", row)


@use_case
def end_sessions(actor: Actor, person_id: int, but: int | None = None) -> int:
    """Sign a person out everywhere, *but* one session if given; how many ended."""
    living = db.select(AccountSession).where(
        AccountSession.person_id == person_id, AccountSession.ended_at.is_(None)
    )
    ended = [row for row in db.session.scalars(living) if row.id != but]
    for row in ended:
        row.ended_at = clock.now()
    if ended:
        audit.record(
            actor, "person.signed_out_everywhere", ("person", person_id), after={"sessions": len(ended)}
        )
    return len(ended)


@use_case
def act_as(actor: Actor, session_id: int, role_id: int | None) -> None:
    """Act in another of one's own roles; none for oneself as a teacher."""
    row = db.session.get_one(AccountSession, session_id)
    if row.person_id != actor.person_id:
        raise Forbidden
    roles = {role.id for role in queries.living_roles(row.person_id)}
    as_teacher = role_id is None and queries.teacher_of(row.person_id) is not None
    if not as_teacher and role_id not in roles:
        raise Refused(Refusal.of("role-ended"))
    audit.record(
        actor, "account_session.role_changed", row, before={"role": row.role_id}, after={"role": role_id}
    )
    row.role_id = role_id


def change_password(actor: Actor, session_id: int | None, old: str, new: str) -> None:
    """Give oneself a new password; every other browser is signed out."""
    person = queries.person(_self(actor))
    stored, own = person.password_hash, [person.email or "", person.phone or "", person.family, person.given]
    throttling.attempt("password", str(actor.person_id))
    if not passwords.holds(stored, old):
        raise Refused(Refusal.of("wrong-password", field="old"))
    if why := rules.password_refusals(new, own):
        raise Refused(why)
    throttling.forget("password", str(actor.person_id))
    _set_password(actor, _self(actor), passwords.digest(new), session_id)


@use_case
def _set_password(actor: Actor, person_id: int, digest: str, but: int | None) -> None:
    person = db.session.get_one(Person, person_id, with_for_update=True)
    person.password_hash = digest
    forget_links(person_id)
    audit.record(actor, "person.password_changed", person)
    end_sessions(actor, person_id, but)


@use_case
def forget_links(person_id: int) -> None:
    """Every link and slip of a person that is still unused opens nothing any more."""
    db.session.execute(
        db.delete(OneTimeCode).where(OneTimeCode.person_id == person_id, OneTimeCode.used_at.is_(None))
    )


@use_case
def change_language(actor: Actor, language: str) -> None:
    """The language of a person's pages and messages."""
    if language not in LANGUAGES:
        raise Refused(Refusal.of("no-such-language", field="language"))
    person = db.session.get_one(Person, _self(actor))
    if person.language != language:
        audit.record(
            actor,
            "person.language_changed",
            person,
            before={"language": person.language},
            after={"language": language},
        )
        person.language = language


@use_case
def start_second_step(actor: Actor, secret: str, typed: str) -> None:
    """From now on signing in asks for a number too; *typed* shows that the app on the phone makes it."""
    person = db.session.get_one(Person, _self(actor), with_for_update=True)
    step = second_step.step_of(secret, typed)
    if step is None:
        raise Refused(Refusal.of("wrong-number", field="number"))
    person.totp_secret, person.totp_step = second_step.sealed(secret), step
    audit.record(actor, "person.second_step_started", person)


def stop_second_step(actor: Actor, typed: str) -> None:
    """Sign in with the password alone again; asks for a number once more, and not for one that was used."""
    throttling.attempt("second-step", str(_self(actor)))
    _stop_second_step(actor, typed)
    throttling.forget("second-step", str(_self(actor)))


@use_case
def _stop_second_step(actor: Actor, typed: str) -> None:
    person = db.session.get_one(Person, _self(actor), with_for_update=True)
    if person.totp_secret is None:
        return
    if second_step.step_of(second_step.opened(person.totp_secret), typed, person.totp_step) is None:
        raise Refused(Refusal.of("wrong-number", field="number"))
    person.totp_secret = person.totp_step = None
    audit.record(actor, "person.second_step_stopped", person)


@use_case
def reset_second_step(actor: Actor, person_id: int, why: str) -> None:
    """Somebody lost the telephone: they sign in with the password alone, and are told who made it so."""
    permissions.require(actor, "second_step.reset", permissions.Target())
    person = db.session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise NotThere
    if person.id == actor.person_id:
        raise Refused(Refusal.of("own-second-step"))
    if person.totp_secret is None:
        raise Refused(Refusal.of("no-second-step"))
    if not why.strip():
        raise Refused(Refusal.of("why-missing", field="why"))
    person.totp_secret = person.totp_step = None
    end_sessions(actor, person.id)
    audit.record(actor, "person.second_step_reset", person, why=why.strip())
    messages.later(
        person.id,
        "people.second_step_reset",
        {},
        key=f"second-step.reset:{person.id}:{clock.now().isoformat()}",
    )


def sessions_of(person_id: int) -> list[AccountSession]:
    """Where a person is signed in, the latest first."""
    query = db.select(AccountSession).where(
        AccountSession.person_id == person_id,
        AccountSession.ended_at.is_(None),
        AccountSession.expires_at > clock.now(),
    )
    return list(db.session.scalars(query.order_by(AccountSession.seen_at.desc())))


def _self(actor: Actor) -> int:
    if actor.person_id is None:
        raise Forbidden
    return actor.person_id


def retention(name: str) -> int:
    """One of the administrator's periods, in the unit its name says."""
    return settings.periods()[name]
