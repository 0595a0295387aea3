"""The register book, and the last numbers of it."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain.certificates import numbering, queries
from retrain.certificates.door import bp
from retrain.certificates.forms import numbers_form
from retrain.certificates.models import Certificate
from retrain.certificates.wording import RECEIVED, STATES
from retrain.files import XLSX
from retrain.language import pick
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.refusal import NotThere
from retrain.tabular.write import write_xlsx
from retrain.web.downloads import made_file
from retrain.web.forms import submit
from retrain.web.language import current_language


@bp.route("/documents/numbers", methods=["GET", "POST"])
@allow("certificate.issue")
def numbers() -> Any:
    """The last number of each series; after a restore an officer confirms them before anything is issued."""
    actor = current_actor()
    provider_id = actor.organisation_id or 0
    last, held = numbering.last_numbers(provider_id), numbering.are_held(provider_id)
    form = numbers_form(last)

    def confirm() -> bool:
        used = {(row.series, row.year): form[f"{row.series}-{row.year}"].data or 0 for row in last}
        numbering.confirm(actor, provider_id, used)
        return True

    if held and submit(form, confirm):
        flash(_("The last numbers are confirmed. Documents can be issued again."), "done")
        return redirect(url_for(".documents"), 303)
    page = render_template("certificates/numbers.html", form=form, last=last, held=held)
    return page, 422 if held and form.is_submitted() else 200


@bp.get("/documents/register")
@allow("certificate.see")
def register() -> Any:
    """The register book of one series and year."""
    books, chosen = _books()
    rows = numbering.register(current_actor().organisation_id or 0, *chosen) if chosen else []
    return render_template(
        "certificates/register.html", books=_tabs(books, chosen), chosen=chosen, rows=rows, states=STATES, received=RECEIVED,
        hand_overs=queries.hand_overs([row.id for row in rows]),
        issued_on={row.id: _issued_on(row) for row in rows},
    )  # fmt: skip


@bp.get("/documents/register.xlsx")
@allow("certificate.print")
def register_sheet() -> Any:
    """The same for a spreadsheet."""
    _all, chosen = _books()
    if not chosen:
        raise NotThere
    rows = numbering.register(current_actor().organisation_id or 0, *chosen)
    handed = queries.hand_overs([row.id for row in rows])
    headers = [
        _("Number"),
        _("Issued on"),
        _("Name"),
        _("Course"),
        _("Hours"),
        _("State"),
        _("Handed over"),
        _("Who took it"),
    ]
    table = [
        [row.registration_number, _issued_on(row), row.frozen["public"]["name"],
         pick(row.frozen["public"]["titles"], current_language()), row.frozen["public"]["hours"],
         str(STATES[row.state][0]), handed[row.id].on_date if row.id in handed else "",
         handed[row.id].who if row.id in handed else ""]
        for row in rows
    ]  # fmt: skip
    book = write_xlsx([str(header) for header in headers], table, _("Register book"))
    return made_file(book, f"register-{chosen[0]}-{chosen[1]}.xlsx", XLSX)


def _issued_on(row: Certificate) -> date:
    return date.fromisoformat(row.frozen["public"]["issued_on"])


def _tabs(books: list[numbering.Book], chosen: numbering.Book | None) -> list[dict[str, Any]]:
    return [
        {
            "label": f"{series} / {year}",
            "url": url_for(".register", book=f"{series}-{year}"),
            "current": (series, year) == chosen,
        }
        for series, year in books
    ]


def _books() -> tuple[list[numbering.Book], numbering.Book | None]:
    """The provider's books, the latest first, and the one asked for."""
    last = numbering.last_numbers(current_actor().organisation_id or 0)
    books = sorted(
        ((row.series, row.year) for row in last if row.number), key=lambda book: (-book[1], book[0])
    )
    asked = request.args.get("book", "")
    return books, next(
        (book for book in books if f"{book[0]}-{book[1]}" == asked), books[0] if books else None
    )
