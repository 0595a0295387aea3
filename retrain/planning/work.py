"""What planning adds to menus and first pages: a college's own page and plan, a teacher's due date and fitting runs."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain import clock
from retrain.audit import Actor
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.permissions import Scope
from retrain.planning import college, first_page, queries
from retrain.planning.states import Fact, Standing
from retrain.web.language import readers_today
from retrain.web.work import MenuItem, Panel, WorkItem


def menu(actor: Actor) -> list[MenuItem]:
    """The college's page and its plan; plan and fact for who answers for a region or the country."""
    if permissions.scope(actor, "plan.edit"):
        return [
            MenuItem(_("My college"), "planning.college_page", 10),
            MenuItem(_("Annual plan"), "planning.plan", 25),
        ]
    if permissions.scope(actor, "plan.see"):
        return [MenuItem(_("Plan and fact"), "planning.report", 17)]
    return []


def waiting(actor: Actor) -> list[WorkItem]:
    """Who of a college is due and provided for nowhere; lines whose month has come and nobody was put forward."""
    if permissions.scope(actor, "plan.edit") is not Scope.COLLEGE or actor.organisation_id is None:
        return []
    today = readers_today()
    found = []
    counts = college.counts(college.members(actor.organisation_id, today))
    if missing := counts.standing[Standing.MISSING]:
        words = ngettext(
            "%(num)s teacher is due, and neither on a run nor in the plan",
            "%(num)s teachers are due, and neither on a run nor in the plan", missing,
        )  # fmt: skip
        url = url_for("planning.college_page", standing=Standing.MISSING)
        found.append(WorkItem(words, url, missing, "problem", 30))
    lines = queries.tallies(today.year, today, college_id=actor.organisation_id)
    if idle := sum(each.number for each in lines if each.fact is Fact.PLANNED and each.month == today.month):
        words = ngettext(
            "%(num)s line of this month's plan is not nominated yet",
            "%(num)s lines of this month's plan are not nominated yet", idle,
        )  # fmt: skip
        url = url_for("planning.plan", year=today.year, month=today.month, fact=Fact.PLANNED)
        found.append(WorkItem(words, url, idle, order=35))
    return found


def home_panels(actor: Actor) -> list[Panel]:
    """What a teacher wants to know first: what is due, and what fits."""
    if not permissions.scope(actor, "enrolment.mine") or actor.person_id is None:
        return []
    teacher = people.teacher_of(actor.person_id)
    return first_page.panels(teacher, clock.now(), readers_today()) if teacher else []
