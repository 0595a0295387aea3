"""A teacher's own pages: taking a place, my courses, withdrawing, the calendar entry."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain import clock
from retrain.calendar import ics
from retrain.enrolment import (
    funding,
    funding_words,
    lists,
    place_panel,
    queries,
    reading_runs,
    service,
    stays,
    telling,
    wording,
)
from retrain.enrolment.door import bp, flash_reasons
from retrain.enrolment.forms import WithdrawForm
from retrain.enrolment.lists import OwnRun
from retrain.enrolment.states import LIVING, OPEN, Funding, State
from retrain.language import pick
from retrain.language.dates import date_range
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.refusal import NotThere, Refused
from retrain.web import work
from retrain.web.downloads import made_file
from retrain.web.forms import submit
from retrain.web.language import current_language, readers_today


@bp.post("/runs/<code>/enrol")
@allow("enrolment.enrol")
def enrol(code: str) -> Any:
    """Take a place, or the next number on the waiting list."""
    try:
        row = service.enrol_self(current_actor(), code)
    except Refused as refused:
        flash_reasons(refused)
        return redirect(url_for("catalogue.run", code=code), 303)
    # The page that follows says the number: it is not counted twice in the opening minute.
    flash(str(wording.STANDINGS[row.state]), wording.TONES.get(row.state, "info"))
    return redirect(url_for(".mine"), 303)


@bp.get("/mine")
@allow("enrolment.mine")
def mine() -> Any:
    """My courses: those to come and under way, then the past."""
    own = lists.own_runs(current_actor().person_id or 0)
    rows = [_shown(each) for each in own]
    taken = [each.enrolment for each in own]
    again, today = funding_words.attempts(taken), readers_today()
    for shown, each in zip(rows, own, strict=True):
        row = each.enrolment
        shown["again"] = again.get(row.id) or funding_words.may_try_again(row, each.run, taken, today)
        shown["payment"] = (
            funding_words.in_words(row) if funding.money_of(row).funding is not Funding.BUDGET else ""
        )
    links = work.gather("own_links", own, current_actor())
    for shown in rows:
        shown["links"] = [link for link in links if link.enrolment_id == shown["id"]]
    open_ones = [row for row in rows if row["state"] in OPEN]
    return render_template(
        "enrolment/mine.html", open=open_ones, past=[row for row in rows if row not in open_ones][::-1]
    )


def _shown(each: OwnRun) -> dict[str, Any]:
    language, row, run = current_language(), each.enrolment, each.run
    can = place_panel.moves(row, each.desk)
    return {
        "id": row.id,
        "code": run.code,
        "state": row.state,
        "title": pick(run.version.titles, language),
        "dates": date_range(run.starts_on, run.ends_on, language),
        "place": run.place_text,
        "tone": wording.TONES.get(row.state, "idle"),
        "words": wording.where_one_stands(row, each.number),
        "has_place": row.state is State.ENROLLED,
        "waits": row.state is State.WAITLISTED,
        "can": can,
        "may_leave": can["leave"],
        "attempt": row.attempt,
        "has_papers": stays.has_reference(queries.stay_of(run, row)),
    }


@bp.route("/runs/<code>/withdraw", methods=["GET", "POST"])
@allow("enrolment.withdraw")
def withdraw(code: str) -> Any:
    """Give up one's place or number, after a look at what that means."""
    row = queries.own_enrolment(current_actor().person_id or 0, code)
    if row is None:
        raise NotThere
    form = WithdrawForm()
    if submit(form, lambda: service.withdraw(current_actor(), row.id, form.reason.data or "")):
        flash(_("You withdrew from run %(run)s.", run=code), "done")
        return redirect(url_for(".mine"), 303)
    if row.state not in LIVING and request.method == "GET":
        flash(wording.where_one_stands(row, None))
        return redirect(url_for(".mine"), 303)
    run = reading_runs.run_at_desk(code)
    return render_template(
        "enrolment/withdraw.html", form=form, code=code, title=pick(run.titles, current_language()),
        waits=row.state is State.WAITLISTED, number=queries.number_on_list(row), starts=run.facts.starts_on,
    )  # fmt: skip


@bp.get("/mine/<code>.ics")
@allow("enrolment.mine")
def calendar_entry(code: str) -> Any:
    """The run as an entry for one's own calendar."""
    row = queries.own_enrolment(current_actor().person_id or 0, code)
    if row is None or row.state not in LIVING:
        raise NotThere
    stored = telling.entry(reading_runs.run_at_desk(code), row.id, "PUBLISH", queries.steps(row.id))
    public_url = current_app.config["RETRAIN"].public_url
    content = ics.entry(stored, current_language(), public_url, stamp=clock.now())
    return made_file(content, f"{code}.ics", "text/calendar")
