"""The only writer of annual plans: adding, moving and removing lines, last year's as a copy, nominating from them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import select

from retrain import audit, clock
from retrain.audit import Actor
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Course
from retrain.catalogue.states import CourseState
from retrain.database.use_case import use_case
from retrain.enrolment import reading_people
from retrain.enrolment import service as enrolment
from retrain.enrolment.models import Enrolment
from retrain.enrolment.service import Outcome
from retrain.enrolment.states import LIVING
from retrain.extensions import db
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.permissions import Target
from retrain.planning import queries, rules
from retrain.planning.models import PlanItem
from retrain.planning.outcomes import Answer, Changed, Copied, Planned
from retrain.planning.states import Fact
from retrain.refusal import NotThere, Refusal, Refused

NOTE = 300
"""The longest note of a line."""


def _college(actor: Actor) -> int:
    if actor.organisation_id is None:
        raise NotThere
    permissions.require(actor, "plan.edit", Target(college_id=actor.organisation_id))
    return actor.organisation_id


def _today(college_id: int) -> date:
    return clock.today(people.zone_of(college_id))


@use_case
def add(
    actor: Actor, teacher_ids: Sequence[int], course_id: int, year: int, month: int, note: str = ""
) -> list[Planned]:
    """Put the college's teachers into its plan: one answer a person, in the order of *teacher_ids*."""
    college_id = _college(actor)
    found = {each.id: each for each in reading_people.teachers_at_desk(teacher_ids, lock=True)}
    why = rules.line_refusals(year, month, _today(college_id)) + _refusals(course_id, note)
    if not found:
        why.append(Refusal.of("plan-nobody", field="teachers"))
    if why:
        raise Refused(why)
    there = _there(found, year)
    answers, made = [], []
    for number in dict.fromkeys(teacher_ids):
        teacher = found.get(number)
        if teacher is None or teacher.college_id != college_id:
            # No name: another college's people are none of this one's business.
            answers.append(Planned(number, "", (Refusal.of("not-of-your-college"),)))
        elif (known := there.get((number, course_id))) is None:
            made.append(_line(actor, college_id, number, course_id, year, month, note.strip()))
            answers.append(Planned(number, teacher.name))
        elif known.organisation_id == college_id or known.enrolment_id is not None:
            answers.append(Planned(number, teacher.name, (Refusal.of("plan-there", year=year),)))
        else:
            _take_over(actor, known, college_id, month)
            answers.append(Planned(number, teacher.name))
    _record_added(actor, made)
    return answers


def _refusals(course_id: int, note: str) -> list[Refusal]:
    found = []
    course = db.session.get(Course, course_id)
    if course is None or course.state is not CourseState.PUBLISHED:
        found.append(Refusal.of("plan-no-course", field="course"))
    if len(note.strip()) > NOTE:
        found.append(Refusal.of("plan-note-long", field="note", most=NOTE))
    return found


def _there(teacher_ids: Collection[int], year: int) -> dict[tuple[int, int], PlanItem]:
    """(teacher id, course id) → the line of a year; one of a past college's is among them."""
    found = select(PlanItem).where(PlanItem.teacher_id.in_(teacher_ids), PlanItem.year == year)
    return {(line.teacher_id, line.course_id): line for line in db.session.scalars(found)}


def _take_over(actor: Actor, line: PlanItem, college_id: int, month: int) -> None:
    """Whoever changed college is planned by the new one; the old one did not come to send them."""
    before = {"organisation": line.organisation_id, "month": line.month}
    line.organisation_id, line.month = college_id, month
    after = {"organisation": college_id, "month": month}
    audit.record(actor, "plan_item.taken_over", line, before=before, after=after)


def _line(
    actor: Actor, college_id: int, teacher_id: int, course_id: int, year: int, month: int, note: str
) -> PlanItem:
    line = PlanItem(
        organisation_id=college_id, teacher_id=teacher_id, course_id=course_id, year=year, month=month,
        note=note, created_at=clock.now(), created_by_id=actor.person_id,
    )  # fmt: skip
    db.session.add(line)
    return line


def _record_added(actor: Actor, made: Sequence[PlanItem], source: str | None = None) -> None:
    db.session.flush()
    for line in made:
        after = {
            "teacher": line.teacher_id, "course": line.course_id, "year": line.year, "month": line.month,
        }  # fmt: skip
        audit.record(actor, "plan_item.added", line, after=after, why=source)


def _lines(college_id: int, line_ids: Collection[int]) -> dict[int, PlanItem]:
    """The chosen lines, locked; another college's are not there."""
    wanted = select(PlanItem).where(PlanItem.id.in_(line_ids), PlanItem.organisation_id == college_id)
    found = {line.id: line for line in db.session.scalars(wanted.order_by(PlanItem.id).with_for_update())}
    if not found:
        raise Refused(Refusal.of("plan-no-lines"))
    if found.keys() != set(line_ids):
        raise NotThere
    return found


def _changeable(college_id: int, line_ids: Collection[int]) -> tuple[list[PlanItem], int]:
    """The lines by which nobody is on a run or on the way to one, and how many others there are."""
    found, today = _lines(college_id, line_ids), _today(college_id)
    led = {
        line.id
        for year in {line.year for line in found.values()}
        for line in queries.lines(college_id, year, today, found)
        if line.trip is not None and line.fact not in (Fact.PLANNED, Fact.MISSED)
    }
    return [line for number, line in found.items() if number not in led], len(led)


