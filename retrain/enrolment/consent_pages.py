"""Answering requests: the college to its own teachers, the provider to those of a run; many at once."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from retrain import clock
from retrain.catalogue import queries as catalogue
from retrain.catalogue.states import ON_OFFER
from retrain.enrolment import (
    lists,
    reading_runs,
    report_pages,
    service,
    terms_words,
    waiting_requests,
    wording,
)
from retrain.enrolment.door import asked, bp, managed, reasons, shared
from retrain.enrolment.forms import AnswerForm
from retrain.enrolment.models import Approval
from retrain.enrolment.nominating_pages import staff_to_choose
from retrain.enrolment.service import Outcome
from retrain.enrolment.states import Side, State
from retrain.extensions import db
from retrain.language import pick
from retrain.language.dates import date_range
from retrain.language.names import full_name
from retrain.people import queries as people
from retrain.people import shown_names
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.refusal import NotThere
from retrain.web.forms import submit
from retrain.web.language import current_language, readers_today
from retrain.web.requests import asked_page, chosen, whole


@bp.route("/manage/runs/<code>/requests", methods=["GET", "POST"])
@allow("enrolment.manage")
def run_requests(code: str) -> Any:
    """Who waits for the provider's answer, and answering the chosen."""
    run, form = managed(code, "enrolment.manage"), AnswerForm()
    outcomes = submit(form, lambda: _answers(form, Side.PROVIDER, {code: chosen("teachers", request.form)}))
    found = waiting_requests.of_run(run.id, clock.now(), readers_today())
    names = people.organisation_names({row.organisation_id for row in found})
    rows = [
        _row(row, row.teacher_id, pick(names.get(row.organisation_id), current_language())) for row in found
    ]
    return render_template(
        "enrolment/requests.html", form=form, rows=shown_names.among(rows, "teacher"), outcomes=outcomes or [],
        terms=reading_runs.desk_of(run).terms, words=terms_words, **shared(run),
    )  # fmt: skip


@bp.route("/manage/requests", methods=["GET", "POST"])
@allow("enrolment.manage")
def all_requests() -> Any:
    """Who waits for the provider's answer on all its runs; answering the chosen, with a result for each."""
    actor, form, now, today = current_actor(), AnswerForm(), clock.now(), readers_today()
    provider = actor.organisation_id or 0
    picked = waiting_requests.chosen_of_provider(
        provider, chosen("requests", request.form), now, today
    ) if request.method == "POST" else {}  # fmt: skip
    outcomes = submit(form, lambda: _answers(form, Side.PROVIDER, picked))
    runs = waiting_requests.counts_of_runs(now, provider)
    names = people.organisation_names(waiting_requests.colleges_waiting(provider, now, today))
    found = waiting_requests.of_provider(
        provider,
        now,
        today,
        run_code=asked("run", 24),
        name=asked("q"),
        college_id=whole(asked("college", 12)),
    )
    page = db.paginate(
        found.with_only_columns(Approval.id, maintain_column_froms=True), page=asked_page(), per_page=lists.PAGE,
        max_per_page=lists.PAGE, error_out=False,
    )  # fmt: skip
    rows = db.session.execute(found.where(Approval.id.in_(page.items))).all()
    language = current_language()
    colleges = sorted((pick(texts, language), str(number)) for number, texts in names.items())
    return render_template(
        "enrolment/all_requests.html", form=form, page=page, outcomes=outcomes or [],
        waiting=sum(number for _code, number in runs),
        rows=shown_names.among(
            [_row(row, row.id, pick(names.get(row.organisation_id), language)) for row in rows], "teacher"
        ),
        runs=[(code, f"{code} ({number})") for code, number in runs],
        colleges=[(number, name) for name, number in colleges], tabs=report_pages.tabs(),
    )  # fmt: skip


