"""Before people are told of a change, whoever makes it sees what it touches and says yes: one way for every form.

with asking.first(agreed):
    changing.cancel(actor, 7, "flood")     # raises AskFirst where people know of the class and nobody said yes

The change is made as if it were meant, so that every reason against it comes first and who is told is who would be;
then all of it is taken back with the transaction.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from retrain.timetable.states import SessionState

_agreed: ContextVar[str | None] = ContextVar("timetable_agreed", default=None)


@dataclass(frozen=True)
class Stand:
    """When, where and by whom a class is given; *on_date* is missing where it is not given at all."""

    on_date: date | None
    pair: int = 0
    room_id: int | None = None
    lecturer_id: int | None = None

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Stand":
        """Out of what is kept of a class."""
        if kept["state"] is SessionState.CANCELLED:
            return cls(None)
        return cls(kept["on_date"], kept["pair"], kept["room_id"], kept["lecturer_id"])


@dataclass(frozen=True)
class Turn:
    """One class as it is and as it would be."""

    number: int
    run_code: str
    topic: Mapping[str, str]
    was: Stand
    now: Stand


@dataclass
class Touched:
    """What a change of public classes touches."""

    classes: int = 0
    group: set[int] = field(default_factory=set)
    lecturers: set[int] = field(default_factory=set)
    run_codes: list[str] = field(default_factory=list)

    @property
    def people(self) -> set[int]:
        """Everybody who will be told."""
        return self.group | self.lecturers


class AskFirst(Exception):
    """People would be told, and nobody said yes to that. *mark* is what a yes to exactly this says."""

    def __init__(self, touched: Touched, turns: list[Turn]) -> None:
        self.touched, self.turns = touched, turns
        told = repr((sorted(touched.people), sorted(turns, key=lambda one: one.number)))
        self.mark = hashlib.sha256(told.encode()).hexdigest()[:16]
        super().__init__(f"{len(touched.people)} people")


@contextmanager
def first(agreed: str | None) -> Iterator[None]:
    """Inside nobody is told before they were asked about; *agreed* is the mark of what was said yes to."""
    token = _agreed.set(agreed or "")
    try:
        yield
    finally:
        _agreed.reset(token)


def about(touched: Touched, turns: Iterable[Turn]) -> None:
    """Goes on where nobody asks, or where just this was agreed to; else raises AskFirst, and nothing is changed.

    When something changed since the yes, the yes was to something else, and is asked for again.
    """
    agreed = _agreed.get()
    if agreed is None or not touched.people:
        return
    wanted = AskFirst(touched, list(turns))
    if agreed != wanted.mark:
        raise wanted
