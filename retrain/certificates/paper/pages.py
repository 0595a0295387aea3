"""Pages of the stock of numbered paper and of the acts that write it off."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from retrain import clock, files
from retrain.certificates import queries
from retrain.certificates.door import bp
from retrain.certificates.models import BlankAct, BlankEntry
from retrain.certificates.paper import blank_queries, blanks
from retrain.certificates.paper.blank_rules import Range
from retrain.certificates.paper.forms import (
    ActForm,
    HandForm,
    RangeForm,
    ReceiveForm,
    SpoilForm,
    WriteOffForm,
)
from retrain.certificates.paper.wording import ACTS, ENTRIES
from retrain.certificates.states import ActState, BlankState
from retrain.certificates.wording import DOCUMENTS
from retrain.documents.office_papers import Act, SpoiledBlank, act_pdf
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.permissions import Target
from retrain.web.downloads import made_file
from retrain.web.fields import options
from retrain.web.forms import submit
from retrain.web.language import language_asked, written_in


@bp.get("/documents/blanks")
@allow("blanks.keep")
def stock() -> Any:
    """What paper there is and who keeps it, whether the count adds up, what waits, and the book."""
    actor = current_actor()
    provider_id = actor.organisation_id or 0
    kept, book = blank_queries.at_hand(provider_id), blank_queries.book(provider_id)
    names = people.display_names(
        {holder for _kind, holder, _range in kept}
        | {who for row in book for who in (row.giver_id, row.taker_id)}
    )
    return render_template(
        "certificates/blanks.html",
        balances=[(DOCUMENTS[kind], row) for kind, row in blank_queries.balances(provider_id).items()],
        kept=[
            {"document": DOCUMENTS[kind], "holder": names.get(holder, ""), "range": found}
            for kind, holder, found in kept
        ],
        book=[_line(row, names) for row in book],
        acts=[
            {"act": act, "count": count, "state": ACTS[act.state]}
            for act, count in blank_queries.acts(provider_id)
        ],
        unsettled=blank_queries.unsettled(actor.person_id or 0),
    )


@dataclass(frozen=True)
class BookLine:
    """A line of the book of blanks in the reader's words."""

    row: BlankEntry
    range: Range
    what: str
    document: str
    giver: str
    taker: str


def _line(row: BlankEntry, names: dict[int, str]) -> BookLine:
    return BookLine(
        row, Range(row.series, row.first_number, row.last_number), ENTRIES[row.kind], DOCUMENTS[row.document_type],
        names.get(row.giver_id or 0, ""), names.get(row.taker_id or 0, ""),
    )  # fmt: skip


@bp.route("/documents/blanks/receive", methods=["GET", "POST"])
@allow("blanks.keep")
def receive() -> Any:
    """Record a delivery."""
    actor, form = current_actor(), ReceiveForm(on_date=clock.today())
    provider_id = actor.organisation_id or 0

    def record() -> bool:
        blanks.receive(
            actor, provider_id, form.kind.data, form.wanted, form.on_date.data, form.note.data or ""
        )
        return True

    return _recorded(
        form, record, _("Receive blanks"), _("Record the delivery"), _("The blanks are in the book.")
    )


@bp.route("/documents/blanks/hand", methods=["GET", "POST"])
@allow("blanks.keep")
def hand() -> Any:
    """Pass blanks on to a colleague."""
    actor, form = current_actor(), HandForm(on_date=clock.today())
    provider_id = actor.organisation_id or 0
    form.to.choices = options(blank_queries.keepers(provider_id))

    def record() -> bool:
        blanks.hand(actor, provider_id, form.wanted, form.to.data, form.on_date.data)
        return True

    return _recorded(
        form, record, _("Hand blanks on"), _("Record the hand-over"), _("The blanks changed hands.")
    )


