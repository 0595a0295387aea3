"""One-time codes made and sent: the links in letters and text messages, and what a printed slip holds."""

from datetime import timedelta
from typing import Any

from flask import current_app

from retrain import clock, messages
from retrain.audit import Actor
from retrain.extensions import db
from retrain.messages import Channel, post
from retrain.people import codes
from retrain.people.accounts import retention
from retrain.people.models import OneTimeCode, Person
from retrain.people.states import CodePurpose
from retrain.refusal import Refusal, Refused

PAGES = {
    CodePurpose.ACTIVATION: "/activate/",
    CodePurpose.RESET: "/reset/",
    CodePurpose.EMAIL: "/account/email/",
}
"""Where the link of each purpose leads."""

MOST_OPENINGS = 50
"""How often the page behind one code may be opened before it is used."""


def send_link(actor: Actor, person: Person, purpose: CodePurpose, address: str) -> None:
    """Put a message with a fresh link to *address* into the outbox: never to where an office says they are reached.

    Within a use case.
    """
    token = codes.new_token()
    row = new_code(
        actor, person.id, purpose, token, timedelta(hours=retention("link_hours")), address=address
    )
    kind = "phone" if purpose is CodePurpose.EMAIL and "@" not in address else purpose
    messages.later(
        person.id,
        f"people.{kind}",
        {"name": person.full_name, "until": row.expires_at},
        about=("person", person.id),
        key=f"people.{purpose}:{row.digest[:40]}",
        secret={"path": PAGES[purpose] + token},
        address=address,
    )


def reachable_at(person: Person, login: str) -> str:
    """Where a link goes for whoever types *login*: the mailbox typed, else one they sign in with, else their
    telephone or the chat they connected. Where an office says somebody is reached may be anybody's."""
    if "@" in login:
        return login
    if person.email:
        return person.email
    return login if post.is_working(Channel.SMS) or not person.telegram else person.telegram


def new_code(
    actor: Actor, person_id: int, purpose: CodePurpose, code: str, life: timedelta, **values: Any
) -> OneTimeCode:
    """A code that opens one thing for a person for so long, put into the session."""
    now = clock.now()
    row = OneTimeCode(
        digest=digest(code),
        person_id=person_id,
        purpose=purpose,
        created_at=now,
        created_by_id=actor.person_id,
        expires_at=now + life,
        attempts=0,
        **values,
    )
    db.session.add(row)
    db.session.flush()
    return row


def living(code: str, field: str | None = None) -> OneTimeCode:
    """The row of a code that still opens something; Refused with the reason when it does not."""
    query = db.select(OneTimeCode).where(OneTimeCode.digest == digest(code)).with_for_update()
    row = db.session.scalar(query)
    if row is None:
        raise Refused(Refusal.of("code-unknown", field=field))
    if row.used_at is not None:
        raise Refused(Refusal.of("code-used", field=field))
    if row.expires_at <= clock.now() or row.attempts >= MOST_OPENINGS:
        raise Refused(Refusal.of("code-expired", field=field))
    return row


def digest(code: str) -> str:
    """What is kept of a code."""
    return codes.digest(current_app.config["SECRET_KEY"], code)
