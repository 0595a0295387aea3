"""When results may be entered, retaken and corrected, and when a statement may be closed. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from retrain.completion.states import AssessmentKind
from retrain.refusal import Refusal

MOST_ATTEMPTS = 5
MOST_WEIGHT = 100
FIRST, SECOND = 1, 2
"""The examiners' places in a grid; an assessment with one examiner has only the first."""

Cell = tuple[int, int, int]
"""An assessment, an enrolment, an examiner's place."""


@dataclass(frozen=True)
class Planned:
    """What is typed of an assessment."""

    kind: AssessmentKind
    pass_mark: int
    weight: int = 1
    attempts: int = 1
    retake_by: date | None = None
    module_id: int | None = None
    examiner_id: int | None = None
    second_examiner_id: int | None = None


@dataclass(frozen=True)
class Sheet:
    """An assessment as its grid sees it: the attempt that is open, and who may still sit it (all when None)."""

    attempt: int
    is_open: bool
    two: bool
    sitting: Collection[int] | None
    mine: frozenset[int]
    """The examiners' places that the one who types may fill."""


def planning_refusals(plan: Planned, modules: Collection[int], other_final: bool) -> list[Refusal]:
    """Why an assessment can't be as it was typed."""
    found = []
    if plan.kind is AssessmentKind.FINAL and other_final:
        found.append(Refusal.of("final-exists"))
    if not 0 <= plan.pass_mark <= 100:
        found.append(Refusal.of("points-out-of-scale", field="pass_mark", points=plan.pass_mark))
    if not 1 <= plan.weight <= MOST_WEIGHT:
        found.append(Refusal.of("weight-range", field="weight", most=MOST_WEIGHT))
    if not 1 <= plan.attempts <= MOST_ATTEMPTS:
        found.append(Refusal.of("attempts-range", field="attempts", most=MOST_ATTEMPTS))
    if plan.module_id is not None and plan.module_id not in modules:
        found.append(Refusal.of("module-of-another-course", field="module_id"))
    if plan.second_examiner_id is not None:
        if plan.examiner_id is None:
            found.append(Refusal.of("first-examiner-missing", field="examiner_id"))
        elif plan.examiner_id == plan.second_examiner_id:
            found.append(Refusal.of("examiners-the-same", field="second_examiner_id"))
    return found


def field_of(cell: Cell) -> str:
    """The name of a cell's field in the grid."""
    assessment_id, enrolment_id, place = cell
    return f"points-{assessment_id}-{enrolment_id}" + (f"-{place}" if place == SECOND else "")


def refusals_of_entry(
    typed: Mapping[Cell, int | None], sheets: Mapping[int, Sheet], members: Collection[int]
) -> list[Refusal]:
    """Why cells can't be written, each said at its field."""
    found = []
    for cell, points in typed.items():
        assessment_id, enrolment_id, place = cell
        name, sheet = field_of(cell), sheets.get(assessment_id)
        if sheet is None or enrolment_id not in members or (place == SECOND and not sheet.two):
            found.append(Refusal.of("not-of-this-run", field=name))
            continue
        if points is not None and not 0 <= points <= 100:
            found.append(Refusal.of("points-out-of-scale", field=name, points=points))
        if not sheet.is_open:
            found.append(Refusal.of("statement-closed", field=name))
        elif sheet.sitting is not None and enrolment_id not in sheet.sitting:
            found.append(Refusal.of("no-retake-needed", field=name))
        elif place not in sheet.mine:
            found.append(Refusal.of("another-examiners", field=name))
    return found


def refusals_of_own(typed: Iterable[Cell], own: Collection[int]) -> list[Refusal]:
    """Why cells are not for whoever types: their own result is somebody else's to give."""
    return [Refusal.of("own-result", field=field_of(cell)) for cell in typed if cell[1] in own]


def changed(
    typed: Mapping[Cell, int | None], seen: Mapping[Cell, int | None], now: Mapping[Cell, int | None]
) -> tuple[dict[Cell, int | None], list[Cell]]:
    """The cells that whoever typed them meant to change, and those that somebody else changed meanwhile.

    A cell left as it was seen says nothing, whatever it has become since.
    """
    wanted, clashes = {}, []
    for cell, points in typed.items():
        was = seen.get(cell, now.get(cell))
        if points in (was, now.get(cell)):
            continue
        if now.get(cell) != was:
            clashes.append(cell)
        wanted[cell] = points
    return wanted, clashes


def mean(first: int | None, second: int | None) -> int | None:
    """What counts of two examiners' points: their mean, half a point going up; nothing until both are there."""
    if first is None or second is None:
        return None
    return (first + second + 1) // 2


def correction_refusals(points: int | None, was: int | None, why: str, closed: bool) -> list[Refusal]:
    """Why a result can't be corrected: that is for closed statements, and with a reason."""
    found = []
    if not closed:
        found.append(Refusal.of("statement-open", field="points"))
    if points is None or not 0 <= points <= 100:
        shown = "" if points is None else points
        found.append(Refusal.of("points-out-of-scale", field="points", points=shown))
    elif points == was:
        found.append(Refusal.of("correction-changes-nothing", field="points", points=points))
    if not why.strip():
        found.append(Refusal.of("correction-reason-missing", field="why"))
    return found


def may_sit_again(
    passed: Iterable[int], members: Iterable[int], attempt: int, plan: Planned, today: date
) -> set[int]:
    """Who may sit the attempt after *attempt* closed ones; nobody after the last attempt or the last day."""
    if attempt >= plan.attempts or (plan.retake_by is not None and today > plan.retake_by):
        return set()
    return set(members) - set(passed)
