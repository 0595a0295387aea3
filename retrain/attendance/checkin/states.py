"""What the lecturer makes of somebody who says that they are in the room."""

from enum import StrEnum


class CheckInState(StrEnum):
    """A proposal until the lecturer has confirmed it, and then a mark; or turned down."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
