"""A timetabling problem as plain arrays, whoever it comes from: a provider's term or a public instance.

Time is a row of **periods**: days one after another, each with the same number of slots; days make weeks. An
**event** takes one period and one room. Events that are alike in everything are a **subject**. A **party** is
somebody or something that can be in one place only: a group, half a group, a lecturer, a curriculum.
A **shared room** holds any number of events at once: distance hours, days at an employer.
"""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]

FREE = -1
"""Not fixed to a period, or to a room."""


@dataclass(frozen=True)
class Weights:
    """What one unit of each soft part costs; 0 leaves a part out. The fields are the names of the parts."""

    seats_short: int = 0
    """For each person without a seat."""
    seats_wasted: int = 0
    """For each ten seats that stay empty."""
    spread: int = 0
    """For each day that a subject lacks of those it should be spread over."""
    crowding: int = 0
    """For each event of a subject on a day beyond as many as should be on one."""
    alone: int = 0
    """For each slot of a party with none of its own before or after it on that day."""
    gaps: int = 0
    """For each empty slot between two of a party's on a day."""
    short_days: int = 0
    """For each slot that a party's day has too few, if it has any."""
    rooms: int = 0
    """For each room of a subject beyond its first."""
    wishes: int = 0
    """For each unit of unwelcome time."""
    evenings: int = 0
    """For each event in a late slot."""


PARTS = tuple(field.name for field in fields(Weights))


@dataclass(frozen=True)
class Problem:
    """See the module. Letters in brackets are the axes: E events, S subjects, Q parties, P periods, R rooms."""

    name: str
    days: int
    slots: int
    days_in_week: int
    subject: Ints  # [E] rising: the events of a subject stand together
    takes_part: Flags  # [S, Q]
    clash: Flags  # [S, S] pairs that may not meet in a period though they share no party
    period_open: Flags  # [S, P]
    room_open: Flags  # [S, R]
    room_free: Flags  # [P, R]
    room_shared: Flags  # [R]
    weights: Weights
    # Hard limits; a limit of 0 is none. What is fixed breaks none by itself.
    load: Ints  # [S] what an event weighs, for parties that are limited by that
    by_load: Flags  # [Q] whose limits count loads; those of others count events
    day_limit: Ints  # [Q]
    week_limit: Ints  # [Q]
    site: Ints  # [R]
    travel: Ints  # [site, site] empty slots that a party needs between two events there
    before: Ints  # [n, 2] subjects of which the first has ended before the second begins
    event_before: Ints  # [n, 2] events likewise
    fixed_period: Ints  # [E] or FREE
    fixed_room: Ints  # [E] or FREE
    home: Ints  # [E] the period an event leaves only for *leaving*, or FREE
    leaving: int
    # What soft parts are counted by.
    seats_short: Ints  # [S, R]
    seats_wasted: Ints  # [S, R] tens
    least_days: Ints  # [S]
    most_on_day: Ints  # [S] 0 for any number
    alone: Flags  # [Q] whose lone slots count
    gaps: Flags  # [Q] whose gaps count
    least_a_day: Ints  # [Q] slots that a day of theirs should have, or 0
    unwelcome: Ints  # [S, P]
    evening: Flags  # [P]

    @property
    def events(self) -> int:
        return len(self.subject)

    @property
    def subjects(self) -> int:
        return len(self.takes_part)

    @property
    def parties(self) -> int:
        return int(self.takes_part.shape[1])

    @property
    def periods(self) -> int:
        return self.days * self.slots

    @property
    def rooms(self) -> int:
        return len(self.room_shared)

    @property
    def has_a_place_for_each(self) -> bool:
        """Whether each event that is not fixed has a period and a room that are open to it, the others left aside."""
        free = self.subject[self.fixed_period == FREE]
        needed = np.bincount(free, minlength=self.subjects) > 0
        has_place: Flags = np.any(self.period_open, axis=1) & np.any(self.room_open, axis=1)
        return bool(np.all(has_place[needed]))

    def clashes(self) -> Flags:
        """[S, S] which subjects may not meet in a period; each clashes with itself."""
        with_parties = self.takes_part.astype(np.float32)
        met = with_parties @ with_parties.T > 0
        return met | self.clash | self.clash.T | np.eye(self.subjects, dtype=np.bool_)


@dataclass(frozen=True)
class Timetable:
    """A period and a room for each event. A period of -1 is none: the event waits."""

    period: Ints  # [E]
    room: Ints  # [E]


def of_events(problem: Problem, chosen: Flags) -> Problem:
    """The same problem with the *chosen* events only; which event comes before which is left out."""
    kept = {
        name: getattr(problem, name)[chosen] for name in ("subject", "fixed_period", "fixed_room", "home")
    }
    return replace(problem, event_before=np.zeros((0, 2), np.int32), **kept)


def plain(
    *,
    subject: Ints,
    takes_part: Flags,
    days: int,
    slots: int,
    rooms: int,
    **given: Any,
) -> Problem:
    """A problem in which nothing is limited, fixed or counted but what is *given*."""
    events, (subjects, parties), periods = len(subject), takes_part.shape, days * slots
    nothing = np.zeros((0, 2), np.int32)
    usual: dict[str, Any] = {
        "name": "",
        "days_in_week": days,
        "clash": np.zeros((subjects, subjects), np.bool_),
        "period_open": np.ones((subjects, periods), np.bool_),
        "room_open": np.ones((subjects, rooms), np.bool_),
        "room_free": np.ones((periods, rooms), np.bool_),
        "room_shared": np.zeros(rooms, np.bool_),
        "weights": Weights(),
        "load": np.ones(subjects, np.int32),
        "by_load": np.zeros(parties, np.bool_),
        "day_limit": np.zeros(parties, np.int32),
        "week_limit": np.zeros(parties, np.int32),
        "site": np.zeros(rooms, np.int32),
        "travel": np.zeros((1, 1), np.int32),
        "before": nothing,
        "event_before": nothing,
        "fixed_period": np.full(events, FREE, np.int32),
        "fixed_room": np.full(events, FREE, np.int32),
        "home": np.full(events, FREE, np.int32),
        "leaving": 0,
        "seats_short": np.zeros((subjects, rooms), np.int32),
        "seats_wasted": np.zeros((subjects, rooms), np.int32),
        "least_days": np.zeros(subjects, np.int32),
        "most_on_day": np.zeros(subjects, np.int32),
        "alone": np.zeros(parties, np.bool_),
        "gaps": np.zeros(parties, np.bool_),
        "least_a_day": np.zeros(parties, np.int32),
        "unwelcome": np.zeros((subjects, periods), np.int32),
        "evening": np.zeros(periods, np.bool_),
    }
    return Problem(subject=subject, takes_part=takes_part, days=days, slots=slots, **(usual | given))
