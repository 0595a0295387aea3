"""What messages put on the first page and into the menu of the administrator."""

from flask import url_for
from flask_babel import gettext as _

from retrain.audit import Actor
from retrain.messages import queries
from retrain.messages.states import DeliveryState
from retrain.web.work import MenuItem, WorkItem


def menu(actor: Actor) -> list[MenuItem]:
    """The administrator reads the outbox."""
    return [MenuItem(_("Outbox"), "messages.outbox", 85)] if actor.role == "administrator" else []


def waiting(actor: Actor) -> list[WorkItem]:
    """Messages nobody could deliver."""
    if actor.role != "administrator":
        return []
    failed = queries.states().get(DeliveryState.FAILED, 0)
    address = url_for("messages.outbox", state=DeliveryState.FAILED)
    return [WorkItem(_("Messages could not be delivered"), address, failed, "problem")] if failed else []
