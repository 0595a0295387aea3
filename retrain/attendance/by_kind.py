"""Hours that somebody did, by their kind: lectures, practicals, and those without a register. For completion."""

from collections import defaultdict

from retrain.attendance import evidence_hours, queries
from retrain.attendance.rules import HalfMark, marks_that_count, tally
from retrain.attendance.states import MarkKind
from retrain.calendar.hours import to_tenths
from retrain.catalogue.models import Run
from retrain.catalogue.states import HourKind
from retrain.timetable import halves
from retrain.timetable.states import Part

Done = dict[int, dict[str, float]]
"""enrolment → kind of hours → academic hours done."""


def hours_done(run: Run, hour: int, excused_counts: bool = True) -> Done:
    """What everybody of a run did of each kind of hours; an excuse counts as being there where the rules say so."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for number, kind, marks in _marks(run):
        hours = tally(marks)
        missed = hours.unexcused + (0 if excused_counts else hours.excused)
        found[number][kind.value] += hours.due - missed
    for number, kinds in evidence_hours.by_kind(run.id).items():
        for kind, minutes in kinds.items():
            found[number][kind.value] += minutes
    return {
        number: {kind: to_tenths(minutes, hour) for kind, minutes in kinds.items()}
        for number, kinds in found.items()
    }


def _marks(run: Run) -> list[tuple[int, HourKind, list[tuple[MarkKind, int, int]]]]:
    """(enrolment, kind of hours, marks that count), over signed registers."""
    rows = queries.signed_marks(run.id)
    split = any(row[4] is not Part.WHOLE for row in rows)
    half_of = halves.of_group(run) if split else {}
    held = queries.held_in_halves(run.id) if split else {}
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
