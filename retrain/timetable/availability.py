"""Lecturers' limits, when they can teach, and when they would like to: said by them, or by who makes timetables.

What a lecturer can't do becomes a rule when the coordinator agrees; a wish is weighed and never refuses anything.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from retrain import audit, messages
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.permissions import Target
from retrain.refusal import ChangedMeanwhile, Forbidden, NotThere, Refusal, Refused
from retrain.timetable.models import END_OF_DAY, Availability, Lecturer
from retrain.timetable.states import Stance, Standing


@dataclass(frozen=True)
class Limits:
    """How much somebody teaches at most; what is not given has no limit."""

    post: str
    pairs_a_day: int | None
    pairs_a_week: int | None
    hours_a_year: int | None


@dataclass(frozen=True, order=True)
class WeekTime:
    """A stretch of a weekday (ISO: Monday is 1), in minutes from midnight."""

    weekday: int
    from_minute: int
    to_minute: int
    stance: Stance


@dataclass(frozen=True)
class Days:
    """Days from one to another, whole or the same hours of each."""

    stance: Stance
    first_on: date
    last_on: date
    note: str = ""
    from_minute: int = 0
    to_minute: int = END_OF_DAY


def own_lecturer(actor: Actor, lecturer_id: int) -> Lecturer:
    """A lecturer whose time the actor may change: of their provider, or they themself; else NotThere."""
    found = db.session.get(Lecturer, lecturer_id)
    if found is None:
        raise NotThere(lecturer_id)
    target = Target(person_id=found.person_id, provider_id=found.provider_id)
    permissions.require(actor, "teaching.time", target)
    return found


def decides(actor: Actor, lecturer: Lecturer) -> bool:
    """Whether what the actor says of the lecturer's time holds without somebody agreeing."""
    return permissions.may(actor, "timetable.edit", Target(provider_id=lecturer.provider_id))


@use_case
def set_limits(actor: Actor, lecturer_id: int, limits: Limits, lock: int) -> Lecturer:
    """How much the lecturer teaches at most. Classes that are planned already stay."""
    lecturer = own_lecturer(actor, lecturer_id)
    if not decides(actor, lecturer):
        raise Forbidden("timetable.edit")
    after = {"post": limits.post, "pairs_a_day": limits.pairs_a_day, "pairs_a_week": limits.pairs_a_week,
             "hours_a_year": limits.hours_a_year}  # fmt: skip
    before = {name: getattr(lecturer, name) for name in after}
    if lecturer.lock != lock:
        raise ChangedMeanwhile({name: (before[name], after[name]) for name in after})
    day, week = limits.pairs_a_day, limits.pairs_a_week
    if day is not None and week is not None and day > week:
        raise Refused(Refusal.of("day-above-week", field="pairs_a_day", day=day, week=week))
    if before != after:
        for name, value in after.items():
            setattr(lecturer, name, value)
        lecturer.lock += 1
        audit.record(actor, "lecturer.changed", lecturer, before=before, after=after)
    return lecturer


@use_case
def set_week(actor: Actor, lecturer_id: int, times: Iterable[WeekTime], lock: int) -> int:
    """What holds every week, in place of what held before; stretches that touch become one. How many wait for a yes.

    A lecturer's “can't” that the coordinator agreed to before stays agreed; a new one waits.
    """
    lecturer = own_lecturer(actor, lecturer_id)
    if lecturer.lock != lock:
        raise Refused(Refusal.of("time-changed-meanwhile"))
    before = db.session.scalars(
        select(Availability)
        .where(Availability.lecturer_id == lecturer_id, Availability.weekday.is_not(None))
        .order_by(Availability.id)
    ).all()
    agreed = [row for row in before if row.standing is Standing.AGREED]
    for row in before:
        db.session.delete(row)
    by_standing: dict[Standing, list[WeekTime]] = {}
    for each in times:
        by_standing.setdefault(_standing(actor, lecturer, each, agreed), []).append(each)
    rows = [
        Availability(
            lecturer_id=lecturer_id, stance=each.stance, standing=standing, weekday=each.weekday,
            from_minute=each.from_minute, to_minute=each.to_minute,
        )
        for standing, said in sorted(by_standing.items())
        for each in joined(said)
    ]  # fmt: skip
    db.session.add_all(rows)
    was, now = [_shown(row) for row in before], [_shown(row) for row in rows]
    if was != now:
        lecturer.lock += 1
        audit.record(actor, "lecturer.week_changed", lecturer, before={"week": was}, after={"week": now})
    return sum(row.standing is Standing.PROPOSED for row in rows)