@bp.route("/consents", methods=["GET", "POST"])
@allow("enrolment.nominate")
def college_requests() -> Any:
    """The college's teachers who wait for its consent, on all runs; answering the chosen."""
    actor, form = current_actor(), AnswerForm()
    if actor.organisation_id is None:
        raise NotThere
    picked = set(chosen("requests", request.form))
    by_run: dict[str, list[int]] = {}
    for row in _waiting(actor.organisation_id) if picked else ():
        if row.id in picked:
            by_run.setdefault(row.code, []).append(row.teacher_id)
    outcomes = submit(form, lambda: _answers(form, Side.COLLEGE, by_run))
    rows = shown_names.among(
        [_row(row, row.id, row.post) for row in _waiting(actor.organisation_id)], "teacher"
    )
    return render_template("enrolment/consents.html", form=form, rows=rows, outcomes=outcomes or [])


def _waiting(college_id: int) -> Sequence[Any]:
    return waiting_requests.of_college(college_id, clock.now(), readers_today())


@bp.route("/runs/<code>/consent", methods=["GET", "POST"])
@allow("enrolment.nominate")
def consent_ahead(code: str) -> Any:
    """Consent to own teachers' coming to a run before they have asked."""
    actor, form = current_actor(), AnswerForm()
    run = catalogue.run(code)
    if actor.organisation_id is None or run.state not in ON_OFFER:
        raise NotThere
    picked = chosen("teachers")
    outcomes = submit(form, lambda: _answers(form, Side.COLLEGE, {code: picked}))
    return render_template(
        "enrolment/consent_ahead.html", form=form, run=run, outcomes=outcomes or [], q=asked("q"),
        title=pick(run.version.titles, current_language()),
        dates=date_range(run.starts_on, run.ends_on, current_language()),
        staff=_with_consents(staff_to_choose(actor.organisation_id, run.id, picked), run.id), picked=picked,
        wanted=Side.COLLEGE in reading_runs.desk_of(run).terms.consent.sides,
    )  # fmt: skip


def _answers(form: AnswerForm, side: Side, by_run: dict[str, list[int]]) -> list[dict[str, Any]]:
    """What came of each person, run by run; an answer without anybody says so."""
    given, reason = form.answer.data == "yes", form.reason.data or ""
    found = []
    for code, teachers in by_run.items():
        answered = service.answer(current_actor(), side, code, teachers, given, reason)
        found += [_worded(outcome, given) | {"code": code} for outcome in answered]
    if not found:
        form.problems.append(_("Choose at least one person."))
    return found


def _worded(outcome: Outcome, given: bool) -> dict[str, Any]:
    """One line of the answer: who, how it went in words, and why not."""
    why = reasons(outcome.refusals)
    if why:
        tone, words = "problem", wording.not_answered()
    elif outcome.state is State.WAITLISTED:
        tone, words = "waiting", wording.number_waiting(outcome.number or 0)
    elif outcome.state in (None, State.REQUESTED):
        tone, words = "done", wording.consent_noted(given, outcome.state is State.REQUESTED)
    else:
        tone, words = wording.TONES.get(outcome.state, "idle"), str(wording.STATES[outcome.state])
    return {"name": outcome.name or wording.somebody_else(), "tone": tone, "words": words, "why": why}


def _row(row: Any, value: int, beside: str | None) -> dict[str, Any]:
    return {
        "id": value, "teacher": row.teacher_id, "name": full_name(row.family, row.given, row.patronymic),
        "beside": beside, "code": row.code,
        "title": pick(row.titles, current_language()),
        "dates": date_range(row.starts_on, row.ends_on, current_language()), "asked": row.asked_at,
        "lapses": row.lapses_at, "zone": people.zone_of(row.provider_id),
    }  # fmt: skip


def _with_consents(staff: list[dict[str, Any]], run_id: int) -> list[dict[str, Any]]:
    """The staff with what the college has said already."""
    said = waiting_requests.college_said(run_id, [row["id"] for row in staff])
    return [row | {"said": said.get(row["id"])} for row in staff]
