"""What the record adds to a teacher's menu; what is due stands on their first page (``planning.first_page``)."""

from flask_babel import gettext as _

from retrain.audit import Actor
from retrain.web.work import MenuItem


def menu(actor: Actor) -> list[MenuItem]:
    """My record, for teachers."""
    return [MenuItem(_("My record"), "record.mine", 40)] if actor.role == "teacher" else []