@use_case
def add_days(actor: Actor, lecturer_id: int, days: Days) -> Availability:
    """Say something of certain days: away, ill, or gladly there."""
    lecturer = own_lecturer(actor, lecturer_id)
    if days.last_on < days.first_on:
        raise Refused(Refusal.of("days-end-before-they-begin", field="last_on"))
    waits = days.stance is Stance.UNAVAILABLE and not decides(actor, lecturer)
    row = Availability(
        lecturer_id=lecturer_id, stance=days.stance, first_on=days.first_on, last_on=days.last_on, note=days.note,
        from_minute=days.from_minute, to_minute=days.to_minute,
        standing=Standing.PROPOSED if waits else Standing.AGREED,
    )  # fmt: skip
    db.session.add(row)
    audit.record(actor, "lecturer.days_added", lecturer, after=_shown(row))
    return row


@use_case
def take_back(actor: Actor, availability_id: int) -> int:
    """Take back what was said of a time; the lecturer's number."""
    row, lecturer = _own(actor, availability_id)
    audit.record(actor, "lecturer.time_taken_back", lecturer, before=_shown(row))
    db.session.delete(row)
    return lecturer.id


@use_case
def answer(actor: Actor, availability_id: int, agree: bool) -> int:
    """Agree that a lecturer can't come then, or decline; they are told. The lecturer's number."""
    row, lecturer = _own(actor, availability_id)
    if not decides(actor, lecturer):
        raise Forbidden("timetable.edit")
    if row.standing is not Standing.PROPOSED:
        return lecturer.id
    row.standing = Standing.AGREED if agree else Standing.DECLINED
    audit.record(
        actor, "lecturer.time_agreed" if agree else "lecturer.time_declined", lecturer, after=_shown(row)
    )
    kind = "timetable.free_time_agreed" if agree else "timetable.free_time_declined"
    provider = people.organisation_names([lecturer.provider_id]).get(lecturer.provider_id, {})
    messages.later(
        lecturer.person_id, kind, {"provider": provider}, about=("lecturer", lecturer.id),
        key=f"{kind}:{availability_id}",
    )  # fmt: skip
    return lecturer.id


def joined(times: Iterable[WeekTime]) -> list[WeekTime]:
    """The same times in order, stretches of one stance that touch or overlap made one."""
    found: list[WeekTime] = []
    for each in sorted(times, key=lambda one: (one.weekday, one.stance, one.from_minute)):
        last = found[-1] if found else None
        if (
            last
            and (last.weekday, last.stance) == (each.weekday, each.stance)
            and each.from_minute <= last.to_minute
        ):
            end = max(last.to_minute, each.to_minute)
            found[-1] = WeekTime(last.weekday, last.from_minute, end, last.stance)
        else:
            found.append(each)
    return found


def _own(actor: Actor, availability_id: int) -> tuple[Availability, Lecturer]:
    row = db.session.get(Availability, availability_id)
    if row is None:
        raise NotThere(availability_id)
    return row, own_lecturer(actor, row.lecturer_id)


def _standing(actor: Actor, lecturer: Lecturer, time: WeekTime, agreed: list[Availability]) -> Standing:
    """Asked of each stretch by itself, before they are joined: a new one must not unsettle what was agreed to."""
    if time.stance is not Stance.UNAVAILABLE or decides(actor, lecturer):
        return Standing.AGREED
    was_agreed = any(
        row.stance is Stance.UNAVAILABLE and row.weekday == time.weekday
        and row.from_minute <= time.from_minute and time.to_minute <= row.to_minute
        for row in agreed
    )  # fmt: skip
    return Standing.AGREED if was_agreed else Standing.PROPOSED


def _shown(row: Availability) -> dict[str, object]:
    shown = {
        "stance": row.stance.value, "standing": row.standing.value, "weekday": row.weekday, "first_on": row.first_on,
        "last_on": row.last_on, "from": row.from_minute, "to": row.to_minute,
    }  # fmt: skip
    return {name: value for name, value in shown.items() if value is not None}
