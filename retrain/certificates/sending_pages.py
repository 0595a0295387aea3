"""Documents sent to colleges, and the page on which a college finds them."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import ngettext

from retrain.certificates import parcels, queries, sending
from retrain.certificates.door import bp
from retrain.certificates.wording import STATES
from retrain.people import permissions
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.permissions import Target


@bp.post("/manage/runs/<code>/documents/send")
@allow("certificate.print")
def send_to_colleges(code: str) -> Any:
    """Tell each college's HR which of its teachers have their documents."""
    told = sending.tell_colleges(current_actor(), code)
    flash(ngettext("%(num)s college is told.", "%(num)s colleges are told.", told), "done")
    return redirect(url_for(".run_documents", code=code), 303)


@bp.get("/documents/of-college")
@allow("certificate.open")
def college_runs() -> Any:
    """The runs on which teachers of one's own college have documents: for whoever has lost the message."""
    actor = current_actor()
    college_id = actor.organisation_id or 0
    permissions.require(actor, "certificate.open", Target(college_id=college_id))
    return render_template("certificates/college_runs.html", rows=queries.runs_of_college(college_id))


@bp.get("/documents/of-college/<code>")
@allow("certificate.open")
def of_college(code: str) -> Any:
    """The documents of one's own college on a run."""
    run, rows = sending.of_college(current_actor(), code)
    return render_template("certificates/of_college.html", run=run, rows=rows, states=STATES)


@bp.post("/documents/of-college/<code>/zip")
@allow("certificate.open")
def college_parcel(code: str) -> Any:
    """Have them packed."""
    return redirect(url_for("jobs.show", job_id=parcels.want_of_college(current_actor(), code).id), 303)
