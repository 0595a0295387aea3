"""What a register, a mark, and what a device sends about them can be."""

from enum import StrEnum


class RegisterState(StrEnum):
    """Open until the lecturer signs; a corrected register was signed again after a change with a reason."""

    OPEN = "open"
    SIGNED = "signed"
    CORRECTED = "corrected"


MOVES: dict[RegisterState, frozenset[RegisterState]] = {
    RegisterState.OPEN: frozenset({RegisterState.SIGNED}),
    RegisterState.SIGNED: frozenset({RegisterState.CORRECTED}),
    RegisterState.CORRECTED: frozenset({RegisterState.CORRECTED}),
}

CLOSED = frozenset({RegisterState.SIGNED, RegisterState.CORRECTED})


class MarkKind(StrEnum):
    """How somebody stands in one session's register."""

    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    ABSENT = "absent"
    EXCUSED = "excused"
    NOT_DUE = "not_due"


IN_PART = frozenset({MarkKind.LATE, MarkKind.LEFT_EARLY})
"""Whoever has one of these missed some of the hours, and it is said how many."""

THERE = IN_PART | {MarkKind.PRESENT}
"""Whoever has one of these was in the room."""

TAPPED = tuple(kind for kind in MarkKind if kind is not MarkKind.NOT_DUE)
"""What one can say of somebody who is due. Who is not follows from the dates in the group and from the halves."""


class What(StrEnum):
    """What one operation of a device does to a register."""

    MARK = "mark"
    TOPIC = "topic"
    GUEST = "guest"
    SIGN = "sign"


class Outcome(StrEnum):
    """What became of an operation.

    Applied; said what stood there already; came after a later one of the same device; says something else than
    another device did, of which it did not know; or was turned away.
    """

    APPLIED = "applied"
    SAME = "same"
    OVERTAKEN = "overtaken"
    DISPUTED = "disputed"
    REFUSED = "refused"


TO_SETTLE = frozenset({Outcome.DISPUTED, Outcome.REFUSED})
"""Outcomes that somebody has to look at."""


class GuestState(StrEnum):
    """Somebody in the room who was not on the list: waits for the coordinator, became a mark, or was let go."""

    WAITING = "waiting"
    TAKEN = "taken"
    DISMISSED = "dismissed"
