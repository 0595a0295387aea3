"""The check of names: a teacher's own lines on a phone, and the office's list of the group."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain.catalogue import queries as catalogue
from retrain.certificates.door import bp
from retrain.certificates.models import NameCheck
from retrain.certificates.names import name_checks
from retrain.certificates.names.forms import NameAnswerForm, NameCheckForm
from retrain.certificates.names.wording import LINES, NAME_CHECKS
from retrain.certificates.states import NameCheckState
from retrain.enrolment import queries as enrolment
from retrain.extensions import db
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.permissions import Target
from retrain.refusal import NotThere
from retrain.web import work
from retrain.web.forms import submit


@bp.route("/enrolments/<int:enrolment_id>/lines", methods=["GET", "POST"])
@allow("names.check")
def own_lines(enrolment_id: int) -> Any:
    """What one's own document will bear: confirm it, or say what is wrong."""
    actor = current_actor()
    run, row, person = name_checks.own(actor.person_id or 0, enrolment_id)
    lines = name_checks.lines_of(run, [(row, person)])[row.id]
    form = NameCheckForm()

    def say() -> NameCheck:
        seen = form.seen.data or ""
        if "confirm" in request.form:
            return name_checks.confirm(actor, enrolment_id, seen)
        sent = form.paper.data
        paper, name = (sent.stream, sent.filename) if sent and sent.filename else (None, "")
        return name_checks.ask(actor, enrolment_id, seen, form.request.data or "", paper, name)

    if said := submit(form, say):
        confirmed = said.state is NameCheckState.CONFIRMED
        flash(_("Thank you: your lines are confirmed.") if confirmed else _("The office was asked."), "done")
        return redirect(url_for(".own_lines", enrolment_id=enrolment_id), 303)
    form.seen.data = name_checks.digest(lines)
    check = name_checks.checks_of([row.id]).get(row.id)
    standing = name_checks.standing(check, lines)
    page = render_template(
        "certificates/own_lines.html", run=run, form=form, check=check, standing=standing,
        state=NAME_CHECKS[standing], lines=[(LINES[key], value) for key, value in lines.items() if value],
    )  # fmt: skip
    return page, form.status if form.is_submitted() else 200


@bp.route("/manage/runs/<code>/names", methods=["GET", "POST"])
@allow("names.decide")
def names(code: str) -> Any:
    """Who of the group confirmed their lines, who asks for a correction, who was not heard of."""
    run, actor = catalogue.run(code), current_actor()
    permissions.require(actor, "names.decide", Target(provider_id=run.provider_id))
    if request.method == "POST":
        told = name_checks.invite(actor, code)
        flash(ngettext("%(num)s person is asked to look.", "%(num)s people are asked to look.", told), "done")
        return redirect(url_for(".names", code=code), 303)
    group = enrolment.group_rows(run)
    lines = name_checks.lines_of(run, group)
    checks = name_checks.checks_of([row.id for row, _person in group])
    rows = []
    for row, _person in group:
        check = checks.get(row.id)
        word, tone = NAME_CHECKS[name_checks.standing(check, lines[row.id])]
        rows.append(
            {"lines": lines[row.id], "check": check, "word": word, "tone": tone, "said": check is not None}
        )
    confirmed = sum(row["tone"] == "done" for row in rows)
    return render_template(
        "certificates/names.html",
        run=run,
        tabs=work.gather("run_tabs", run, actor),
        rows=rows,
        confirmed=confirmed,
    )


@bp.route("/names/<int:check_id>", methods=["GET", "POST"])
@allow("names.decide")
def decide_name(check_id: int) -> Any:
    """One teacher's wish for a correction, with the paper; corrected in the data, or left as it is."""
    actor, check = current_actor(), db.session.get(NameCheck, check_id)
    if check is None:
        raise NotThere(check_id)
    run = catalogue.run(enrolment.code_of(check.enrolment.run_id))
    permissions.require(actor, "names.decide", Target(provider_id=run.provider_id))
    form = NameAnswerForm()
    if submit(
        form,
        lambda: name_checks.decide(actor, check_id, NameCheckState(form.state.data), form.answer.data or ""),
    ):
        flash(_("The teacher reads your answer."), "done")
        return redirect(url_for(".names", code=run.code), 303)
    person = people.teacher(check.enrolment.teacher_id).person
    page = render_template(
        "certificates/decide_name.html", run=run, check=check, form=form, name=person.full_name,
        lines=[(LINES[key], value) for key, value in check.lines.items() if key in LINES and value],
        is_asked=check.state is NameCheckState.ASKED, state=NAME_CHECKS[check.state],
    )  # fmt: skip
    return page, form.status if form.is_submitted() else 200
