"""What a register and a mark can be."""

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
    ABSENT = "absent"
    EXCUSED = "excused"
    NOT_DUE = "not_due"
