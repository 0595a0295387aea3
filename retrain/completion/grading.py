"""Assessments planned, points entered, statements closed, and what is corrected after that. Writes their tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from retrain import audit, clock
from retrain.audit import Actor
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.catalogue.states import RunState
from retrain.completion import grading_rules as rules
from retrain.completion import queries, sheets
from retrain.completion.grading_rules import FIRST, SECOND, Cell, Planned
from retrain.completion.models import Assessment, Result, ResultChange, Statement
from retrain.completion.sheets import Grid
from retrain.completion.states import AssessmentKind
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.language.keys import fold_key
from retrain.orders import lists, person_papers
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.states import RoleKind
from retrain.refusal import NotThere, Refusal, Refused

OPEN = (RunState.PUBLISHED, RunState.CONFIRMED, RunState.RUNNING)
"""States of a run in which results may still be entered and the run be closed."""


@dataclass(frozen=True)
class Clash:
    """A cell that somebody else changed while another was typing in it."""

    points: int | None
    by: str


def add_assessment(
    actor: Actor,
    run_code: str,
    titles: dict[str, str],
    kind: AssessmentKind,
    pass_mark: int,
    module_id: int | None = None,
) -> Assessment:
    """Something the people of the run will be given points for, once."""
    return plan_assessment(actor, run_code, titles, Planned(kind, pass_mark, module_id=module_id))


@use_case
def plan_assessment(
    actor: Actor, run_code: str, titles: Mapping[str, str], plan: Planned, assessment_id: int | None = None
) -> Assessment:
    """A new assessment of the run, or the one there is as it is planned now."""
    run = _office(actor, run_code)
    known = queries.assessments(run.id)
    row = next((each for each in known if each.id == assessment_id), None)
    if assessment_id is not None and row is None:
        raise NotThere
    if why := _planning_refusals(run, known, row, plan, titles):
        raise Refused(why)
    before = None if row is None else _told(row)
    if row is None:
        row = Assessment(run_id=run.id)
        db.session.add(row)
    row.titles, row.kind, row.pass_mark, row.weight = dict(titles), plan.kind, plan.pass_mark, plan.weight
    row.attempts, row.retake_by, row.module_id = plan.attempts, plan.retake_by, plan.module_id
    row.examiner_id, row.second_examiner_id = plan.examiner_id, plan.second_examiner_id
    db.session.flush()
    audit.record(
        actor,
        "assessment.added" if before is None else "assessment.changed",
        row,
        before=before,
        after=_told(row),
    )
    return row


def _planning_refusals(
    run: Run, known: list[Assessment], row: Assessment | None, plan: Planned, wanted: Mapping[str, str]
) -> list[Refusal]:
    modules = {module.id for module in catalogue.with_modules(run.course_version_id).modules}
    others = [each for each in known if each is not row]
    titles = {fold_key(title) for each in others for title in each.titles.values() if title}
    found = rules.planning_refusals(plan, modules, any(each.kind is AssessmentKind.FINAL for each in others))
    if any(fold_key(title) in titles for title in wanted.values() if title):
        found.append(Refusal.of("assessment-twice", field="title"))
    lecturers = {person.id for person in people.holders(run.provider_id, RoleKind.LECTURER)}
    for name in ("examiner_id", "second_examiner_id"):
        if getattr(plan, name) is not None and getattr(plan, name) not in lecturers:
            found.append(Refusal.of("examiner-unknown", field=name))
    if row is not None:
        two = row.second_examiner_id is not None
        entered = any(result.assessment_id == row.id for result in sheets.grid(run).attempts.values())
        if entered and two != (plan.second_examiner_id is not None):
            found.append(Refusal.of("examined-already", field="second_examiner_id"))
    return found


def _told(row: Assessment) -> dict[str, Any]:
    return {
        "kind": row.kind, "pass_mark": row.pass_mark, "weight": row.weight, "attempts": row.attempts,
        "retake_by": row.retake_by, "examiner": row.examiner_id, "second": row.second_examiner_id,
    }  # fmt: skip


@use_case
def enter_results(
    actor: Actor,
    run_code: str,
    points: Mapping[Any, int | None],
    seen: Mapping[Any, int | None] | None = None,
) -> int:
    """Write ``(assessment, enrolment) → points``, with the second examiner's under ``(…, …, 2)``; how many changed.

    None takes a result back. *seen* is what each cell was when it was typed over: a cell left as it was says
    nothing, and one that somebody else has changed since is refused with theirs. Raises Refused with each cell;
    then nothing is written.
    """
    run = open_run(actor, run_code)
    grid = sheets.grid(run, lock=True)
    now, typed = grid.now(), _cells(points)
    wanted, clashes = rules.changed(typed, _cells(seen or {}) if seen is not None else {}, now)
    allowed = {row.id: grid.sheet(row, actor) for row in grid.assessments}
    why = rules.refusals_of_entry(wanted, allowed, grid.members)
    why += rules.refusals_of_own(wanted, sheets.own(run.id, actor))
    why += [_clash(grid, cell, now.get(cell)) for cell in clashes]
    if why:
        raise Refused(why)
    for cell, value in wanted.items():
        _enter(actor, grid, cell, value, now.get(cell))
    return len(wanted)


def _cells(points: Mapping[Any, int | None]) -> dict[Cell, int | None]:
    return {(cell if len(cell) == 3 else (*cell, FIRST)): value for cell, value in points.items()}


def _clash(grid: Grid, cell: Cell, theirs: int | None) -> Refusal:
    result = grid.attempts.get((cell[0], cell[1], grid.attempt(grid.assessment(cell[0]))))
    by = people.display_names([result.entered_by_id]).get(result.entered_by_id or 0, "") if result else ""
    code = "result-changed-meanwhile" if theirs is not None else "result-taken-back-meanwhile"
    return Refusal.of(code, field=rules.field_of(cell), points=theirs, by=by)


def _enter(actor: Actor, grid: Grid, cell: Cell, value: int | None, before: int | None) -> None:
    """Write one cell of the open attempt."""
    assessment_id, enrolment_id, place = cell
    assessment = grid.assessment(assessment_id)
    key = (assessment_id, enrolment_id, grid.attempt(assessment))
    row = grid.attempts.get(key)
    if row is None:
        row = Result(assessment_id=assessment_id, enrolment_id=enrolment_id, attempt=key[2])
        grid.attempts[key] = row
        db.session.add(row)
    if assessment.second_examiner_id is None:
        row.points = value
    else:
        setattr(row, "second_points" if place == SECOND else "first_points", value)
        row.points = rules.mean(row.first_points, row.second_points)
    row.entered_by_id, row.entered_at = actor.person_id, clock.now()
    if (row.points, row.first_points, row.second_points) == (None, None, None):
        db.session.delete(row) if row.id else db.session.expunge(row)
        del grid.attempts[key]
    told = {"assessment": assessment_id, **({"examiner": place} if place == SECOND else {})}
    if key[2] > 1:
        told["attempt"] = key[2]
    audit.record(
        actor, "result.entered", ("enrolment", enrolment_id),
        before={**told, "points": before}, after={**told, "points": value},
    )  # fmt: skip


@use_case
def close_statement(actor: Actor, run_code: str, assessment_id: int, attempt: int) -> Statement:
    """The sheet of an attempt as it stands, for good: what comes after is a correction. Asked twice, closed once."""
    run = open_run(actor, run_code)
    grid = sheets.grid(run, lock=True)
    assessment = grid.assessment(assessment_id)
    for known in sheets.statements(assessment_id):
        if known.attempt == attempt:
            return known
    if not sheets.places_of(assessment, run, actor):
        raise Refused(Refusal.of("another-examiners"))
    if attempt != grid.attempt(assessment):
        raise NotThere
    return close_sheet(actor, grid, assessment)


Sitters = Mapping[int, Mapping[str, Any]]
"""enrolment → what a statement says of whoever sits, in the order of the group's list."""


