"""Results of a run, what closing it would decide, and closing it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.completion import overview_pages, queries, service
from retrain.completion.door import bp
from retrain.completion.forms import AssessmentForm
from retrain.completion.states import AssessmentKind, Outcome
from retrain.completion.wording import KINDS, OUTCOMES, condition
from retrain.people import permissions, settings
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.permissions import Target
from retrain.refusal import Refusal, Refused
from retrain.web import work
from retrain.web.forms import submit
from retrain.web.language import current_language
from retrain.web.requests import whole
from retrain.web.words import say

__all__ = ["bp", "overview_pages"]


@bp.route("/manage/runs/<code>/results", methods=["GET", "POST"])
@allow("completion.see")
def results(code: str) -> Any:
    """The grid of results: people down, assessments across."""
    run = _seen(code)
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            count = service.enter_results(current_actor(), code, _points_typed())
            flash(ngettext("%(num)s result was saved.", "%(num)s results were saved.", count), "done")
            return redirect(url_for(".results", code=code), 303)
        except Refused as refused:
            problems = {refusal.field or "": say(refusal) for refusal in refused.why}
    return _results_page(run, AssessmentForm(formdata=None), problems)


@bp.post("/manage/runs/<code>/results/assessments")
@allow("result.enter")
def add_assessment(code: str) -> Any:
    """One more assessment."""
    run = _seen(code)
    form = AssessmentForm()
    titles = {current_language(): form.title.data or ""}
    kind = AssessmentKind.FINAL if form.kind.data == "final" else AssessmentKind.MODULE
    if submit(form, lambda: service.add_assessment(current_actor(), code, titles, kind, form.pass_mark.data)):
        flash(_("The assessment was added."), "done")
        return redirect(url_for(".results", code=code), 303)
    return _results_page(run, form, {})


@bp.route("/manage/runs/<code>/completion", methods=["GET", "POST"])
@allow("completion.see")
def completion(code: str) -> Any:
    """What the policy says of each person; closing the run makes it a decision."""
    run = _seen(code)
    actor = current_actor()
    if request.method == "POST":
        found = service.close_run(actor, code)
        done = sum(decision.outcome is Outcome.COMPLETED for decision in found)
        flash(
            _("The run is closed: %(done)s completed, %(rest)s did not.", done=done, rest=len(found) - done),
            "done",
        )
        return redirect(url_for(".completion", code=code), 303)
    return render_template(
        "completion/completion.html",
        run=run,
        tabs=work.gather("run_tabs", run, actor),
        rows=[_row(*row) for row in service.preview(run)],
        outcomes=OUTCOMES,
        refusals=[say(why) for why in service.refusals_to_close(run)],
        closed=bool(queries.decisions(run.id)),
        may_close=permissions.may(actor, "completion.decide", Target(provider_id=run.provider_id)),
    )


def _row(member: queries.Member, outcome: Outcome, conditions: list[Any]) -> dict[str, Any]:
    """One person: the decision as it was made, or what it would be now."""
    if member.decision is not None:
        outcome = member.decision.outcome
        told = [(reason["held"], condition(**reason)) for reason in member.decision.reasons]
    else:
        told = [(one.held, condition(one.code, one.held, one.facts)) for one in conditions]
    return {"name": member.name, "outcome": outcome, "conditions": told, "id": member.enrolment_id}


def _results_page(run: Run, form: AssessmentForm, problems: dict[str, str]) -> str:
    hour = settings.get(run.provider_id, "academic_hour")
    if form.pass_mark.data is None:
        form.pass_mark.data = run.policy.get("pass_mark", 56)
    return render_template(
        "completion/results.html",
        run=run,
        tabs=work.gather("run_tabs", run, current_actor()),
        assessments=queries.assessments(run.id),
        members=queries.group(run, hour),
        kinds=KINDS,
        form=form,
        problems=problems,
        typed=request.form,
        may_enter=permissions.may(current_actor(), "result.enter", Target(provider_id=run.provider_id))
        and run.state in service.OPEN,
    )


def _points_typed() -> dict[tuple[int, int], int | None]:
    """The grid as posted: ``points-<assessment>-<enrolment>``; empty takes a result back."""
    found: dict[tuple[int, int], int | None] = {}
    why = []
    for name, value in request.form.items():
        parts = name.split("-")
        if len(parts) != 3 or parts[0] != "points" or not (whole(parts[1]) and whole(parts[2])):
            continue
        text = value.strip()
        if text and not (text.isascii() and text.isdecimal() and len(text) < 6):
            why.append(Refusal.of("points-out-of-scale", field=name, points=text[:20]))
            continue
        found[int(parts[1]), int(parts[2])] = int(text) if text else None
    if why:
        raise Refused(why)
    return found


def _seen(code: str) -> Run:
    run = catalogue.run(code)
    target = Target(provider_id=run.provider_id, curator_id=run.curator_id)
    permissions.require(current_actor(), "completion.see", target)
    return run
