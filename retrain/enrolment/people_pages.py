"""The coordinator's list of a run's people: filters, adding, removing, places, lists to take away."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain import clock
from retrain.catalogue.models import Run
from retrain.enrolment import funding, funding_words, lists, queries, service, terms_words, wording
from retrain.enrolment.change_wording import FUNDING
from retrain.enrolment.door import asked, bp, flash_reasons, managed, reasons, shared
from retrain.enrolment.forms import PlacesForm, RemoveForm
from retrain.enrolment.lists import Filter
from retrain.enrolment.states import OPEN, Source, State
from retrain.extensions import db
from retrain.language import pick
from retrain.people import queries as people
from retrain.people import shown_names
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.refusal import Refused
from retrain.tabular.write import write_xlsx
from retrain.web.downloads import made_file
from retrain.web.forms import submit
from retrain.web.language import current_language
from retrain.web.requests import asked_page, chosen, whole

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _filter() -> Filter:
    return Filter(
        asked("q"), asked("state", 20), whole(asked("college", 9)), asked("lacking", 20), asked("sort", 20)
    )


@bp.get("/manage/runs/<code>/people")
@allow("enrolment.people")
def run_people(code: str) -> Any:
    """Who is on the run, from where, in which state."""
    run = managed(code, "enrolment.people")
    page = db.paginate(
        lists.people_of(run.id, _filter()),
        page=asked_page(),
        per_page=lists.PAGE,
        max_per_page=lists.PAGE,
        error_out=False,
    )
    return render_template(
        "enrolment/people.html", page=page, rows=rows_of(run, _filter(), page.page), counts=_counts(run),
        colleges=_colleges(run), places=PlacesForm(formdata=None, places=run.places), **shared(run),
    )  # fmt: skip


def rows_of(run: Run, asked_for: Filter, page: int | None = None) -> list[dict[str, Any]]:
    """The people ready to be shown; all of them when no page is given."""
    found = lists.people_of(run.id, asked_for)
    if page is not None:
        found = found.limit(lists.PAGE).offset((page - 1) * lists.PAGE)
    rows = db.session.execute(found).all()
    names = people.organisation_names({row.Enrolment.organisation_id for row in rows})
    again = funding_words.attempts(row.Enrolment for row in rows)
    return [_row(row, names, again.get(row.Enrolment.id, "")) for row in rows]


def _row(row: Any, names: dict[int, dict[str, str]], again: str) -> dict[str, Any]:
    enrolment = row.Enrolment
    waits = enrolment.state is State.WAITLISTED
    words = wording.number_waiting(row.number) if waits else str(wording.STATES[enrolment.state])
    return {
        "id": enrolment.id,
        "name": shown_names.of_person(row.Person),
        "college": pick(names.get(enrolment.organisation_id), current_language()),
        "state": words,
        "code": enrolment.state,
        "tone": wording.TONES.get(enrolment.state, "idle"),
        "source": str(wording.SOURCES[enrolment.source]),
        "since": enrolment.since,
        "until": enrolment.until,
        "requested": enrolment.requested_at,
        "attempt": enrolment.attempt,
        "again": again,
        "money": funding.money_of(enrolment),
        "payment": funding_words.in_words(enrolment),
        "no_account": row.Person.activated_at is None,
        "removable": enrolment.state in OPEN,
        "lodging": terms_words.LODGINGS.get(enrolment.lodging),
        "phone": row.Person.phone or row.Person.contact_phone or "",
    }


def _counts(run: Run) -> dict[str, int]:
    counts = lists.counts(run.id)
    return {"waiting": counts.get(State.WAITLISTED, 0), "all": sum(counts.values())}


def _colleges(run: Run) -> list[tuple[str, str]]:
    names = people.organisation_names(lists.colleges_of(run.id))
    found = [(str(number), pick(texts, current_language())) for number, texts in names.items()]
    return sorted(found, key=lambda pair: pair[1])


@bp.get("/manage/runs/<code>/people.xlsx")
@allow("enrolment.people")
def people_sheet(code: str) -> Any:
    """The same list as a workbook."""
    run = managed(code, "enrolment.people")
    headers = [_("No."), _("Name"), _("College"), _("State"), _("Came"), _("From"), _("To"), _("Attempt"),
               _("Who pays"), _("Contract number"), _("Sum, so‘m"), _("Paid on")]  # fmt: skip
    rows = [
        (number, row["name"], row["college"], row["state"], row["source"], row["since"], row["until"],
         row["attempt"], str(FUNDING[row["money"].funding]), row["money"].contract, row["money"].price,
         row["money"].paid_on)
        for number, row in enumerate(rows_of(run, _filter()), start=1)
    ]  # fmt: skip
    return made_file(write_xlsx(headers, rows, run.code), f"{run.code}.xlsx", XLSX)


@bp.route("/manage/runs/<code>/people/add", methods=["GET", "POST"])
@allow("enrolment.manage")
def add_people(code: str) -> Any:
    """Put people on the run by hand: the same checks as everybody's."""
    run = managed(code, "enrolment.manage")
    picked = chosen("teachers", request.form) if request.method == "POST" else []
    outcomes = [_added(code, number) for number in picked]
    found = lists.find_teachers(asked("q"), clock.today())
    names = people.organisation_names({row.organisation_id for row in found})
    there = lists.on_run(run.id, [row.Teacher.id for row in found])
    rows = [
        {"id": row.Teacher.id, "name": shown_names.of_person(row.Person), "there": row.Teacher.id in there,
         "college": pick(names.get(row.organisation_id), current_language())}
        for row in found
    ]  # fmt: skip
    return render_template("enrolment/add.html", rows=rows, outcomes=outcomes, q=asked("q"), **shared(run))


