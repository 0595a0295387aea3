"""Issuing, opening, handing over, ending and replacing documents."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain import clock, files
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.certificates import badge_pages, freezing, numbering, queries, rules, sending_pages, service
from retrain.certificates.book import pages as book_pages
from retrain.certificates.book import registry_pages
from retrain.certificates.designs import pages as design_pages
from retrain.certificates.door import bp
from retrain.certificates.forms import HandOverForm, PrepareForm, ReplaceForm, RevokeForm
from retrain.certificates.log import pages as log_pages
from retrain.certificates.models import Certificate
from retrain.certificates.names import pages as name_pages
from retrain.certificates.paper import blank_queries, print_pages, printing_pages
from retrain.certificates.paper import pages as paper_pages
from retrain.certificates.signature import pages as key_pages
from retrain.certificates.states import LIVING, CertificateState, Ground, Part
from retrain.certificates.verification import pages as check_pages
from retrain.certificates.wording import RECEIVED, STATES
from retrain.completion import queries as completion
from retrain.completion.wording import Titles, told
from retrain.people import permissions
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.permissions import Target
from retrain.refusal import Refusal
from retrain.web import work
from retrain.web.downloads import made_file
from retrain.web.forms import submit
from retrain.web.language import shown_date
from retrain.web.words import say

__all__ = [
    "badge_pages", "book_pages", "bp", "check_pages", "design_pages", "key_pages", "log_pages", "name_pages",
    "paper_pages", "print_pages", "printing_pages", "registry_pages", "sending_pages",
]  # fmt: skip


@bp.get("/documents")
@allow("certificate.see")
def documents() -> Any:
    """Runs whose documents wait to be issued, and those issued lately."""
    provider_id = current_actor().organisation_id or 0
    return render_template(
        "certificates/documents.html",
        waiting=queries.runs_to_issue(provider_id),
        issued=queries.runs_issued(provider_id),
        held=say(Refusal.of("numbers-held")) if numbering.held_series(provider_id) else "",
        may_design=permissions.scope(current_actor(), "certificate.design") is not None,
        may_confirm=permissions.scope(current_actor(), "certificate.numbers") is not None,
        may_keep=permissions.scope(current_actor(), "blanks.keep") is not None,
        may_keys=permissions.scope(current_actor(), "certificate.keys") is not None,
    )


@bp.route("/manage/runs/<code>/documents", methods=["GET", "POST"])
@allow("certificate.see")
def run_documents(code: str) -> Any:
    """Who gets a document, who not and why; issue, print, hand over."""
    run = _seen(code)
    actor = current_actor()
    if request.method == "POST":
        flash(_issued(service.issue_run(actor, code)), "done")
        return redirect(url_for(".run_documents", code=code), 303)
    certificates, decided = queries.of_run(run.id), queries.decided(run.id)
    last = {row.enrolment_id: row for row in sorted(certificates, key=lambda row: row.id)}
    owing, unordered = service.unpaid(run, decided), service.not_in_order(run, decided)
    titles = completion.titles(run.id)
    waiting = {row[0].id for row in service.to_issue(decided, certificates)}
    ready = service.to_issue(decided, certificates, without=owing | unordered)
    # Before anything is issued everybody waits, and issuing tells; afterwards these are the few who were left out.
    held_back = rules.held_back(waiting, owing, unordered) + (
        service.unprintable(run, ready) if certificates else []
    )
    return render_template(
        "certificates/run_documents.html",
        run=run,
        tabs=work.gather("run_tabs", run, actor),
        rows=[_row(*row, last, owing, unordered, titles) for row in decided],
        held_back=[say(why) for why in held_back],
        refusals=[say(why) for why in service.refusals_to_issue(run, decided)],
        to_issue=len(ready),
        living=[row for row in certificates if row.state in LIVING],
        ahead=_ahead(certificates),
        states=STATES,
        received=RECEIVED,
        hand_overs=queries.hand_overs([row.id for row in certificates]),
        blanks=blank_queries.blanks_of([row.id for row in certificates]),
        may_issue=permissions.may(actor, "certificate.issue", Target(provider_id=run.provider_id)),
        may_print=permissions.may(actor, "blanks.keep", Target(provider_id=run.provider_id)),
        may_end=permissions.may(actor, "certificate.end", Target(provider_id=run.provider_id)),
    )


@bp.route("/manage/runs/<code>/documents/ahead", methods=["GET", "POST"])
@allow("certificate.issue")
def prepare(code: str) -> Any:
    """Date the documents ahead: number and print them now, have them issued on a day to come."""
    run = _seen(code)
    form = PrepareForm()
    if done := submit(form, lambda: [service.issue_run(current_actor(), code, form.day.data)]):
        flash(_issued(done[0]), "done")
        return redirect(url_for(".run_documents", code=code), 303)
    page = render_template("certificates/ahead.html", run=run, form=form)
    return page, 422 if form.is_submitted() else 200


@bp.get("/certificates/<int:certificate_id>.pdf")
@allow("certificate.open")
def open_certificate(certificate_id: int) -> Any:
    """One document; the same bytes each time."""
    row = queries.certificate(certificate_id)
    stored = service.file_of(current_actor(), certificate_id)
    return made_file(files.read(stored), f"{row.series}{row.number:06d}.pdf", files.PDF, shown=True)


@bp.route("/certificates/<int:certificate_id>/hand-over", methods=["GET", "POST"])
@allow("certificate.issue")
def hand_over(certificate_id: int) -> Any:
    """Record that a document left the office."""
    row = queries.certificate(certificate_id)
    run = _seen_of(row, "certificate.issue")
    form = HandOverForm()
    if request.method == "GET":
        form.on_date.data = clock.today()
    if submit(
        form,
        lambda: service.hand_over(
            current_actor(), certificate_id, form.on_date.data, form.received_by.data, form.who.data or ""
        ),
    ):
        flash(_("The hand-over is recorded."), "done")
        return redirect(url_for(".run_documents", code=run.code), 303)
    return render_template("certificates/hand_over.html", row=row, run=run, form=form)


@bp.route("/certificates/<int:certificate_id>/revoke", methods=["GET", "POST"])
@allow("certificate.end")
def revoke(certificate_id: int) -> Any:
    """Take a document's validity back."""
    row = queries.certificate(certificate_id)
    run = _seen_of(row, "certificate.end")
    form = RevokeForm()
    told = (form.reason.data or "", form.order.data or "", form.order_on.data)
    if submit(form, lambda: service.revoke(current_actor(), certificate_id, *told)):
        flash(_("The document is revoked. Its check page says so from now on."), "done")
        return redirect(url_for(".run_documents", code=run.code), 303)
    return _ending(
        row, form, _("Revoke a document"), _("Revoke the document"),
        _("It stays in the register with its number, and its check page says that it is revoked."), "danger",
    )  # fmt: skip


