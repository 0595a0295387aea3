"""The life of a job, and the lanes in which jobs run."""

from enum import StrEnum


class JobState(StrEnum):
    """queued → running → done | failed; a failed one may be queued again by its owner."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Lane(StrEnum):
    """Short work never waits behind long work: each lane has its own queue and its own processes."""

    LIGHT = "light"
    HEAVY = "heavy"
