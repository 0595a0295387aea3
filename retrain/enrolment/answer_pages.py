"""What a teacher answers and asks about a run: an offered place, consent ahead of the opening, the dormitory."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain import clock
from retrain.enrolment import queries, reading_runs, service, wording
from retrain.enrolment.door import bp, flash_reasons
from retrain.enrolment.forms import DeclineForm
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import State
from retrain.language import pick
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.refusal import NotThere, Refused
from retrain.web.forms import page_before, submit
from retrain.web.language import current_language


def _own(code: str) -> Enrolment:
    row = queries.own_enrolment(current_actor().person_id or 0, code)
    if row is None:
        raise NotThere
    return row


def _answered(call: Callable[[], Any], done: str, code: str) -> Any:
    """Carry out one press of a button, and go back to where it was pressed with what came of it."""
    try:
        call()
    except Refused as refused:
        flash_reasons(refused)
    else:
        flash(done, "done")
    return redirect(page_before(url_for("catalogue.run", code=code)), 303)


@bp.post("/runs/<code>/offer/accept")
@allow("enrolment.mine")
def accept_offer(code: str) -> Any:
    """The offered place becomes one's own."""
    row = _own(code)
    done = str(wording.STANDINGS[State.ENROLLED])
    return _answered(lambda: service.accept_offer(current_actor(), row.id), done, code)


@bp.route("/runs/<code>/offer/decline", methods=["GET", "POST"])
@allow("enrolment.mine")
def decline_offer(code: str) -> Any:
    """Let the offered place pass on, after a look at what that means."""
    row, form = _own(code), DeclineForm()
    if submit(form, lambda: service.decline_offer(current_actor(), row.id, form.reason.data or "")):
        flash(str(wording.STANDINGS[State.DECLINED]), "done")
        return redirect(url_for(".mine"), 303)
    if row.state is not State.OFFERED and request.method == "GET":
        flash(wording.where_one_stands(row, queries.number_on_list(row)))
        return redirect(url_for(".mine"), 303)
    run = reading_runs.run_at_desk(code)
    return render_template(
        "enrolment/decline.html", form=form, code=code, title=pick(run.titles, current_language()),
        until=row.offer_expires_at, zone=ZoneInfo(run.facts.timezone), over=_is_over(row),
    )  # fmt: skip


def _is_over(row: Enrolment) -> bool:
    return row.offer_expires_at is None or row.offer_expires_at <= clock.now()


@bp.post("/runs/<code>/ask-ahead")
@allow("enrolment.mine")
def ask_ahead(code: str) -> Any:
    """Ask for the consents that the run wants, before it opens."""
    done = _("You asked for consent. You still take a place yourself when enrolment opens.")
    return _answered(lambda: service.ask_ahead(current_actor(), code), done, code)


@bp.post("/runs/<code>/lodging")
@allow("enrolment.mine")
def ask_lodging(code: str) -> Any:
    """Ask for a place in the dormitory, or say that none is needed."""
    row, wanted = _own(code), request.form.get("wanted") != "no"
    done = (
        _("You asked for a place in the dormitory.") if wanted else _("You need no place in the dormitory.")
    )
    return _answered(lambda: service.ask_lodging(current_actor(), row.id, wanted), done, code)