@use_case
def move(actor: Actor, line_ids: Sequence[int], month: int) -> Changed:
    """The lines are for another month of their year; those by which somebody goes already stay where they are."""
    college_id = _college(actor)
    lines, kept = _changeable(college_id, line_ids)
    if why := [
        refusal
        for year in sorted({line.year for line in lines})
        for refusal in rules.line_refusals(year, month, _today(college_id))
    ]:
        raise Refused(why)
    moved = [line for line in lines if line.month != month]
    for line in moved:
        audit.record(actor, "plan_item.moved", line, before={"month": line.month}, after={"month": month})
        line.month = month
    return Changed(len(moved), kept)


@use_case
def remove(actor: Actor, line_ids: Sequence[int]) -> Changed:
    """The lines are gone; those by which somebody goes stay, for the report is of what was planned."""
    lines, kept = _changeable(_college(actor), line_ids)
    for line in lines:
        before = {
            "teacher": line.teacher_id, "course": line.course_id, "year": line.year, "month": line.month,
        }  # fmt: skip
        audit.record(actor, "plan_item.removed", line, before=before)
        db.session.delete(line)
    return Changed(len(lines), kept)


@use_case
def copy(actor: Actor, year: int, *, only_missed: bool = False) -> Copied:
    """Last year's lines in the same months of *year*, for who still works at the college and what is still given.

    In the present year lines of months that have passed come into the present one.
    """
    college_id = _college(actor)
    today = _today(college_id)
    if why := rules.line_refusals(year, 12, today):
        raise Refused(why)
    lines = queries.lines(college_id, year - 1, today)
    if only_missed:
        lines = [line for line in lines if line.fact is Fact.MISSED]
    if not lines:
        raise Refused(Refusal.of("plan-nothing-to-copy", year=year - 1))
    at_desk = reading_people.teachers_at_desk({line.teacher_id for line in lines}, lock=True)
    ours = {each.id for each in at_desk if each.college_id == college_id and not each.account_closed}
    given = {offer.id for offer in queries.offered()}
    there = _there(ours, year)
    made, left = [], Counter[str]()
    for line in lines:
        if line.teacher_id not in ours:
            left["gone"] += 1
        elif line.course_id not in given:
            left["ended"] += 1
        elif (line.teacher_id, line.course_id) in there:
            left["there"] += 1
        else:
            month = max(line.month, today.month) if year == today.year else line.month
            made.append(_line(actor, college_id, line.teacher_id, line.course_id, year, month, line.note))
    _record_added(actor, made, f"copy of {year - 1}")
    return Copied(len(made), left["gone"], left["ended"], left["there"])


def nominate(
    actor: Actor, choices: Mapping[str, Sequence[int]], *, order_number: str = "",
    order_date: date | None = None, scan_id: int | None = None,
) -> list[Answer]:  # fmt: skip
    """Put people forward by the lines chosen for each run: an answer a line.

    Each run is a transaction of its own, so that one that has just closed hinders no other.
    """
    _college(actor)
    if not any(choices.values()):
        raise Refused(Refusal.of("plan-no-run"))
    found: list[Answer] = []
    for run_code, line_ids in choices.items():
        if not line_ids:
            continue
        try:
            found += _nominate(actor, run_code, line_ids, order_number, order_date, scan_id)
        except Refused as refused:
            found += _all_refused(actor, run_code, line_ids, tuple(refused.why))
    return found


def _all_refused(
    actor: Actor, run_code: str, line_ids: Sequence[int], why: tuple[Refusal, ...]
) -> list[Answer]:
    """The run itself takes nobody: each line says so."""
    wanted = select(PlanItem.id, PlanItem.teacher_id).where(
        PlanItem.id.in_(line_ids), PlanItem.organisation_id == _college(actor)
    )
    teachers = dict(db.session.execute(wanted).tuples().all())
    names = {each.id: each.name for each in reading_people.teachers_at_desk(teachers.values())}
    return [
        Answer(line, run_code, Outcome(number, names.get(number, ""), refusals=why))
        for line, number in teachers.items()
    ]


@use_case
def _nominate(
    actor: Actor, run_code: str, line_ids: Sequence[int], order_number: str, order_date: date | None,
    scan_id: int | None,
) -> list[Answer]:  # fmt: skip
    college_id = _college(actor)
    run = catalogue.run(run_code)
    wanted = select(PlanItem).where(PlanItem.id.in_(line_ids), PlanItem.organisation_id == college_id)
    lines = {line.id: line for line in db.session.scalars(wanted)}
    if lines.keys() != set(line_ids) or any(
        line.course_id != run.version.course_id for line in lines.values()
    ):
        raise NotThere
    teacher_ids = [lines[number].teacher_id for number in line_ids]
    outcomes = enrolment.nominate(
        actor, run_code, teacher_ids, order_number=order_number, order_date=order_date, scan_id=scan_id
    )
    _link(actor, list(lines.values()), run.id, run_code)
    answers = {each.teacher_id: each for each in outcomes}
    return [Answer(number, run_code, answers[lines[number].teacher_id]) for number in line_ids]


def _link(actor: Actor, lines: Sequence[PlanItem], run_id: int, run_code: str) -> None:
    """Each line knows the enrolment it led to; who was on the run already is on it all the same."""
    living = select(Enrolment.teacher_id, Enrolment.id).where(
        Enrolment.run_id == run_id,
        Enrolment.teacher_id.in_([line.teacher_id for line in lines]),
        Enrolment.state.in_(LIVING),
    )
    enrolled = dict(db.session.execute(living).tuples().all())
    for line in lines:
        number = enrolled.get(line.teacher_id)
        if number is not None and number != line.enrolment_id:
            before = {"enrolment": line.enrolment_id} if line.enrolment_id else None
            audit.record(
                actor,
                "plan_item.nominated",
                line,
                before=before,
                after={"enrolment": number, "run": run_code},
            )
            line.enrolment_id = number
