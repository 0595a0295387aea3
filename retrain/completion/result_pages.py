"""The grid of results: typed, pasted or taken from a file, and saved at once or not at all."""

from collections.abc import Mapping
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain.catalogue.models import Run
from retrain.completion import grading_rules, importing, queries, service, sheets
from retrain.completion.deciding import hour_of
from retrain.completion.door import bp, managed, names_of, shared
from retrain.completion.forms import AssessmentForm, ImportForm
from retrain.completion.grading_rules import FIRST, SECOND, Cell
from retrain.completion.models import Assessment
from retrain.completion.states import AssessmentKind
from retrain.completion.wording import KINDS, grade
from retrain.files import XLSX
from retrain.language import pick
from retrain.people import permissions, settings, shown_names
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.permissions import Target
from retrain.refusal import Refusal, Refused
from retrain.tabular.write import write_xlsx
from retrain.web.downloads import made_file
from retrain.web.forms import put_refusals, submit
from retrain.web.language import current_language
from retrain.web.requests import whole
from retrain.web.words import say


@bp.route("/manage/runs/<code>/results", methods=["GET", "POST"])
@allow("result.see")
def results(code: str) -> Any:
    """The grid of results: people down, assessments across."""
    run = managed(code, "result.see")
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            count = service.enter_results(current_actor(), code, _points("points"), _seen())
            flash(ngettext("%(num)s result was saved.", "%(num)s results were saved.", count), "done")
            return redirect(url_for(".results", code=code), 303)
        except Refused as refused:
            problems = {refusal.field or "": say(refusal) for refusal in refused.why}
    return _page(run, AssessmentForm(formdata=None), ImportForm(formdata=None), problems, request.form)


@bp.post("/manage/runs/<code>/results/assessments")
@allow("result.plan")
def add_assessment(code: str) -> Any:
    """One more assessment."""
    run = managed(code, "result.plan")
    form = AssessmentForm()
    titles = {current_language(): form.title.data or ""}
    kind = AssessmentKind.FINAL if form.kind.data == "final" else AssessmentKind.MODULE
    if submit(form, lambda: service.add_assessment(current_actor(), code, titles, kind, form.pass_mark.data)):
        flash(_("The assessment was added."), "done")
        return redirect(url_for(".results", code=code), 303)
    return _page(run, form, ImportForm(formdata=None), {}, {})


@bp.post("/manage/runs/<code>/results/import")
@allow("result.enter")
def import_results(code: str) -> Any:
    """A file's results in the grid, to be looked at: nothing is saved yet."""
    run, form = managed(code, "result.enter"), ImportForm()
    if form.validate_on_submit():
        try:
            known = sheets.grid(run), _members(run)
            found = importing.read(
                form.file.data.read(), form.file.data.filename or "", *known, current_actor()
            )
            return _page(run, AssessmentForm(formdata=None), form, {}, found.typed, found, known)
        except Refused as refused:
            put_refusals(form, refused)
    return _page(run, AssessmentForm(formdata=None), form, {}, {})


@bp.get("/manage/runs/<code>/results.xlsx")
@allow("result.see")
def results_sheet(code: str) -> Response:
    """The results as a workbook, which can be filled in and brought back."""
    run = managed(code, "result.see")
    grid, members = sheets.grid(run), _members(run)
    rows = [row for row in grid.assessments if _sees(row, run)]
    headers = [importing.NUMBER, _("Name"), *(pick(row.titles, current_language()) for row in rows)]
    lines = [
        [member.enrolment_id, member.name, *(member.points(row.id) for row in rows)] for member in members
    ]
    return made_file(write_xlsx(headers, lines, _("Results")), f"{code}-results.xlsx", XLSX)


def _members(run: Run) -> list[queries.Member]:
    return queries.group(run, hour_of(run))


def _sees(row: Assessment, run: Run) -> bool:
    """An examiner sees what they examine; an office sees everything."""
    actor = current_actor()
    if permissions.may(actor, "result.see", Target(provider_id=run.provider_id, curator_id=run.curator_id)):
        return True
    return bool(sheets.places_of(row, run, actor))


