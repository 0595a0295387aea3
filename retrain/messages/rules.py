"""Over which channels a message goes, and when a delivery is tried again. Pure."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from retrain.messages.states import Channel

PAUSES = (
    timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1),
    timedelta(hours=3), timedelta(hours=6), timedelta(hours=12), timedelta(hours=12),
)  # fmt: skip
"""After each failed try; a server that is away for a day and a half loses nothing."""

LEASE = timedelta(minutes=10)
"""For so long whoever took a delivery may be at it."""


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after try number *attempts* failed; None when it is given up."""
    return PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


def channels(
    addresses: Mapping[Channel, str],
    wishes: Mapping[Channel, bool],
    *,
    only: Collection[Channel] | None = None,
    essential: bool = False,
) -> list[Channel]:
    """The channels a message takes to a person who has *addresses* and *wishes*.

    A text message costs money: unless wished for, it goes only to those whom nothing else reaches.
    """
    possible = [
        channel for channel in Channel if addresses.get(channel) and (only is None or channel in only)
    ]
    free: list[Channel] = [channel for channel in possible if channel is not Channel.SMS]

    def is_wanted(channel: Channel) -> bool:
        return wishes.get(channel, channel is not Channel.SMS or not free)

    wanted = [channel for channel in possible if is_wanted(channel)]
    return wanted or (free or possible if essential else [])
