"""Whoever is given a role is reached, and signs in, only by what the giver named: nothing planted before opens it.

A college enters where its teachers are reached and prints slips for them; that is harmless while the account shows
what the college keeps itself. With a role from elsewhere it opens more, so what nobody has proved goes first.
"""

from retrain import audit
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.messages import post
from retrain.people.accounts import end_sessions, forget_links
from retrain.people.links import send_link
from retrain.people.models import OneTimeCode, Person
from retrain.people.states import CodePurpose


@use_case
def before_a_role(actor: Actor, person: Person, login: str) -> None:
    """Make sure that the account *person* gets a role with is theirs; *login* is what the giver knows them by.

    Links and slips made before open nothing any more. An account that a slip opened, or nobody yet, is opened anew
    by a link to *login* wherever one can be sent.
    """
    if person.id == actor.person_id:
        return
    forget_links(person.id)
    if person.activated_at is None:
        _only(person, login)
        return
    if not _was_opened_by_slip(person, login) or not post.is_working(post.channel_of(login)):
        return
    _only(person, login)
    person.password_hash = person.activated_at = person.totp_secret = person.totp_step = None
    end_sessions(actor, person.id)
    send_link(actor, person, CodePurpose.ACTIVATION, login)
    audit.record(actor, "person.opened_anew", person)


def _only(person: Person, login: str) -> None:
    """Whatever else an office entered as theirs is no way in, nor where they are written to."""
    is_mailbox = "@" in login
    person.email = person.contact_email = login if is_mailbox else None
    person.phone = person.contact_phone = None if is_mailbox else login
    person.telegram = None


def _was_opened_by_slip(person: Person, login: str) -> bool:
    """Whether a printed code opened the account, and no link to *login* since shows that it is theirs."""
    used = db.select(OneTimeCode.printed, OneTimeCode.address).where(
        OneTimeCode.person_id == person.id, OneTimeCode.used_at.is_not(None)
    )
    rows = db.session.execute(used).all()
    return any(row.printed for row in rows) and not any(row.address == login for row in rows)
