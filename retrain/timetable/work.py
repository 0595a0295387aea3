"""What the timetable adds to menus, first pages, tabs and the term board."""

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.catalogue.states import RunState
from retrain.enrolment.letters import Audience
from retrain.people import permissions, shown_names
from retrain.people import queries as people
from retrain.people.permissions import Scope, Target
from retrain.timetable import fallen, own, queries
from retrain.web.language import readers_today
from retrain.web.work import Cell, MenuItem, Panel, Tab, WorkItem


def menu(actor: Actor) -> list[MenuItem]:
    """My week for whoever has one; rooms for who makes timetables."""
    found = []
    if actor.role in ("teacher", "lecturer"):
        found.append(MenuItem(_("My week"), "timetable.mine", 20))
    if actor.role == "lecturer":
        found.append(MenuItem(_("My time"), "timetable.my_time", 25))
    if permissions.scope(actor, "timetable.edit"):
        found.append(MenuItem(_("Timetables by the machine"), "timetable.plan", 58))
        found.append(MenuItem(_("Rooms and lecturers"), "timetable.rooms", 60))
    if permissions.scope(actor, "timetable.print") is Scope.PROVIDER:
        found.append(MenuItem(_("Timetables to print"), "timetable.timetables", 86))
    if permissions.scope(actor, "load.see"):
        found.append(MenuItem(_("Load"), "timetable.lecturers_load", 87))
    return found


def waiting(actor: Actor) -> list[WorkItem]:
    """Classes on days off, for who makes the timetable: a holiday was declared after they were put in."""
    if permissions.scope(actor, "timetable.edit") is not Scope.PROVIDER or actor.organisation_id is None:
        return []
    count = sum(number for _day, number in fallen.days_off(actor.organisation_id))
    if not count:
        return []
    words = ngettext("%(num)s class falls on a day off.", "%(num)s classes fall on a day off.", count)
    return [WorkItem(words, url_for("timetable.days_off"), count, "problem", 15)]


def home_panels(actor: Actor) -> list[Panel]:
    """A teacher's classes of today, when there are any."""
    if not permissions.scope(actor, "enrolment.mine") or actor.person_id is None:
        return []
    today = readers_today()
    meetings = own.classes(own.of_person(actor.person_id), today, today)
    if not meetings:
        return []
    context = {
        "meetings": meetings,
        "names": shown_names.short([row.lecturer_id for row in meetings]),
        "zones": people.zones_of({row.run.provider_id for row in meetings}),
    }
    return [Panel("timetable/today_panel.html", context, 12)]


def run_tabs(run: Run, actor: Actor) -> list[Tab]:
    """The timetable among the pages of a run."""
    if not permissions.may(actor, "timetable.edit", Target(provider_id=run.provider_id)):
        return []
    return [
        Tab(_("Timetable"), url_for("timetable.week", code=run.code), "timetable.week", 40),
        Tab(_("Calendar"), url_for("timetable.run_calendar", code=run.code), "timetable.run_calendar", 41),
    ]


def audiences(run: Run, _actor: Actor) -> list[Audience]:
    """The run's lecturers, for a coordinator who writes to people."""
    return [Audience("lecturers", _("its lecturers"), lambda: queries.lecturers_of_run(run.id))]


def board(runs: Sequence[Run]) -> dict[str, dict[int, Cell]]:
    """How far each run's timetable is."""
    counts = queries.coverage([run.id for run in runs])
    return {"timetable": {run.id: _cell(run, *counts.get(run.id, (0, 0))) for run in runs}}


def _cell(run: Run, planned: int, published: int) -> Cell:
    url = url_for("timetable.week", code=run.code)
    if planned:
        words = ngettext("%(num)s class not shown yet", "%(num)s classes not shown yet", planned)
        return Cell("waiting", words, url)
    if published:
        return Cell("done", ngettext("%(num)s class", "%(num)s classes", published), url)
    soon = (run.starts_on - readers_today()).days < 14
    if run.state in (RunState.PUBLISHED, RunState.CONFIRMED, RunState.RUNNING) and soon:
        return Cell("problem", _("no timetable yet"), url)
    return Cell("none", _("not yet"), url)
