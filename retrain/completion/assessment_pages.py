"""One assessment: how it is planned, its statements, and what was corrected after they were closed."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from retrain import files
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.completion import assessment_papers, queries, service, sheets
from retrain.completion.deciding import hour_of
from retrain.completion.door import bp, managed, names_of, shared
from retrain.completion.forms import CorrectionForm, PlanForm
from retrain.completion.grading_rules import Planned
from retrain.completion.models import Assessment
from retrain.completion.states import AssessmentKind
from retrain.completion.wording import KINDS
from retrain.documents import pdf
from retrain.documents.results import statement_pdf
from retrain.language import pick
from retrain.people import permissions, shown_names
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.permissions import Target
from retrain.people.states import RoleKind
from retrain.refusal import Forbidden
from retrain.web.downloads import made_file
from retrain.web.forms import submit
from retrain.web.language import current_language, language_asked


@bp.get("/manage/runs/<code>/assessments/<int:assessment_id>")
@allow("result.see")
def assessment(code: str, assessment_id: int) -> Any:
    """The assessment with its statements and corrections."""
    run, grid = _seen(code, assessment_id)
    return _page(run, grid, grid.assessment(assessment_id), CorrectionForm(formdata=None), _people(run))


@bp.route("/manage/runs/<code>/assessments/<int:assessment_id>/edit", methods=["GET", "POST"])
@allow("result.plan")
def edit_assessment(code: str, assessment_id: int) -> Any:
    """Weight, retakes and examiners of an assessment."""
    run = managed(code, "result.plan")
    row = sheets.grid(run).assessment(assessment_id)
    form = PlanForm(
        title=pick(row.titles, current_language()), kind=row.kind.value, pass_mark=row.pass_mark,
        module_id=row.module_id or 0, weight=row.weight, attempts=row.attempts, retake_by=row.retake_by,
        examiner_id=row.examiner_id or 0, second_examiner_id=row.second_examiner_id or 0,
    )  # fmt: skip
    _offer(form, run)
    if submit(form, lambda: _planned(code, row, form)):
        flash(_("The assessment was saved."), "done")
        return redirect(url_for(".assessment", code=code, assessment_id=row.id), 303)
    return render_template("completion/assessment_form.html", form=form, row=row, **shared(run))


def _planned(code: str, row: Assessment, form: PlanForm) -> Assessment:
    plan = Planned(
        AssessmentKind(form.kind.data), form.pass_mark.data, form.weight.data, form.attempts.data,
        form.retake_by.data, form.module_id.data or None, form.examiner_id.data or None,
        form.second_examiner_id.data or None,
    )  # fmt: skip
    titles = row.titles | {current_language(): (form.title.data or "").strip()}
    return service.plan_assessment(current_actor(), code, titles, plan, row.id)


def _offer(form: PlanForm, run: Run) -> None:
    """The modules of the course and the lecturers of the provider."""
    modules = catalogue.with_modules(run.course_version_id).modules
    form.module_id.choices = [
        (0, _("the whole course")),
        *((each.id, pick(each.titles, current_language())) for each in modules),
    ]
    lecturers = people.holders(run.provider_id, RoleKind.LECTURER)
    names = [(person.id, shown_names.of_person(person)) for person in lecturers]
    form.examiner_id.choices = [(0, _("nobody named")), *names]
    form.second_examiner_id.choices = [(0, _("none")), *names]


@bp.post("/manage/runs/<code>/assessments/<int:assessment_id>/close/<int:attempt>")
@allow("result.enter")
def close_statement(code: str, assessment_id: int, attempt: int) -> Any:
    """Close the statement of an attempt as it stands."""
    _seen(code, assessment_id)
    service.close_statement(current_actor(), code, assessment_id, attempt)
    flash(_("The statement is closed. Results change by a correction with a reason now."), "done")
    return redirect(url_for(".assessment", code=code, assessment_id=assessment_id), 303)


@bp.post("/manage/runs/<code>/assessments/<int:assessment_id>/correct")
@allow("result.correct")
def correct_result(code: str, assessment_id: int) -> Any:
    """A result of a closed statement, with the reason."""
    run = managed(code, "result.correct")
    grid = sheets.grid(run)
    row, form, names = grid.assessment(assessment_id), CorrectionForm(), _people(run)
    form.enrolment_id.choices = list(names.items())
    if submit(
        form,
        lambda: service.correct_result(
            current_actor(),
            code,
            assessment_id,
            form.enrolment_id.data,
            form.points.data,
            form.why.data or "",
        ),
    ):
        flash(_("The result was corrected. The old one is kept."), "done")
        return redirect(url_for(".assessment", code=code, assessment_id=assessment_id), 303)
    return _page(run, grid, row, form, names)


@bp.get("/manage/runs/<code>/assessments/<int:assessment_id>/statement-<int:attempt>.pdf")
@allow("result.see")
def statement(code: str, assessment_id: int, attempt: int) -> Any:
    """The statement on paper: as it was closed with what was corrected since, or as it stands with lines to sign."""
    run, grid = _seen(code, assessment_id)
    row, language = grid.assessment(assessment_id), language_asked()
    paper = assessment_papers.statement(run, row, attempt, language)
    name = f"{code}-qaydnoma-{assessment_id}-{attempt}.pdf"
    return made_file(statement_pdf(paper, lang=language), name, files.PDF, shown=True)


def _page(run: Run, grid: sheets.Grid, row: Assessment, form: CorrectionForm, names: dict[int, str]) -> str:
    """What is seen of the run and its group comes from who has looked whether it may be seen."""
    actor = current_actor()
    office = Target(provider_id=run.provider_id)
    form.enrolment_id.choices = list(names.items())
    attempt = grid.attempt(row)
    changes = sheets.corrections(row.id)
    closed = sheets.statements(row.id)
    entered = [at for at in grid.attempts if (at[0], at[2]) == (row.id, attempt)]
    may = run.state in service.OPEN
    return render_template(
        "completion/assessment.html",
        **shared(run),
        row=row,
        kinds=KINDS,
        form=form,
        closed=closed,
        attempt=attempt,
        entered=len(entered),
        sitting=len(grid.members if attempt == 1 else grid.again(row)),
        may_sit=attempt == 1 or bool(grid.again(row)),
        changes=changes,
        names=names,
        people=shown_names.short(
            {row.examiner_id, row.second_examiner_id}
            | {each.closed_by_id for each in closed}
            | {each.changed_by_id for each in changes}
        ),
        may_close=may and bool(sheets.places_of(row, run, actor)),
        may_correct=may and bool(closed) and permissions.may(actor, "result.correct", office),
        may_plan=may and permissions.may(actor, "result.plan", office),
        can_print=pdf.available(),
    )


def _people(run: Run) -> dict[int, str]:
    """enrolment → name, in the order of the group list."""
    return names_of(queries.group(run, hour_of(run)))


def _seen(code: str, assessment_id: int) -> tuple[Run, sheets.Grid]:
    """The run and its results with the assessment among them, for who may see all of them or examines this one."""
    run = managed(code, "result.see")
    grid = sheets.grid(run)
    row, actor = grid.assessment(assessment_id), current_actor()
    target = Target(provider_id=run.provider_id, curator_id=run.curator_id)
    if not permissions.may(actor, "result.see", target) and not sheets.places_of(row, run, actor):
        raise Forbidden("result.see")
    return run, grid
