"""The blueprint that the pages of the record hang on, and whose record may be looked at."""

from flask import Blueprint

from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.acting import current_actor
from retrain.people.models import Teacher
from retrain.people.teachers import target_of
from retrain.refusal import NotThere

bp = Blueprint("record", __name__)


def teacher_for(teacher_id: int, action: str = "record.see") -> Teacher:
    """The teacher, for somebody who may do *action* with their record."""
    found = people.teacher(teacher_id)
    permissions.require(current_actor(), action, target_of(found))
    return found


def oneself() -> Teacher:
    """The teacher that the one who acts is; NotThere for whoever is none."""
    actor = current_actor()
    found = people.teacher_of(actor.person_id) if actor.person_id else None
    if found is None:
        raise NotThere
    return found
