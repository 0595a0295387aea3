"""A national register and documents from before: files sent, answers read, lists entered."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain.catalogue.states import DocumentType
from retrain.certificates import numbering
from retrain.certificates.book import old_documents, registry
from retrain.certificates.book.forms import AnswerForm, OldConfirmForm, OldForm, profile_form, profile_of
from retrain.certificates.book.wording import REGISTRY
from retrain.certificates.door import bp
from retrain.certificates.numbering import Last
from retrain.database.pages import ReadPage
from retrain.files import XLSX
from retrain.people import uploads
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.refusal import NotThere
from retrain.tabular.write import write_xlsx
from retrain.web.downloads import made_file
from retrain.web.forms import submit
from retrain.web.requests import whole
from retrain.web.words import say

ROWS = 50
"""Documents on a page of the national register."""


@bp.route("/documents/register/registry", methods=["GET", "POST"])
@allow("certificate.print")
def national_register() -> Any:
    """Which documents of a book the national register knows; the answer it sent is read here."""
    chosen, form = _book(), AnswerForm()
    unmatched: list[str] = []

    def read() -> registry.Answered:
        sent = form.file.data
        return registry.answer(current_actor(), _provider(), sent.read(), sent.filename or "")

    if found := submit(form, read):
        flash(
            _(
                "Accepted: %(accepted)s, with an error: %(errors)s.",
                accepted=found.accepted,
                errors=found.errors,
            ),
            "done",
        )
        unmatched = [say(why) for why in found.unread]
        if not unmatched:
            return redirect(url_for(".national_register", book=chosen.name), 303)
    rows = registry.standings(_provider(), chosen.series, chosen.year)
    rows.sort(key=lambda row: (not row.refused, not row.waits))  # what asks for something first
    asked = request.args.get("page", "")
    part = ReadPage(rows=rows, page=whole(asked) if asked.isdecimal() else 1, per_page=ROWS, error_out=False)
    page = render_template(
        "certificates/registry.html", chosen=chosen, rows=[_row(row) for row in part.items], part=part, form=form,
        unmatched=unmatched, waiting=sum(row.waits for row in rows),
    )  # fmt: skip
    return page, form.status if form.is_submitted() and not found else 200


def _row(row: registry.Standing) -> dict[str, Any]:
    word, tone = REGISTRY[row.line.state if row.line else None]
    return {
        "number": row.certificate.registration_number, "name": row.certificate.frozen["public"]["name"],
        "word": word, "tone": tone, "answer": row.line.answer if row.line else "",
        "again": row.waits and row.line is not None,
    }  # fmt: skip


@bp.post("/documents/register/registry/send")
@allow("certificate.print")
def send_to_register() -> Any:
    """The file for the register; what is in it counts as sent."""
    chosen = _book()
    stored = registry.send(current_actor(), _provider(), chosen.series, chosen.year)
    return redirect(url_for("files.download", file_id=stored.id), 303)


@bp.route("/documents/register/profile", methods=["GET", "POST"])
@allow("certificate.print")
def registry_profile() -> Any:
    """How the file of the national register looks."""
    form = profile_form(registry.profile(_provider()))

    def keep() -> bool:
        registry.set_profile(current_actor(), _provider(), profile_of(form))
        return True

    if submit(form, keep):
        flash(_("The next file looks like this."), "done")
        return redirect(url_for(".register"), 303)
    page = render_template("certificates/registry_profile.html", form=form, most=registry.MOST_COLUMNS)
    return page, form.status if form.is_submitted() else 200


@bp.route("/documents/old", methods=["GET", "POST"])
@allow("certificate.issue")
def old_list() -> Any:
    """Choose a list of documents from before."""
    form = OldForm()

    def receive() -> str:
        sent = form.file.data
        content, name = sent.read(), sent.filename or ""
        old_documents.preview(_provider(), content, name)
        return uploads.put_by(content, name, current_actor().person_id, _provider())

    if token := submit(form, receive):
        return redirect(url_for(".old_preview", token=token, kind=form.kind.data), 303)
    page = render_template("certificates/old_list.html", form=form)
    return page, form.status if form.is_submitted() else 200


@bp.get("/documents/old.xlsx")
@allow("certificate.issue")
def old_template() -> Any:
    """An empty list with the columns that are read."""
    headers = [told[0].capitalize() for told in old_documents.COLUMNS.values()]
    return made_file(write_xlsx(headers, [], "Hujjatlar"), "hujjatlar.xlsx", XLSX)


@bp.route("/documents/old/<token>", methods=["GET", "POST"])
@allow("certificate.issue")
def old_preview(token: str) -> Any:
    """What will come of each row; entered as a whole when no row is wrong."""
    content, name, provider_id = uploads.take_up(token, current_actor().person_id)
    kind = request.args.get("kind", "")
    if provider_id != _provider() or kind not in set(DocumentType):
        raise NotThere
    form = OldConfirmForm()
    entered = submit(
        form,
        lambda: old_documents.enter(current_actor(), _provider(), DocumentType(kind), content, name),
    )
    if entered:
        flash(
            ngettext(
                "%(num)s document from before is in the book.",
                "%(num)s documents from before are in the book.",
                entered,
            ),
            "done",
        )
        return redirect(url_for(".register"), 303)
    looked = old_documents.preview(_provider(), content, name)
    shown = [*looked.wrong, *(line for line in looked.lines if not line.why)][:200]
    page = render_template(
        "certificates/old_preview.html", form=form, looked=looked, token=token, kind=kind, name=name,
        rows=[{"row": line.row, "values": line.values, "why": [say(why) for why in line.why]} for line in shown],
    )  # fmt: skip
    return page, form.status if form.is_submitted() else 200


def _provider() -> int:
    return current_actor().organisation_id or 0


def _book() -> Last:
    """The book the address asks for, among one's own."""
    name = request.args.get("book", "")
    found = next((each for each in numbering.last_numbers(_provider()) if each.name == name), None)
    if found is None:
        raise NotThere
    return found
