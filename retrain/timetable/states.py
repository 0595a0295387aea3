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
    # Only by taking a change back: whoever cancelled by mistake has the same class again.
    SessionState.CANCELLED: frozenset({SessionState.PLANNED, SessionState.PUBLISHED}),
}


class Part(StrEnum):
    """Who of a run meets: everybody, or one of the halves it is split into for practicals."""

    WHOLE = "whole"
    FIRST_HALF = "first_half"
    SECOND_HALF = "second_half"

    @property
    def halves(self) -> tuple["Part", ...]:
        """The halves of the group that are busy while this part of it meets."""
        return HALVES if self is Part.WHOLE else (self,)

    @property
    def resource(self) -> "Resource":
        """A half as what can be in one place at a time."""
        return Resource(self.value)

    def share_of(self, people: int) -> int:
        """How many of so many come: half of an odd group is the larger half."""
        return people if self is Part.WHOLE else (people + 1) // 2


HALVES = (Part.FIRST_HALF, Part.SECOND_HALF)


class Resource(StrEnum):
    """What can be in one place at a time: a room, a lecturer (a person, whoever they teach for), half a run.

    A run is held by its halves: a class of the whole group takes both, so that two halves may meet at once and
    neither can while the whole group does.
    """

    ROOM = "room"
    LECTURER = "lecturer"
    FIRST_HALF = "first_half"
    SECOND_HALF = "second_half"


class Stance(StrEnum):
    """What a lecturer says of a time: can't, would rather not, would like to."""

    UNAVAILABLE = "unavailable"
    UNWISHED = "unwished"
    WISHED = "wished"


class Standing(StrEnum):
    """Whether a time counts: a lecturer proposes that they can't, the coordinator agrees or declines."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"


class CalendarOf(StrEnum):
    """Whose classes are behind a secret address: a person's, a run's, a room's, or a room's for the screen at its door."""

    PERSON = "person"
    RUN = "run"
    ROOM = "room"
    SCREEN = "screen"


class ChangeSort(StrEnum):
    """What a coordinator did to the week, as one action."""

    PUT = "put"
    SERIES = "series"
    MOVE = "move"
    FOLLOWING = "following"
    SWAP = "swap"
    CANCEL = "cancel"
    LECTURER = "lecturer"
    PIN = "pin"
    DAY = "day"
    SHIFT = "shift"
    PUBLICATION = "publication"
    REPAIR = "repair"


class ChangeState(StrEnum):
    """Done, taken back (and may be done again), or taken back and overtaken by another change."""

    DONE = "done"
    UNDONE = "undone"
    OVERTAKEN = "overtaken"


class Keep(StrEnum):
    """What stays where it is when a timetable is made; what is pinned or over always does."""

    PLACED = "placed"
    PUBLISHED = "published"
    PINNED = "pinned"


class ScenarioState(StrEnum):
    """A timetable beside the published one: asked for, being made, whole, with classes left over, shown, gone."""

    WAITING = "waiting"
    WORKING = "working"
    READY = "ready"
    IMPOSSIBLE = "impossible"
    PUBLISHED = "published"
    DROPPED = "dropped"


BEING_MADE = (ScenarioState.WAITING, ScenarioState.WORKING)
"""A machine is at it, or will be."""
