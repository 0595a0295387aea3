"""What is due, what a line of a plan came to, and what may be planned. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from retrain.planning.states import Due, Fact, Standing
from retrain.record import rules as record
from retrain.refusal import Refusal

YEARS_AHEAD = 5
"""Plans are not made further ahead than orders of the ministry reach (domain 1.3: 2025-29)."""


def due_of(due: record.Due, today: date) -> Due:
    """Red, amber, green, or nothing known to count from."""
    if due.by is None:
        return Due.UNKNOWN
    if due.is_overdue(today):
        return Due.OVERDUE
    return Due.SOON if due.is_soon(today) else Due.LATER


def standing(due: Due, *, going: bool, planned: bool) -> Standing:
    """Whether a teacher is provided for; missing is who is due soon or was, and is neither on a run nor planned."""
    if going:
        return Standing.GOING
    if planned:
        return Standing.PLANNED
    return Standing.MISSING if due in (Due.OVERDUE, Due.SOON) else Standing.FREE


def is_over(year: int, month: int, today: date) -> bool:
    """Whether the month has passed."""
    return (year, month) < (today.year, today.month)


def fact(weight: int, year: int, month: int, today: date) -> Fact:
    """What a line has come to, by the weight of its heaviest enrolment (see ``states.WEIGHTS``)."""
    if weight >= 2:
        return {4: Fact.COMPLETED, 3: Fact.ON_RUN}.get(weight, Fact.NOMINATED)
    # Not completed is missed at once: trying again is another line, or another enrolment that weighs more.
    return Fact.MISSED if weight == 1 or is_over(year, month, today) else Fact.PLANNED


def line_refusals(year: int, month: int, today: date) -> list[Refusal]:
    """Why nobody can be planned for that month."""
    if not 1 <= month <= 12:
        return [Refusal.of("plan-no-month", field="month")]
    if is_over(year, month, today):
        return [Refusal.of("plan-month-over", field="month", year=year)]
    if year > today.year + YEARS_AHEAD:
        return [Refusal.of("plan-too-far", field="year", last=today.year + YEARS_AHEAD)]
    return []


def hours_since(earned: Iterable[record.CreditFacts], today: date) -> int:
    """Hours of the last three years."""
    since = record.add_months(today, -12 * record.YEARS)
    return sum(credit.hours for credit in earned if since < credit.on <= today)


@dataclass(frozen=True)
class RunDates:
    """A run as far as choosing one for a line is concerned."""

    code: str
    starts_on: date
    free: int
    is_open: bool


def by_nearness(runs: Iterable[RunDates], year: int, month: int) -> list[RunDates]:
    """Runs open now first; of those the ones with places, nearest to the planned month."""
    wanted = date(year, month, 15)

    def key(run: RunDates) -> tuple[bool, bool, timedelta, str]:
        return not run.is_open, run.free <= 0, abs(run.starts_on - wanted), run.code

    return sorted(runs, key=key)
