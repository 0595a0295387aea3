"""Where a person is reached, and over what. Both are known to later packages, which register how to ask."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from retrain.messages.states import Channel


@dataclass(frozen=True)
class Recipient:
    """A person as far as messages are concerned; None for somebody who gets none any more."""

    name: str
    language: str
    email: str | None = None
    phone: str | None = None
    telegram: str | None = None

    def address(self, channel: Channel) -> str | None:
        """Where *channel* reaches this person."""
        return {Channel.EMAIL: self.email, Channel.SMS: self.phone, Channel.TELEGRAM: self.telegram}[channel]


@dataclass(frozen=True)
class Outsider:
    """Somebody without an account, who is written to at a mailbox."""

    name: str
    language: str
    email: str


Ask = Callable[[Collection[int]], dict[int, Recipient]]
Settings = Callable[[], dict[str, dict[str, Any]]]


def _nobody(_person_ids: Collection[int]) -> dict[int, Recipient]:
    return {}


class _Directory:
    ask: Ask = staticmethod(_nobody)
    settings: Settings = staticmethod(dict)


def addressed_by(ask: Ask) -> Ask:
    """Declare the function that knows people's addresses; it leaves out who gets no messages any more."""
    _Directory.ask = staticmethod(ask)
    return ask


def configured_by(settings: Settings) -> Settings:
    """Declare the function that knows the administrator's settings: ``{"sms": {"on": True, "url": …}}``."""
    _Directory.settings = staticmethod(settings)
    return settings


def recipient(person_id: int) -> Recipient | None:
    """Where the person is reached now; None when they get no messages any more."""
    return recipients([person_id]).get(person_id)


def recipients(person_ids: Collection[int]) -> dict[int, Recipient]:
    """The same for several people at once."""
    return _Directory.ask(person_ids)


def channel_settings(channel: Channel) -> dict[str, Any]:
    """What the administrator set for *channel*."""
    return _Directory.settings().get(channel.value, {})
