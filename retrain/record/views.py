"""A teacher's own record: hours by year, documents, and by when the next training is due."""

from typing import Any

from flask import Blueprint, render_template

from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.permissions import Target
from retrain.record import queries, wording
from retrain.refusal import NotThere
from retrain.web.language import readers_today

bp = Blueprint("record", __name__)


@bp.get("/mine/record")
@allow("record.see")
def mine() -> Any:
    """What I have to show, and what is due."""
    actor = current_actor()
    teacher = people.teacher_of(actor.person_id) if actor.person_id else None
    if teacher is None:
        raise NotThere
    permissions.require(actor, "record.see", Target(person_id=teacher.person_id))
    earned, due, today = queries.credits_of(teacher.id), queries.next_due(teacher.id), readers_today()
    return render_template(
        "record/mine.html",
        years=queries.by_year(earned),
        total=sum(credit.hours for credit in earned),
        qualifications=queries.qualifications(teacher.id),
        due=due,
        overdue=due.is_overdue(today),
        soon=due.is_soon(today),
        kinds=wording.KINDS,
    )
