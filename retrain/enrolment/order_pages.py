"""Orders of a run: the draft from the data, the printed sheet, the number that came back."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain import clock, files
from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.documents import pdf
from retrain.documents.orders import order_pdf
from retrain.enrolment import lists, queries, service, wording
from retrain.enrolment.door import bp, kept_scan, managed, shared, target_of
from retrain.enrolment.forms import OrderForm, ScanForm
from retrain.enrolment.models import Nomination, OfficialOrder
from retrain.enrolment.ordering import Registration
from retrain.enrolment.paper import order_sheet, signatories
from retrain.enrolment.states import OrderKind, OrderState
from retrain.extensions import db
from retrain.files import StoredFile
from retrain.language import CODES
from retrain.people import permissions
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.permissions import Target
from retrain.refusal import NotThere
from retrain.web.forms import submit
from retrain.web.language import current_language

KINDS = (OrderKind.ENROLMENT, OrderKind.COMPLETION)
"""The orders a run needs; those of exclusion name one person and come with their own act."""


def _kind(text: str) -> OrderKind:
    if text not in [kind.value for kind in KINDS]:
        raise NotThere
    return OrderKind(text)


@bp.get("/manage/runs/<code>/orders")
@allow("enrolment.people")
def orders(code: str) -> Any:
    """Both orders of the run: what there is, and what to do next."""
    run = managed(code, "enrolment.people")
    rows = queries.orders(run.id)
    parts = [_part(run, kind, [row for row in rows if row.kind is kind]) for kind in KINDS]
    return render_template(
        "enrolment/orders.html", parts=parts, members=len(queries.group(run)), can_print=pdf.available(),
        **shared(run),
    )  # fmt: skip


def _part(run: Run, kind: OrderKind, rows: list[OfficialOrder]) -> dict[str, Any]:
    registered = [row for row in rows if row.state is OrderState.REGISTERED]
    return {
        "kind": kind,
        "name": wording.ORDER_KINDS[kind],
        "registered": registered,
        "draft": next((row for row in rows if row not in registered), None),
        "needed": f"{kind}_order" in (run.policy.get("grounds") or []),
    }


@bp.post("/manage/runs/<code>/orders/<kind>/draft")
@allow("enrolment.order")
def draft_order(code: str, kind: str) -> Any:
    """Begin an order out of the data."""
    service.draft_order(current_actor(), code, _kind(kind))
    flash(_("The draft follows the data until the order is registered."), "done")
    return redirect(url_for(".orders", code=code), 303)


@bp.post("/manage/runs/<code>/orders/<kind>/drop")
@allow("enrolment.order")
def drop_draft(code: str, kind: str) -> Any:
    """Do without the draft."""
    service.delete_draft(current_actor(), code, _kind(kind))
    flash(_("The draft is dropped."), "done")
    return redirect(url_for(".orders", code=code), 303)


@bp.route("/manage/runs/<code>/orders/<kind>", methods=["GET", "POST"])
@allow("enrolment.order")
def register_order(code: str, kind: str) -> Any:
    """Enter the number, the dates, the signer and the scan."""
    run, which = managed(code, "enrolment.order"), _kind(kind)
    known = signatories(run.provider_id)
    first = which is OrderKind.ENROLMENT
    form = OrderForm(
        registered_on=clock.today(), effective_on=run.starts_on if first else run.ends_on,
        signer="0" if known else "",
    )  # fmt: skip
    choices = [(str(at), each.label) for at, each in enumerate(known)]
    form.signer.choices = [*choices, ("", _("somebody else"))]
    order = submit(form, lambda: _registered(code, which, form, known))
    if order:
        name = wording.ORDER_KINDS[which]
        flash(_("%(kind)s No. %(number)s is registered.", kind=name, number=order.number), "done")
        return redirect(url_for(".orders", code=code), 303)
    facts = lists.order_facts(run, which)
    return render_template(
        "enrolment/register_order.html", form=form, kind=which, name=wording.ORDER_KINDS[which],
        people=len(facts["people"]), others=len(facts["not_completed"]),
        earlier=queries.order_of(run, which), **shared(run),
    )  # fmt: skip


def _registered(code: str, kind: OrderKind, form: OrderForm, known: list[Any]) -> OfficialOrder:
    at = form.signer.data or ""
    signer = known[int(at)] if at.isdecimal() and int(at) < len(known) else None
    typed = (form.signer_name.data or "").strip()
    return service.register_order(
        current_actor(), code, kind,
        Registration(
            number=form.number.data or "", registered_on=form.registered_on.data,
            effective_on=form.effective_on.data,
            signer_name=typed or (signer.name if signer else ""),
            signer_post="" if typed or not signer else signer.post,
            signer_id=None if typed or not signer else signer.person_id,
            scan_id=kept_scan(form.scan.data, "order.scan"),
        ),
    )  # fmt: skip


@bp.get("/manage/runs/<code>/orders/<kind>.pdf")
@allow("enrolment.people")
def draft_sheet(code: str, kind: str) -> Any:
    """The draft on paper, with lines for what the chancellery writes."""
    run, which = managed(code, "enrolment.people"), _kind(kind)
    return _printed(run, f"{code}-{which}", which, lists.order_facts(run, which), None)


@bp.get("/manage/runs/<code>/orders/<int:order_id>/sheet.pdf")
@allow("enrolment.people")
def order_sheet_of(code: str, order_id: int) -> Any:
    """A registered order on paper, as it was when it was registered."""
    run, order = managed(code, "enrolment.people"), db.session.get(OfficialOrder, order_id)
    if order is None or order.run_id != run.id or order.state is not OrderState.REGISTERED:
        raise NotThere
    return _printed(run, f"{code}-{order.kind}-{order_id}", OrderKind(order.kind), order.facts, order)


def _printed(run: Run, name: str, kind: OrderKind, facts: dict[str, Any], order: OfficialOrder | None) -> Any:
    language = request.args.get("in", current_language())
    language = language if language in CODES else "uz"
    sheet = order_sheet(run, kind, facts, order, language)
    answer = Response(order_pdf(sheet, lang=language), mimetype=files.PDF)
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


@bp.post("/manage/runs/<code>/orders/<int:order_id>/scan")
@allow("enrolment.order")
def attach_scan(code: str, order_id: int) -> Any:
    """The signed sheet that came later than the number."""
    managed(code, "enrolment.order")
    form = ScanForm()
    scan = kept_scan(form.scan.data, "order.scan")
    if scan is None:
        flash(_("Choose the file with the scan first."), "problem")
    else:
        service.attach_scan(current_actor(), code, order_id, scan)
        flash(_("The scan is kept with the order."), "done")
    return redirect(url_for(".orders", code=code), 303)


@files.readable("order.scan")
def may_read_scan(actor: Actor, row: StoredFile) -> bool:
    """Scans of orders are for those who see the run's people."""
    order = db.session.scalar(db.select(OfficialOrder).where(OfficialOrder.scan_id == row.id))
    return order is not None and permissions.may(
        actor, "enrolment.people", target_of(db.session.get_one(Run, order.run_id))
    )


@files.readable("nomination.scan")
def may_read_nomination(actor: Actor, row: StoredFile) -> bool:
    """Scans of colleges' orders are for the college and for those who see the run's people."""
    found = db.session.scalar(db.select(Nomination).where(Nomination.scan_id == row.id))
    if found is None:
        return False
    if permissions.may(actor, "enrolment.nominate", Target(college_id=found.organisation_id)):
        return True
    return permissions.may(actor, "enrolment.people", target_of(db.session.get_one(Run, found.run_id)))
