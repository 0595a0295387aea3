"""The register book, and the last numbers of it."""

from textwrap import shorten
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain.certificates import numbering, queries
from retrain.certificates.book import entries, finding
from retrain.certificates.book.forms import NoteForm
from retrain.certificates.door import bp
from retrain.certificates.forms import numbers_form
from retrain.certificates.numbering import Last
from retrain.documents.register_book import BookHeading, BookRow, register_pdf
from retrain.files import PDF, XLSX
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.permissions import Target
from retrain.refusal import NotThere
from retrain.tabular.write import write_xlsx
from retrain.web.downloads import made_file
from retrain.web.forms import submit
from retrain.web.language import language_asked, shown_date, written_in
from retrain.web.requests import whole


@bp.route("/documents/numbers", methods=["GET", "POST"])
@allow("certificate.numbers")
def numbers() -> Any:
    """The last number of each series; after a restore an officer confirms them before anything is issued."""
    actor = current_actor()
    provider_id = actor.organisation_id or 0
    waiting = numbering.to_confirm(provider_id)
    held, form = bool(waiting), numbers_form(waiting)

    def confirm() -> bool:
        typed = {row.series: form[f"series-{row.series}"].data for row in waiting}
        written = {series: number for series, number in typed.items() if number is not None}
        numbering.confirm(actor, provider_id, written)
        return True

    if held and submit(form, confirm):
        flash(_("The last numbers are confirmed. Documents of these series can be issued again."), "done")
        return redirect(url_for(".documents"), 303)
    last = numbering.last_numbers(provider_id)
    page = render_template("certificates/numbers.html", form=form, last=last, held=held)
    return page, 422 if held and form.is_submitted() else 200


@bp.get("/documents/register")
@allow("certificate.see")
def register() -> Any:
    """The register book of one series and year, a page of it as it is on paper; or what is found in all of them."""
    books, chosen = _books()
    words = request.args.get("find", "").strip()[:200]
    lines = (
        entries.find(_provider(), words) if words else entries.lines(_provider(), chosen) if chosen else []
    )
    asked = request.args.get("page", "")
    number = whole(asked) if asked.isdecimal() else 1 if words else len(lines)
    return render_template(
        "certificates/register.html", books=_tabs(books, None if words else chosen), chosen=chosen, words=words,
        page=entries.page(lines, number), most=finding.MOST,
        may_take=permissions.scope(current_actor(), "certificate.print") is not None,
        may_note=permissions.scope(current_actor(), "certificate.issue") is not None,
    )  # fmt: skip


@bp.get("/documents/register.xlsx")
@allow("certificate.print")
def register_sheet() -> Any:
    """The same for a spreadsheet, the whole book."""
    chosen = _chosen()
    headers = [_("Number"), _("Issued on"), _("Name"), _("Course"), _("Group"), _("Hours"), _("Order"), _("State"),
               _("Handed over"), _("Who took it"), _("Note"), _("Document"), _("Blank"), _("Protocol")]  # fmt: skip
    table = [
        [line.number, line.issued_on, line.name, line.course, line.group, line.hours, line.order, line.state,
         line.handed_on, line.taken_by, line.note, line.document, line.blank, line.protocol]
        for line in entries.lines(_provider(), chosen)
    ]  # fmt: skip
    content = write_xlsx([str(header) for header in headers], table, _("Register book"))
    return made_file(content, f"register-{chosen.name}.xlsx", XLSX)


@bp.get("/documents/register.pdf")
@allow("certificate.print")
def register_paper() -> Any:
    """The book as it is printed: a page of it when the address names one, else the whole of it."""
    chosen, language = _chosen(), language_asked()
    with written_in(language):
        lines = entries.lines(_provider(), chosen)
        asked = request.args.get("page", "")
        first = (entries.page(lines, whole(asked)).page - 1) * entries.LINES if asked.isdecimal() else 0
        shown = lines[first : first + entries.LINES] if asked.isdecimal() else lines
        rows = [_printed(line) for line in shown]
        heading = BookHeading(
            people.organisation_name(_provider(), None, language),
            chosen.series,
            chosen.year,
            first // entries.LINES,
        )
    return made_file(
        register_pdf(heading, rows, per_page=entries.LINES, lang=language),
        f"register-{chosen.name}.pdf",
        PDF,
        shown=True,
    )


def _printed(line: entries.Line) -> BookRow:
    def day(on: Any) -> str:
        return shown_date(on) if on else ""

    return BookRow(
        number=line.number, blank=line.blank, issued=day(line.issued_on), name=line.name,
        document=", ".join(part for part in (line.document, shorten(line.course, 110, placeholder=" …")) if part),
        group=line.group, hours=str(line.hours or ""),
        grounds="; ".join(part for part in (line.protocol, line.order) if part),
        received=", ".join(part for part in (day(line.handed_on), line.taken_by) if part), note=line.note,
    )  # fmt: skip


@bp.route("/certificates/<int:certificate_id>/note", methods=["GET", "POST"])
@allow("certificate.issue")
def add_note(certificate_id: int) -> Any:
    """A note under a document's line in the book."""
    row, form = queries.certificate(certificate_id), NoteForm()
    permissions.require(current_actor(), "certificate.issue", Target(provider_id=row.provider_id))
    if submit(form, lambda: entries.add_note(current_actor(), certificate_id, form.text.data or "")):
        flash(_("The note stands in the book."), "done")
        return redirect(url_for(".register", book=f"{row.series}-{row.year}"), 303)
    page = render_template("certificates/note.html", row=row, form=form)
    return page, form.status if form.is_submitted() else 200


def _provider() -> int:
    return current_actor().organisation_id or 0


def _chosen() -> Last:
    _all, chosen = _books()
    if not chosen:
        raise NotThere
    return chosen


def _tabs(books: list[Last], chosen: Last | None) -> list[dict[str, Any]]:
    return [
        {
            "label": f"{each.series} / {each.year}",
            "url": url_for(".register", book=each.name),
            "current": each == chosen,
        }
        for each in books
    ]


def _books() -> tuple[list[Last], Last | None]:
    """The provider's books, the latest first, and the one asked for."""
    last = numbering.last_numbers(current_actor().organisation_id or 0)
    books = sorted((row for row in last if row.number), key=lambda each: (-each.year, each.series))
    asked = request.args.get("book", "")
    return books, next((each for each in books if each.name == asked), books[0] if books else None)
