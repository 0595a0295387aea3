"""A day held on another, and classes shifted with their runs, for one run or for the whole provider: seen before bound."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import ngettext

from retrain.calendar.weeks import monday_of
from retrain.catalogue.models import Run
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.permissions import Target
from retrain.timetable import arranging, shifting, showing
from retrain.timetable.door import bp
from retrain.timetable.grid_pages import managed
from retrain.timetable.shifting import Preview, Whose
from retrain.web.requests import day_of
from retrain.web.words import say

SHOWN = 30
"""Clashes that the page lists; of more it says how many."""


@bp.route("/manage/runs/<code>/timetable/shift", methods=["GET", "POST"])
@allow("timetable.edit")
def shift(code: str) -> Any:
    """A day's classes on another day, or the run shifted: what would clash and whom it touches comes first."""
    run = managed(code)
    return _page(Whose(run.provider_id, code), run)


@bp.route("/manage/timetable/shift", methods=["GET", "POST"])
@allow("timetable.edit")
def shift_all() -> Any:
    """The same for every run of the provider that is under way: a working Saturday, a term that begins later."""
    provider_id = current_actor().organisation_id or 0
    permissions.require(current_actor(), "timetable.edit", Target(provider_id=provider_id))
    return _page(Whose(provider_id), None)


def _page(whose: Whose, run: Run | None) -> Any:
    since, on = day_of(request.values.get("since")), day_of(request.values.get("on"))
    with_dates = request.values.get("what") == "run"
    address = url_for(".shift", code=run.code) if run else url_for(".shift_all")
    preview = None
    if since and on:
        if request.method == "POST":
            return _bind(whose, since, on, with_dates=with_dates, address=address)
        preview = (
            shifting.preview_shift(whose, since, (on - since).days)
            if with_dates
            else shifting.preview_day(whose, since, on)
        )
    troubles = (
        arranging.named(preview.troubles, alone=preview.classes == 1) if preview and preview.troubles else []
    )
    return render_template(
        "timetable/shift.html", run=run, address=address, since=since, on=on, with_dates=with_dates,
        preview=preview, troubles=[say(why) for why in troubles[:SHOWN]], more=max(0, len(troubles) - SHOWN),
        touched=_touched(preview), runs=_runs(preview),
    )  # fmt: skip


def _bind(whose: Whose, since: date, on: date, *, with_dates: bool, address: str) -> Any:
    if shifting.count(whose, since, with_dates=with_dates) > shifting.MANY:
        job = shifting.want(current_actor(), whose, since, on, with_dates=with_dates)
        return redirect(url_for("jobs.show", job_id=job.id), 303)
    if with_dates:
        change = shifting.shift(current_actor(), whose, since, (on - since).days)
    else:
        change = shifting.run_day(current_actor(), whose, since, on)
    flash(ngettext("%(num)s class was moved.", "%(num)s classes were moved.", len(change.classes)), "done")
    if whose.run_code:
        return redirect(url_for(".week", code=whose.run_code, week=monday_of(on)), 303)
    return redirect(address, 303)


def _touched(preview: Preview | None) -> str:
    if preview is None:
        return ""
    return showing.touched_words(preview.touched, people.display_names(preview.touched.lecturers))


def _runs(preview: Preview | None) -> list[dict[str, Any]]:
    return [
        {"code": run.code, "classes": classes, "was": (run.starts_on, run.ends_on), "now": after}
        for run, classes, after in (preview.runs if preview else [])
    ]
