"""A college's pages: choosing the run, putting its teachers forward, what came of it."""

from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy import select

from retrain import clock
from retrain.catalogue import listing, showing
from retrain.catalogue import queries as catalogue
from retrain.catalogue.listing import RunFilter
from retrain.enrolment import lists, reading_runs, rules, service, wording
from retrain.enrolment.door import asked, bp, reasons
from retrain.enrolment.forms import NominationForm
from retrain.enrolment.models import Enrolment
from retrain.enrolment.scans import kept_scan
from retrain.enrolment.service import Outcome
from retrain.enrolment.states import IN_GROUP, LIVING, State
from retrain.extensions import db
from retrain.language import pick
from retrain.language.dates import date_range
from retrain.people import shown_names
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.refusal import NotThere
from retrain.web.forms import submit
from retrain.web.language import current_language, readers_today
from retrain.web.requests import chosen
from retrain.web.words import say

MOST_SHOWN = 500


@bp.route("/nominate", methods=["GET", "POST"])
@allow("enrolment.nominate")
def choose_run() -> Any:
    """The run that people chosen in the list of staff are put forward for."""
    if request.method == "POST":
        return redirect(url_for(".choose_run", teachers=chosen("teachers", request.form)), 303)
    now = clock.now()
    page = listing.runs(RunFilter(q=asked("q"), open="now"), now, readers_today(), "starts")
    return render_template(
        "enrolment/choose_run.html", cards=showing.cards_of(page.items, now), teachers=chosen("teachers"),
        total=page.total,
    )  # fmt: skip


@bp.route("/runs/<code>/nominate", methods=["GET", "POST"])
@allow("enrolment.nominate")
def nominate(code: str) -> Any:
    """Choose own teachers and put them forward; each gets an answer."""
    actor = current_actor()
    if actor.organisation_id is None:
        raise NotThere
    form, picked = NominationForm(), chosen("teachers")
    outcomes = submit(
        form,
        lambda: service.nominate(
            actor, code, picked, order_number=form.order_number.data or "", order_date=form.order_date.data,
            scan_id=kept_scan(form.scan.data, "nomination.scan"),
        ),
    )  # fmt: skip
    run = catalogue.run(code)
    context = {
        "run": run, "title": pick(run.version.titles, current_language()),
        "dates": date_range(run.starts_on, run.ends_on, current_language()),
    }  # fmt: skip
    if outcomes is not None:
        rows = [_worded(each) for each in outcomes]
        return render_template("enrolment/nominated.html", rows=rows, **context)
    desk = reading_runs.desk_of(run)
    reading_runs.count(desk)
    return render_template(
        "enrolment/nominate.html",
        form=form,
        staff=staff_to_choose(actor.organisation_id, run.id, picked),
        picked=picked,
        closed=[say(why) for why in rules.run_refusals(desk.facts, clock.now())],
        desk=desk,
        started=desk.facts.has_started(clock.now()),
        **context,
    )


def staff_to_choose(college_id: int, run_id: int, picked: list[int]) -> list[dict[str, Any]]:
    """The college's people that match the search, those chosen before first."""
    today = readers_today()
    rows = list(db.session.execute(lists.staff_of(college_id, today, "", picked))) if picked else []
    found = lists.staff_of(college_id, today, asked("q")).limit(MOST_SHOWN)
    rows += [row for row in db.session.execute(found) if row.Teacher.id not in set(picked)]
    states = _standing([row.Teacher.id for row in rows], run_id)
    return [
        {
            "id": row.Teacher.id, "name": shown_names.of_person(row.Person), "post": row.post,
            **states.get(row.Teacher.id, {}),
        }
        for row in rows
    ]  # fmt: skip


def _standing(teacher_ids: list[int], run_id: int) -> dict[int, dict[str, Any]]:
    """Where those stand who are on the run, and the enrolment whose papers the college may print."""
    found = select(Enrolment.teacher_id, Enrolment.id, Enrolment.state).where(
        Enrolment.run_id == run_id, Enrolment.teacher_id.in_(teacher_ids), Enrolment.state.in_(LIVING)
    )
    return {
        teacher_id: {
            "state": str(wording.STATES[state]),
            "papers": number if state in IN_GROUP else None,
            "substitutable": state is State.ENROLLED,
        }
        for teacher_id, number, state in db.session.execute(found).tuples()
    }


def _worded(outcome: Outcome) -> dict[str, Any]:
    """One line of the answer: who, how it went in words, and why not."""
    if outcome.state is State.ENROLLED:
        tone, words = "done", str(wording.STATES[State.ENROLLED])
    elif outcome.state is State.WAITLISTED:
        tone, words = "waiting", wording.number_waiting(outcome.number or 0)
    elif outcome.state is not None:
        tone, words = wording.TONES.get(outcome.state, "idle"), str(wording.STATES[outcome.state])
    else:
        tone, words = "problem", wording.refused()
    return {
        "name": outcome.name or wording.somebody_else(), "tone": tone, "words": words,
        "why": reasons(outcome.refusals),
    }  # fmt: skip
