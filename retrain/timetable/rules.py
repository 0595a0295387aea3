"""Whether a session may stand where somebody wants to put it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from retrain.refusal import Refusal

MOST_HOURS_A_DAY = 8
"""Class hours a group has in one day at most; practice gives 6 to 8."""

MOST_HOURS_A_WEEK = 36
"""Class hours a group has in one week at most (retraining practice; domain page, 1.2)."""

OWN_TIME = ("lecturer-learns", "learner-teaches")
"""Somebody teaches and learns: they are in one place at a time, though a group's slots are not its people's."""


@dataclass(frozen=True)
class Wanted:
    """A session as somebody wants it; *hours* are academic hours."""

    on_date: date
    hours: float
    pair_hours: float
    kind_left: float | None
    """Hours of this kind that the module still lacks; None when the session has no module."""


@dataclass(frozen=True)
class Frame:
    """What surrounds it: the run's dates, whether the day is worked, what the group already has."""

    starts_on: date
    ends_on: date
    working: bool
    hours_that_day: float
    hours_that_week: float


@dataclass(frozen=True)
class Taken:
    """A session that already occupies a resource wanted at the same time.

    *resource* is ``room``, ``lecturer`` or ``run``; or says whose time it is otherwise: ``lecturer-learns`` there,
    ``learner-teaches`` there.
    """

    resource: str
    name: str
    run_code: str
    topic: str
    starts: datetime
    ends: datetime


def refusals(wanted: Wanted, frame: Frame, clashes: Iterable[Taken]) -> list[Refusal]:
    """Every reason why the session can't stand there; empty when it can."""
    found = [clash_refusal(clash) for clash in clashes]
    if not frame.starts_on <= wanted.on_date <= frame.ends_on:
        found.append(Refusal.of("outside-run", field="on_date", starts=frame.starts_on, ends=frame.ends_on))
    elif not frame.working:
        found.append(Refusal.of("not-a-working-day", field="on_date", day=wanted.on_date))
    if wanted.hours > wanted.pair_hours:
        found.append(Refusal.of("longer-than-pair", field="hours", most=wanted.pair_hours))
    if wanted.kind_left is not None and wanted.hours > wanted.kind_left:
        found.append(Refusal.of("more-than-planned", field="hours", left=wanted.kind_left))
    if frame.hours_that_day + wanted.hours > MOST_HOURS_A_DAY:
        found.append(Refusal.of("day-too-full", field="on_date", most=MOST_HOURS_A_DAY))
    if frame.hours_that_week + wanted.hours > MOST_HOURS_A_WEEK:
        found.append(Refusal.of("week-too-full", field="on_date", most=MOST_HOURS_A_WEEK))
    return found


def clash_refusal(clash: Taken) -> Refusal:
    """Names what clashes: the resource, the run that has it, its topic and time."""
    code = clash.resource if clash.resource in OWN_TIME else f"{clash.resource}-taken"
    return Refusal.of(
        code, name=clash.name, run=clash.run_code, topic=clash.topic,
        starts=clash.starts, ends=clash.ends,
    )  # fmt: skip