def _added(code: str, teacher_id: int) -> dict[str, Any]:
    name = shown_names.of_person(people.teacher(teacher_id).person)
    try:
        row = service.enrol(current_actor(), code, teacher_id, source=Source.COORDINATOR)
    except Refused as refused:
        return {"name": name, "tone": "problem", "words": wording.refused(), "why": reasons(refused.why)}
    waits = row.state is State.WAITLISTED
    words = wording.number_waiting(queries.number_on_list(row) or 0) if waits else wording.STATES[row.state]
    return {"name": name, "tone": wording.TONES[row.state], "words": str(words), "why": ""}


@bp.route("/manage/runs/<code>/people/remove", methods=["GET", "POST"])
@allow("enrolment.manage")
def remove_people(code: str) -> Any:
    """Take the chosen people off the run, after a look at who they are and with a reason."""
    run, numbers = managed(code, "enrolment.manage"), chosen("people")
    rows = [row for row in rows_of(run, Filter(state="all")) if row["id"] in numbers]
    if not rows:
        flash(_("Choose at least one person."), "problem")
        return redirect(url_for(".run_people", code=code), 303)
    picked = [row["id"] for row in rows]
    form = RemoveForm(formdata=request.form if "reason" in request.form else None)
    reason = form.reason.data or ""
    if "reason" in request.form and (
        done := submit(form, lambda: service.remove_many(current_actor(), picked, reason))
    ):
        flash(_taken_off(done), "done")
        return redirect(url_for(".run_people", code=code), 303)
    return render_template("enrolment/remove.html", form=form, rows=rows, **shared(run))


def _taken_off(number: int) -> str:
    return ngettext("%(num)s person was taken off the run.", "%(num)s people were taken off the run.", number)


@bp.post("/manage/runs/<code>/places")
@allow("enrolment.manage")
def change_places(code: str) -> Any:
    """More places, or fewer; who waits moves up."""
    form = PlacesForm()
    try:
        if form.validate():
            moved = service.change_places(current_actor(), code, form.places.data)
            flash(_("The run has %(places)s places now.", places=form.places.data), "done")
            flash(wording.promoted(moved), "info")
        for error in form.places.errors:
            flash(error, "problem")
    except Refused as refused:
        flash_reasons(refused)
    return redirect(url_for(".run_people", code=code), 303)


@bp.post("/manage/runs/<code>/promote")
@allow("enrolment.manage")
def promote(code: str) -> Any:
    """Give free places to those who wait, also after the deadline."""
    flash(wording.promoted(len(service.promote(current_actor(), code))), "done")
    return redirect(url_for(".run_people", code=code), 303)


@bp.post("/manage/runs/<code>/lodging")
@allow("enrolment.manage")
def answer_lodging(code: str) -> Any:
    """Give or refuse the chosen people a place in the dormitory, those who asked for one."""
    managed(code, "enrolment.manage")
    given = request.form.get("lodging") == "given"
    number = service.answer_lodging(current_actor(), code, chosen("people", request.form), given)
    words = ngettext(
        "%(num)s person who asked for the dormitory has an answer.",
        "%(num)s people who asked for the dormitory have an answer.", number,
    )  # fmt: skip
    flash(words, "done" if number else "info")
    return redirect(url_for(".run_people", code=code), 303)
