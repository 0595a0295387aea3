"""The program's clock in the hands of a test."""

from datetime import UTC, datetime, timedelta


class FrozenClock:
    """Stands still until it is moved. Begins on a Monday morning, at ten by Tashkent's clock."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 9, 7, 5, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """What ``retrain.clock.now()`` answers."""
        return self.moment

    def set(self, moment: datetime) -> datetime:
        """It is *moment*, which has a time zone."""
        self.moment = moment.astimezone(UTC)
        return self.moment

    def advance(self, **passed: float) -> datetime:
        """Let time pass: ``clock.advance(days=3, minutes=1)``."""
        self.moment += timedelta(**passed)
        return self.moment
