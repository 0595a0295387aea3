"""When somebody is due, whether they are provided for, and what a line of a plan came to."""

from enum import StrEnum

from retrain.enrolment.states import State


class Due(StrEnum):
    """How near the day is by which a teacher must be trained again."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"
    UNKNOWN = "unknown"


class Standing(StrEnum):
    """Whether a college has provided for a teacher: on a run, in the plan, neither though due, or not due."""

    GOING = "going"
    PLANNED = "planned"
    MISSING = "missing"
    FREE = "free"


class Fact(StrEnum):
    """What a line of a plan has come to, in the order of the way."""

    PLANNED = "planned"
    NOMINATED = "nominated"
    ON_RUN = "on_run"
    COMPLETED = "completed"
    MISSED = "missed"


WEIGHTS: dict[State, int] = {
    State.COMPLETED: 4,
    State.ENROLLED: 3,
    State.OFFERED: 2,
    State.WAITLISTED: 2,
    State.REQUESTED: 2,
    State.NOT_COMPLETED: 1,
}
"""Of several enrolments of a teacher on a course in a year, the heaviest one is the fact; the rest weigh nothing."""
