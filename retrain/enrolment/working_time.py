"""Until when somebody may answer, counted in the provider's working hours."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from retrain.calendar.working_days import WorkingDays
from retrain.enrolment.offers import OfferTerms, after_working_time
from retrain.enrolment.reading_runs import RunAtDesk
from retrain.people import settings


def hours_of(provider_id: int, timezone: str, now: datetime, hours: int) -> OfferTerms:
    """How long *hours* of the provider's working time are, by its settings of the day."""
    day = now.astimezone(ZoneInfo(timezone)).date()
    days = WorkingDays.of(
        settings.get(provider_id, "working_days", day), settings.get(provider_id, "holidays", day)
    )
    return OfferTerms(holds=timedelta(hours=hours), days=days, timezone=timezone)


def request_lapses(run: RunAtDesk, now: datetime) -> datetime:
    """When a request that nobody answers ends: never later than the run itself."""
    terms = hours_of(run.provider_id, run.facts.timezone, now, run.terms.request_hours)
    return after_working_time(terms, now, terms.holds)
