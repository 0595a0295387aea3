"""The only writer of the outbox: what is to be said, who has read it, and what a person prefers."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import delete, update

from retrain import audit, clock
from retrain.audit import Actor
from retrain.database.bulk import delete_where
from retrain.database.dialect import insert_ignoring
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.messages import kinds, secrets
from retrain.messages.models import Delivery, Message, MessagePreference
from retrain.messages.recipients import Outsider
from retrain.messages.states import Channel, DeliveryState

KEY_LENGTH = 128


@use_case
def later(
    person_id: int,
    kind: str,
    facts: Mapping[str, Any],
    *,
    key: str,
    about: tuple[str, Any] | None = None,
    calendar: Mapping[str, Any] | None = None,
    secret: Mapping[str, Any] | None = None,
    address: str | None = None,
) -> None:
    """Have the person told once this transaction commits; nothing happens if *key* was said before.

    *secret* facts (a link, a code) are kept encrypted and only until they have gone out. *address* (a mailbox, a
    number as +998…, a chat) sends it there and nowhere else. *calendar* goes along as an entry.
    """
    row = _row(person_id, kind, facts, key=key, about=about, secret=secret)
    row |= {"calendar": _plain(calendar) if calendar else None, "address": address}
    insert_ignoring(db.session(), Message.__table__, [row])


@use_case
def later_outside(
    sender_id: int,
    outsider: Outsider,
    kind: str,
    facts: Mapping[str, Any],
    *,
    key: str,
    about: tuple[str, Any] | None = None,
    calendar: Mapping[str, Any] | None = None,
) -> int:
    """Have somebody without an account written to at their mailbox, in their language; 0 when *key* was said before.

    *sender_id* is the person who had it sent; it does not stand in their inbox.
    """
    row = _row(sender_id, kind, facts, key=key, about=about) | {
        "calendar": _plain(calendar) if calendar else None, "address": outsider.email, "in_app": False,
        "outsider": {"name": outsider.name, "language": outsider.language},
    }  # fmt: skip
    return insert_ignoring(db.session(), Message.__table__, [row])


@use_case
def later_many(
    person_ids: Iterable[int],
    kind: str,
    facts: Mapping[str, Any],
    *,
    key_prefix: str,
    about: tuple[str, Any] | None = None,
) -> int:
    """Tell many people the same; how many of them were not told before under ``key_prefix:person_id``."""
    rows = [
        _row(person_id, kind, facts, key=f"{key_prefix}:{person_id}", about=about)
        for person_id in dict.fromkeys(person_ids)
    ]
    return insert_ignoring(db.session(), Message.__table__, rows)


@dataclass(frozen=True)
class Said:
    """What one person of many is told: of the same kind as the others, with facts of their own."""

    person_id: int
    facts: Mapping[str, Any]
    key: str
    about: tuple[str, Any] | None = None
    calendar: Mapping[str, Any] | None = None


@use_case
def later_each(kind: str, all_said: Iterable[Said]) -> int:
    """Tell many people something of one kind, each their own; how many of it was not said before."""
    rows = [
        _row(said.person_id, kind, said.facts, key=said.key, about=said.about)
        | {"calendar": _plain(said.calendar) if said.calendar else None}
        for said in all_said
    ]
    return insert_ignoring(db.session(), Message.__table__, rows)


def _row(
    person_id: int,
    kind: str,
    facts: Mapping[str, Any],
    *,
    key: str,
    about: tuple[str, Any] | None,
    secret: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    declared = kinds.kind_of(kind)
    return {
        "person_id": person_id,
        "kind": kind,
        "facts": _plain(facts),
        "key": key if len(key) <= KEY_LENGTH else hashlib.sha256(key.encode()).hexdigest(),
        "secret": secrets.seal(current_app.config["SECRET_KEY"], _plain(secret)) if secret else None,
        "about_type": about[0] if about else None,
        "about_id": str(about[1]) if about else None,
        "in_app": declared.in_app and not secret,
        "created_at": clock.now(),
    }


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    def written(value: Any) -> str:
        return value.isoformat() if isinstance(value, date | datetime) else str(value)

    return dict(json.loads(json.dumps(dict(facts), default=written)))


@use_case
def forget_before(moment: datetime) -> None:
    """Messages older than that are gone, but those still on their way."""
    waiting = db.select(Delivery.message_id).where(Delivery.state == DeliveryState.WAITING)
    delete_where(
        Message, Message.created_at < moment, Message.expanded_at.is_not(None), Message.id.not_in(waiting)
    )


@use_case
def mark_read(actor: Actor, message_ids: Collection[int] | None = None) -> int:
    """One's own messages are read: those named, or all; how many were not before."""
    unread = update(Message).where(Message.person_id == actor.person_id, Message.read_at.is_(None))
    if message_ids is not None:
        unread = unread.where(Message.id.in_(message_ids))
    result = db.session.execute(unread.values(read_at=clock.now()))
    return int(result.rowcount)  # type: ignore[attr-defined]


@use_case
def prefer(actor: Actor, wanted: Collection[Channel]) -> None:
    """The person wants messages over these channels and no others."""
    db.session.execute(delete(MessagePreference).where(MessagePreference.person_id == actor.person_id))
    db.session.add_all(
        MessagePreference(person_id=actor.person_id, channel=channel, wanted=channel in wanted)
        for channel in Channel
    )
    audit.record(actor, "messages.preferred", ("person", actor.person_id), after={"channels": sorted(wanted)})
