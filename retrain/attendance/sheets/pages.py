"""Journals, month sheets and statements to print or to count in, and what they look like."""

from calendar import monthrange
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain import files
from retrain.attendance.door import bp
from retrain.attendance.live_pages import run_seen
from retrain.attendance.sheets import hours_sheet, sheets
from retrain.attendance.sheets import templates as sheet_templates
from retrain.attendance.sheets.states import COLUMNS, USUAL, SheetKind, in_order
from retrain.attendance.sheets.wording import COLUMN_NAMES, SHEETS, USUAL_SIGNERS
from retrain.catalogue.models import Run
from retrain.catalogue.wording import HOUR_KINDS
from retrain.documents import pdf
from retrain.documents.lists import Sheet, sheet_pdf, sheet_xlsx
from retrain.language.dates import month_and_year
from retrain.people import permissions, shown_names
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.permissions import Scope, Target
from retrain.refusal import Forbidden, NotThere, Refused
from retrain.timetable import queries as timetable
from retrain.web import work
from retrain.web.downloads import made_file
from retrain.web.language import current_language, readers_today
from retrain.web.requests import whole
from retrain.web.words import say

OF_RUN = (SheetKind.JOURNAL, SheetKind.MONTH, SheetKind.STATEMENT)


def _month(today: date) -> tuple[date, date]:
    """The month the address asks for, 2026-09; else the one it is."""
    year, _dash, number = request.args.get("month", "").partition("-")
    asked = (whole(year), whole(number))
    good = 2000 <= asked[0] <= 2199 and 1 <= asked[1] <= 12
    at, month = asked if good else (today.year, today.month)
    return date(at, month, 1), date(at, month, monthrange(at, month)[1])


def _answered(sheet: Sheet, name: str, ending: str) -> Any:
    if ending == "xlsx":
        return made_file(sheet_xlsx(sheet), f"{name}.xlsx", files.XLSX)
    return made_file(sheet_pdf(sheet, current_language()), f"{name}.pdf", files.PDF, shown=True)


@bp.get("/manage/runs/<code>/sheets")
@allow("sheet.print")
def run_sheets(code: str) -> Any:
    """What can be printed of a run's attendance, in which look, of which month."""
    run = run_seen(code, "sheet.print")
    provider_id = run.provider_id
    return render_template(
        "attendance/run_sheets.html",
        run=run,
        tabs=work.gather("run_tabs", run, current_actor()),
        sheets=[(kind, SHEETS[kind]) for kind in OF_RUN],
        templates=sheet_templates.of_provider(provider_id),
        months=_months(run),
        can_print=pdf.available(),
        may_see_hours=permissions.scope(current_actor(), "hours.print") is Scope.PROVIDER,
        may_edit=permissions.may(current_actor(), "sheet.edit", Target(provider_id=provider_id)),
    )


