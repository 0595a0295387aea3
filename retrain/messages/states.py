"""The ways a message reaches a person, and the life of one delivery."""

from enum import StrEnum


class Channel(StrEnum):
    """How a message travels; in the app it always stands, so that is not among them."""

    EMAIL = "email"
    SMS = "sms"
    TELEGRAM = "telegram"


class DeliveryState(StrEnum):
    """waiting → sent | failed; kept when no server is configured and the outbox page is the place to read it."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    KEPT = "kept"
