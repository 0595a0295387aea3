"""Orders on paper: the printed sheet of a draft or a registered one, and the scan that comes back."""

from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from retrain import files
from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.documents.orders import order_pdf
from retrain.enrolment.door import managed, target_of
from retrain.enrolment.scans import kept_scan
from retrain.extensions import db
from retrain.files import StoredFile
from retrain.orders import service, sheets
from retrain.orders.door import bp
from retrain.orders.forms import ScanForm
from retrain.orders.lists import names_in
from retrain.orders.models import OfficialOrder
from retrain.orders.register_pages import facts_of, kind_of, on_its_way
from retrain.orders.states import OrderKind, OrderState
from retrain.people import permissions
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.refusal import NotThere
from retrain.web.downloads import made_file
from retrain.web.language import language_asked


@bp.get("/manage/runs/<code>/orders/<kind>.pdf")
@allow("enrolment.people")
def draft_sheet(code: str, kind: str) -> Any:
    """The draft on paper, with lines for what the chancellery writes; one that was sent as it was sent."""
    run, which = managed(code, "enrolment.people"), kind_of(kind)
    order = on_its_way(run, which)
    facts = facts_of(run, which, order)
    if order is None and not (names_in(facts).everyone or facts.get("members")):
        raise NotThere
    return _printed(run, f"{code}-{which}", which, facts, order)


@bp.get("/manage/runs/<code>/orders/<int:order_id>/sheet.pdf")
@allow("enrolment.people")
def order_sheet_of(code: str, order_id: int) -> Any:
    """A registered order on paper, as it was when it was registered."""
    run, order = managed(code, "enrolment.people"), db.session.get(OfficialOrder, order_id)
    if order is None or order.run_id != run.id or order.state is not OrderState.REGISTERED:
        raise NotThere
    return _printed(run, f"{code}-{order.kind}-{order_id}", OrderKind(order.kind), order.facts, order)


def _printed(run: Run, name: str, kind: OrderKind, facts: dict[str, Any], order: OfficialOrder | None) -> Any:
    language = language_asked()
    sheet = sheets.order_sheet(run, kind, facts, order, language)
    return made_file(order_pdf(sheet, lang=language), f"{name}.pdf", files.PDF, shown=True)


@bp.post("/manage/runs/<code>/orders/<int:order_id>/scan")
@allow("orders.write")
def attach_scan(code: str, order_id: int) -> Any:
    """The signed sheet that came later than the number."""
    managed(code, "orders.write")
    form = ScanForm()
    scan = kept_scan(form.scan.data, "order.scan")
    if scan is None:
        flash(_("Choose the file with the scan first."), "problem")
    else:
        service.attach_scan(current_actor(), code, order_id, scan)
        flash(_("The scan is kept with the order."), "done")
    return redirect(url_for(".of_run", code=code), 303)


@files.readable("order.scan")
def may_read_scan(actor: Actor, row: StoredFile) -> bool:
    """Scans of orders are for those who see the run's people."""
    order = db.session.scalar(db.select(OfficialOrder).where(OfficialOrder.scan_id == row.id))
    return order is not None and permissions.may(
        actor, "enrolment.people", target_of(db.session.get_one(Run, order.run_id))
    )
