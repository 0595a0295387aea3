"""The coordinator's pages of a run: opening, changing, copying, publishing, calling off."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain import clock
from retrain.catalogue import listing, queries, service, showing, wording
from retrain.catalogue.door import asked, bp
from retrain.catalogue.forms import CancelForm, RunForm, run_data, run_form, run_plan
from retrain.catalogue.models import CourseVersion, Run
from retrain.catalogue.states import CHANGEABLE, RUN_MOVES, CourseState, RunState
from retrain.people import permissions, shown_names
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.permissions import Target
from retrain.refusal import ChangedMeanwhile, Refusal, Refused
from retrain.web import work
from retrain.web.forms import submit
from retrain.web.requests import day_of, whole


def target_of(run: Run) -> Target:
    """The run as far as permission is concerned."""
    return Target(provider_id=run.provider_id, curator_id=run.curator_id, region=run.region)


def managed(code: str, action: str = "run.see") -> Run:
    """The run, if the one who acts may do *action* with it."""
    run = queries.run(code)
    permissions.require(current_actor(), action, target_of(run))
    return run


@bp.route("/manage/runs/new", methods=["GET", "POST"])
@allow("run.edit")
def new_run() -> Any:
    """Open a run: choose the course, then check what is proposed."""
    actor, code = current_actor(), asked("course", 24)
    if not code:
        page = listing.courses(actor.organisation_id, asked("q"), CourseState.PUBLISHED, sort="title")
        return render_template("catalogue/choose_course.html", page=page, wording=wording)
    course = queries.course(code)
    permissions.require(actor, "run.edit", Target(provider_id=course.provider_id))
    version = queries.published_version(course)
    if version is None or course.state is not CourseState.PUBLISHED:
        raise Refused(Refusal.of("course-not-published"))
    zone = people.zone_of(course.provider_id)
    form = _form(version, run_data(queries.proposal(version, actor, clock.now()), zone))
    publish = request.form.get("then") != "draft"
    opened = submit(form, lambda: service.open_run(actor, code, run_plan(form, zone), publish=publish))
    if opened:
        flash(_("The run %(code)s is published.", code=opened.code) if publish
              else _("The run %(code)s is kept as a draft.", code=opened.code), "done")  # fmt: skip
        return redirect(url_for(".manage_run", code=opened.code), 303)
    return render_template(
        "catalogue/run_form.html", form=form, version=version, run=None,
        next_code=queries.next_run_code(course), last=queries.last_run(course), differences=[],
    )  # fmt: skip


def _form(version: CourseVersion, data: dict[str, Any]) -> RunForm:
    """The form of a run; a curator who has left the provider may stay where they are."""
    curators, present = queries.curators_of(version.course.provider_id), data.get("curator_id")
    if present and present not in dict(curators):
        curators.append((present, shown_names.short([present]).get(present, "")))
    return run_form(version.languages, curators, data=data)


@bp.get("/manage/runs/<code>")
@allow("run.see")
def manage_run(code: str) -> Any:
    """A run as those see it who carry it out, with a tab of each stage."""
    run, actor = managed(code), current_actor()
    return render_template(
        "catalogue/manage_run.html",
        run=run,
        badge=showing.badge(run),
        card=showing.cards_of([run], clock.now())[0],
        curator=shown_names.short([run.curator_id]).get(run.curator_id or 0, ""),
        zone=people.zone_of(run.provider_id),
        policy=list(wording.policy(run.policy or run.version.policy)),
        may_edit=permissions.may(actor, "run.edit", target_of(run)),
        changeable=run.state in CHANGEABLE,
        moves=RUN_MOVES[run.state],
        tabs=work.gather("run_tabs", run, actor),
    )


@bp.route("/manage/runs/<code>/change", methods=["GET", "POST"])
@allow("run.edit")
def change_run(code: str) -> Any:
    """Change dates, places, people. Whoever saves second is told, and shown the difference."""
    run, actor, differences, by = managed(code, "run.edit"), current_actor(), [], ""
    zone = people.zone_of(run.provider_id)
    values = {**queries.run_plan(run).__dict__, "lock": run.lock}
    form = _form(run.version, run_data(values, zone))
    try:
        if submit(form, lambda: service.change_run(actor, code, run_plan(form, zone), _lock(form))):
            flash(_("The run is changed."), "done")
            return redirect(url_for(".manage_run", code=code), 303)
    except ChangedMeanwhile as changed:
        differences, by = wording.differences(changed.differences, zone), changed.by
        form.lock.data = queries.run(code).lock
    return render_template(
        "catalogue/run_form.html", form=form, version=run.version, run=run, differences=differences, by=by
    ), 409 if differences else 200


def _lock(form: RunForm) -> int:
    return whole(str(form.lock.data or ""))


@bp.post("/manage/runs/<code>/copy")
@allow("run.edit")
def copy_run(code: str) -> Any:
    """A draft of the same course with the dates moved on."""
    copy = service.copy_run(current_actor(), code, day_of(request.form.get("starts_on")))
    flash(_("%(new)s is a draft like %(old)s. Check its dates.", new=copy.code, old=code), "done")
    return redirect(url_for(".change_run", code=copy.code), 303)


@bp.post("/manage/runs/<code>/publish")
@allow("run.edit")
def publish_run(code: str) -> Any:
    """Put the run before everyone."""
    service.publish_run(current_actor(), code)
    flash(_("The run %(code)s is published.", code=code), "done")
    return redirect(url_for(".manage_run", code=code), 303)


@bp.post("/manage/runs/<code>/archive")
@allow("run.edit")
def archive_run(code: str) -> Any:
    """Put a finished run away."""
    managed(code, "run.edit")
    service.move_run(current_actor(), code, RunState.ARCHIVED)
    flash(_("The run %(code)s is put away.", code=code), "done")
    return redirect(url_for(".manage_run", code=code), 303)


@bp.route("/manage/runs/<code>/cancel", methods=["GET", "POST"])
@allow("run.edit")
def cancel_run(code: str) -> Any:
    """Call the run off, after saying why. A later stage may have a page of its own for it, for the people's sake."""
    run, form = managed(code, "run.edit"), CancelForm()
    if request.method == "GET" and (pages := work.gather("cancel_pages", run, current_actor())):
        return redirect(pages[0], 303)
    if submit(form, lambda: service.cancel_run(current_actor(), code, form.why.data)):
        flash(_("The run %(code)s is cancelled.", code=code), "done")
        return redirect(url_for(".manage_run", code=code), 303)
    return render_template(
        "catalogue/cancel_run.html", form=form, run=run, title=wording.title(run.version.titles)
    )
