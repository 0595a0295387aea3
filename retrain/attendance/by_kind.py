"""Hours that somebody did, by their kind: lectures, practicals, and those without a register. For completion."""

from collections import defaultdict
from collections.abc import Mapping
from functools import partial

from retrain.attendance import queries
from retrain.attendance.evidence import evidence_hours
from retrain.attendance.moved import brought_along
from retrain.attendance.rules import HalfMark, marks_that_count, tally
from retrain.attendance.states import MarkKind
from retrain.calendar.hours import to_tenths
from retrain.catalogue.models import Run
from retrain.catalogue.states import HourKind
from retrain.extensions import db
from retrain.timetable import halves
from retrain.timetable.states import Part

Done = dict[int, dict[str, float]]
"""enrolment → kind of hours → academic hours done."""


def hours_done(run: Run, hour: int, excused_counts: bool = True) -> Done:
    """What everybody of a run did of each kind of hours; an excuse counts as being there where the rules say so.

    Who came from another group of the same course brings along what they did there.
    """
    found = _in_class(run.id, excused_counts)
    _add(found, evidence_hours.by_kind(run.id))
    return {
        number: {kind.value: to_tenths(minutes, hour) for kind, minutes in kinds.items()}
        for number, kinds in found.items()
    }


def _in_class(run_id: int, excused_counts: bool) -> dict[int, dict[HourKind, int]]:
    """enrolment → kind of hours → minutes in classes, those before a change of groups as well."""
    found: dict[int, dict[HourKind, int]] = defaultdict(lambda: defaultdict(int))
    for number, kind, marks in _marks(run_id):
        hours = tally(marks)
        missed = hours.unexcused + (0 if excused_counts else hours.excused)
        found[number][kind] += hours.due - missed
    _add(found, brought_along(run_id, partial(_in_class, excused_counts=excused_counts)))
    return found


def _add(to: dict[int, dict[HourKind, int]], more: Mapping[int, dict[HourKind, int]]) -> None:
    for number, kinds in more.items():
        for kind, minutes in kinds.items():
            to[number][kind] += minutes


def _marks(run_id: int) -> list[tuple[int, HourKind, list[tuple[MarkKind, int, int]]]]:
    """(enrolment, kind of hours, marks that count), over signed registers."""
    rows = queries.signed_marks(run_id)
    split = any(row[4] is not Part.WHOLE for row in rows)
    half_of = halves.of_group(db.session.get_one(Run, run_id)) if split else {}
    held = queries.held_in_halves(run_id) if split else {}
    by_person: dict[tuple[int, HourKind], list[HalfMark]] = defaultdict(list)
    for number, mark, minutes, lost, part, module_id, kind in rows:
        own = not split or part in (Part.WHOLE, half_of.get(number))
        by_person[number, kind].append(HalfMark(mark, minutes, lost, (module_id, kind), own))
    return [
        (number, kind, marks_that_count(marks, _of_kind(held.get(half_of.get(number, Part.WHOLE)), kind)))
        for (number, kind), marks in by_person.items()
    ]


def _of_kind(held: dict[tuple[int | None, str], int] | None, kind: str) -> dict[tuple[int | None, str], int]:
    return {key: minutes for key, minutes in (held or {}).items() if key[1] == kind}
