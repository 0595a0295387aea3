"""When a teacher is due for the next training. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from retrain.record.states import RENEWING, CreditKind
from retrain.refusal import Refusal

YEARS = 3  # domain 1.3: at least once in three years
SOON_MONTHS = 6


@dataclass(frozen=True)
class CreditFacts:
    """Hours earned, as far as the cycle is concerned."""

    kind: CreditKind
    on: date
    hours: int


@dataclass(frozen=True)
class Due:
    """By when the next training is due; None when nothing is known to count from."""

    by: date | None
    last: date | None

    def is_overdue(self, today: date) -> bool:
        """Whether the day has passed."""
        return self.by is not None and self.by < today

    def is_soon(self, today: date) -> bool:
        """Whether the day is near enough to be reminded of."""
        return self.by is not None and today <= self.by <= add_months(today, SOON_MONTHS)


def next_due(earned: Iterable[CreditFacts], employed_since: date | None = None) -> Due:
    """Three years after the last training that renews; a beginner's count starts with the first day at work."""
    last = max((credit.on for credit in earned if credit.kind in RENEWING), default=None)
    start = last or employed_since
    return Due(add_months(start, YEARS * 12) if start else None, last)


def add_months(day: date, months: int) -> date:
    """The same day *months* later, or the last of that month when it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def credit_refusals(hours: int, source: str, on: date, today: date) -> list[Refusal]:
    """Why hours can't be added to a record."""
    found = []
    if hours < 0:
        found.append(Refusal.of("credit-hours", field="hours", hours=hours))
    if not source:
        found.append(Refusal.of("credit-without-source"))
    if on > today:
        found.append(Refusal.of("credit-in-future", field="on", on=on))
    return found
