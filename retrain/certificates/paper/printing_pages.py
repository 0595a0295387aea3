"""What came out of a printing on numbered paper, and the sheets that get signed."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain import clock, files
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.certificates import printing, queries
from retrain.certificates.door import bp
from retrain.certificates.models import Printing
from retrain.certificates.names import name_checks
from retrain.certificates.names.wording import NAME_CHECKS
from retrain.certificates.paper import blank_queries, printings
from retrain.certificates.paper.forms import CameOutForm
from retrain.certificates.paper.wording import FATES, PRINTINGS
from retrain.certificates.states import LIVING, PrintingState, Rendition
from retrain.documents import dates, office_papers
from retrain.documents.office_papers import HandedOver, Heading, Proof
from retrain.enrolment import queries as enrolment
from retrain.language import pick
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.permissions import Target
from retrain.web.downloads import made_file
from retrain.web.forms import submit
from retrain.web.language import language_asked, written_in


@bp.route("/documents/printings/<int:printing_id>", methods=["GET", "POST"])
@allow("blanks.keep")
def printing_of(printing_id: int) -> Any:
    """One printing: its PDF, and the question what came out."""
    row, form = _printing(printing_id), CameOutForm()
    if told := submit(
        form, lambda: printings.came_out(current_actor(), printing_id, form.said, form.reason.data or "")
    ):
        flash(
            ngettext(
                "%(num)s document stands on its blank.",
                "%(num)s documents stand on their blanks.",
                len(told.good),
            ),
            "done",
        )
        return redirect(url_for(".printing_of", printing_id=printing_id), 303)
    sheets = blank_queries.sheets(printing_id)
    stands_on = blank_queries.blanks_of([sheet.certificate_id for sheet in sheets])
    page = render_template(
        "certificates/printing.html", row=row, run=row.run, form=form, is_open=row.state is PrintingState.OPEN,
        state=PRINTINGS[row.state], sheets=sheets, fates=FATES, stands_on=stands_on,
        left=len(blank_queries.to_print(row.run_id)), act=blank_queries.drafted_act(row.provider_id),
    )  # fmt: skip
    return page, form.status if form.is_submitted() else 200


@bp.post("/documents/printings/<int:printing_id>/give-up")
@allow("blanks.keep")
def give_up(printing_id: int) -> Any:
    """Nothing came out of the printer."""
    row = _printing(printing_id)
    printings.give_up(current_actor(), printing_id)
    flash(_("The blanks are back in the stock."), "done")
    return redirect(url_for(".to_print", code=row.run.code), 303)


@bp.get("/documents/printings/<int:printing_id>.pdf")
@allow("blanks.keep")
def printing_file(printing_id: int) -> Any:
    """What goes to the printer, a document a sheet, in the order of the hand-over list."""
    row = _printing(printing_id)
    certificates = [sheet.certificate for sheet in blank_queries.sheets(printing_id)]
    made = printing.printed(certificates, Rendition.OVERLAY, (row.right_mm, row.down_mm))
    return made_file(made.pdf, f"{row.run.code}-{row.id}.pdf", files.PDF, shown=True)


@bp.get("/manage/runs/<code>/hand-over.pdf")
@allow("certificate.print")
def hand_over_list(code: str) -> Any:
    """One sheet a group on which its people sign for their documents."""
    run, language = _seen(code, "certificate.print"), language_asked()
    certificates = [row for row in queries.of_run(run.id) if row.state in LIVING]
    numbers = [row.id for row in certificates]
    stands_on, handed = blank_queries.blanks_of(numbers), queries.hand_overs(numbers)
    lines = [
        HandedOver(
            row.frozen["public"]["name"], row.registration_number, stands_on.get(row.id, ""),
            dates.written(handed[row.id].on_date, language) if row.id in handed else "",
        )
        for row in certificates
    ]  # fmt: skip
    content = office_papers.hand_over_pdf(_heading(run, language), lines, lang=language)
    return made_file(content, f"{code}-topshirish.pdf", files.PDF, shown=True)


@bp.get("/manage/runs/<code>/proof.pdf")
@allow("certificate.print")
def proof_sheet(code: str) -> Any:
    """The lines of every document of the group, to be read and signed before anything is printed."""
    run, language = _seen(code, "certificate.print"), language_asked()
    group = enrolment.group_rows(run)
    lines, checks = (
        name_checks.lines_of(run, group),
        name_checks.checks_of([row.id for row, _person in group]),
    )
    with written_in(language):
        proofs = [
            Proof(
                names=tuple(dict.fromkeys((lines[row.id]["name_latin"], lines[row.id]["name_cyrillic"]))),
                workplace=lines[row.id]["workplace"],
                post=lines[row.id]["post"],
                standing=str(NAME_CHECKS[name_checks.standing(checks.get(row.id), lines[row.id])][0]),
            )
            for row, _person in group
        ]
    content = office_papers.proof_pdf(_heading(run, language), proofs, lang=language)
    return made_file(content, f"{code}-tekshirish.pdf", files.PDF, shown=True)


def _heading(run: Run, language: str) -> Heading:
    return Heading(
        organisation=people.organisation_name(run.provider_id, None, language),
        course=pick(run.version.titles, language),
        group=run.group_name,
        starts=run.starts_on,
        ends=run.ends_on,
        day=clock.today(people.zone_of(run.provider_id)),
    )


def _printing(printing_id: int) -> Printing:
    found = blank_queries.printing(printing_id)
    permissions.require(current_actor(), "blanks.keep", Target(provider_id=found.provider_id))
    return found


def _seen(code: str, action: str = "blanks.keep") -> Run:
    run = catalogue.run(code)
    permissions.require(current_actor(), action, Target(provider_id=run.provider_id))
    return run
