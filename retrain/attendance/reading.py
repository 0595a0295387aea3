"""Reads marks from a posted register: fields ``mark-<enrolment>``, ``missed-<enrolment>``, ``reason-<enrolment>``."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from retrain.attendance.rules import Marked
from retrain.attendance.states import IN_PART, MarkKind
from retrain.calendar.hours import NotHours, parse_hours, to_minutes
from retrain.refusal import Refusal
from retrain.web.requests import whole

LONGEST_REASON = 300


def marks_typed(
    form: Mapping[str, str], hour: int, everyone: Sequence[int] | None = None
) -> tuple[list[Marked], list[Refusal]]:
    """The marks in *form*, and what can't be read in it. *everyone* is present whatever was typed before."""
    if everyone is not None:
        return [Marked(number, MarkKind.PRESENT) for number in everyone], []
    marks, problems = [], []
    for name, value in form.items():
        number = name.removeprefix("mark-")
        if number == name or not whole(number) or value not in list(MarkKind):
            continue
        kind = MarkKind(value)
        minutes = minutes_typed(form.get(f"missed-{number}", ""), hour) if kind in IN_PART else 0
        if minutes is None:
            problems.append(Refusal.of("late-hours-wrong", field=name))
            continue
        reason = form.get(f"reason-{number}", "").strip()[:LONGEST_REASON]
        marks.append(Marked(int(number), kind, minutes, reason))
    return marks, problems


def minutes_typed(text: str, hour: int) -> int | None:
    """Academic hours as typed, with comma or point, in minutes; None when they can't be read."""
    try:
        hours = parse_hours(text)
    except NotHours:
        return None
    return to_minutes(hours, hour) if 0 < hours < 24 else None


def start_shown(form: Mapping[str, str]) -> datetime | None:
    """When the class was to begin by the page that was posted; None when it says nothing that can be read."""
    try:
        shown = datetime.fromisoformat(form.get("starts", ""))
    except ValueError:
        return None
    return shown if shown.tzinfo else None


def versions_seen(form: Mapping[str, str]) -> dict[int, int]:
    """enrolment → which version of the mark the page showed, from the fields ``base-<enrolment>``."""
    found = {}
    for name, value in form.items():
        number = name.removeprefix("base-")
        if number != name and whole(number):
            found[int(number)] = whole(value)
    return found
