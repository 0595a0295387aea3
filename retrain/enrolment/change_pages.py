"""Pages on which places change: moving people to another run, sending a colleague, cancelling with another run for each."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain.catalogue.states import CHANGEABLE
from retrain.enrolment import (
    changing,
    lists,
    others,
    people_pages,
    queries,
    reading_people,
    reading_runs,
    service,
    wording,
)
from retrain.enrolment.change_forms import CancelRunForm, MoveForm, SubstituteForm
from retrain.enrolment.door import asked, bp, managed, reasons, shared
from retrain.enrolment.lists import Filter
from retrain.enrolment.models import Enrolment
from retrain.enrolment.others import Other
from retrain.enrolment.outcomes import Outcome
from retrain.enrolment.states import Source, State
from retrain.extensions import db
from retrain.language import pick
from retrain.language.dates import date_range
from retrain.people import permissions
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.permissions import Target
from retrain.refusal import NotThere, Refusal, Refused
from retrain.web.forms import put_refusals, submit
from retrain.web.language import current_language, readers_today
from retrain.web.requests import chosen, whole

MOST_SHOWN = 40


@bp.route("/manage/runs/<code>/people/move", methods=["GET", "POST"])
@allow("enrolment.manage")
def move_people(code: str) -> Any:
    """Move the chosen people to another run, after a look at where there are places; each gets an answer."""
    run, numbers = managed(code, "enrolment.manage"), chosen("people")
    rows = [row for row in people_pages.rows_of(run, Filter(state="all")) if row["id"] in numbers]
    if not rows:
        flash(_("Choose at least one person."), "problem")
        return redirect(url_for(".run_people", code=code), 303)
    form = MoveForm(formdata=request.form if "reason" in request.form else None)
    found = others.candidates(run.id, provider_id=run.provider_id)
    form.target.choices = [(other.run.code, _choice(other)) for other in found]
    outcomes = None
    if "reason" in request.form and form.validate():
        picked, target = [row["id"] for row in rows], form.target.data
        try:
            outcomes = service.transfer_many(current_actor(), picked, target, form.reason.data or "")
        except Refused as refused:
            put_refusals(form, refused)
    if outcomes is not None:
        return render_template(
            "enrolment/moved.html", rows=[_worded(each) for each in outcomes], target=form.target.data,
            **shared(run),
        )  # fmt: skip
    return render_template("enrolment/move.html", form=form, rows=rows, others=found, **shared(run))


def _choice(other: Other) -> str:
    """A run to choose: what, when, how many places are free."""
    language, run = current_language(), other.run
    title, days = pick(run.version.titles, language), date_range(run.starts_on, run.ends_on, language)
    free = ngettext("%(num)s free place", "%(num)s free places", other.free)
    return f"{run.code} · {title} · {days} · {free}"


def _worded(outcome: Outcome) -> dict[str, Any]:
    """One line of the answer: who, where they stand now, and why not."""
    if outcome.refusals:
        tone, words = "problem", _("not moved")
    elif outcome.state is State.WAITLISTED:
        tone, words = "waiting", wording.number_waiting(outcome.number or 0)
    else:
        tone, words = "done", str(wording.STATES[outcome.state or State.ENROLLED])
    return {"name": outcome.name, "tone": tone, "words": words, "why": reasons(outcome.refusals)}


@bp.route("/manage/runs/<code>/cancel-and-move", methods=["GET", "POST"])
@allow("run.edit")
def cancel_run(code: str) -> Any:
    """Call the run off; each of its people is offered another one."""
    run, actor = managed(code, "run.edit"), current_actor()
    if run.state not in CHANGEABLE:
        return redirect(url_for("catalogue.manage_run", code=code), 303)
    found = others.candidates(run.id, provider_id=run.provider_id, full_too=True)
    form = CancelRunForm()
    outcomes = submit(form, lambda: service.cancel_and_move(actor, code, form.why.data or "", _wanted(found)))
    if outcomes is not None:
        flash(_("The run %(code)s is cancelled.", code=code), "done")
        return render_template(
            "enrolment/moved.html", rows=[_worded(each) for each in outcomes], target="", **shared(run)
        )
    # In the order in which they would be moved: those with a place, then those who wait.
    rows = people_pages.rows_of(run, Filter(state="open", sort="state"), 1)
    shown = {row["id"] for row in rows}
    fit = others.fitting(
        [each for each in queries.open_enrolments(run.id) if each.id in shown], found, by=Source.TRANSFER
    )
    for row in rows:
        movable = State(row["code"]) in changing.TRANSFERABLE
        row["others"] = [(each.run.code, _choice(each)) for each in fit.get(row["id"], ()) if movable]
        row["target"] = request.form.get(f"to-{row['id']}", "")
    return render_template(
        "enrolment/cancel.html",
        form=form,
        rows=rows,
        all=lists.count_open(run.id),
        fits=any(row["others"] for row in rows),
        **shared(run),
    )


def _wanted(found: Sequence[Other]) -> dict[int, str]:
    """By enrolment: the run chosen for that person, as far as it was one of those shown."""
    codes = {other.run.code for other in found}
    return {
        number: code
        for name, code in request.form.items()
        if name.startswith("to-") and (number := whole(name.removeprefix("to-"))) and code in codes
    }


@bp.route("/enrolments/<int:enrolment_id>/substitute", methods=["GET", "POST"])
@allow("enrolment.substitute")
def substitute(enrolment_id: int) -> Any:
    """A college sends a colleague in somebody's place."""
    actor, row = current_actor(), queries.enrolment(enrolment_id)
    permissions.require(actor, "enrolment.substitute", Target(college_id=row.organisation_id))
    run = reading_runs.run_at_desk(queries.code_of(row.run_id))
    form = SubstituteForm()
    picked = whole(request.form.get("teacher", ""))
    if request.method == "POST" and not picked:
        put_refusals(form, Refused(Refusal.of("nobody-nominated")))
    elif submit(form, lambda: service.substitute(actor, enrolment_id, picked, form.reason.data or "")):
        flash(_("Your colleague has the place now. Both were told."), "done")
        return redirect(url_for(".nominate", code=run.facts.code), 303)
    leaver = reading_people.teachers_at_desk([row.teacher_id])
    if not leaver:
        raise NotThere
    return render_template(
        "enrolment/substitute.html", form=form, run=run, title=pick(run.titles, current_language()),
        dates=date_range(run.facts.starts_on, run.facts.ends_on, current_language()), leaver=leaver[0].name,
        rows=_colleagues(row, run), picked=picked,
    )  # fmt: skip


def _colleagues(row: Enrolment, run: reading_runs.RunAtDesk) -> list[dict[str, Any]]:
    """The college's people who match the search, with every reason against each; who may come first."""
    found = lists.staff_of(row.organisation_id, readers_today(), asked("q")).limit(MOST_SHOWN)
    posts = {
        each.Teacher.id: each.post for each in db.session.execute(found) if each.Teacher.id != row.teacher_id
    }
    colleagues = reading_people.teachers_at_desk(list(posts)) if posts else []
    if colleagues:
        reading_people.read_standings(colleagues, run)
    by_id = {each.id: each for each in colleagues}
    rows = [
        {
            "id": number, "name": by_id[number].name, "post": post,
            "why": reasons(changing.against_substitute(run, row, by_id[number])),
        }
        for number, post in posts.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda each: bool(each["why"]))
