"""The postman: makes deliveries of new messages and carries those that are due. The worker calls it every second.

Each delivery is taken under a lease, sent outside any transaction, and then written down: after a kill in
between it goes out once more, under the same identity.
"""

import hashlib
import secrets as randomness
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import current_app
from sqlalchemy import insert, select, update
from sqlalchemy.orm import joinedload

from retrain import clock
from retrain.calendar import ics
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.jobs.runner import stopping
from retrain.messages import kinds, recipients, rules, secrets
from retrain.messages.channels import SENDER, Letter, SmsGateway, Smtp, TelegramBot, Undelivered, Wire
from retrain.messages.models import Delivery, Message, MessagePreference
from retrain.messages.recipients import Recipient
from retrain.messages.states import Channel, DeliveryState
from retrain.web.language import written_in

log = structlog.get_logger()
AT_ONCE = 20


def deliver() -> int:
    """Send what is due, as far as there is any; how many deliveries were tried."""
    while expand():
        pass
    tried = 0
    away: dict[Channel, str] = {}
    with _wires() as wires:
        while taken := take(randomness.token_hex(8)):
            for place, delivery in enumerate(taken):
                if stopping.is_set():
                    _put_back(taken[place:])
                    return tried
                _carry(delivery, wires, away)
                tried += 1
    return tried


@use_case
def _put_back(taken: Sequence[Delivery]) -> None:
    """The worker ends: the next one need not wait for our lease."""
    for delivery in taken:
        if (row := _still_ours(delivery)) is not None:
            row.worker, row.next_at, row.attempts = None, clock.now(), row.attempts - 1


def expand() -> int:
    """Make the deliveries of the next new messages; how many messages."""
    if not db.session.scalar(select(Message.id).where(Message.expanded_at.is_(None)).limit(1)):
        db.session.rollback()
        return 0
    return _expand()


@use_case
def _expand() -> int:
    asked = select(Message.id, Message.person_id, Message.kind, Message.address, Message.outsider)
    new = asked.where(Message.expanded_at.is_(None)).order_by(Message.id).limit(200)
    messages = db.session.execute(new.with_for_update(skip_locked=True)).all()
    people = recipients.recipients({message.person_id for message in messages})
    wishes: dict[int, dict[Channel, bool]] = {}
    for row in db.session.scalars(select(MessagePreference).where(MessagePreference.person_id.in_(people))):
        wishes.setdefault(row.person_id, {})[row.channel] = row.wanted
    works = {channel for channel in Channel if is_working(channel)}
    made = [
        delivery
        for message in messages
        if (recipient := reader_of(message, people)) is not None
        for delivery in _deliveries(
            message, recipient, {} if message.outsider else wishes.get(message.person_id, {}), works
        )
    ]
    if made:
        db.session.execute(insert(Delivery), made)
    numbers = [message.id for message in messages]
    db.session.execute(update(Message).where(Message.id.in_(numbers)).values(expanded_at=clock.now()))
    return len(messages)


def reader_of(message: Any, known: Mapping[int, Recipient]) -> Recipient | None:
    """Who reads a message: somebody without an account, or its person where they get messages still."""
    if message.outsider:
        return Recipient(message.outsider["name"], message.outsider["language"], email=message.address)
    return known.get(message.person_id)


def _deliveries(
    message: Any, recipient: Recipient, wishes: dict[Channel, bool], works: set[Channel]
) -> list[dict[str, Any]]:
    kind = kinds.declared(current_app).get(message.kind, kinds.Kind("", ""))
    if message.address:
        addresses = {channel_of(message.address): message.address}
    else:
        addresses = {channel: found for channel in Channel if (found := recipient.address(channel))}
    wanted = rules.channels(addresses, wishes, only=kind.channels, essential=kind.essential)
    working = [channel for channel in wanted if channel in works]
    return [
        {
            "message_id": message.id, "channel": channel, "address": addresses[channel], "next_at": clock.now(),
            "state": DeliveryState.WAITING if working else DeliveryState.KEPT,
        }
        for channel in working or wanted[:1]
    ]  # fmt: skip


def channel_of(address: str) -> Channel:
    """What reaches an address: a mailbox, a telephone number as ``+998…``, or the number of a chat."""
    if "@" in address:
        return Channel.EMAIL
    return Channel.SMS if address.startswith("+") else Channel.TELEGRAM


def is_working(channel: Channel) -> bool:
    """Whether messages can go out over *channel*."""
    if channel is Channel.EMAIL:
        return bool(current_app.config["RETRAIN"].mail_url)
    chosen = recipients.channel_settings(channel)
    return bool(
        chosen.get("on") and (chosen.get("token") if channel is Channel.TELEGRAM else chosen.get("url"))
    )


@use_case
def take(worker: str) -> list[Delivery]:
    """Deliveries that are due, held by *worker* until their lease ends."""
    now = clock.now()
    due = select(Delivery).where(Delivery.state == DeliveryState.WAITING, Delivery.next_at <= now)
    due = due.order_by(Delivery.next_at).limit(AT_ONCE).with_for_update(skip_locked=True, of=Delivery)
    taken = list(db.session.scalars(due.options(joinedload(Delivery.message, innerjoin=True))))
    for delivery in taken:
        delivery.worker, delivery.next_at = worker, now + rules.LEASE
        delivery.attempts += 1
    return taken


