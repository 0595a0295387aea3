"""The blueprint that the pages of completion hang on, and what several of them need."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint

from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.completion import queries, sheets
from retrain.language import pick
from retrain.people import permissions, shown_names
from retrain.people.acting import current_actor
from retrain.web import work
from retrain.web.language import current_language

bp = Blueprint("completion", __name__)


def managed(code: str, action: str) -> Run:
    """The run, if the one who acts may do *action* with it; whoever examines there is among its lecturers."""
    run = catalogue.run(code)
    permissions.require(current_actor(), action, sheets.target(run, queries.assessments(run.id)))
    return run


def names_of(people: Iterable[queries.Named]) -> dict[int, str]:
    """enrolment → the name in the letters of the page."""
    kept = list(people)
    found = shown_names.of_teachers({each.teacher_id for each in kept})
    return {each.enrolment_id: found.get(each.teacher_id, each.name) for each in kept}


def shared(run: Run) -> dict[str, Any]:
    """What every page of a run's results and commissions shows."""
    return {
        "run": run,
        "title": pick(run.version.titles, current_language()),
        "tabs": work.gather("run_tabs", run, current_actor()),
    }