def _page(
    run: Run, form: AssessmentForm, upload: ImportForm, problems: Mapping[str, str], typed: Mapping[str, str],
    imported: importing.Imported | None = None,
    known: tuple[sheets.Grid, list[queries.Member]] | None = None,
) -> Any:  # fmt: skip
    """The page of the grid; *known* is the grid with its people where it has been read already."""
    (grid, members), actor = known or (sheets.grid(run), _members(run)), current_actor()
    if form.pass_mark.data is None:
        form.pass_mark.data = run.policy.get("pass_mark", 56)
    shown = [row for row in grid.assessments if _sees(row, run)]
    words, now = settings.get(run.provider_id, "grade_words", run.ends_on), grid.now()
    may = run.state in service.OPEN
    office = permissions.may(actor, "result.plan", Target(provider_id=run.provider_id)) and may
    page = render_template(
        "completion/results.html",
        **shared(run),
        columns=[_column(grid, row, may, office) for row in shown],
        members=members,
        names=names_of(members),
        cells=lambda column, member: _cells(words, now, column, member, typed, problems),
        form=form,
        upload=upload,
        problems=problems,
        imported=imported,
        import_problems=[say(why) for why in imported.problems] if imported else [],
        may_plan=office,
        may_enter=may and any(sheets.places_of(row, run, actor) for row in shown),
    )
    return (page, 422) if upload.problems or upload.errors else page


def _column(grid: sheets.Grid, row: Assessment, may: bool, office: bool) -> dict[str, Any]:
    sheet = grid.sheet(row, current_actor())
    names = shown_names.short({row.examiner_id, row.second_examiner_id})
    return {
        "row": row,
        "sheet": sheet,
        "open": may and sheet.is_open,
        "closed": grid.closed.get(row.id, 0),
        "places": [FIRST, SECOND] if sheet.two else [FIRST],
        "examiners": [names.get(row.examiner_id or 0, ""), names.get(row.second_examiner_id or 0, "")],
        "kind": KINDS[row.kind],
        "office": office,
    }


def _cells(
    words: Any, now: Mapping[Cell, int | None], column: dict[str, Any], member: queries.Member,
    typed: Mapping[str, str], problems: Mapping[str, str],
) -> list[dict[str, Any]]:  # fmt: skip
    """One person's cells in an assessment: fields while it is open to who reads, else what stands."""
    row, sheet, found = column["row"], column["sheet"], []
    counts = member.points(row.id)
    for place in column["places"]:
        cell = (row.id, member.enrolment_id, place)
        name = grading_rules.field_of(cell)
        value = now.get(cell)
        sits = sheet.sitting is None or member.enrolment_id in sheet.sitting
        found.append({
            "name": name,
            "editable": column["open"] and sits and place in sheet.mine,
            "value": typed.get(name) if typed.get(name) is not None else value,
            "was": value,
            "changed": typed.get(name) is not None and str(typed.get(name)) != str("" if value is None else value),
            "shown": value if column["open"] and sits else counts,
            "problem": problems.get(name, ""),
            "place": place,
        })  # fmt: skip
    found[-1]["word"] = grade(words, counts)
    found[-1]["counts"] = counts if len(found) > 1 or sheet.attempt > 1 else None
    return found


def _points(prefix: str) -> dict[Cell, int | None]:
    """The grid as posted: ``points-<assessment>-<enrolment>``, ``…-2`` for the second examiner; empty takes back."""
    found: dict[Cell, int | None] = {}
    why = []
    for name, value in request.form.items():
        cell = _cell(name, prefix)
        if cell is None:
            continue
        text = value.strip()
        if text and not (text.isascii() and text.isdecimal() and len(text) < 6):
            why.append(Refusal.of("points-out-of-scale", field=name, points=text[:20]))
            continue
        found[cell] = int(text) if text else None
    if why:
        raise Refused(why)
    return found


def _seen() -> dict[Cell, int | None] | None:
    """What each cell was when the page was made; None for a page that doesn't say."""
    found = {
        cell: whole(value) if value else None
        for name, value in request.form.items()
        if (cell := _cell(name, "was")) is not None
    }
    return found or None


def _cell(name: str, prefix: str) -> Cell | None:
    parts = name.split("-")
    if len(parts) not in (3, 4) or parts[0] != prefix or not (whole(parts[1]) and whole(parts[2])):
        return None
    if len(parts) == 4 and parts[3] != str(SECOND):
        return None
    return (int(parts[1]), int(parts[2]), SECOND if len(parts) == 4 else FIRST)
