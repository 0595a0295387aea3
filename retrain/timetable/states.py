"""What a session of the timetable can be."""

from enum import StrEnum


class SessionState(StrEnum):
    """Planned sessions are seen by the coordinator, published ones by everyone; cancelled ones occupy nothing."""

    PLANNED = "planned"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


MOVES: dict[SessionState, frozenset[SessionState]] = {
    SessionState.PLANNED: frozenset({SessionState.PUBLISHED, SessionState.CANCELLED}),
    SessionState.PUBLISHED: frozenset({SessionState.CANCELLED}),
    SessionState.CANCELLED: frozenset(),
}


class Resource(StrEnum):
    """What can be in one place at a time: a room, a lecturer (a person, whoever they teach for), a run."""

    ROOM = "room"
    LECTURER = "lecturer"
    RUN = "run"
