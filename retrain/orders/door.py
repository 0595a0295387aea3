"""The blueprint that the pages of orders and papers hang on, and what several of them need."""

from typing import Any

from flask import Blueprint

from retrain.catalogue.models import Run
from retrain.enrolment import door
from retrain.enrolment.door import target_of
from retrain.orders import wording
from retrain.people import permissions
from retrain.people.acting import current_actor

bp = Blueprint("orders", __name__)


def shared(run: Run) -> dict[str, Any]:
    """What every page of a run's orders shows."""
    may_order = permissions.may(current_actor(), "orders.write", target_of(run))
    return door.shared(run) | {"wording": wording, "may_order": may_order}
