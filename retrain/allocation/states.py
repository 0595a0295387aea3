"""What an allocation round can be, and the moves between its states."""

from enum import StrEnum

MOST_WISHES = 5


class RoundState(StrEnum):
    """Whether wishes are taken is a matter of time, as with a run's enrolment."""

    DRAFT = "draft"
    PUBLISHED = "published"
    # The outcome binds: places were given, and everybody can read why.
    DONE = "done"
    CANCELLED = "cancelled"


MOVES: dict[RoundState, frozenset[RoundState]] = {
    RoundState.DRAFT: frozenset({RoundState.PUBLISHED, RoundState.CANCELLED}),
    RoundState.PUBLISHED: frozenset({RoundState.DONE, RoundState.CANCELLED}),
    RoundState.DONE: frozenset(),
    RoundState.CANCELLED: frozenset(),
}


def may_move(before: RoundState, after: RoundState) -> bool:
    """Whether a round may go from *before* to *after*."""
    return after in MOVES[before]
