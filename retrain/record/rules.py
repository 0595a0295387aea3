"""When a teacher is due for the next training. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from retrain.record.states import RENEWING, CreditKind, ExternalState
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


MOST_HOURS = 2000
"""More than that no single course has: two years of full study."""


@dataclass(frozen=True)
class Shown:
    """What is typed of a certificate from elsewhere."""

    title: str
    issuer: str
    number: str
    issued_on: date | None
    hours: int | None


def showing_refusals(
    typed: Shown, today: date, born: date | None, twice: bool, has_scan: bool
) -> list[Refusal]:
    """Why a certificate can't be shown to the college; *twice* says that it waits or is recognised already."""
    found = []
    if not typed.title.strip():
        found.append(Refusal.of("external-title-missing", field="title"))
    if not typed.issuer.strip():
        found.append(Refusal.of("external-issuer-missing", field="issuer"))
    if typed.issued_on is None:
        found.append(Refusal.of("external-day-missing", field="issued_on"))
    elif typed.issued_on > today:
        found.append(Refusal.of("external-day-ahead", field="issued_on", on=typed.issued_on))
    elif born is not None and typed.issued_on <= born:
        found.append(Refusal.of("external-day-too-early", field="issued_on"))
    if typed.hours is None or not 1 <= typed.hours <= MOST_HOURS:
        found.append(Refusal.of("external-hours-range", field="hours", most=MOST_HOURS))
    if not has_scan:
        found.append(Refusal.of("external-scan-missing", field="scan"))
    if twice:
        found.append(Refusal.of("external-shown-already", field="number"))
    return found


def recognising_refusals(
    state: ExternalState, recognised: int | None, stated: int, why: str, *, own: bool
) -> list[Refusal]:
    """Why a college can't answer like this; *recognised* is None when it refuses, *own* when it is one's own."""
    if state is not ExternalState.SHOWN:
        return [Refusal.of("external-answered")]
    found = []
    if own:
        found.append(Refusal.of("external-own"))
    if recognised is not None and not 1 <= recognised <= stated:
        found.append(Refusal.of("external-recognised-range", field="hours", most=stated))
    if not why.strip():
        found.append(Refusal.of("external-reason-missing", field="why"))
    return found
