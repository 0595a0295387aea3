"""What pages read of the outbox and of one's own messages."""

from dataclasses import dataclass

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from retrain.audit import Actor
from retrain.extensions import db
from retrain.messages import kinds, post, recipients
from retrain.messages.kinds import Text
from retrain.messages.models import Delivery, Message, MessagePreference
from retrain.messages.recipients import Recipient
from retrain.messages.states import Channel, DeliveryState
from retrain.web.language import written_in


@dataclass(frozen=True)
class InboxLine:
    """One of the reader's messages, in their language."""

    message: Message
    text: Text


@dataclass(frozen=True)
class OutboxLine:
    """One delivery as its recipient gets it."""

    delivery: Delivery
    recipient: Recipient | None
    text: Text


def unread(person_id: int) -> int:
    """How many messages the person has not read."""
    mine = select(func.count(Message.id)).where(Message.person_id == person_id)
    return db.session.scalar(mine.where(Message.in_app, Message.read_at.is_(None))) or 0


def inbox(actor: Actor, page: int) -> tuple[Pagination, list[InboxLine]]:
    """One's own messages, the latest first."""
    mine = select(Message).where(Message.person_id == actor.person_id, Message.in_app)
    found = db.paginate(mine.order_by(Message.created_at.desc(), Message.id.desc()), page=page, per_page=25)
    return found, [InboxLine(row, kinds.text_of(row.kind, row.facts)) for row in found.items]


def outbox(state: DeliveryState | None, page: int) -> tuple[Pagination, list[OutboxLine]]:
    """Deliveries to everybody, the latest first, each in its recipient's language."""
    all_of_them = select(Delivery).join(Message).options(joinedload(Delivery.message))
    if state is not None:
        all_of_them = all_of_them.where(Delivery.state == state)
    order = (Message.id.desc(), Delivery.channel)
    found = db.paginate(all_of_them.order_by(*order), page=page, per_page=25)
    known = recipients.recipients({row.message.person_id for row in found.items})
    return found, [_outbox_line(row, post.reader_of(row.message, known)) for row in found.items]


def _outbox_line(row: Delivery, recipient: Recipient | None) -> OutboxLine:
    # One-time links are shown only where the outbox is the one place to read them.
    facts = post.facts_of(row.message) if row.state is DeliveryState.KEPT else row.message.facts
    with written_in(recipient.language if recipient else "uz"):
        return OutboxLine(row, recipient, kinds.text_of(row.message.kind, facts))


def states() -> dict[DeliveryState, int]:
    """How many deliveries are in each state."""
    counted = db.session.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
    return dict(counted.tuples().all())


def wishes(actor: Actor) -> dict[Channel, bool | None]:
    """What the person said about each channel; None where they said nothing."""
    rows = db.session.scalars(select(MessagePreference).where(MessagePreference.person_id == actor.person_id))
    said = {row.channel: row.wanted for row in rows}
    return {channel: said.get(channel) for channel in Channel}
