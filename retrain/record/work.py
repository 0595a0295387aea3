"""What the record adds to a teacher's menu and first page."""

from flask import url_for
from flask_babel import gettext as _

from retrain.audit import Actor
from retrain.people import queries as people
from retrain.record import queries
from retrain.web.language import readers_today, shown_date
from retrain.web.work import MenuItem, WorkItem


def menu(actor: Actor) -> list[MenuItem]:
    """My record, for teachers."""
    return [MenuItem(_("My record"), "record.mine", 40)] if actor.role == "teacher" else []


def waiting(actor: Actor) -> list[WorkItem]:
    """The next training, when it is due soon or was due already."""
    teacher = people.teacher_of(actor.person_id) if actor.role == "teacher" and actor.person_id else None
    if teacher is None:
        return []
    due, today = queries.next_due(teacher.id), readers_today()
    url = url_for("record.mine")
    if due.is_overdue(today):
        text = _("Your next training was due by %(day)s", day=shown_date(due.by))
        return [WorkItem(text, url, tone="problem", order=20)]
    if due.is_soon(today):
        return [WorkItem(_("Your next training is due by %(day)s", day=shown_date(due.by)), url, order=40)]
    return []
