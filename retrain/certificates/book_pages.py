"""The register book, and the last numbers of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain.certificates import numbering, queries
from retrain.certificates.door import bp
from retrain.certificates.forms import numbers_form
from retrain.certificates.models import Certificate, HandOver
from retrain.certificates.numbering import Last
from retrain.certificates.rules import Missing, missing, registration_number
from retrain.certificates.wording import RECEIVED, STATES
from retrain.files import XLSX
from retrain.language import pick
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.refusal import NotThere
from retrain.tabular.write import write_xlsx
from retrain.web.downloads import made_file
from retrain.web.forms import submit
from retrain.web.language import current_language, shown_date


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
    """The register book of one series and year."""
    books, chosen = _books()
    lines = _lines(chosen) if chosen else []
    return render_template(
        "certificates/register.html", books=_tabs(books, chosen), chosen=chosen, lines=lines
    )


@bp.get("/documents/register.xlsx")
@allow("certificate.print")
def register_sheet() -> Any:
    """The same for a spreadsheet."""
    _all, chosen = _books()
    if not chosen:
        raise NotThere
    headers = [
        _("Number"),
        _("Issued on"),
        _("Name"),
        _("Course"),
        _("Group"),
        _("Hours"),
        _("Order"),
        _("State"),
        _("Handed over"),
        _("Who took it"),
        _("Note"),
    ]
    table = [
        [line.number, line.issued_on, line.name, line.course, line.group, line.hours, line.order, line.state,
         line.handed_on, line.taken_by, line.note]
        for line in _lines(chosen)
    ]  # fmt: skip
    book = write_xlsx([str(header) for header in headers], table, _("Register book"))
    return made_file(book, f"register-{chosen.name}.xlsx", XLSX)


@dataclass(frozen=True)
class Line:
    """One line of the register book, in the reader's words."""

    number: str
    note: str
    issued_on: date | None = None
    name: str = ""
    course: str = ""
    group: str = ""
    hours: int | None = None
    order: str = ""
    state: str = ""
    tone: str = ""
    handed_on: date | None = None
    taken_by: str = ""


def _lines(book: Last) -> list[Line]:
    """Every number of a book: its document, or why there is none."""
    provider_id = current_actor().organisation_id or 0
    rows = numbering.register(provider_id, book.series, book.year)
    handed = queries.hand_overs([row.id for row in rows])
    numbers_of = {row.id: row.registration_number for row in rows}
    old_of = {row.replaced_by_id: row.registration_number for row in rows if row.replaced_by_id}
    found = {
        row.number: _line(
            row, handed.get(row.id), numbers_of.get(row.replaced_by_id or 0), old_of.get(row.id)
        )
        for row in rows
    }
    for gap in missing([row.number for row in rows], book.number):
        found[gap.first] = _gap(gap, book)
    return [line for _number, line in sorted(found.items())]


def _line(row: Certificate, handed: HandOver | None, by: str | None, old: str | None) -> Line:
    said, document = row.frozen["public"], row.frozen["document"]
    word, tone = STATES[row.state]
    notes = [
        _("in place of %(number)s", number=old) if old else "",
        _("replaced by %(number)s", number=by) if by else "",
        f"{shown_date(row.ended_on)}: {row.end_reason}" if row.ended_on else "",
    ]
    number, on = document["order_number"], document["order_on"]
    return Line(
        number=row.registration_number,
        note="; ".join(note for note in notes if note),
        issued_on=date.fromisoformat(said["issued_on"]),
        name=said["name"],
        course=pick(said["titles"], current_language()),
        group=row.run.code,
        hours=said["hours"],
        order=f"{number}, {shown_date(date.fromisoformat(on))}" if on else number,
        state=str(word),
        tone=tone,
        handed_on=handed.on_date if handed else None,
        taken_by=_taken_by(handed),
    )


def _taken_by(handed: HandOver | None) -> str:
    if handed is None:
        return ""
    return ": ".join(part for part in (str(RECEIVED[handed.received_by]), handed.who) if part)


def _gap(gap: Missing, book: Last) -> Line:
    ends = [registration_number(book.series, book.year, number) for number in (gap.first, gap.last)]
    return Line(
        number=" – ".join(dict.fromkeys(ends)),
        note=_("used on paper before the data came back from a backup; not in the database"),
    )


def _tabs(books: list[Last], chosen: Last | None) -> list[dict[str, Any]]:
    return [
        {
            "label": f"{book.series} / {book.year}",
            "url": url_for(".register", book=book.name),
            "current": book == chosen,
        }
        for book in books
    ]


def _books() -> tuple[list[Last], Last | None]:
    """The provider's books, the latest first, and the one asked for."""
    last = numbering.last_numbers(current_actor().organisation_id or 0)
    books = sorted((row for row in last if row.number), key=lambda book: (-book.year, book.series))
    asked = request.args.get("book", "")
    return books, next((book for book in books if book.name == asked), books[0] if books else None)
