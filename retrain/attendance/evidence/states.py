"""Where hours without a register come from, and where their evidence stands."""

from enum import StrEnum


class EvidenceSource(StrEnum):
    """What shows that somebody did the hours."""

    REPORT = "report"
    MENTOR = "mentor"
    PLATFORM = "platform"


class EvidenceState(StrEnum):
    """Handed in and waiting, or decided. Only accepted hours count."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    RETURNED = "returned"


MOVES: dict[EvidenceState, frozenset[EvidenceState]] = {
    EvidenceState.WAITING: frozenset({EvidenceState.ACCEPTED, EvidenceState.RETURNED}),
    EvidenceState.ACCEPTED: frozenset({EvidenceState.RETURNED}),
    EvidenceState.RETURNED: frozenset(),
}
