"""A person's own chat with the bot: a link that carries who they are, pressed once, within a quarter of an hour.

Only the bot can tell the number of a chat, so it is never typed: whoever presses Start on the link is asked for
at the bot when the person comes back to the page.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from flask import current_app

from retrain import audit, clock
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.messages import post
from retrain.messages.channels import Undelivered
from retrain.people.models import Person
from retrain.refusal import Forbidden, Refusal, Refused

HOLDS = 15 * 60
"""Seconds."""


def invitation(actor: Actor) -> str:
    """The address at which the bot learns that a chat is this person's; Refused when the bot does not answer."""
    if actor.person_id is None:
        raise Forbidden
    try:
        name = post.telegram_bot().name()
    except Undelivered:
        raise Refused(Refusal.of("telegram-silent")) from None
    return f"https://t.me/{name}?start={_word(actor.person_id, int(clock.now().timestamp()) + HOLDS)}"


def connect(actor: Actor) -> None:
    """Give everybody who pressed Start their chat; Refused when *actor* is not among them."""
    try:
        started = post.telegram_bot().started_by()
    except Undelivered:
        raise Refused(Refusal.of("telegram-silent")) from None
    found = {person: chat for chat, word in started if (person := _person(word)) is not None}
    for person, chat in found.items():
        _keep(actor, person, chat)
    if actor.person_id not in found:
        raise Refused(Refusal.of("telegram-not-started"))


@use_case
def disconnect(actor: Actor) -> None:
    """No more messages into the chat."""
    _keep(actor, actor.person_id or 0, None)


@use_case
def _keep(actor: Actor, person_id: int, chat: str | None) -> None:
    person = db.session.get_one(Person, person_id)
    if person.merged_into_id is None and person.erased_at is None and person.telegram != chat:
        person.telegram = chat
        audit.record(actor, "person.telegram_connected" if chat else "person.telegram_left", person)


def _word(person_id: int, until: int) -> str:
    said = f"{person_id}-{until}"
    return f"{said}-{_seal(said)}"


def _person(word: str) -> int | None:
    """Whose word it is; None when it is nobody's, or too old."""
    person, _, rest = word.partition("-")
    until, _, seal = rest.partition("-")
    if not (
        person.isdecimal()
        and until.isdecimal()
        and hmac.compare_digest(seal.encode(), _seal(f"{person}-{until}").encode())
    ):
        return None
    return int(person) if int(until) >= clock.now().timestamp() else None


def _seal(said: str) -> str:
    key = hmac.digest(current_app.config["SECRET_KEY"].encode(), b"retrain telegram 1", hashlib.sha256)
    return urlsafe_b64encode(hmac.digest(key, said.encode(), hashlib.sha256)[:18]).decode()
