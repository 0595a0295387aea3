"""The blueprint that the pages of orders and papers hang on, and what several of them need."""

from typing import Any

from flask import Blueprint, request

from retrain.catalogue.models import Run
from retrain.enrolment import door
from retrain.enrolment.door import target_of
from retrain.language import CODES
from retrain.orders import wording
from retrain.people import permissions
from retrain.people.acting import current_actor
from retrain.web.language import current_language

bp = Blueprint("orders", __name__)


def shared(run: Run) -> dict[str, Any]:
    """What every page of a run's orders shows."""
    may_order = permissions.may(current_actor(), "orders.write", target_of(run))
    return door.shared(run) | {"wording": wording, "may_order": may_order}


def language_asked() -> str:
    """The language a document is wanted in: the address says it, else it is the reader's."""
    asked = request.args.get("in", current_language())
    return asked if asked in CODES else "uz"