def sitters(run: Run) -> Sitters:
    """Everybody of the group."""
    rows = person_papers.group_rows(run)
    known = lists.lines(run, rows)
    return {row.id: known[row.id] for row in rows}


def close_sheet(actor: Actor, grid: Grid, assessment: Assessment, group: Sitters | None = None) -> Statement:
    """The open attempt's statement, closed; Refused while it says nothing or one examiner is silent.

    *group* is given where several sheets of a run are closed at once.
    """
    attempt = grid.attempt(assessment)
    results = {
        number: result for (row, number, at), result in grid.attempts.items() if (row, at) == (assessment.id, attempt)
    }  # fmt: skip
    if not results:
        raise Refused(Refusal.of("statement-empty"))
    if silent := sum(result.points is None for result in results.values()):
        raise Refused(Refusal.of("examiner-silent", count=silent))
    sat = grid.sitting(assessment, attempt)
    known = sitters(grid.run) if group is None else group
    found = Statement(
        assessment_id=assessment.id, attempt=attempt, closed_by_id=actor.person_id, closed_at=clock.now(),
        lines=[{**said, **_line(results.get(number))} for number, said in known.items() if number in sat],
    )  # fmt: skip
    db.session.add(found)
    db.session.flush()
    grid.closed[assessment.id] = attempt
    audit.record(actor, "statement.closed", assessment, after={"attempt": attempt, "results": len(results)})
    return found


