"""What one signs in with, changed: asked for by who can show it is them, confirmed where it leads, told where it led."""

from retrain import audit, clock, messages
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.messages import Channel, post
from retrain.people import contacts, passwords, queries, second_step, throttling
from retrain.people.accounts import end_sessions, forget_links
from retrain.people.links import living, send_link
from retrain.people.models import Person
from retrain.people.states import CodePurpose
from retrain.refusal import Forbidden, Refusal, Refused


def show_it_is_oneself(actor: Actor, password: str, number: str) -> None:
    """Refused when the password, or the number where a second step asks for one, is wrong.

    A browser left open, or a stolen cookie, is not enough to take the account away from whose it is.
    """
    person = queries.person(_self(actor))
    stored, guarded = person.password_hash, person.totp_secret is not None
    throttling.attempt("password", str(actor.person_id))
    db.session.rollback()  # no transaction stays open while argon2 works
    if not passwords.holds(stored, password):
        raise Refused(Refusal.of("wrong-password", field="old"))
    if guarded:
        throttling.attempt("second-step", str(actor.person_id))
        _use_number(_self(actor), number)
        throttling.forget("second-step", str(actor.person_id))
    throttling.forget("password", str(actor.person_id))


@use_case
def _use_number(person_id: int, typed: str) -> None:
    person = db.session.get_one(Person, person_id, with_for_update=True)
    secret = second_step.opened(person.totp_secret or "")
    step = second_step.step_of(secret, typed, person.totp_step)
    if step is None:
        raise Refused(Refusal.of("wrong-number", field="number"))
    person.totp_step = step


def ask_to_change_email(actor: Actor, typed: str, password: str, number: str = "") -> None:
    """Mail a link to the new address; the old one holds until it is followed."""
    address = contacts.email(typed)
    if address is None:
        raise Refused(Refusal.of("email-malformed", field="email"))
    _refuse_taken(_self(actor), address, "email")
    show_it_is_oneself(actor, password, number)
    throttling.attempt("email", str(actor.person_id))  # nobody's mailbox is filled from here either
    _ask(actor, address)


def change_phone(actor: Actor, session_id: int | None, typed: str, password: str, number: str = "") -> bool:
    """One's own telephone, to sign in with and to be called at; empty takes it away. True when it holds at once.

    Where text messages go out, one with a link is sent to the new number and the old one holds until then.
    """
    phone = contacts.phone(typed) if typed.strip() else None
    if typed.strip() and phone is None:
        raise Refused(Refusal.of("phone-malformed", field="phone"))
    _refuse_taken(_self(actor), phone, "phone")
    person = queries.person(_self(actor))
    if phone is None and person.email is None:
        raise Refused(Refusal.of("last-login", field="phone"))
    show_it_is_oneself(actor, password, number)
    if phone is not None and post.is_working(Channel.SMS):
        throttling.attempt("email", str(actor.person_id))
        _ask(actor, phone)
        return False
    _change_now(actor, session_id, phone)
    return True


@use_case
def _ask(actor: Actor, login: str) -> None:
    person = queries.person(_self(actor))
    _tell_the_old(person, login, "people.login_asked")
    send_link(actor, person, CodePurpose.EMAIL, login)
    audit.record(actor, "person.login_asked", person)


@use_case
def _change_now(actor: Actor, session_id: int | None, phone: str | None) -> None:
    person = db.session.get_one(Person, _self(actor), with_for_update=True)
    _refuse_taken(person.id, phone, "phone")
    _put(person, "phone", phone)
    end_sessions(actor, person.id, session_id)


@use_case
def confirm_login(code: str, session_id: int | None = None) -> str:
    """The address or number behind the link is from now on what the person signs in with and is written to.

    Every browser is signed out but the one of *session_id*.
    """
    row = living(code)
    if row.purpose is not CodePurpose.EMAIL or row.address is None:
        raise Refused(Refusal.of("code-unknown"))
    person = db.session.get_one(Person, row.person_id, with_for_update=True)
    if person.disabled_at or person.erased_at or person.merged_into_id:
        raise Refused(Refusal.of("code-unknown"))
    _refuse_taken(person.id, row.address)
    row.used_at = clock.now()
    _put(person, "email" if "@" in row.address else "phone", row.address)
    end_sessions(Actor(person_id=person.id), person.id, session_id)
    return row.address


def _put(person: Person, kind: str, login: str | None) -> None:
    _tell_the_old(person, login, "people.login_changed")
    forget_links(person.id)
    setattr(person, kind, login)
    setattr(person, f"contact_{kind}", login)
    audit.record(Actor(person_id=person.id), f"person.{kind}_changed", person)


def _tell_the_old(person: Person, new: str | None, message: str) -> None:
    """Say it where the person was reached before, so that whoever did not ask for it learns of it in time."""
    same, other = (person.email, person.phone) if new and "@" in new else (person.phone, person.email)
    known = [each for each in (same, other, person.contact_email, person.contact_phone) if each]
    working = [each for each in known if post.is_working(post.channel_of(each))]
    now = clock.now()
    messages.later(
        person.id, message, {"name": person.full_name, "at": now, "new": _shown(new)},
        key=f"{message}:{person.id}:{now.isoformat()}", about=("person", person.id),
        address=next(iter(working or known), None),
    )  # fmt: skip


def _shown(login: str | None) -> str:
    """Enough of it for its owner to recognise, and no more: the notice may be read by others."""
    if not login:
        return "—"
    return contacts.masked_email(login) if "@" in login else f"•••{login[-4:]}"


def _refuse_taken(person_id: int, login: str | None, field: str | None = None) -> None:
    other = queries.person_by_login(login)
    if other is not None and other.id != person_id:
        raise Refused(Refusal.of("login-taken", field=field))


def _self(actor: Actor) -> int:
    if actor.person_id is None:
        raise Forbidden
    return actor.person_id