@bp.route("/certificates/<int:certificate_id>/replace", methods=["GET", "POST"])
@allow("certificate.end")
def replace(certificate_id: int) -> Any:
    """Issue another document in the place of one."""
    row = queries.certificate(certificate_id)
    run = _seen_of(row, "certificate.end")
    form = ReplaceForm()

    def issue_another() -> Certificate:
        ground, parts = Ground(form.ground.data), [Part(name) for name in form.parts.data or ()]
        return service.replace(current_actor(), certificate_id, ground, form.reason.data or "", parts)

    if new := submit(form, issue_another):
        flash(
            _("Issued: %(number)s. The old document is no longer valid.", number=new.registration_number),
            "done",
        )
        return redirect(url_for(".run_documents", code=run.code), 303)
    return _ending(
        row, form, _("Issue another document"), _("Issue the new one"),
        _("It gets the next number and says what the old one said. Only a changed name, or what you choose to put"
          " right, is read anew: correct it in the data first."),
    )  # fmt: skip


def _ending(row: Certificate, form: Any, title: str, action: str, intro: str, tone: str = "primary") -> Any:
    page = render_template(
        "certificates/ending.html", row=row, run=row.run, form=form, title=title, action=action, intro=intro, tone=tone,
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


def _issued(found: Sequence[Certificate]) -> str:
    """What came of issuing."""
    if not found:
        return _(
            "All of them were issued already, perhaps by a colleague just now. Nothing was issued twice."
        )
    if found[0].state is CertificateState.PREPARED:
        day = shown_date(freezing.day_of(found[0]))
        return _("Ready to be printed and signed. They are issued by themselves on %(day)s.", day=day)
    return ngettext("%(num)s document was issued.", "%(num)s documents were issued.", len(found))


def _ahead(certificates: Sequence[Certificate]) -> list[tuple[date, int]]:
    """Days to come on which documents of a run are issued, and how many."""
    days = Counter(freezing.day_of(row) for row in certificates if row.state is CertificateState.PREPARED)
    return sorted(days.items())


def _row(
    enrolment: Any, person: Any, decision: Any, last: dict[int, Certificate],
    owing: Collection[int], unordered: Collection[int], titles: Titles,
) -> dict[str, Any]:  # fmt: skip
    return {
        "unpaid": enrolment.id in owing,
        "unordered": enrolment.id in unordered,
        "name": person.full_name,
        "completed": decision.outcome == "completed",
        "why": [said for held, said in told(decision.reasons, titles) if not held],
        "certificate": last.get(enrolment.id),
    }


def _seen(code: str) -> Run:
    run = catalogue.run(code)
    permissions.require(current_actor(), "certificate.see", Target(provider_id=run.provider_id))
    return run


def _seen_of(row: Certificate, action: str) -> Run:
    permissions.require(current_actor(), action, Target(provider_id=row.provider_id))
    return row.run