def _carry(delivery: Delivery, wires: dict[Channel, Wire], away: dict[Channel, str]) -> None:
    """Send one, or put it off like those before it where nobody was there: a server in trouble is asked once."""
    if delivery.channel in away:
        _write_failure(delivery, away[delivery.channel], for_good=False, wait=None)
        return
    try:
        if delivery.channel not in wires:
            wires[delivery.channel] = _wire(delivery.channel)
        wires[delivery.channel].send(letter(delivery))
    except Undelivered as error:
        if error.away:
            away[delivery.channel] = str(error)
        _write_failure(delivery, str(error), for_good=error.for_good, wait=error.wait)
    except Exception as error:  # a text that can't be made must not keep the others from going out
        log.exception("not sent", message=delivery.message_id, channel=delivery.channel)
        _write_failure(delivery, type(error).__name__, for_good=False, wait=None)
    else:
        _write_sent(delivery)


def letter(delivery: Delivery) -> Letter:
    """The message in words, in the language its recipient has now."""
    message = delivery.message
    recipient = reader_of(message, recipients.recipients([message.person_id]))
    if recipient is None:
        raise Undelivered("nobody is there any more", for_good=True)
    with written_in(recipient.language):
        text = kinds.text_of(message.kind, facts_of(message))
        calendar, method = _calendar(message, delivery, recipient.name, recipient.language)
    paragraphs = (
        [text.body, text.link] if delivery.channel is Channel.EMAIL else [text.subject, text.body, text.link]
    )
    return Letter(
        identity=identity(message), to=delivery.address, name=recipient.name, subject=text.subject,
        body="\n\n".join(part for part in paragraphs if part), language=recipient.language,
        at=message.created_at, calendar=calendar, calendar_method=method,
    )  # fmt: skip


def facts_of(message: Message) -> dict[str, object]:
    """The facts with what is secret among them, as far as it is still there."""
    secret = secrets.unseal(current_app.config["SECRET_KEY"], message.secret) if message.secret else {}
    return message.facts | secret


def identity(message: Message) -> str:
    """What this message is called on every wire and at every try."""
    return f"{message.id}.{hashlib.sha256(message.key.encode()).hexdigest()[:16]}"


def _calendar(message: Message, delivery: Delivery, name: str, language: str) -> tuple[bytes | None, str]:
    if message.calendar is None:
        return None, ""
    url = current_app.config["RETRAIN"].public_url
    invited = ics.Person(delivery.address, name) if delivery.channel is Channel.EMAIL else None
    # A calendar trusts a change only if it comes from the mailbox that the entry names as its organizer.
    sender = ics.Person(_smtp().sender(), SENDER) if invited and is_working(Channel.EMAIL) else None
    entry = ics.entry(
        message.calendar, language, url, stamp=message.created_at, attendee=invited, organizer=sender
    )
    return entry, str(message.calendar.get("method", "PUBLISH"))


@use_case
def _write_sent(delivery: Delivery) -> None:
    row = _still_ours(delivery)
    if row is not None:
        row.state, row.sent_at, row.worker, row.error = DeliveryState.SENT, clock.now(), None, None
        _wipe_secret(row)


@use_case
def _write_failure(delivery: Delivery, why: str, *, for_good: bool, wait: int | None) -> None:
    row = _still_ours(delivery)
    if row is None:
        return
    pause = None if for_good else rules.pause_after(row.attempts)
    row.worker, row.error = None, why[:300]
    if pause is None:
        row.state = DeliveryState.FAILED
        _wipe_secret(row)
    else:
        row.next_at = clock.now() + max(pause, timedelta(seconds=min(wait or 0, 86_400)))


def _still_ours(delivery: Delivery) -> Delivery | None:
    ours = select(Delivery).where(
        Delivery.message_id == delivery.message_id, Delivery.channel == delivery.channel,
        Delivery.worker == delivery.worker,
    )  # fmt: skip
    return db.session.scalars(ours.execution_options(populate_existing=True)).first()


def _wipe_secret(row: Delivery) -> None:
    """Once the last delivery of a message has ended, its link or code is needed nowhere."""
    others = select(Delivery.channel).where(
        Delivery.message_id == row.message_id, Delivery.channel != row.channel,
        Delivery.state.in_([DeliveryState.WAITING, DeliveryState.KEPT]),
    )  # fmt: skip
    if row.message.secret is not None and not db.session.scalars(others).first():
        row.message.secret = None


@contextmanager
def _wires() -> Iterator[dict[Channel, Wire]]:
    """Connections opened on the way, closed at the end."""
    wires: dict[Channel, Wire] = {}
    try:
        yield wires
    finally:
        for wire in wires.values():
            wire.close()


def _smtp() -> Smtp:
    settings = current_app.config["RETRAIN"]
    host = urlsplit(settings.public_url).hostname or "localhost"
    return Smtp(settings.mail_url, default_from=f"retrain@{host}")


def _wire(channel: Channel) -> Wire:
    settings = current_app.config["RETRAIN"]
    chosen = recipients.channel_settings(channel)
    if channel is Channel.EMAIL:
        if not settings.mail_url:
            raise Undelivered("no mail server is configured")
        return _smtp()
    if not is_working(channel):
        raise Undelivered("the channel is switched off")
    if channel is Channel.SMS:
        return SmsGateway(chosen["url"], chosen.get("token", ""), chosen.get("sender", ""))
    return telegram_bot()


def telegram_bot() -> TelegramBot:
    """The administrator's bot; Undelivered when there is none."""
    chosen = recipients.channel_settings(Channel.TELEGRAM)
    if not is_working(Channel.TELEGRAM):
        raise Undelivered("the channel is switched off")
    return TelegramBot(chosen["token"], (chosen.get("url") or TelegramBot.url).rstrip("/"))
