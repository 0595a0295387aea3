"""A college's page of a round: its own teachers in its own order, run by run."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain import clock
from retrain.allocation import queries, service
from retrain.allocation.door import bp, flash_reasons, published, run_shown, shown
from retrain.allocation.models import AllocationRound
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.refusal import Refused
from retrain.web.requests import whole


@bp.get("/rounds/order")
@allow("allocation.order")
def rounds_to_order() -> Any:
    """The rounds that are open, with how many of the college's teachers rank runs in each."""
    actor, now = current_actor(), clock.now()
    found = queries.open_now(now)
    names = people.organisation_names({each.provider_id for each in found})
    rows = [
        shown(each)
        | {
            "provider": names.get(each.provider_id, {}),
            "teachers": len(_teachers(each, actor.organisation_id or 0)),
        }
        for each in found
    ]
    return render_template("allocation/rounds_to_order.html", rows=rows)


def _teachers(found: AllocationRound, college_id: int) -> set[int]:
    own = queries.own_wishes(found.id, college_id, clock.today(people.zone_of(found.provider_id)))
    return {each.teacher_id for those in own.values() for each in those}


@bp.route("/rounds/<code>/order", methods=["GET", "POST"])
@allow("allocation.order")
def order(code: str) -> Any:
    """The college's order among its teachers for each run that they want."""
    found, actor = published(code), current_actor()
    if request.method == "POST":
        run = request.form.get("run", "")[:32]
        try:
            number = service.order(actor, code, run, _ranks(request.form))
        except Refused as refused:
            flash_reasons(refused)
        else:
            flash(
                ngettext("%(num)s teacher is ranked for run %(run)s.", "%(num)s teachers are ranked for run %(run)s.",
                         number, run=run)
                if number else _("Nobody is ranked for run %(run)s now.", run=run),
                "done",
            )  # fmt: skip
        return redirect(url_for(".order", code=code, _anchor=f"run-{run}"), 303)
    own = queries.own_wishes(
        found.id, actor.organisation_id or 0, clock.today(people.zone_of(found.provider_id))
    )
    runs = queries.shown_by_code(own)
    rows = [run_shown(runs[each]) | {"teachers": teachers} for each, teachers in own.items()]
    return render_template("allocation/order.html", round=shown(found), rows=rows)


def _ranks(form: Any) -> dict[int, int | None]:
    """teacher id → the number typed or chosen for them; None where there is none."""
    rows = (
        (whole(name.removeprefix("rank-")), text) for name, text in form.items() if name.startswith("rank-")
    )
    return {number: whole(text) or None for number, text in rows if number}
