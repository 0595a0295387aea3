"""The country while it is being made: its day, its dice, its rows and the trail of what happened."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from random import Random
from typing import Any

from retrain.calendar.weeks import monday_of
from retrain.clock import COUNTRY
from retrain.demo.rows import Row, Rows

PASSWORD = "retrain-demo"  # noqa: S105 (the same for every demo account, and printed)
DOMAIN = "example.uz"


@dataclass(frozen=True)
class Happening:
    """One thing for the audit trail; *at* decides its place."""

    at: datetime
    actor: Row | None
    action: str
    subject: tuple[str, int]
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    why: str | None = None


@dataclass(frozen=True)
class Told:
    """One message that somebody got; *about* and *key* as the stage that sends it has them."""

    person_id: int
    kind: str
    at: datetime
    facts: dict[str, Any]
    about: tuple[str, int]
    key: str


@dataclass
class Country:
    """What the makers hand from one to the next. *role* rows stand for actors."""

    today: date
    seed: int
    tell: Callable[[str], None]
    rows: Rows = field(default_factory=Rows)
    trail: list[Happening] = field(default_factory=list)
    password_hash: str = ""
    organisations: dict[str, Row] = field(default_factory=dict)
    names: dict[int, dict[str, str]] = field(default_factory=dict)
    accounts: dict[str, Row] = field(default_factory=dict)
    actors: dict[tuple[str, str], Row] = field(default_factory=dict)
    by_hand: dict[str, Row] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)

    def is_by_hand(self, teacher: Row) -> bool:
        """Whether the teacher was put onto runs by hand, so that lots must not change what becomes of them."""
        return any(teacher is other for other in self.by_hand.values())

    def chance(self, name: str) -> Random:
        """Dice of their own for each maker, so that a change of one leaves the others alone."""
        return Random(f"{self.seed}/{name}")  # noqa: S311 (a demo must come out the same again)

    @property
    def now(self) -> datetime:
        """The moment at which the country ends: the morning of its day, before the first bell."""
        return moment(self.today, 8)

    @property
    def monday(self) -> date:
        """The first day of this week."""
        return monday_of(self.today)

    def happened(
        self,
        at: datetime,
        action: str,
        subject: tuple[str, int],
        actor: Row | None = None,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
        why: str | None = None,
    ) -> None:
        """Keep a change of state for the audit trail."""
        self.trail.append(Happening(at, actor, action, subject, before, after, why))


def moment(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A moment of a day by the country's clock, in UTC."""
    return datetime.combine(day, time(hour, minute, second), COUNTRY).astimezone(UTC)


def day_of(at: datetime) -> date:
    """The day it is in the country at a moment."""
    return at.astimezone(COUNTRY).date()
