"""What a course and a run can be, and which state may follow which."""

from enum import StrEnum

LANGUAGES = ("uz", "uz-Cyrl", "ru", "en")


class CourseKind(StrEnum):
    ADVANCED_TRAINING = "advanced_training"
    RETRAINING = "retraining"
    EVENT = "event"


class CourseState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class StudyForm(StrEnum):
    IN_PERSON = "in_person"
    DISTANCE = "distance"
    BLENDED = "blended"
    DUAL = "dual"
    MODULAR = "modular"


class DocumentType(StrEnum):
    ADVANCED_TRAINING_CERTIFICATE = "advanced_training_certificate"
    RETRAINING_DIPLOMA = "retraining_diploma"
    PARTICIPATION = "participation"


class HourKind(StrEnum):
    LECTURE = "lecture"
    PRACTICAL = "practical"
    INDEPENDENT = "independent"
    DISTANCE = "distance"
    INTERNSHIP = "internship"


class RunState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    CONFIRMED = "confirmed"
    RUNNING = "running"
    FINISHED = "finished"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


COURSE_MOVES: dict[CourseState, frozenset[CourseState]] = {
    CourseState.DRAFT: frozenset({CourseState.PUBLISHED, CourseState.ARCHIVED}),
    CourseState.PUBLISHED: frozenset({CourseState.ARCHIVED}),
    CourseState.ARCHIVED: frozenset({CourseState.PUBLISHED}),
}

# Confirmed means that the order of enrolment is registered. Classes may begin before the chancellery
# returns its number, so a published run may start running; the order then comes late and changes no state.
RUN_MOVES: dict[RunState, frozenset[RunState]] = {
    RunState.DRAFT: frozenset({RunState.PUBLISHED, RunState.CANCELLED}),
    RunState.PUBLISHED: frozenset({RunState.CONFIRMED, RunState.RUNNING, RunState.CANCELLED}),
    RunState.CONFIRMED: frozenset({RunState.RUNNING, RunState.CANCELLED}),
    RunState.RUNNING: frozenset({RunState.FINISHED, RunState.CANCELLED}),
    RunState.FINISHED: frozenset({RunState.ARCHIVED}),
    RunState.ARCHIVED: frozenset(),
    RunState.CANCELLED: frozenset(),
}

ON_OFFER = (RunState.PUBLISHED, RunState.CONFIRMED, RunState.RUNNING)
"""The states in which the public catalogue lists a run."""

PUBLIC = (*ON_OFFER, RunState.FINISHED, RunState.ARCHIVED, RunState.CANCELLED)
"""The states in which anyone may open a run's page: an address that was once given stays."""

CHANGEABLE = (RunState.DRAFT, *ON_OFFER)
"""The states in which a run's dates, places and people may still be changed."""


def may_move(now: RunState, to: RunState) -> bool:
    """Whether a run may go from one state to the other."""
    return to in RUN_MOVES[now]
