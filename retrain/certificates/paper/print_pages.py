"""The one page on which a run's documents are printed: on white paper, or on state blanks that are counted before."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain import clock, files
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.certificates import parcels, printing
from retrain.certificates.door import bp
from retrain.certificates.models import Certificate
from retrain.certificates.names import name_checks
from retrain.certificates.names.wording import NAME_CHECKS
from retrain.certificates.paper import blank_queries, printings, stacks
from retrain.certificates.paper.forms import AskedForm, PrinterForm, PrintForm, printer_choices, sheet_number
from retrain.certificates.paper.wording import PRINTINGS
from retrain.certificates.states import NameCheckState, Rendition
from retrain.enrolment import queries as enrolment
from retrain.people import service as people_service
from retrain.people import settings
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.web import work
from retrain.web.downloads import made_file
from retrain.web.forms import submit
from retrain.web.requests import chosen


@bp.route("/manage/runs/<code>/print", methods=["GET", "POST"])
@allow("certificate.print")
def to_print(code: str) -> Any:
    """What is to be printed, on what and by which printer; blanks are counted here and set aside on *Print*."""
    actor = current_actor()
    run, certificates = stacks.printable(actor, code)
    officer, kind = actor.person_id or 0, run.version.document_type
    tray, held = blank_queries.in_tray(officer, kind, 1), blank_queries.held(officer, kind)
    waiting = blank_queries.to_print(run.id)
    form = PrintForm(
        rendition=Rendition.OVERLAY if held and waiting else Rendition.FULL, first=tray[0].name if tray else "",
        printer=request.args.get("printer", ""),
    )  # fmt: skip
    form.printer.choices = printer_choices(_printers(run))

    def begin() -> str:
        only = chosen("document", request.form)
        if form.tries:
            return url_for(".trial_sheet", code=code, printer=form.printer.data)
        if form.rendition.data == Rendition.FULL and len(only or certificates) > stacks.AT_ONCE:
            return url_for("jobs.show", job_id=stacks.want(actor, code, only).id)
        if form.rendition.data == Rendition.FULL:
            return url_for(".print_run", code=code, document=only)
        first = sheet_number(form.first.data or "") or ("", 0)
        wanted = only or [row.id for row in waiting]
        started = printings.begin(actor, code, wanted, first, _shift(_printers(run), form.printer.data))
        return url_for(".printing_of", printing_id=started.id)

    if address := submit(form, begin):
        return redirect(address, 303)
    page = render_template(
        "certificates/print.html", run=run, tabs=work.gather("run_tabs", run, actor), form=form,
        printer=PrinterForm(formdata=None), printers=_printers(run), rows=_rows(run, certificates),
        waiting=len(waiting), held=held, missing=max(0, len(waiting) - held), sides=printing.sides(certificates[0]),
        unsettled=blank_queries.unsettled(officer),
        earlier=[(row, PRINTINGS[row.state]) for row in blank_queries.printings(run.id)],
    )  # fmt: skip
    return page, form.status if form.is_submitted() else 200


def _rows(run: Run, certificates: Sequence[Certificate]) -> list[dict[str, Any]]:
    """The sheets in the order of the hand-over list: whose, on which blank, and whether the lines were confirmed."""
    numbers = [row.enrolment_id for row in certificates]
    group = [row for row in enrolment.group_rows(run) if row[0].id in set(numbers)]
    lines, checks = name_checks.lines_of(run, group), name_checks.checks_of(numbers)
    stands_on = blank_queries.blanks_of([row.id for row in certificates])
    found = []
    for place, row in enumerate(certificates, 1):
        known = lines.get(row.enrolment_id)
        standing = name_checks.standing(checks.get(row.enrolment_id), known) if known else None
        word, tone = NAME_CHECKS[standing]
        found.append(
            {
                "id": row.id, "place": place, "name": row.frozen["public"]["name"], "number": row.registration_number,
                "blank": stands_on.get(row.id, ""), "word": word, "tone": tone,
                "unchecked": standing not in (NameCheckState.CONFIRMED, NameCheckState.CORRECTED),
            }
        )  # fmt: skip
    return found


@bp.post("/manage/runs/<code>/printers")
@allow("certificate.print")
def keep_printer(code: str) -> Any:
    """A printer's shift is kept under its name; the same name puts it otherwise."""
    run, _certificates = stacks.printable(current_actor(), code)
    printer = PrinterForm()

    def keep() -> str:
        name, known = (printer.printer.data or "").strip(), _printers(run)
        told = [row for row in known if row["name"] != name]
        told.append(
            {"name": name, "right": float(printer.right.data or 0), "down": float(printer.down.data or 0)}
        )
        people_service.set_setting(current_actor(), run.provider_id, "printers", clock.today(), told)
        return name

    if name := submit(printer, keep):
        flash(_("The printer is kept."), "done")
        return redirect(url_for(".to_print", code=code, printer=name), 303)
    page = render_template("certificates/printer.html", run=run, printer=printer)
    return page, printer.status


@bp.get("/manage/runs/<code>/documents.pdf")
@allow("certificate.print")
def print_run(code: str) -> Any:
    """Every document of the run as one PDF, or those that are asked for."""
    rendition, shift = _asked(catalogue.run(code))
    content = stacks.print_run(current_actor(), code, rendition, shift, chosen("document", request.args))
    return made_file(content, f"{code}.pdf", files.PDF, shown=True)


@bp.get("/manage/runs/<code>/trial.pdf")
@allow("certificate.print")
def trial_sheet(code: str) -> Any:
    """The first document's texts on plain paper, with marks to measure by: no blank is used up."""
    run, certificates = stacks.printable(current_actor(), code)
    _rendition, shift = _asked(run)
    first = certificates[0]
    return made_file(printing.trial_sheet(first, shift, _side), f"{code}-0.pdf", files.PDF, shown=True)


def _side(number: int) -> str:
    sheet = number // 2 + 1
    return (
        _("Sheet %(n)s, back: this edge is above", n=sheet)
        if number % 2
        else _("Sheet %(n)s, front: this edge is above", n=sheet)
    )


@bp.post("/manage/runs/<code>/documents.zip")
@allow("certificate.print")
def parcel(code: str) -> Any:
    """Have every person's own file packed."""
    return redirect(url_for("jobs.show", job_id=parcels.want(current_actor(), code).id), 303)


def _printers(run: Run) -> list[dict[str, Any]]:
    known: list[dict[str, Any]] = settings.get(run.provider_id, "printers")
    return known


def _shift(printers: Sequence[dict[str, Any]], name: str | None) -> printing.Shift:
    """How far the printer of that name must move the text."""
    found = next((row for row in printers if row["name"] == name), None)
    return (found["right"], found["down"]) if found else printing.NOWHERE


def _asked(run: Run) -> tuple[Rendition, printing.Shift]:
    """What the address asks for; nonsense in it asks for nothing."""
    form = AskedForm(request.args)
    if not request.args or not form.validate():
        return Rendition.FULL, printing.NOWHERE
    if name := request.args.get("printer"):
        return Rendition(form.rendition.data), _shift(_printers(run), name)
    return Rendition(form.rendition.data), (float(form.right.data or 0), float(form.down.data or 0))
