"""What an assessment and a decision can be."""

from enum import StrEnum


class AssessmentKind(StrEnum):
    """Of one module, or of the whole course at its end."""

    MODULE = "module"
    FINAL = "final"


class Outcome(StrEnum):
    """How a run ended for one person. *Not completed* is a normal end: they may try again."""

    COMPLETED = "completed"
    NOT_COMPLETED = "not_completed"
