"""What a form proposes before anyone has typed: policy, document, dates, names. All can be changed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from retrain.catalogue.states import CourseKind, DocumentType
from retrain.language.keys import search_key

HOURS_A_WEEK = 36  # domain 1.2: classes up to 36 hours a week
STUDY_DAYS = 6  # domain 1.2: six days of six hours
PLACES = 30
CLOSES_BEFORE = timedelta(days=3)

_MOST_ABSENCE = {  # domain 1.7
    CourseKind.ADVANCED_TRAINING: 18,
    CourseKind.RETRAINING: 36,
    CourseKind.EVENT: None,
}
_DOCUMENTS = {
    CourseKind.ADVANCED_TRAINING: DocumentType.ADVANCED_TRAINING_CERTIFICATE,
    CourseKind.RETRAINING: DocumentType.RETRAINING_DIPLOMA,
    CourseKind.EVENT: DocumentType.PARTICIPATION,
}
_HOURS = {CourseKind.ADVANCED_TRAINING: 144, CourseKind.RETRAINING: 576, CourseKind.EVENT: 8}  # domain 1.2


@dataclass(frozen=True)
class Dates:
    """When a run could be, and when people may enrol."""

    starts_on: date
    ends_on: date
    enrolment_opens: datetime
    enrolment_closes: datetime


def policy(kind: CourseKind) -> dict[str, Any]:
    """The completion policy that is usual for *kind*; a local habit, not a law: the form says to check it."""
    event = kind is CourseKind.EVENT
    return {
        "min_attendance_hours": None,
        "max_unexcused_hours": _MOST_ABSENCE[kind],
        "excused_counts": True,
        "pass_mark": 56,
        "final_required": not event,
        "grounds": [] if event else ["enrolment_order", "completion_order"],
    }


def document(kind: CourseKind) -> DocumentType:
    """The document that a course of *kind* ends with."""
    return _DOCUMENTS[kind]


def hours(kind: CourseKind) -> int:
    """The usual length of a course of *kind*."""
    return _HOURS[kind]


def next_monday(today: date) -> date:
    """The first Monday after *today*."""
    return today + timedelta(days=7 - today.weekday())


def last_day(starts_on: date, hours: int) -> date:
    """The day on which *hours* are given at the usual load, when classes begin on *starts_on*."""
    days = max(1, -(-hours * STUDY_DAYS // HOURS_A_WEEK))
    weeks, rest = divmod(days - 1, STUDY_DAYS)
    day = starts_on + timedelta(weeks=weeks, days=rest)
    crossed_sunday = rest > 0 and (day.weekday() == 6 or day.weekday() < starts_on.weekday())
    return day + timedelta(days=1) if crossed_sunday else day


def dates(hours: int, now: datetime, zone: ZoneInfo) -> Dates:
    """From next Monday as long as the hours take; enrolment from now until three days before.

    When three days before is already past, the Monday after is taken.
    """
    local = now.astimezone(zone)
    starts_on = next_monday(local.date())
    if _closing(starts_on, zone) <= now + timedelta(hours=1):
        starts_on += timedelta(weeks=1)
    opens = now.replace(second=0, microsecond=0)
    return Dates(starts_on, last_day(starts_on, hours), opens, _closing(starts_on, zone))


def shifted(start: date, end: date, opens: datetime, closes: datetime, to: date) -> Dates:
    """The dates of an earlier run moved so that it begins on *to*."""
    by = to - start
    return Dates(to, end + by, opens + by, closes + by)


def copy_start(start: date, end: date, today: date) -> date:
    """The first same weekday after *today* and after the earlier run's end: where a copy begins."""
    after = max(end, today)
    return after + timedelta(days=((start.weekday() - after.weekday() - 1) % 7) + 1)


def term(starts_on: date) -> str:
    """The half-year a run belongs to: ``2026-autumn`` from August, ``2027-spring`` from January."""
    return f"{starts_on.year}-{'autumn' if starts_on.month >= 8 else 'spring'}"


def course_code(title: str, taken: Iterable[str]) -> str:
    """A short code out of the title's words that nobody has yet: ``PVE``, then ``PVE-2``."""
    words = [word for word in re.findall(r"[a-z]+", search_key(title)) if len(word) > 3]
    letters = "".join(word[0] for word in words[:3]).upper()
    if len(words) < 2:
        letters = (words[0][:3].upper() if words else "") or "KURS"
    known = set(taken)
    number = 1
    while (code := letters if number == 1 else f"{letters}-{number}") in known:
        number += 1
    return code


def run_prefix(code_of_course: str) -> str:
    """What the codes of a course's runs begin with."""
    return code_of_course.split("-")[0]


def run_code(prefix: str, taken: Iterable[str]) -> str:
    """The next code after those *taken* under *prefix*: ``IT-014`` after ``IT-013``."""
    numbers = (code.removeprefix(f"{prefix}-") for code in taken)
    last = max((int(number) for number in numbers if number.isdecimal()), default=0)
    return f"{prefix}-{last + 1:03d}"


def group_name(code: str) -> str:
    """The name of the group of the run *code*: ``IT-14``."""
    prefix, _, number = code.rpartition("-")
    return f"{prefix}-{int(number)}" if number.isdecimal() else code


def _closing(starts_on: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(starts_on - CLOSES_BEFORE, time(23, 59), tzinfo=zone)
