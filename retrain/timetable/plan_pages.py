"""The coordinator's pages of timetables made by the machine: ask, watch, compare, publish."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from wtforms.fields.choices import SelectChoice

from retrain import clock
from retrain.calendar.weeks import monday_of
from retrain.extensions import db
from retrain.language import pick
from retrain.people import permissions, settings
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.permissions import Target
from retrain.people.wording import WEIGHTS
from retrain.timetable import (
    comparing,
    machine_wording,
    many,
    publishing,
    repair_pages,
    repairing,
    scenario_grid,
    solving,
    terms,
    why_not,
)
from retrain.timetable.door import bp
from retrain.timetable.models import Scenario, TimetableChange
from retrain.timetable.plan_forms import PlanForm
from retrain.timetable.states import BEING_MADE, ChangeState, ScenarioState
from retrain.timetable.terms import Ask
from retrain.timetable.wording import published
from retrain.web.forms import submit
from retrain.web.language import current_language
from retrain.web.requests import day_of, whole
from retrain.web.words import say

TERM = timedelta(weeks=16)


@bp.route("/timetable/plan", methods=["GET", "POST"])
@allow("timetable.edit")
def plan() -> Any:
    """Ask the machine for a term; the timetables it has made so far."""
    actor = current_actor()
    provider_id = actor.organisation_id or 0
    permissions.require(actor, "timetable.edit", Target(provider_id=provider_id))
    form = _plan_form(provider_id)
    made = submit(form, lambda: solving.want(actor, _ask(provider_id, form), form.seconds.data))
    if made is not None:
        return redirect(url_for(".scenario", scenario_id=made.id), 303)
    made_so_far = comparing.scenarios(provider_id)
    undone = _undone(made_so_far)
    return render_template(
        "timetable/plan.html",
        form=form,
        scenarios=[_row(each, undone) for each in made_so_far],
        weights=settings.get(provider_id, "timetable_weights"),
        runs=len(form.run_ids.choices),
    ), (form.status if form.is_submitted() else 200)


@bp.get("/timetable/scenarios/<int:scenario_id>")
@allow("timetable.edit")
def scenario(scenario_id: int) -> Any:
    """One timetable: how the search goes, or what came of it and what to do with it."""
    found = solving.own(current_actor(), scenario_id)
    failed = solving.failed(found)
    under_way = found.state in BEING_MADE and failed is None
    why = [say(why_not.restored(each)) for each in found.why_not]
    if found.outage:
        return render_template(
            "timetable/repair_made.html", row=_row(found, _undone([found])), under_way=under_way, why=why, failed=failed,
            **repair_pages.shown(found),
        )  # fmt: skip
    stale = publishing.is_stale(found) if found.state is ScenarioState.READY else ""
    return render_template(
        "timetable/scenario.html",
        row=_row(found, _undone([found])),
        under_way=under_way,
        failed=failed,
        stale=stale,
        picture=picture(found.curve),
        parts=[(words, found.cost.get(part, 0)) for part, words in WEIGHTS.items()],
        why=why,
        undone=bool(_undone([found])),
        runs=comparing.runs_of(found),
        others=[
            _row(each)
            for each in comparing.scenarios(found.provider_id)
            if each.id != found.id and each.cost and not each.outage
        ],
    )


@bp.get("/timetable/scenarios/<int:scenario_id>/compare")
@allow("timetable.edit")
def compare_scenario(scenario_id: int) -> Any:
    """A timetable beside the one there is, or beside another, in numbers and run by run."""
    actor = current_actor()
    found = solving.own(actor, scenario_id)
    if found.outage:
        return redirect(url_for(".scenario", scenario_id=scenario_id), 303)
    other_id = whole(request.args.get("other"))
    other = solving.own(actor, other_id) if other_id else None
    table = comparing.compare(found, other)
    return render_template(
        "timetable/compare.html",
        row=_row(found),
        other=_row(other) if other else None,
        table=table,
        parts=WEIGHTS,
        stale=publishing.is_stale(found) if found.state is ScenarioState.READY else "",
    )


@bp.get("/timetable/scenarios/<int:scenario_id>/runs/<code>")
@allow("timetable.edit")
def scenario_week(scenario_id: int, code: str) -> Any:
    """A week of one run as the timetable would have it, and as it is."""
    found = solving.own(current_actor(), scenario_id)
    run = next(iter(each for each in comparing.runs_of(found) if each.code == code), None)
    if run is None:
        return redirect(url_for(".scenario", scenario_id=scenario_id), 303)
    day = day_of(request.args.get("week")) or run.starts_on
    monday = monday_of(day)
    return render_template(
        "timetable/scenario_week.html", row=_row(found), run=run, **scenario_grid.week(found, run, monday)
    )


@bp.post("/timetable/scenarios/<int:scenario_id>/stop")
@allow("timetable.edit")
def stop_scenario(scenario_id: int) -> Any:
    """End the search with the best there is."""
    solving.stop(current_actor(), scenario_id)
    return redirect(url_for(".scenario", scenario_id=scenario_id), 303)


@bp.post("/timetable/scenarios/<int:scenario_id>/publish")
@allow("timetable.edit")
def publish_scenario(scenario_id: int) -> Any:
    """Make it the timetable of its runs."""
    actor = current_actor()
    if solving.own(actor, scenario_id).outage:
        repaired = repairing.publish(actor, scenario_id)
        flash(repair_pages.published_words(len(repaired.classes)), "done")
        return redirect(url_for(".scenario", scenario_id=scenario_id), 303)
    compared = request.form.get("compared", "")[:32]
    if many.scenario_is_long(scenario_id):
        job = many.want_publication(actor, scenario_id, compared)
        return redirect(url_for("jobs.show", job_id=job.id), 303)
    change = publishing.publish(actor, scenario_id, compared)
    flash(published(len(change.touched)), "done")
    return redirect(url_for(".scenario", scenario_id=scenario_id), 303)


@bp.post("/timetable/scenarios/<int:scenario_id>/drop")
@allow("timetable.edit")
def drop_scenario(scenario_id: int) -> Any:
    """Throw it away."""
    publishing.drop(current_actor(), scenario_id)
    flash(_("The timetable was thrown away. The published one is as it was."), "done")
    return redirect(url_for(".plan"), 303)


def picture(curve: list[list[float]]) -> dict[str, Any] | None:
    """The cost over time as the steps of a line on a field of 100 by 40, cheaper being lower."""
    if len(curve) < 2:
        return None
    longest, dearest, cheapest = curve[-1][0] or 1, curve[0][1], curve[-1][1]
    high = max(dearest - cheapest, 1)
    points: list[str] = []
    level = 2.0
    for at, cost in curve:
        across = f"{at * 100 / longest:.1f}"
        points.append(f"{across},{level:.1f}")
        level = 38 - (cost - cheapest) * 36 / high
        points.append(f"{across},{level:.1f}")
    share = round((dearest - cheapest) * 100 / dearest) if dearest else 0
    return {
        "points": " ".join(points), "first": int(dearest), "last": int(cheapest), "seconds": longest, "share": share,
    }  # fmt: skip


def _plan_form(provider_id: int) -> PlanForm:
    form = PlanForm()
    if request.method == "GET":
        today = clock.today(people.zone_of(provider_id))
        form.first_on.data = day_of(request.args.get("first_on")) or today
        form.last_on.data = day_of(request.args.get("last_on")) or form.first_on.data + TERM
    first, last = form.first_on.data or date.max, form.last_on.data or date.min
    found = terms.runs_in(provider_id, first, last)
    language = current_language()
    form.run_ids.choices = [
        SelectChoice(run.id, f"{run.code} · {pick(run.version.titles, language)}") for run in found
    ]
    if request.method == "GET":
        form.run_ids.data = [run.id for run in found]
    return form


def _ask(provider_id: int, form: PlanForm) -> Ask:
    today = clock.today(people.zone_of(provider_id))
    runs = tuple(form.run_ids.data or ())
    return Ask(provider_id, form.first_on.data, form.last_on.data, runs, form.keep.data, today)


def _undone(scenarios: Sequence[Scenario]) -> set[int]:
    """Which of them were published and taken back."""
    changes = [each.change_id for each in scenarios if each.change_id]
    undone = select(TimetableChange.id).where(
        TimetableChange.id.in_(changes), TimetableChange.state != ChangeState.DONE
    )
    back = set(db.session.scalars(undone)) if changes else set()
    return {each.id for each in scenarios if each.change_id in back}


def _row(found: Scenario, undone: Collection[int] = ()) -> dict[str, Any]:
    """A scenario as pages show it."""
    states = machine_wording.SCENARIOS | (machine_wording.REPAIRS if found.outage else {})
    words, tone = machine_wording.TAKEN_BACK if found.id in undone else states[found.state]
    name = (
        _("Repair %(number)s", number=found.id)
        if found.outage
        else _("Timetable %(number)s", number=found.id)
    )
    return {
        "id": found.id,
        "name": name,
        "change_id": found.change_id,
        "first": found.first_on,
        "last": found.last_on,
        "runs": len(found.run_ids),
        "state": found.state,
        "words": words,
        "tone": tone,
        "cost": found.total
        if found.cost or (found.state is ScenarioState.READY and not found.outage)
        else None,
        "placed": found.placed,
        "wanted": found.wanted,
        "made_at": found.made_at,
        "keep": machine_wording.KEEPS[found.keep],
        "url": url_for(".scenario", scenario_id=found.id),
    }
