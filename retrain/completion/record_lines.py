"""The runs of a teacher with their ends and results, for the record."""

from collections import defaultdict

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.completion.models import Assessment, Decision, Result
from retrain.completion.wording import grade
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import IN_GROUP, State
from retrain.enrolment.wording import STATES, TONES
from retrain.extensions import db
from retrain.people import permissions, settings
from retrain.people import queries as people
from retrain.people.permissions import Target
from retrain.record.parts import RunLine

TAKEN = IN_GROUP | {State.EXCLUDED}


def of_teacher(teacher_id: int, actor: Actor) -> list[RunLine]:
    """Every run the teacher has or had a place on; three questions, however many they are."""
    rows = db.session.execute(
        select(Enrolment, Run, Decision)
        .join(Run, Run.id == Enrolment.run_id)
        .outerjoin(Decision, Decision.enrolment_id == Enrolment.id)
        .options(joinedload(Run.version))
        .where(Enrolment.teacher_id == teacher_id, Enrolment.state.in_(TAKEN))
    ).tuples()
    found = rows.all()
    points = _points([row.id for row, _run, _decision in found])
    person_id = people.teacher(teacher_id).person_id
    return [
        _line(row, run, decision, points.get(row.id, []), _sees(actor, person_id, row))
        for row, run, decision in found
    ]


def _sees(actor: Actor, person_id: int, row: Enrolment) -> bool:
    """Whether the page of what was decided is open to who looks at the record."""
    target = Target(person_id=person_id, college_ids={row.organisation_id} if row.organisation_id else ())
    return permissions.may(actor, "outcome.see", target)


def _points(enrolment_ids: list[int]) -> dict[int, list[tuple[dict[str, str], int | None]]]:
    """enrolment → each assessment they have a result of, with the points that count."""
    best = (
        select(Result.enrolment_id, Result.assessment_id, func.max(Result.points).label("points"))
        .where(Result.enrolment_id.in_(enrolment_ids))
        .group_by(Result.enrolment_id, Result.assessment_id)
        .subquery()
    )
    rows = db.session.execute(
        select(best.c.enrolment_id, Assessment.titles, best.c.points)
        .join(Assessment, Assessment.id == best.c.assessment_id)
        .order_by(Assessment.id)
    )
    found: dict[int, list[tuple[dict[str, str], int | None]]] = defaultdict(list)
    for number, titles, points in rows.tuples():
        found[number].append((titles, points))
    return found


def _line(
    row: Enrolment,
    run: Run,
    decision: Decision | None,
    results: list[tuple[dict[str, str], int | None]],
    sees: bool,
) -> RunLine:
    kept = decision.facts if decision else {}
    mark, completed = kept.get("final_mark"), row.state is State.COMPLETED
    words = settings.get(run.provider_id, "grade_words", run.ends_on) if mark is not None else []
    return RunLine(
        code=run.code,
        titles=run.version.titles,
        provider_id=run.provider_id,
        starts_on=run.starts_on,
        ends_on=run.ends_on,
        ended=STATES[row.state],
        tone=TONES.get(row.state, "idle"),
        attempt=row.attempt,
        mark=mark,
        word=grade(words, mark),
        results=tuple(results),
        hours=kept.get("hours", run.hours) if completed else None,
        run_hours=run.hours,
        url=url_for("completion.outcome", enrolment_id=row.id) if sees and decision else "",
    )
