"""What an enrolment can be, and the moves between them. Nothing else changes a state."""

from enum import StrEnum


class State(StrEnum):
    """Where one person stands with one run."""

    REQUESTED = "requested"
    ENROLLED = "enrolled"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    REJECTED = "rejected"
    LAPSED = "lapsed"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    TRANSFERRED = "transferred"
    SUBSTITUTED = "substituted"
    EXCLUDED = "excluded"
    COMPLETED = "completed"
    NOT_COMPLETED = "not_completed"


MOVES: dict[State, frozenset[State]] = {
    State.REQUESTED: frozenset(
        {State.ENROLLED, State.WAITLISTED, State.REJECTED, State.LAPSED, State.WITHDRAWN}
    ),
    # A waiting person is enrolled at once where the run makes no offers, and lapses when the list closes.
    # Whoever waits or is offered a place may be moved to another run as well.
    State.WAITLISTED: frozenset(
        {State.OFFERED, State.ENROLLED, State.LAPSED, State.WITHDRAWN, State.TRANSFERRED}
    ),
    State.OFFERED: frozenset(
        {
            State.ENROLLED,
            State.DECLINED,
            State.EXPIRED,
            State.LAPSED,
            State.WITHDRAWN,
            State.TRANSFERRED,
        }
    ),
    State.ENROLLED: frozenset(
        {
            State.WITHDRAWN,
            State.TRANSFERRED,
            State.SUBSTITUTED,
            State.EXCLUDED,
            State.LAPSED,
            State.COMPLETED,
            State.NOT_COMPLETED,
        }
    ),
} | {
    end: frozenset()
    for end in (
        State.REJECTED,
        State.LAPSED,
        State.DECLINED,
        State.EXPIRED,
        State.WITHDRAWN,
        State.TRANSFERRED,
        State.SUBSTITUTED,
        State.EXCLUDED,
        State.COMPLETED,
    )
}
# An appeal, or two people at the provider, may find that somebody has completed after all; who has not may be
# excluded by an order instead of trying again.
MOVES[State.NOT_COMPLETED] = frozenset({State.COMPLETED, State.EXCLUDED})

# What may still turn into a place, or is one: closed when a run is cancelled.
OPEN = frozenset({State.REQUESTED, State.WAITLISTED, State.OFFERED, State.ENROLLED})
# Counted in run.taken.
HOLDS_PLACE = frozenset({State.OFFERED, State.ENROLLED, State.COMPLETED, State.NOT_COMPLETED})
# In the group: has registers, results and documents.
IN_GROUP = frozenset({State.ENROLLED, State.COMPLETED, State.NOT_COMPLETED})
# One of these a person and run, by the partial unique index.
LIVING = OPEN | IN_GROUP


def may_move(before: State, after: State) -> bool:
    """Whether an enrolment may go from *before* to *after*."""
    return after in MOVES[before]


class Source(StrEnum):
    """By which door an enrolment came in."""

    SELF = "self"
    NOMINATION = "nomination"
    IMPORT = "import"
    COORDINATOR = "coordinator"
    ROUND = "round"
    TRANSFER = "transfer"
    SUBSTITUTION = "substitution"


class Consent(StrEnum):
    """Whose consent a run asks for before anybody has a place."""

    NONE = "none"
    COLLEGE = "college"
    PROVIDER = "provider"
    BOTH = "both"

    @property
    def sides(self) -> frozenset["Side"]:
        return _SIDES[self]


class Side(StrEnum):
    """Who consents: the college that the teacher works at, or the provider of the run."""

    COLLEGE = "college"
    PROVIDER = "provider"


_SIDES = {
    Consent.NONE: frozenset[Side](),
    Consent.COLLEGE: frozenset({Side.COLLEGE}),
    Consent.PROVIDER: frozenset({Side.PROVIDER}),
    Consent.BOTH: frozenset(Side),
}


class Way(StrEnum):
    """How places are given: to the first who come, or in an allocation round."""

    FIRST_COME = "first_come"
    ROUND = "round"


class QuotaSort(StrEnum):
    """Places kept for a group, or the most that a group may have of the open ones."""

    SET_ASIDE = "set_aside"
    CEILING = "ceiling"


class Lodging(StrEnum):
    """A place in the dormitory, as far as this person is concerned."""

    NONE = "none"
    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"


class Funding(StrEnum):
    """Who pays."""

    BUDGET = "budget"
    COLLEGE = "college"
    OWN = "own"
