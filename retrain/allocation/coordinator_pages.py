"""The coordinator's pages of rounds: the list, one round, its runs, the trial, the confirmation."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain import clock
from retrain.allocation import numbers, queries, round_rules, service, wording
from retrain.allocation.door import bp, flash_reasons, managed, run_shown, shown
from retrain.allocation.forms import CallOffForm, RoundForm, lock_of, round_data, round_plan
from retrain.allocation.models import AllocationRound
from retrain.jobs import JobState
from retrain.jobs.models import Job
from retrain.language import pick
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.permissions import Scope, Target
from retrain.refusal import ChangedMeanwhile, Refusal, Refused
from retrain.web.forms import submit
from retrain.web.language import current_language
from retrain.web.requests import asked_page
from retrain.web.words import say

PER_PAGE = 100


@bp.get("/manage/rounds")
@allow("allocation.see")
def rounds() -> Any:
    """The provider's rounds, or everybody's for whoever oversees them."""
    actor = current_actor()
    sees_all = permissions.scope(actor, "allocation.see") is Scope.ALL
    found = queries.rounds(None if sees_all else actor.organisation_id or 0)
    names = people.organisation_names({each.row.provider_id for each in found}) if sees_all else {}
    rows = [
        shown(each.row)
        | {
            "runs": each.runs, "teachers": each.teachers,
            "provider": pick(names.get(each.row.provider_id), current_language()) if sees_all else "",
        }
        for each in found
    ]  # fmt: skip
    may_make = permissions.scope(actor, "allocation.manage") is not None
    return render_template("allocation/rounds.html", rows=rows, may_make=may_make, sees_all=sees_all)


@bp.route("/manage/rounds/new", methods=["GET", "POST"])
@allow("allocation.manage")
def new_round() -> Any:
    """A new round: its name and its window; the runs come next."""
    actor = current_actor()
    form, zone = RoundForm(), people.zone_of(actor.organisation_id)
    made = submit(form, lambda: service.create_round(actor, round_plan(form, zone)))
    if made is not None:
        flash(_("Round %(round)s is kept as a draft. Put runs into it.", round=made.code), "done")
        return redirect(url_for(".choose_runs", code=made.code), 303)
    return render_template("allocation/round_form.html", form=form, round=None, differences=[])


@bp.route("/manage/rounds/<code>/change", methods=["GET", "POST"])
@allow("allocation.manage")
def change_round(code: str) -> Any:
    """Another name or window."""
    found, actor = managed(code, "allocation.manage"), current_actor()
    zone = people.zone_of(found.provider_id)
    form = RoundForm(data=round_data(found, zone))
    try:
        if submit(form, lambda: service.change_round(actor, code, round_plan(form, zone), lock_of(form))):
            flash(_("The round is changed."), "done")
            return redirect(url_for(".show_round", code=code), 303)
    except ChangedMeanwhile:
        found = queries.allocation_round(code)
        form.problems.append(_("Somebody else has changed this round meanwhile. Look at it and save again."))
        form.lock.data = found.lock
    return render_template("allocation/round_form.html", form=form, round=shown(found))


@bp.get("/manage/rounds/<code>")
@allow("allocation.see")
def show_round(code: str) -> Any:
    """One round: where it stands, its runs with how many want each, the last trial, what to do next."""
    found, actor = managed(code), current_actor()
    runs = [run_shown(run) for run in queries.shown_runs(found.id)]
    target = Target(provider_id=found.provider_id)
    facts, now = queries.facts(found), clock.now()
    against: list[Refusal] = []
    if found.state == "draft":
        against = round_rules.publish_refusals(facts, queries.runs_for_round(found, in_it=True), now)
    return render_template(
        "allocation/round.html", round=shown(found), runs=runs, teachers=len(queries.who_ranked(found.id)),
        may_manage=permissions.may(actor, "allocation.manage", target), against=[say(why) for why in against],
        seen=numbers.of_round(found), work=_work(found), may_change=not round_rules.change_refusals(facts, facts.opens, now),
    )  # fmt: skip


def _work(found: AllocationRound) -> dict[str, Any] | None:
    """The latest long work on the round, when it is under way or has stopped."""
    job: Job | None = next(iter(queries.jobs_of(found.id, queries.TRIAL, queries.CLOSED, queries.DO)), None)
    if job is None or job.state is JobState.DONE:
        return None
    failed = job.state is JobState.FAILED
    words = say(Refusal(job.error or "job-failed", wording.restored(job.error_facts or {}))) if failed else ""
    return {"failed": failed, "words": words, "giving": job.kind == queries.DO}


@bp.route("/manage/rounds/<code>/runs", methods=["GET", "POST"])
@allow("allocation.manage")
def choose_runs(code: str) -> Any:
    """Choose the runs whose places the round gives."""
    found = managed(code, "allocation.manage")
    if request.method == "POST":
        try:
            added = service.add_runs(current_actor(), code, request.form.getlist("runs"))
        except Refused as refused:
            flash_reasons(refused)
            return redirect(url_for(".choose_runs", code=code), 303)
        words = ngettext("%(num)s run is in the round now.", "%(num)s runs are in the round now.", len(added))
        flash(words, "done")
        return redirect(url_for(".show_round", code=code), 303)
    runs = [run_shown(run) for run in queries.runs_to_choose(found)]
    return render_template("allocation/choose_runs.html", round=shown(found), runs=runs)


@bp.post("/manage/rounds/<code>/runs/remove")
@allow("allocation.manage")
def remove_run(code: str) -> Any:
    """Take a run out of a draft."""
    run = request.form.get("run", "")
    service.remove_run(current_actor(), code, run)
    flash(_("Run %(run)s is out of the round.", run=run), "done")
    return redirect(url_for(".show_round", code=code), 303)


@bp.post("/manage/rounds/<code>/publish")
@allow("allocation.manage")
def publish_round(code: str) -> Any:
    """Put the round before the teachers."""
    service.publish_round(current_actor(), code)
    flash(_("Round %(round)s is published.", round=code), "done")
    return redirect(url_for(".show_round", code=code), 303)


@bp.route("/manage/rounds/<code>/cancel", methods=["GET", "POST"])
@allow("allocation.manage")
def cancel_round(code: str) -> Any:
    """Call the round off, after saying why."""
    found, form = managed(code, "allocation.manage"), CallOffForm()
    if submit(form, lambda: service.cancel_round(current_actor(), code, form.why.data or "")):
        flash(_("Round %(round)s is called off.", round=code), "done")
        return redirect(url_for(".show_round", code=code), 303)
    ranked = len(queries.who_ranked(found.id))
    return render_template("allocation/cancel_round.html", form=form, round=shown(found), ranked=ranked)


@bp.post("/manage/rounds/<code>/trial")
@allow("allocation.manage")
def try_round(code: str) -> Any:
    """Have the worker reckon what would come out now."""
    job = service.want_trial(current_actor(), code)
    return redirect(url_for("jobs.show", job_id=job.id), 303)


@bp.get("/manage/rounds/<code>/outcome")
@allow("allocation.see")
def list_outcome(code: str) -> Any:
    """Who gets what, run by run: of the places given, or of the last trial."""
    found = managed(code)
    page = numbers.page_of(found, request.args.get("run", ""), asked_page(), PER_PAGE)
    return render_template(
        "allocation/outcome.html", round=shown(found), page=page, seen=numbers.of_round(found),
        runs=[run_shown(run) for run in queries.shown_runs(found.id)], rows=numbers.rows_of(page.items),
    )  # fmt: skip


@bp.route("/manage/rounds/<code>/confirm", methods=["GET", "POST"])
@allow("allocation.manage")
def confirm_round(code: str) -> Any:
    """What will happen, and the button that makes it happen."""
    found, actor = managed(code, "allocation.manage"), current_actor()
    if request.method == "POST":
        try:
            job = service.confirm_round(actor, code, request.form.get("digest", "")[:64])
        except Refused as refused:
            flash_reasons(refused)
            return redirect(url_for(".show_round", code=code), 303)
        if job.wanted_by_id != actor.person_id:
            return redirect(url_for(".show_round", code=code), 303)
        return redirect(url_for("jobs.show", job_id=job.id), 303)
    seen = numbers.of_round(found)
    if seen is None or not seen["final"]:
        flash(_("Reckon the outcome first; then it can be confirmed."), "problem")
        return redirect(url_for(".show_round", code=code), 303)
    return render_template("allocation/confirm.html", round=shown(found), seen=seen)
