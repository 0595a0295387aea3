"""What the record adds to menus, to a college's list of work and to a teacher's page."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain.audit import Actor
from retrain.people import permissions
from retrain.people.models import Teacher
from retrain.people.teachers import target_of
from retrain.record import external_queries
from retrain.web.work import MenuItem, Tab, WorkItem


def menu(actor: Actor) -> list[MenuItem]:
    """My record, for teachers; what is due stands on their first page (``planning.first_page``)."""
    return [MenuItem(_("My record"), "record.mine", 40)] if actor.role == "teacher" else []


def waiting(actor: Actor) -> list[WorkItem]:
    """Certificates from elsewhere that a college has to answer."""
    if permissions.scope(actor, "record.recognise") is None or not actor.organisation_id:
        return []
    count = external_queries.waiting_count(actor.organisation_id)
    if not count:
        return []
    words = ngettext(
        "%(num)s certificate from elsewhere waits for your answer",
        "%(num)s certificates from elsewhere wait for your answer",
        count,
    )
    return [WorkItem(words, url_for("record.to_recognise"), count, order=25)]


def teacher_links(teacher: Teacher, actor: Actor) -> list[Tab]:
    """The record, among what is done with a teacher."""
    if not permissions.may(actor, "record.see", target_of(teacher)):
        return []
    return [Tab(_("Record"), url_for("record.of_teacher", teacher_id=teacher.id), "record.of_teacher")]