@bp.route("/documents/blanks/write-off", methods=["GET", "POST"])
@allow("blanks.keep")
def write_off() -> Any:
    """Unused blanks are spoiled, lost or returned."""
    actor, form = current_actor(), WriteOffForm(on_date=clock.today())
    provider_id = actor.organisation_id or 0

    def record() -> bool:
        state = BlankState(form.state.data)
        blanks.write_off(actor, provider_id, form.wanted, state, form.on_date.data, form.reason.data or "")
        return True

    return _recorded(
        form, record, _("Write blanks off"), _("Write them off"), _("The blanks are written off.")
    )


def _recorded(form: RangeForm, record: Any, title: str, action: str, done: str) -> Any:
    if submit(form, record):
        flash(done, "done")
        return redirect(url_for(".stock"), 303)
    page = render_template("certificates/blank_form.html", form=form, title=title, action=action)
    return page, form.status if form.is_submitted() else 200


@bp.route("/certificates/<int:certificate_id>/spoiled", methods=["GET", "POST"])
@allow("blanks.keep")
def spoiled(certificate_id: int) -> Any:
    """The sheet a document stands on is no good: the document waits for another one."""
    row = queries.certificate(certificate_id)
    permissions.require(current_actor(), "blanks.keep", Target(provider_id=row.provider_id))
    form = SpoilForm()

    def record() -> bool:
        blanks.spoil_paper(current_actor(), certificate_id, form.reason.data or "")
        return True

    if submit(form, record):
        flash(_("The blank is on the act of spoiled ones. The document can be printed on another."), "done")
        return redirect(url_for(".to_print", code=row.run.code), 303)
    page = render_template("certificates/spoiled.html", form=form, row=row, run=row.run)
    return page, form.status if form.is_submitted() else 200


@bp.route("/documents/blanks/acts/<int:act_id>", methods=["GET", "POST"])
@allow("blanks.keep")
def act(act_id: int) -> Any:
    """An act of spoiled blanks: what stands on it; number, day and commission when it is signed."""
    found = _act(act_id)
    form = ActForm(on_date=clock.today(), members=_members_before(found))

    def sign() -> BlankAct:
        return blanks.sign_act(
            current_actor(), act_id, form.number.data or "", form.on_date.data, form.members.data or ""
        )

    if submit(form, sign):
        flash(_("The act is signed. What is spoiled from now on goes on another one."), "done")
        return redirect(url_for(".stock"), 303)
    rows = blank_queries.on_act(act_id)
    notes = blank_queries.notes_of(rows)
    page = render_template(
        "certificates/act.html", act=found, form=form, draft=found.state is ActState.DRAFT, state=ACTS[found.state],
        rows=[{"number": row.name, "reason": notes.get(row.id, "")} for row in rows],
    )  # fmt: skip
    return page, form.status if form.is_submitted() else 200


@bp.get("/documents/blanks/acts/<int:act_id>.pdf")
@allow("blanks.keep")
def act_sheet(act_id: int) -> Any:
    """The act on paper."""
    found, language = _act(act_id), language_asked()
    rows = blank_queries.on_act(act_id)
    notes = blank_queries.notes_of(rows)
    with written_in(language):
        documents = ", ".join(sorted({str(DOCUMENTS[row.document_type]) for row in rows}))
    sheet = Act(
        organisation=people.organisation_name(found.provider_id, found.on_date, language),
        document=documents,
        number=found.number,
        day=found.on_date,
        members=tuple(found.members.splitlines()),
        blanks=tuple(SpoiledBlank(row.name, notes.get(row.id, "")) for row in rows),
    )
    return made_file(act_pdf(sheet, lang=language), f"act-{found.id}.pdf", files.PDF, shown=True)


def _act(act_id: int) -> BlankAct:
    found = blank_queries.act(act_id)
    permissions.require(current_actor(), "blanks.keep", Target(provider_id=found.provider_id))
    return found


def _members_before(found: BlankAct) -> str:
    """The commission of the last act: it is mostly the same people."""
    return next((row.members for row, _count in blank_queries.acts(found.provider_id) if row.members), "")