def _line(result: Result | None) -> dict[str, int | None]:
    if result is None:
        return {"points": None}
    return {"points": result.points, "first": result.first_points, "second": result.second_points}


@use_case
def correct_result(
    actor: Actor, run_code: str, assessment_id: int, enrolment_id: int, points: int | None, why: str
) -> ResultChange:
    """A result on a closed statement, put right with a reason; the old one stays beside it."""
    run = open_run(actor, run_code, "result.correct")
    grid = sheets.grid(run, lock=True)
    grid.assessment(assessment_id)
    if enrolment_id not in grid.members:
        raise NotThere
    closed = grid.closed.get(assessment_id, 0)
    sat = [at for row, number, at in grid.attempts if (row, number) == (assessment_id, enrolment_id)]
    attempt = max((at for at in sat if at <= closed), default=closed)
    row = grid.attempts.get((assessment_id, enrolment_id, attempt))
    was = row.points if row else None
    refused = rules.correction_refusals(points, was, why, bool(closed))
    refused += rules.refusals_of_own([(assessment_id, enrolment_id, FIRST)], sheets.own(run.id, actor))
    if refused:
        raise Refused(refused)
    return write_correction(actor, row, (assessment_id, enrolment_id, attempt), points or 0, why)


def write_correction(
    actor: Actor, row: Result | None, of: tuple[int, int, int], points: int, why: str
) -> ResultChange:
    """The new points, and what they were; for whoever has found that it may be."""
    assessment_id, enrolment_id, attempt = of
    change = ResultChange(
        assessment_id=assessment_id, enrolment_id=enrolment_id, attempt=attempt, was=row.points if row else None,
        became=points, why=why.strip(), changed_by_id=actor.person_id, changed_at=clock.now(),
    )  # fmt: skip
    db.session.add(change)
    if row is None:
        row = Result(assessment_id=assessment_id, enrolment_id=enrolment_id, attempt=attempt)
        db.session.add(row)
    row.points, row.entered_by_id, row.entered_at = points, actor.person_id, clock.now()
    audit.record(
        actor, "result.corrected", ("enrolment", enrolment_id), why=why.strip(),
        before={"assessment": assessment_id, "points": change.was},
        after={"assessment": assessment_id, "points": points},
    )  # fmt: skip
    return change


def _office(actor: Actor, run_code: str) -> Run:
    """A run whose assessments are planned: by its office, not by an examiner."""
    return open_run(actor, run_code, "result.plan")


def open_run(actor: Actor, run_code: str, action: str = "result.enter") -> Run:
    """A run whose results may be entered, by whoever may: examiners and the commission's secretary as well.

    It waits for who closes it: a result that came after would lack in the decisions.
    """
    run = catalogue.run(run_code, for_update=True)
    permissions.require(actor, action, sheets.target(run, queries.assessments(run.id)))
    if run.state not in OPEN:
        raise Refused(Refusal.of("run-not-open"))
    return run
