"""Printing a run's documents: whole or over state blanks, tried on plain paper first, or packed for their holders."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain import clock, files
from retrain.certificates import parcels, printing, service
from retrain.certificates.door import bp
from retrain.certificates.paper_forms import PrinterForm, PrintForm
from retrain.certificates.states import Rendition
from retrain.people import service as people_service
from retrain.people import settings
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.web.downloads import made_file
from retrain.web.forms import submit


@bp.route("/manage/runs/<code>/paper", methods=["GET", "POST"])
@allow("certificate.print")
def prepare_print(code: str) -> Any:
    """How a run's documents are to be printed; a printer's shift is kept under its name."""
    run, certificates = service.printable(current_actor(), code)
    provider_id = run.provider_id
    known = settings.get(provider_id, "printers")
    form, printer = PrintForm(request.args), PrinterForm()

    def keep() -> bool:
        shift = {"right": float(printer.right.data or 0), "down": float(printer.down.data or 0)}
        told = [row for row in known if row["name"] != printer.printer.data]
        told.append({"name": printer.printer.data, **shift})
        people_service.set_setting(current_actor(), provider_id, "printers", clock.today(), told)
        return True

    if submit(printer, keep):
        flash(_("The printer is kept."), "done")
        right, down = printer.right.data or 0, printer.down.data or 0
        return redirect(
            url_for(".prepare_print", code=code, rendition=Rendition.OVERLAY, right=right, down=down), 303
        )
    page = render_template(
        "certificates/print.html",
        run=run,
        form=form,
        printer=printer,
        printers=known,
        copies=len(certificates),
    )
    return page, 422 if printer.is_submitted() else 200


@bp.get("/manage/runs/<code>/documents.pdf")
@allow("certificate.print")
def print_run(code: str) -> Any:
    """Every document of the run as one PDF."""
    rendition, shift = _asked()
    return made_file(
        service.print_run(current_actor(), code, rendition, shift), f"{code}.pdf", files.PDF, shown=True
    )


@bp.get("/manage/runs/<code>/trial.pdf")
@allow("certificate.print")
def trial_sheet(code: str) -> Any:
    """The first document's texts on plain paper, with marks to measure by: no blank is used up."""
    _run, certificates = service.printable(current_actor(), code)
    _rendition, shift = _asked()
    return made_file(printing.trial_sheet(certificates[0], shift), f"{code}-0.pdf", files.PDF, shown=True)


@bp.post("/manage/runs/<code>/documents.zip")
@allow("certificate.print")
def parcel(code: str) -> Any:
    """Have every person's own file packed."""
    return redirect(url_for("jobs.show", job_id=parcels.want(current_actor(), code).id), 303)


def _asked() -> tuple[Rendition, printing.Shift]:
    """What the address asks for; nonsense in it asks for nothing."""
    form = PrintForm(request.args)
    if not request.args or not form.validate():
        return Rendition.FULL, printing.NOWHERE
    return Rendition(form.rendition.data), (float(form.right.data or 0), float(form.down.data or 0))
