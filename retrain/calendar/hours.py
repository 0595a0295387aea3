"""Academic hours: whole minutes inside the house, academic hours of a provider's length outside."""

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import floor

ACADEMIC_HOUR = 45  # minutes, unless the provider's settings say otherwise
PAIR_HOURS = 2

Hours = int | float | Decimal | Fraction


class NotHours(ValueError):
    """The text is no amount of hours; `code` is what wording knows it by."""

    code = "not-hours"


def to_minutes(hours: Hours, academic_hour: int = ACADEMIC_HOUR) -> int:
    """Whole minutes of *hours*, half a minute going up."""
    return floor(_exact(hours) * academic_hour + Fraction(1, 2))


def to_hours(minutes: int, academic_hour: int = ACADEMIC_HOUR) -> Fraction:
    """Academic hours of *minutes*, exactly; round only where they are shown."""
    return Fraction(minutes, academic_hour)


def to_tenths(minutes: int, academic_hour: int = ACADEMIC_HOUR) -> float:
    """Academic hours to a tenth: half an hour of 45 minutes is no whole minute, and ten of them are five hours."""
    return round(float(to_hours(minutes, academic_hour)), 1)


def attended(planned: int, late: Hours = 0, left_early: Hours = 0, academic_hour: int = ACADEMIC_HOUR) -> int:
    """Minutes of a session of *planned* minutes that count for one who came late or left early by so many hours."""
    missed = to_minutes(late, academic_hour) + to_minutes(left_early, academic_hour)
    return min(planned, max(0, planned - missed))


def late_hours(minutes: int, academic_hour: int = ACADEMIC_HOUR, step: Fraction = Fraction(1, 2)) -> Fraction:
    """The hours to write for one who came *minutes* late: every *step* of an hour that was begun."""
    steps = -(-Fraction(max(minutes, 0), academic_hour) // step)
    return steps * step


def parse_hours(text: str) -> Fraction:
    """Hours as people type them: 2, 1,5 or 0.5; raises NotHours."""
    try:
        typed = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        raise NotHours(text) from None
    if not typed.is_finite() or typed < 0 or typed > 10_000:
        raise NotHours(text)
    return Fraction(typed)


def _exact(hours: Hours) -> Fraction:
    # A float was typed as a decimal: 0.1 means a tenth.
    return Fraction(str(hours)) if isinstance(hours, float) else Fraction(hours)
