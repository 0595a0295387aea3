"""Offers to those who wait: who is next, until when an offer holds, and whether a newcomer must wait. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from retrain.calendar.working_days import WorkingDays, add_working_days, next_working_day
from retrain.enrolment import quota_rules
from retrain.enrolment.quota_rules import Group, PlacesFacts, Taking
from retrain.refusal import Refusal


@dataclass(frozen=True)
class OfferTerms:
    """How long an offer holds, in working time of the provider; *shortest* is the least worth offering."""

    holds: timedelta = timedelta(hours=16)
    shortest: timedelta = timedelta(hours=2)
    day_opens: time = time(9)
    day_closes: time = time(18)
    days: WorkingDays = field(default_factory=WorkingDays)
    timezone: str = field(kw_only=True)

    def at(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, ZoneInfo(self.timezone)).astimezone(UTC)


@dataclass(frozen=True)
class Waiting:
    """Somebody on a run's waiting list. *refusals* say why they may not have a place now."""

    enrolment_id: int
    position: int
    groups: frozenset[Group]
    approved: bool = True
    declined: bool = False
    refusals: Sequence[Refusal] = ()


@dataclass(frozen=True)
class Passed:
    """Somebody before the next one who is not offered this place, and why. They keep their position."""

    enrolment_id: int
    why: tuple[Refusal, ...]


@dataclass(frozen=True)
class Next:
    """Who is offered a place and what it is taken from; who was looked at before them."""

    enrolment_id: int | None
    taking: Taking | None
    passed: tuple[Passed, ...]


def expires(terms: OfferTerms, now: datetime, closes: datetime, starts_on: date) -> datetime | None:
    """When an offer made at *now* lapses; None when it would be too late to make one.

    Counted in working hours, and never past the deadline or the first day's beginning.
    """
    end = min(closes, terms.at(starts_on, time(0)))
    if end <= now or working_time(terms, now, end) < terms.shortest:
        return None
    return min(end, after_working_time(terms, now, terms.holds))


def after_working_time(terms: OfferTerms, now: datetime, length: timedelta) -> datetime:
    """The moment at which *length* of working time has passed since *now*."""
    day = next_working_day(now.astimezone(ZoneInfo(terms.timezone)).date(), terms.days)
    while True:
        begins, ends = max(now, terms.at(day, terms.day_opens)), terms.at(day, terms.day_closes)
        if begins < ends:
            if length <= ends - begins:
                return begins.astimezone(UTC) + length
            length -= ends - begins
        day = add_working_days(day, 1, terms.days)


def working_time(terms: OfferTerms, start: datetime, end: datetime) -> timedelta:
    """How much working time lies between two moments."""
    zone = ZoneInfo(terms.timezone)
    total, last = timedelta(), end.astimezone(zone).date()
    day = next_working_day(start.astimezone(zone).date(), terms.days)
    while day <= last:
        begins = max(start, terms.at(day, terms.day_opens))
        total += max(timedelta(), min(end, terms.at(day, terms.day_closes)) - begins)
        day = add_working_days(day, 1, terms.days)
    return total


def next_candidate(waiting: Sequence[Waiting], run: PlacesFacts, now: datetime) -> Next:
    """The first on the list who may have a place that is free now.

    Whoever can't have this one (not approved, busy, a full quota) is passed with the reason and blocks
    nobody; whoever declined is not asked again.
    """
    passed: list[Passed] = []
    for each in sorted(waiting, key=lambda one: one.position):
        taking = quota_rules.take(run, each.groups, now)
        why = _against(each)
        if isinstance(taking, Taking) and not why:
            return Next(each.enrolment_id, taking, tuple(passed))
        passed.append(Passed(each.enrolment_id, (*why, *([] if isinstance(taking, Taking) else taking))))
    return Next(None, None, tuple(passed))


def _against(each: Waiting) -> tuple[Refusal, ...]:
    found = list(each.refusals)
    if each.declined:
        found.append(Refusal.of("offer-declined"))
    if not each.approved:
        found.append(Refusal.of("not-approved"))
    return tuple(found)


def all_next(waiting: Sequence[Waiting], run: PlacesFacts, now: datetime) -> list[Next]:
    """Everybody who is offered a place now, in order: what a raised quota or freed places give.

    One pass is enough: a place given to one never makes room for another who was passed.
    """
    found: list[Next] = []
    for each in sorted(waiting, key=lambda one: one.position):
        one = next_candidate([each], run, now)
        if one.taking is not None:
            found.append(one)
            run = quota_rules.after(run, one.taking)
    return found


def newcomer_takes(
    waiting: Sequence[Waiting], run: PlacesFacts, newcomer: frozenset[Group], now: datetime
) -> Taking | None:
    """The place a newcomer gets at once: one that is left after everybody who waits has got theirs."""
    for each in all_next(waiting, run, now):
        if each.taking:
            run = quota_rules.after(run, each.taking)
    taking = quota_rules.take(run, newcomer, now)
    return taking if isinstance(taking, Taking) else None
