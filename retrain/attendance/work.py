"""What attendance adds to menus, waiting lists, tabs and the term board."""

from collections.abc import Sequence
from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain import clock
from retrain.attendance import queries
from retrain.attendance.states import CLOSED
from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.people import permissions
from retrain.people.permissions import Target
from retrain.timetable import queries as timetable
from retrain.web.work import Cell, MenuItem, Tab, WorkItem


def menu(actor: Actor) -> list[MenuItem]:
    """Teaching, for a lecturer."""
    return (
        [MenuItem(_("Teaching"), "attendance.teaching", 10)]
        if permissions.scope(actor, "teaching.see")
        else []
    )


def waiting(actor: Actor) -> list[WorkItem]:
    """Registers of the last month that the lecturer has not signed."""
    if not permissions.scope(actor, "teaching.see"):
        return []
    today = clock.today()
    meetings = timetable.week_of(actor.person_id or 0, (), today - timedelta(days=30), today)
    begun = queries.registers([row.id for row in meetings])
    closed = {number for number, sheet in begun.items() if sheet.state in CLOSED}
    found = []
    for row in meetings:
        if row.id in closed or row.starts_at > clock.now():
            continue
        tone = "waiting" if row.on_date == today else "problem"
        text = _("Register of %(run)s", run=row.run.code)
        found.append(WorkItem(text, url_for("attendance.register", session_id=row.id), tone=tone, order=10))
    return found


def run_tabs(run: Run, actor: Actor) -> list[Tab]:
    """Registers among the pages of a run."""
    if not permissions.may(
        actor, "register.see", Target(provider_id=run.provider_id, curator_id=run.curator_id)
    ):
        return []
    return [Tab(_("Registers"), url_for("attendance.registers", code=run.code), "attendance.registers", 50)]


def board(runs: Sequence[Run]) -> dict[str, dict[int, Cell]]:
    """Registers of each run that are not signed though the day is over."""
    numbers = [run.id for run in runs]
    lacking = queries.unsigned(numbers, clock.today() - timedelta(days=1))
    public = {run_id: published for run_id, (_planned, published) in timetable.coverage(numbers).items()}
    return {"registers": {run.id: _cell(run, lacking.get(run.id, 0), public.get(run.id, 0)) for run in runs}}


def _cell(run: Run, lacking: int, held: int) -> Cell:
    url = url_for("attendance.registers", code=run.code)
    if lacking:
        return Cell(
            "problem", ngettext("%(num)s register not signed", "%(num)s registers not signed", lacking), url
        )
    if held and run.starts_on <= clock.today():
        return Cell("done", _("all signed"), url)
    return Cell("none", _("not yet"), url)