def _months(run: Run) -> list[tuple[str, str]]:
    found, at = [], run.starts_on.replace(day=1)
    while at <= run.ends_on:
        found.append((f"{at:%Y-%m}", month_and_year(at, current_language())))
        at = date(at.year + at.month // 12, at.month % 12 + 1, 1)
    return found


@bp.get("/manage/runs/<code>/sheets/<kind>.<ending>")
@allow("sheet.print")
def run_sheet(code: str, kind: str, ending: str) -> Any:
    """One sheet of a run as PDF or XLSX."""
    run = run_seen(code, "sheet.print")
    if kind not in OF_RUN or ending not in ("pdf", "xlsx"):
        raise NotThere(kind)
    template = sheet_templates.one(run.provider_id, whole(request.args.get("template")), SheetKind(kind))
    look = sheets.Look.of(SheetKind(kind), template)
    if kind == SheetKind.JOURNAL:
        sheet = sheets.journal(run, look)
    elif kind == SheetKind.MONTH:
        sheet = sheets.month(run, look, *_month(run.starts_on))
    else:
        sheet = sheets.statement(run, look)
    return _answered(sheet, f"{kind}-{run.code}", ending)


@bp.get("/manage/hours")
@allow("hours.print")
def hours() -> Any:
    """A lecturer's month of hours: one's own, or anybody's of the provider for whoever pays."""
    person_id, provider_id, may_choose = _whose()
    today = readers_today()
    first, last = _month(today)
    rows = hours_sheet.taught(person_id, provider_id, first, last, today) if person_id else []
    return render_template(
        "attendance/hours.html",
        rows=rows, sums=hours_sheet.by_kind(rows), kinds=HOUR_KINDS,
        hour=sheets.hour_where(provider_id, first), month=f"{first:%Y-%m}",
        month_name=month_and_year(first, current_language()), person_id=person_id,
        lecturers=timetable.lecturers(provider_id) if may_choose else [],
        name=shown_names.short([person_id]).get(person_id, ""), can_print=pdf.available(),
        templates=[each for each in sheet_templates.of_provider(provider_id) if each.kind is SheetKind.HOURS],
        may_edit=permissions.may(current_actor(), "sheet.edit", Target(provider_id=provider_id)),
    )  # fmt: skip


@bp.get("/manage/hours.pdf")
@allow("hours.print")
def hours_pdf() -> Any:
    """The same month on paper, to be signed."""
    return _hours_file("pdf")


@bp.get("/manage/hours.xlsx")
@allow("hours.print")
def hours_xlsx() -> Any:
    """The same month as a spreadsheet."""
    return _hours_file("xlsx")


def _hours_file(ending: str) -> Any:
    person_id, provider_id, _may_choose = _whose()
    if not person_id:
        raise NotThere(ending)
    template = sheet_templates.one(provider_id, whole(request.args.get("template")), SheetKind.HOURS)
    look, today = sheets.Look.of(SheetKind.HOURS, template), readers_today()
    first, last = _month(today)
    sheet = hours_sheet.hours(person_id, provider_id, first, last, today, look)
    return _answered(sheet, f"hours-{first:%Y-%m}", ending)


def _whose() -> tuple[int, int, bool]:
    """Whose hours, at which provider, and whether another lecturer can be chosen."""
    actor = current_actor()
    provider_id = actor.organisation_id or 0
    if permissions.scope(actor, "hours.print") is not Scope.PROVIDER:
        return actor.person_id or 0, provider_id, False
    asked = whole(request.args.get("person"))
    known = [each.id for each in timetable.lecturers(provider_id)]
    if asked and asked not in known:
        raise Forbidden("hours.print")
    return asked or (known[0] if known else 0), provider_id, True


@bp.route("/manage/sheets/<kind>", methods=["GET", "POST"])
@allow("sheet.edit")
def edit_sheet(kind: str) -> Any:
    """A template of one kind: its name, title, columns with their places, who signs."""
    actor = current_actor()
    provider_id = actor.organisation_id or 0
    if kind not in list(SheetKind):
        raise NotThere(kind)
    what, number = SheetKind(kind), whole(request.values.get("template"))
    row, problems = sheet_templates.one(provider_id, number, what), []
    if request.method == "POST":
        try:
            return _saved(provider_id, what, number)
        except Refused as refused:
            problems = [say(why) for why in refused.why]
    shown = row.columns if row else USUAL[what]
    places = {name: at for at, name in enumerate(shown, start=1)}
    page = render_template(
        "attendance/edit_sheet.html", kind=what, words=SHEETS[what], row=row, problems=problems,
        columns=[
            (name, COLUMN_NAMES[name], request.form.get(f"place-{name}", places.get(name, "")))
            for name in COLUMNS[what]
        ],
        others=[each for each in sheet_templates.of_provider(provider_id) if each.kind is what],
        typed=request.form, signers=row.signers if row else [str(words) for words in USUAL_SIGNERS[what]],
    )  # fmt: skip
    return (page, 422) if problems else page


def _saved(provider_id: int, kind: SheetKind, number: int) -> Any:
    if "delete" in request.form:
        sheet_templates.delete(current_actor(), provider_id, number)
        flash(_("The template is deleted. What was printed by it stays."), "done")
        return redirect(url_for(".edit_sheet", kind=kind), 303)
    places = {name: whole(request.form.get(f"place-{name}")) for name in COLUMNS[kind]}
    typed = sheet_templates.Typed(
        name=request.form.get("name", ""), title=request.form.get("title", ""), columns=in_order(kind, places),
        signers=request.form.get("signers", "").splitlines(), foot=request.form.get("foot", ""),
    )  # fmt: skip
    row = sheet_templates.save(current_actor(), provider_id, kind, number, typed)
    flash(_("The template is saved."), "done")
    return redirect(url_for(".edit_sheet", kind=kind, template=row.id), 303)
