"""The attendance of a run as it is now with the decisions that wait, and a provider's year."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain import clock
from retrain.attendance import live, named, years
from retrain.attendance.absences import absences
from retrain.attendance.absences.rules import Risk
from retrain.attendance.absences.states import Answer
from retrain.attendance.absences.wording import ANSWERS, RISKS
from retrain.attendance.door import bp
from retrain.attendance.wording import MARKS
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.language import pick
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.permissions import Scope, Target
from retrain.refusal import NotThere
from retrain.timetable import queries as timetable
from retrain.web import work
from retrain.web.language import current_language, readers_today, shown_number
from retrain.web.requests import whole

WIDTH = 1000
"""How wide everybody's bar is drawn, in units of its own."""


def run_seen(code: str, action: str = "register.see") -> Run:
    """The run, for somebody who may do *action* with it."""
    run = catalogue.run(code)
    permissions.require(current_actor(), action, target_of(run))
    return run


def target_of(run: Run) -> Target:
    """Whom a run belongs to, for the permission table."""
    return Target(provider_id=run.provider_id, curator_id=run.curator_id)


@bp.get("/manage/runs/<code>/attendance")
@allow("register.see")
def live_run(code: str) -> Any:
    """Who is here now, hours by person and module, who is near the limit and what is to be decided about them."""
    run, actor = run_seen(code), current_actor()
    absence, modules = absences.policy_of(run), timetable.modules(run)
    proposals = absences.proposals(run.id)
    rows = live.standings(run, absence, proposals)
    return render_template(
        "attendance/live.html",
        run=run,
        tabs=work.gather("run_tabs", run, actor),
        zone=people.zone_of(run.provider_id),
        on=live.now_on(run, clock.now()),
        rows=[(row, live.bars(row, modules, absence.hour, WIDTH)) for row in rows],
        modules=[(module.id, pick(module.titles, current_language())) for module in modules],
        fields=live.fields(modules),
        near=[row for row in rows if row.risk is not Risk.NONE],
        decided=[each for each in proposals if each.answer is not None],
        names=named.of_run(run),
        hour=absence.hour,
        limit=run.policy.get("max_unexcused_hours"),
        may_decide=permissions.may(actor, "absence.decide", target_of(run)),
        proposed_reason=_proposed_reason,
        risks=RISKS, answers=ANSWERS, marks=MARKS, width=WIDTH,
    )  # fmt: skip


def _proposed_reason(row: live.Standing, limit: float) -> str:
    """What the order will say unless the coordinator writes it otherwise."""
    return _(
        "Hours missed: %(missed)s, the limit is %(limit)s.",
        missed=shown_number(row.missed),
        limit=shown_number(limit),
    )


@bp.post("/manage/runs/<code>/attendance/decide")
@allow("absence.decide")
def decide_absence(code: str) -> Any:
    """Exclude somebody at the limit, with a draft of the order, or keep them in the group."""
    run = run_seen(code, "absence.decide")
    number, what = whole(request.form.get("who", "")), request.form.get("what", "")
    if not number or what not in list(Answer):
        raise NotThere
    row = absences.answer(current_actor(), run.code, number, Answer(what), request.form.get("why", ""))
    if row.answer is Answer.EXCLUDED:
        flash(
            _(
                "The person is excluded. The order of exclusion is drafted: register it on the page of orders."
            ),
            "done",
        )
    else:
        flash(_("It is kept that the person stays, with your reason."), "done")
    return redirect(url_for(".live_run", code=code), 303)


@bp.get("/manage/attendance")
@allow("register.see")
def attendance_year() -> Any:
    """A year of the provider's runs: how well they are attended, and where somebody is near the limit."""
    actor, today = current_actor(), readers_today()
    asked = whole(request.args.get("year", "")) or today.year
    of = asked if 2000 <= asked <= today.year + 1 else today.year
    reach = permissions.scope(actor, "register.see")
    rows = years.year(
        actor.organisation_id if reach is Scope.PROVIDER else None, of,
        actor.person_id if reach is Scope.GROUP else None,
    )  # fmt: skip
    return render_template(
        "attendance/year.html", rows=rows, year=of, this_year=today.year,
        due=sum(row.due for row in rows), missed=sum(row.missed for row in rows),
        excused=sum(row.excused for row in rows), at_limit=sum(row.at_limit for row in rows),
    )  # fmt: skip
